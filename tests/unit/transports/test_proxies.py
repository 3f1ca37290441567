"""Which proxy is used: the user's, else the environment's where the user lets it count."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.redaction import Secret
from superoffice_erpsync.transports.http.proxies import login_of, packed_login, proxy_for

ORIGIN = "https://crm.example.com:8443"
ONE, TWO = "http://one.example.com:8080", "http://two.example.com:3128"
VARIABLES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that names no proxy yet."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.delenv("REQUEST_METHOD", raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("origin", "proxies", "proxy"),
    [
        (ORIGIN, None, None),
        (ORIGIN, {}, None),
        (ORIGIN, {"https": ONE, "http": TWO}, ONE),
        ("http://crm.example.com", {"https": ONE, "http": TWO}, TWO),
        (ORIGIN, {"http": TWO}, None),
        (ORIGIN, {"all": ONE, "http": TWO}, ONE),
        (ORIGIN, {"all": TWO, "https": ONE}, ONE),
        (ORIGIN, {"https": "one.example.com:8080"}, ONE),
        (ORIGIN, {"https": "https://one.example.com"}, "https://one.example.com"),
        (ORIGIN, {"https": "http://[::1]:8080"}, "http://[::1]:8080"),
        (ORIGIN, {"https": "http://me:pw%40x@one.example.com:8080"}, "http://me:pw%40x@one.example.com:8080"),
        (ORIGIN, {"https": ""}, None),
    ],
)
@pytest.mark.parametrize("trust_environment", [True, False])
def test_the_users_proxy_goes_by_scheme(
    origin: str,
    proxies: Mapping[str, str] | None,
    proxy: str | None,
    trust_environment: bool,
    environment: pytest.MonkeyPatch,
) -> None:
    assert proxy_for(origin, proxies, trust_environment=trust_environment) == proxy


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_the_environment_counts_where_the_user_says_so(name: str, environment: pytest.MonkeyPatch) -> None:
    environment.setenv(name, ONE)
    assert proxy_for(ORIGIN, None, trust_environment=False) is None
    assert proxy_for(ORIGIN, None, trust_environment=True) == ONE
    assert proxy_for(ORIGIN, {"http": TWO}, trust_environment=True) == ONE


def test_the_user_goes_before_the_environment(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HTTPS_PROXY", ONE)
    environment.setenv("NO_PROXY", "*")
    assert proxy_for(ORIGIN, {"https": TWO}, trust_environment=True) == TWO


@pytest.mark.parametrize(
    ("exceptions", "proxy"),
    [
        ("*", None),
        ("localhost, crm.example.com", None),
        ("crm.example.com:8443", None),
        (".example.com", None),
        ("example.com", None),
        ("localhost,other.example.com", ONE),
        ("crm.example.com:443", ONE),
        ("ample.com", ONE),
    ],
)
def test_hosts_that_the_environment_excepts(
    exceptions: str, proxy: str | None, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("HTTPS_PROXY", ONE)
    environment.setenv("NO_PROXY", exceptions)
    assert proxy_for(ORIGIN, None, trust_environment=True) == proxy


@pytest.mark.parametrize(
    "proxy",
    [
        "socks5://me:Sesame@one.example.com:1080",
        "ftp://me:Sesame@one.example.com",
        "http://me:Sesame@one.example.com:port",
        "http://me:Sesame@one.example.com:99999",
        "http://me:Sesame@",
        "http://",
        "http://[me:Sesame",
    ],
)
@pytest.mark.parametrize("place", ["user", "environment"])
def test_what_is_no_proxy_is_refused_without_being_shown(
    proxy: str, place: str, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("ALL_PROXY", proxy)
    with pytest.raises(ConfigurationError, match="no http or https URL") as caught:
        proxy_for(ORIGIN, {"all": proxy} if place == "user" else None, trust_environment=True)
    assert "Sesame" not in f"{caught.value!s} {caught.value!r} {caught.value.__context__!r}"


@pytest.mark.parametrize(
    ("proxy", "login"),
    [
        (ONE, None),
        ("http://me:secret@one.example.com:8080", ("me", "secret")),
        ("http://DOM%5Cme:p%40ss%3Aw%25@one.example.com", ("DOM\\me", "p@ss:w%")),
        ("http://me@one.example.com", ("me", "")),
        ("http://me:@one.example.com", ("me", "")),
    ],
)
def test_the_login_to_a_proxy_stands_in_its_address(proxy: str, login: tuple[str, str] | None) -> None:
    assert login_of(proxy) == (None if login is None else (login[0], Secret(login[1])))


@pytest.mark.parametrize("address", ["http://me:Sesame@proxy.example.com:8080", "me:Sesame@proxy.example.com:8080"])
def test_a_login_is_found_with_a_scheme_and_without(address: str) -> None:
    found = login_of(address)
    assert found is not None
    assert (found[0], found[1].reveal()) == ("me", "Sesame")


@pytest.mark.parametrize(("password", "packed"), [("pä", "bWU6cOQ="), ("p€", "bWU6cOKCrA==")])
def test_a_login_is_packed_whatever_it_is_written_with(password: str, packed: str) -> None:
    assert packed_login("me", Secret(password)) == packed
