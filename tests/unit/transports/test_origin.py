"""Where requests may go, and when that needs the user's word."""

from __future__ import annotations

import logging

import pytest

from superoffice_erpsync.errors import ConfigurationError, Outcome
from superoffice_erpsync.transports.http.origin import check_secure, is_loopback, origin_of

SOAP = "https://crm.example.com/Remote/Services86"


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://crm.example.com/Remote/Services86", "https://crm.example.com"),
        ("https://crm.example.com", "https://crm.example.com"),
        ("http://127.0.0.1:8080/api?x=//other", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/api", "http://[::1]:8080"),
        ("https://crm.example.com:443/", "https://crm.example.com:443"),
    ],
)
def test_the_origin_is_scheme_host_and_port(address: str, origin: str) -> None:
    assert origin_of(address) == origin


@pytest.mark.parametrize("host", ["localhost", "LocalHost", "localhost.", "127.0.0.1", "127.200.0.9", "::1"])
def test_this_machine_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "0.0.0.0",
        "10.0.0.1",
        "192.168.1.1",
        "::",
        "fe80::1",
        "localhost.example.com",
        "127.0.0.1.example.com",
        "notlocalhost",
        "2130706433",
        "crm.example.com",
    ],
)
def test_other_machines_are_not_taken_for_it(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("address", "verify"),
    [
        (SOAP, True),
        ("http://127.0.0.1:8080/Remote/Services86", True),
        ("http://localhost/Remote/Services86", False),
        ("http://[::1]:80/api", True),
    ],
)
@pytest.mark.parametrize("allowed", [True, False])
def test_a_safe_way_needs_no_word_and_is_not_told(
    address: str, verify: bool, allowed: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        check_secure(address, verify=verify, allowed=allowed)
    assert caplog.records == []


@pytest.mark.parametrize(
    ("address", "verify", "text"),
    [
        ("http://crm.example.com/Remote/Services86", True, "plain http"),
        ("http://10.0.0.1/api", True, "plain http"),
        ("http://127.0.0.1@crm.example.com/api", True, "plain http"),
        (SOAP, False, "verify=False"),
        ("https://127.0.0.1/api", False, "verify=False"),
    ],
)
def test_an_open_way_needs_the_users_word_and_is_told_with_it(
    address: str, verify: bool, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ConfigurationError, match=text) as caught:
        check_secure(address, verify=verify, allowed=False)
    assert caught.value.outcome is Outcome.NOT_SENT
    assert "allow_insecure=True" in str(caught.value.hint)
    assert caplog.records == []
    check_secure(address, verify=verify, allowed=True)
    (record,) = caplog.records
    assert (record.levelno, record.name) == (logging.WARNING, "superoffice_erpsync.http")
    assert text in record.getMessage()
