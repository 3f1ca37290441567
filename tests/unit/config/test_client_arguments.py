"""What a profile becomes where Python makes a client of it."""

from __future__ import annotations

import os
from typing import Any

import pytest

from superoffice_erpsync import ConfigurationError, WindowsCredentials
from superoffice_erpsync.config.client_arguments import client_arguments
from unit.config.conftest import MakeFile

ADDRESS = 'url = "https://crm.example.com/Remote/Services86"\n'


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ERPSYNC_")]:
        monkeypatch.delenv(name)


def arguments(make_file: MakeFile, text: str, **overrides: Any) -> dict[str, Any]:
    return client_arguments("prod", make_file(f"[profiles.prod]\n{text}"), overrides)[1]


def test_how_to_reach_and_to_trust_a_server(make_file: MakeFile) -> None:
    made = arguments(
        make_file,
        ADDRESS
        + 'ca_bundle = "/etc/ssl/company.pem"\nclient_certificate = "/etc/ssl/own.pem"\nproxy = "http://proxy:3128"\n',
    )
    assert (str(made["verify"]), str(made["client_certificate"])) == ("/etc/ssl/company.pem", "/etc/ssl/own.pem")
    assert made["proxies"] == {"http": "http://proxy:3128", "https": "http://proxy:3128"}


def test_a_client_certificate_with_its_key_in_a_file_of_its_own(make_file: MakeFile) -> None:
    own = 'client_certificate = "/etc/ssl/own.pem"\nclient_certificate_key = "/etc/ssl/own.key"\n'
    certificate, key = arguments(make_file, ADDRESS + own)["client_certificate"]
    assert (str(certificate), str(key)) == ("/etc/ssl/own.pem", "/etc/ssl/own.key")


def test_a_windows_login_without_a_name_is_that_of_the_process(make_file: MakeFile) -> None:
    who = arguments(make_file, ADDRESS + "windows_login = true\n")["credentials"]
    assert isinstance(who, WindowsCredentials)
    assert (who.username, who.password) == (None, None)


def test_a_profile_without_an_address_is_refused_unless_the_program_names_one(make_file: MakeFile) -> None:
    with pytest.raises(ConfigurationError, match=r"profile prod in .* has no address"):
        arguments(make_file, "timeout = 5\n")
    url = "https://crm.example.com/Remote/Services86"
    assert arguments(make_file, "timeout = 5\n", url=url)["url"] == url


def test_a_transport_that_there_is_not_is_refused(make_file: MakeFile) -> None:
    with pytest.raises(ConfigurationError, match="not 'pigeon'"):
        arguments(make_file, ADDRESS, transport="pigeon")


@pytest.mark.parametrize(("transport", "key"), [("rest", 'services = "Services86"'), ("soap", 'language = "NO"')])
def test_a_setting_of_the_other_transport_is_refused(make_file: MakeFile, transport: str, key: str) -> None:
    with pytest.raises(ConfigurationError, match=f"means nothing with the transport {transport}"):
        arguments(make_file, f'{ADDRESS}transport = "{transport}"\n{key}\n')
