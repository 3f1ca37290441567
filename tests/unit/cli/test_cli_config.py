"""Profiles in the command: what counts above what, where secrets may go, and what `config` shows."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from superoffice_erpsync import AccessToken, Retry, TicketCredentials, Timeouts, UsernamePassword, WindowsCredentials

URL = "https://crm.example.com/Remote/Services86"
OTHER = "https://evil.example.net/Remote/Services86"

PROFILE = f"""
default_profile = "prod"

[profiles.prod]
url = "{URL}"
username = "nightly"
time_zone = 261
timeout = 5
password_env = "CRM_PASSWORD"

[profiles.test]
url = "http://127.0.0.1:8086/Remote/Services86"
ticket_env = "CRM_TICKET"
retry = false
"""

MakeFile = Callable[[str], Path]


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeFile:
    """Writes the file into the working directory."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def make(text: str) -> Path:
        path = folder / "erpsync.toml"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    return make


@pytest.fixture
def file(profiles: MakeFile, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRM_PASSWORD", "Sesame")
    monkeypatch.setenv("CRM_TICKET", "7T:Sesame")
    return profiles(PROFILE)


def shown(erpsync: Any, *arguments: str, **variables: str) -> dict[str, Any]:
    result = erpsync("config", "show", "--output", "json", *arguments, **variables)
    assert result.exit_code == 0, result.stderr
    return dict(json.loads(result.stdout))


def test_the_default_profile_makes_the_client(erpsync: Any, client: Any, file: Path) -> None:
    assert erpsync("sync").exit_code == 0
    (made,) = client.made
    assert (made["url"], made["time_zone"], made["timeout"]) == (URL, 261, Timeouts.of(5))
    assert made["credentials"].username == "nightly"
    assert made["credentials"].password.reveal() == "Sesame"
    assert "retry" not in made


@pytest.mark.parametrize("arguments", [("--profile", "test", "sync"), ("sync", "--profile", "test")])
def test_a_profile_is_named_before_or_after_the_command(
    erpsync: Any, client: Any, file: Path, arguments: tuple[str, ...]
) -> None:
    assert erpsync(*arguments).exit_code == 0
    assert erpsync("sync", profile="test").exit_code == 0
    for made in client.made:
        assert isinstance(made["credentials"], TicketCredentials)
        assert made["retry"] is None


def test_the_command_line_counts_above_the_environment_and_that_above_the_file(
    erpsync: Any, client: Any, file: Path
) -> None:
    assert erpsync("sync", "--timeout", "7", timeout="6").exit_code == 0
    assert erpsync("sync", timeout="6").exit_code == 0
    assert erpsync("sync").exit_code == 0
    assert [made["timeout"].read for made in client.made] == [7, 6, 5]


def test_a_secret_of_the_environment_counts_above_the_files(erpsync: Any, client: Any, file: Path) -> None:
    assert erpsync("sync", access_token="8A:other").exit_code == 0
    assert isinstance(client.made[0]["credentials"], AccessToken)
    assert erpsync("sync", "--password-stdin", stdin="typed\n").exit_code == 0
    assert client.made[1]["credentials"].password.reveal() == "typed"


@pytest.mark.parametrize("name", ["url", "soap_url"])
def test_a_profiles_secret_goes_to_the_profiles_host_alone(erpsync: Any, client: Any, file: Path, name: str) -> None:
    transport = "rest" if name == "soap_url" else "soap"
    result = erpsync("sync", "--transport", transport, f"--{name.replace('_', '-')}", OTHER)
    assert result.exit_code == 2
    assert f"password_env ({file}:9) is for https://crm.example.com:443" in result.stderr
    assert "--profile ''" in result.stderr
    assert not client.made
    assert erpsync("sync", "--url", URL.replace("86", "88")).exit_code == 0
    assert erpsync("sync", "--url", OTHER, password="its own").exit_code == 0
    assert client.made[-1]["credentials"].password.reveal() == "its own"


def test_a_profiles_password_is_for_the_profiles_user(erpsync: Any, client: Any, file: Path) -> None:
    result = erpsync("sync", "--username", "somebody")
    assert result.exit_code == 2
    assert "there is no password for somebody" in result.stderr
    assert not client.made


def test_an_application_token_goes_to_the_profiles_host_alone(erpsync: Any, client: Any, profiles: MakeFile) -> None:
    profiles(f'default_profile = "a"\n[profiles.a]\nurl = "{URL}"\napplication_token_env = "CRM_TOKEN"\n')
    assert erpsync("ping").exit_code == 0
    assert repr(client.made[0]["application_token"]) != "None"
    assert erpsync("ping", "--url", OTHER).exit_code == 2


def test_an_empty_name_is_no_profile(erpsync: Any, client: Any, file: Path) -> None:
    assert erpsync("ping", "--profile", "", "--url", OTHER).exit_code == 0
    assert client.made[0]["timeout"] == Timeouts()
    assert erpsync("ping", "--profile", "").exit_code == 2


def test_everything_that_only_a_profile_can_say_reaches_the_client(
    erpsync: Any, client: Any, profiles: MakeFile
) -> None:
    file = profiles(
        f'default_profile = "a"\n[profiles.a]\nurl = "{URL}"\nwindows_login = true\nca_bundle = "ca.pem"\n'
        'client_certificate = "me.pem"\nclient_certificate_key = "key.pem"\nretry = { attempts = 2 }\n'
    )
    assert erpsync("sync").exit_code == 0
    (made,) = client.made
    folder = file.parent
    assert isinstance(made["credentials"], WindowsCredentials)
    assert made["verify"] == str(folder / "ca.pem")
    assert made["client_certificate"] == (folder / "me.pem", folder / "key.pem")
    assert made["retry"] == Retry(attempts=2)
    assert erpsync("sync", "--no-retry").exit_code == 0
    assert client.made[1]["retry"] is None
    other = folder / "other.pem"
    other.touch()
    assert erpsync("sync", "--client-certificate", str(other)).exit_code == 0
    assert client.made[2]["client_certificate"] == other


def test_a_password_and_a_windows_account_make_one_login(erpsync: Any, client: Any, profiles: MakeFile) -> None:
    text = f'default_profile = "a"\n[profiles.a]\nurl = "{URL}"\nwindows_login = true\npassword_env = "CRM_PASSWORD"\n'
    profiles(text)
    assert "no user to log in as" in erpsync("sync").stderr
    profiles(f"{text}username = 'DOMAIN\\job'\n")
    assert erpsync("sync").exit_code == 0
    assert client.made[0]["credentials"].username == "DOMAIN\\job"


def test_the_file_is_looked_for_in_the_configuration_folder_too(
    erpsync: Any, client: Any, file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if os.name != "posix":
        pytest.skip("the folder cannot be moved there")
    folder = tmp_path / "settings" / "superoffice-erpsync"
    folder.mkdir(parents=True)
    moved = file.rename(folder / "erpsync.toml")
    assert erpsync("sync").exit_code == 0
    assert erpsync("config", "path").stdout == f"{moved}\n"
    here = Path.cwd() / "erpsync.toml"
    here.write_text("", encoding="utf-8")
    here.chmod(0o600)
    assert erpsync("config", "path").stdout == f"{here}\n"
    assert erpsync("config", "path", "--config", str(moved)).stdout == f"{moved}\n"
    assert erpsync("config", "path", config=str(moved)).stdout == f"{moved}\n"


def test_without_a_file_nothing_is_different(erpsync: Any, client: Any, profiles: MakeFile) -> None:
    assert erpsync("ping", "--url", URL).exit_code == 0
    assert shown(erpsync)["profile"] is None
    result = erpsync("config", "path")
    assert result.exit_code == 2
    assert str(Path.cwd() / "erpsync.toml") in result.stderr
    assert "settings" in result.stderr
    named = erpsync("ping", "--profile", "prod", "--url", URL)
    assert named.exit_code == 2
    assert "there is no file erpsync.toml with a profile 'prod'" in named.stderr


def test_a_file_without_a_default_counts_only_where_it_is_named(erpsync: Any, client: Any, profiles: MakeFile) -> None:
    file = profiles("[profiles.a]\ntimeout = 5\n")
    assert erpsync("ping", "--url", URL).exit_code == 0
    assert client.made[0]["timeout"] == Timeouts()
    result = erpsync("ping", "--url", URL, "--config", str(file))
    assert result.exit_code == 2
    assert "no profile is named" in result.stderr
    assert "there are: a" in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [("[profiles.prod]\ntmeout = 5", ":2: profile prod: tmeout is no setting"), ("[profiles\n", "line 1")],
)
def test_what_is_wrong_is_told_and_nothing_is_called(
    erpsync: Any, client: Any, profiles: MakeFile, text: str, said: str
) -> None:
    file = profiles(text)
    for command in (("sync",), ("config", "show"), ("login",), ("logout",)):
        result = erpsync(*command, profile="prod")
        assert result.exit_code == 2
        assert said in result.stderr
        assert str(file) in result.stderr
    assert not client.made
    assert erpsync("config", "path").exit_code == 0
    assert erpsync("--help").exit_code == 0


def test_what_only_the_other_transport_has_is_told_by_its_line(erpsync: Any, client: Any, profiles: MakeFile) -> None:
    file = profiles(f'default_profile = "a"\n[profiles.a]\nurl = "{URL}"\nlanguage = "NO"\n')
    result = erpsync("ping")
    assert result.exit_code == 2
    assert f"language ({file}:4) means nothing with --transport soap" in result.stderr


# -- config show ------------------------------------------------------------------------------------------------------


def test_each_value_is_shown_with_its_origin_and_no_secret(erpsync: Any, file: Path) -> None:
    found = shown(erpsync, "--deadline", "9", "--proxy", "http://proxy.example.com", services="Services88")
    settings = found["settings"]
    assert (found["profile"], found["file"]) == ("prod", str(file))
    assert settings["url"] == {"value": URL, "from": f"{file}:5"}
    assert settings["time_zone"] == {"value": "261", "from": f"{file}:7"}
    assert settings["deadline"] == {"value": 9.0, "from": "command line"}
    assert settings["services"] == {"value": "Services88", "from": "environment variable ERPSYNC_SERVICES"}
    assert settings["allow_insecure"] == {"value": False, "from": "default"}
    assert settings["password"] == {"value": "***", "from": f"variable CRM_PASSWORD ({file}:9)"}
    assert "Sesame" not in json.dumps(found)


def test_the_secret_that_counts_is_the_one_that_is_shown(erpsync: Any, file: Path) -> None:
    settings = shown(erpsync, ticket="7T:other", application_token_file="token.txt")["settings"]
    assert settings["ticket"] == {"value": "***", "from": "environment variable ERPSYNC_TICKET"}
    assert settings["application_token"]["from"] == "environment variable ERPSYNC_APPLICATION_TOKEN_FILE"
    assert "password" not in settings
    assert shown(erpsync, "--password-stdin")["settings"]["password"]["from"] == "standard input"


def test_a_password_in_an_address_is_not_shown(erpsync: Any, file: Path) -> None:
    found = shown(erpsync, proxy="http://me:Sesame@proxy.example.com:8080")
    assert found["settings"]["proxy"]["value"] == "http://me:***@proxy.example.com:8080"
    assert "Sesame" not in erpsync("config", proxy="http://me:Sesame@proxy.example.com:8080").output


def test_no_command_is_run_for_being_shown(erpsync: Any, profiles: MakeFile, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    file = profiles(f"[profiles.a]\npassword_command = ['sh', '-c', 'echo Sesame > {trace}']\n")
    found = shown(erpsync, "--profile", "a")
    assert found["settings"]["password"] == {"value": "***", "from": f"command sh ({file}:2)"}
    assert not trace.exists()


def test_the_table_names_all_that_json_does(erpsync: Any, profiles: MakeFile) -> None:
    file = profiles("[profiles.a]\nretry = { attempts = 2 }\nclient_certificate = 'a'\nclient_certificate_key = 'b'\n")
    table = erpsync("config", "--profile", "a").stdout
    assert f"Profile a in {file}" in table
    assert "attempts = 2" in table
    for name, setting in shown(erpsync, "--profile", "a")["settings"].items():
        assert name in table
        assert setting["from"] in table


def test_a_user_without_a_password_is_asked_for_one(erpsync: Any, client: Any, profiles: MakeFile) -> None:
    profiles(f'default_profile = "a"\n[profiles.a]\nurl = "{URL}"\nusername = "me"\n')
    assert "there is no password for me" in erpsync("sync").stderr
    assert erpsync("sync", password="x").exit_code == 0
    assert isinstance(client.made[0]["credentials"], UsernamePassword)
