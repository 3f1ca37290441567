"""Profiles: what each key may be, what is refused and in which words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from superoffice_erpsync import ConfigurationError, Retry
from superoffice_erpsync.config.client_arguments import client_arguments
from superoffice_erpsync.config.document import Document
from superoffice_erpsync.config.kept_secrets import SECRET_KEYS
from superoffice_erpsync.config.profile import Profile
from superoffice_erpsync.config.reading import read_profile
from superoffice_erpsync.config.settings import ProfileSettings
from unit.config.conftest import MakeFile

EVERYTHING = """
[profiles.prod]
url = "https://crm.example.com/api"
transport = "REST"
services = "Services88"
soap_url = "https://crm.example.com/Remote/Services86"
wsdl = "wsdl"
username = "nightly"
windows_login = false
time_zone = 261
language = "NO"
culture = "nb-NO"
timeout = 5
deadline = 12.5
ca_bundle = "ca.pem"
client_certificate = "me.pem"
client_certificate_key = "keys/me.pem"
proxy = "http://proxy.example.com:8080"
trust_environment = true
allow_insecure = true
ticket_cache = true
connections = [2, 1]
log_file = "nightly.log"
log_format = "JSON"
log_level = "debug"
retry = { attempts = 2, longest_wait = 5 }
password_file = "password"
application_token_env = "TOKEN"
"""


def read(path: Path) -> Profile:
    return read_profile(Document.read(path), "prod")


def refused(path: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read(path)
    assert "Sesame" not in f"{caught.value} {caught.value.__context__!r}"
    return str(caught.value)


def test_everything_that_can_be_said(make_file: MakeFile) -> None:
    path = make_file(EVERYTHING)
    profile, folder = read(path), path.parent
    assert profile.settings == {
        "url": "https://crm.example.com/api",
        "transport": "rest",
        "services": "Services88",
        "soap_url": "https://crm.example.com/Remote/Services86",
        "wsdl": str(folder / "wsdl"),
        "username": "nightly",
        "windows_login": False,
        "time_zone": 261,
        "language": "NO",
        "culture": "nb-NO",
        "timeout": 5.0,
        "deadline": 12.5,
        "ca_bundle": str(folder / "ca.pem"),
        "client_certificate": str(folder / "me.pem"),
        "client_certificate_key": str(folder / "keys" / "me.pem"),
        "proxy": "http://proxy.example.com:8080",
        "trust_environment": True,
        "allow_insecure": True,
        "ticket_cache": True,
        "connections": [2, 1],
        "log_file": str(folder / "nightly.log"),
        "log_format": "json",
        "log_level": "debug",
        "retry": Retry(attempts=2, longest_wait=5),
    }
    assert set(profile.settings) == {*ProfileSettings.model_fields, "retry"}
    assert {name: (kept.key, kept.value) for name, kept in profile.secrets.items()} == {
        "password": ("password_file", str(folder / "password")),
        "application_token": ("application_token_env", "TOKEN"),
    }
    assert profile.login == profile.secrets["password"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('timeout = "5"', "timeout must be a number of seconds above 0"),
        ("timeout = 0", "timeout must be a number of seconds above 0"),
        ("timeout = inf", "timeout must be a number of seconds above 0"),
        ("timeout = nan", "timeout must be a number of seconds above 0"),
        ("deadline = true", "deadline must be a number of seconds above 0"),
        ("deadline = 3_000_000", "deadline must be a number of seconds above 0"),
        ('log_file = "a\\u0000b"', "log_file is no path: it has the character U+0000"),
        ("url = 5", "url must be an address in quotes"),
        ('url = ""', "url must be an address in quotes"),
        ('transport = "soup"', 'transport must be "soap" or "rest"'),
        ('ticket_cache = "yes"', "ticket_cache must be true or false"),
        ("time_zone = 1.5", "time_zone must be a number, or a code in quotes"),
        ("time_zone = true", "time_zone must be a number, or a code in quotes"),
        ("username = 2026-01-01", "username must be a name in quotes"),
        ("connections = []", "connections must be a list of numbers from 1, as in [1, 2]"),
        ("connections = [0]", "connections must be a list of numbers from 1, as in [1, 2]"),
        ('connections = ["1"]', "connections must be a list of numbers from 1, as in [1, 2]"),
        ("retry = 3", "retry must be a table or false (as in retry = { attempts = 2 })"),
        ("retry = { attempts = 0 }", "retry.attempts must be a whole number from 1"),
        ("retry = { attempts = 1.5 }", "retry.attempts must be a whole number from 1"),
        ("retry = { attemps = 2 }", "retry.attemps is no setting (did you mean attempts?)"),
        ("retry = { wait = 90 }", "makes no sense"),
        ("password_env = 5", "password_env must be the name of a variable in quotes"),
        ('password_command = "pass Sesame"', "password_command must be a list of texts"),
        ("password_command = []", "password_command must be a list of texts"),
        ("password_command = [5]", "password_command must be a list of texts"),
        ('password_keyring = "yes"', "password_keyring must be true or false"),
        ('pasword_env = "X"', "pasword_env is no setting (did you mean password_env?)"),
        ("tmeout = 5", "tmeout is no setting (did you mean timeout?)"),
        ('"time-zone" = 5', "time-zone is no setting (did you mean time_zone?)"),
        ("zzz = 5", "zzz is no setting (there are: url, transport,"),
        ('password = "Sesame"', "password does not belong into a file"),
        ('Password = "Sesame"', "say where it is kept: password_keyring = true"),
        ('ticket = "7T:Sesame"', "ticket does not belong into a file"),
        ('token = "8A:Sesame"', 'access_token_env = "NAME"'),
        ('application_token = "Sesame"', 'application_token_file = "path"'),
        ('proxy = "http://me:Sesame@proxy.example.com:8080"', "set ERPSYNC_PROXY instead"),
        ('proxy = "me:Sesame@proxy.example.com:8080"', "set ERPSYNC_PROXY instead"),
        ('url = "https://me:Sesame@crm.example.com"', "url holds a password"),
        ('client_certificate_key = "me.pem"', "client_certificate_key needs client_certificate"),
    ],
)
def test_what_cannot_work_is_told_with_file_line_and_key(make_file: MakeFile, line: str, said: str) -> None:
    path = make_file(f"# ours\n[profiles.prod]\n\n{line}\n")
    message = refused(path)
    assert f"{path}:4: profile prod: " in message
    assert said in message


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('password_env = "A"\npassword_keyring = true', "both password_env and password_keyring are there"),
        ('password_env = "A"\nticket_env = "B"', "more than one way to log in: password_env and ticket_env"),
    ],
)
def test_contradictions_are_told(make_file: MakeFile, lines: str, said: str) -> None:
    path = make_file(f"[profiles.prod]\n{lines}\n")
    assert f"{path}:3: " in refused(path)
    assert said in refused(path)


def test_a_keyring_that_is_false_is_none(make_file: MakeFile) -> None:
    assert read(make_file("[profiles.prod]\npassword_keyring = false\n")).secrets == {}


@pytest.mark.parametrize(("said", "retry"), [("false", None), ("true", Retry()), ("{}", Retry())])
def test_repeating_is_switched_off_and_on(make_file: MakeFile, said: str, retry: Retry | None) -> None:
    assert read(make_file(f"[profiles.prod]\nretry = {said}\n")).settings == {"retry": retry}


def test_the_live_wsdl_is_no_path(make_file: MakeFile) -> None:
    assert read(make_file('[profiles.prod]\nwsdl = "live"\n')).settings == {"wsdl": "live"}


def test_a_program_with_a_folder_counts_from_the_file_and_a_bare_one_is_looked_for(make_file: MakeFile) -> None:
    path = make_file('[profiles.prod]\npassword_command = ["bin/secret", "x"]\n')
    assert read(path).secrets["password"].value == [str(path.parent / "bin" / "secret"), "x"]
    bare = make_file('[profiles.prod]\npassword_command = ["pass", "show"]\n')
    assert read(bare).secrets["password"].value == ["pass", "show"]


@pytest.mark.skipif(os.name != "posix", reason="folders of users are named otherwise")
def test_the_users_folder_can_be_named(make_file: MakeFile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    path = make_file('[profiles.prod]\npassword_file = "~/secret"\n')
    assert read(path).secrets["password"].value == str(tmp_path / "secret")
    assert "nobody knows whose" in refused(make_file('[profiles.prod]\nca_bundle = "~nobody-at-all/x"\n'))


def test_every_secret_can_be_kept_in_every_place(make_file: MakeFile) -> None:
    values = {"env": '"NAME"', "file": '"path"', "command": '["pass"]', "keyring": "true"}
    for key in SECRET_KEYS:
        profile = read(make_file(f"[profiles.prod]\n{key} = {values[key.rpartition('_')[2]]}\n"))
        assert [kept.key for kept in profile.secrets.values()] == [key]
        reference = profile.secrets[key.rpartition("_")[0]].reference("me", "https://crm.example.com/")
        assert (
            type(reference).__name__
            == {
                "env": "EnvironmentSecret",
                "file": "FileSecret",
                "command": "CommandSecret",
                "keyring": "KeyringSecret",
            }[key.rpartition("_")[2]]
        )


def test_one_profile_is_not_stopped_by_another(make_file: MakeFile) -> None:
    assert read(make_file("[profiles.prod]\ntimeout = 5\n[profiles.test]\nnope = 5\n")).settings == {"timeout": 5.0}


def test_ids_of_connections_are_for_the_command_alone(make_file: MakeFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERPSYNC_CONNECTIONS", "no numbers")
    path = make_file('[profiles.prod]\nurl = "https://crm.example.com/api"\nconnections = [1]\n')
    transport, arguments = client_arguments("prod", path, {})
    assert transport == "soap"
    assert "connections" not in arguments
