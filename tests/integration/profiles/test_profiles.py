"""Clients from profiles with real files and processes, and an installation in a box at the other end."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from integration.profiles.conftest import PASSWORD, MakeFile
from superoffice_erpsync import (
    AuthenticationError,
    ConfigurationError,
    ErpSyncClient,
    Retry,
    TicketCache,
    Timeouts,
    UsernamePassword,
)
from superoffice_erpsync.sandbox import Sandbox


def python(script: str, processes: dict[str, str], *arguments: str, folder: Path | None = None) -> str:
    """What a script prints."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        env=processes,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_client_from_a_profile_logs_in(make_file: MakeFile, sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "work" / "secret").write_text(f"{PASSWORD}\n", encoding="utf-8")
    (tmp_path / "work" / "secret").chmod(0o600)
    make_file('password_file = "secret"\ntimeout = 20\nretry = { attempts = 2 }')
    for arguments in ((), ("box",), ("box", tmp_path / "work" / "erpsync.toml")):
        with ErpSyncClient.from_profile(*arguments) as client:
            client.get_engine_status()
    assert sandbox.logins == 3


def test_a_program_gives_the_password(make_file: MakeFile, sandbox: Sandbox) -> None:
    command = json.dumps([sys.executable, "-X", "utf8", "-c", f"print({PASSWORD!r})"], ensure_ascii=False)
    make_file(f"password_command = {command}")
    with ErpSyncClient.from_profile() as client:
        client.get_engine_status()
    assert sandbox.logins == 1


def test_a_profile_speaks_rest(make_file: MakeFile, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PASSWORD", PASSWORD)
    make_file('password_env = "CRM_PASSWORD"')
    with ErpSyncClient.from_profile(transport="rest", url=sandbox.rest_url) as client:
        client.get_engine_status()
    monkeypatch.setenv("ERPSYNC_TRANSPORT", "REST")
    monkeypatch.setenv("ERPSYNC_URL", sandbox.rest_url)
    with ErpSyncClient.from_profile(language="NO") as client:
        client.get_engine_status()


def settings_of(client: ErpSyncClient) -> dict[str, Any]:
    assert client._recipe is not None
    return {"url": client._recipe.url, "credentials": client._recipe.credentials, **client._recipe.settings}


def test_arguments_count_above_the_environment_and_that_above_the_file(
    make_file: MakeFile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_file('password_env = "CRM_PASSWORD"\ntimeout = 5\ntime_zone = 261\nretry = false\nticket_cache = true')
    made = settings_of(ErpSyncClient.from_profile())
    assert (made["timeout"], made["time_zone"], made["retry"]) == (Timeouts.of(5), 261, None)
    assert made["ticket_cache"] == TicketCache()
    for name, value in {"TIMEOUT": "6", "TIME_ZONE": "12", "USERNAME": "other", "PASSWORD": "x", "CULTURE": ""}.items():
        monkeypatch.setenv(f"ERPSYNC_{name}", value)
    made = settings_of(ErpSyncClient.from_profile())
    assert (made["timeout"], made["time_zone"]) == (Timeouts.of(6), 12)
    assert repr(made["credentials"]).endswith("password=EnvironmentSecret(variable='ERPSYNC_PASSWORD'))")
    assert made["credentials"].username == "other"
    who = UsernamePassword("third", "x")
    made = settings_of(ErpSyncClient.from_profile(timeout=7, retry=Retry(), credentials=who, time_zone=None))
    assert (made["timeout"], made["retry"], made["credentials"], made["time_zone"]) == (7, Retry(), who, None)


def test_the_environment_names_the_profile_and_the_file(
    make_file: MakeFile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    moved = make_file('[profiles.other]\nurl = "http://127.0.0.1:1"').rename(tmp_path / "ours.toml")
    monkeypatch.setenv("ERPSYNC_CONFIG", str(moved))
    monkeypatch.setenv("ERPSYNC_PROFILE", "other")
    assert settings_of(ErpSyncClient.from_profile())["url"] == "http://127.0.0.1:1"
    with pytest.raises(ConfigurationError, match="keeps no password for nightly"):
        ErpSyncClient.from_profile("box")


@pytest.mark.parametrize(
    ("lines", "variables", "overrides", "said"),
    [
        ('services = "Services86"', {}, {"transport": "rest"}, r"services \(.*:6\) means nothing with the transport"),
        ("", {"LANGUAGE": "NO"}, {}, "ERPSYNC_LANGUAGE means nothing with the transport soap"),
        ("", {"TIMEOUT": "soon"}, {}, "ERPSYNC_TIMEOUT must be a number of seconds above 0"),
        ("", {"TICKET_CACHE": "perhaps"}, {}, "ERPSYNC_TICKET_CACHE must be true or false"),
        ("", {"NO_RETRY": "perhaps"}, {}, "ERPSYNC_NO_RETRY must be true or false"),
        ("", {"PASSWORD": "a", "TICKET": "b"}, {}, "more than one way to log in"),
        ("", {"URL": "http://127.0.0.2:1"}, {}, r"password_env \(.*:5\) is for http://127.0.0.1:\d+, and not for"),
        ("", {}, {"url": "http://127.0.0.2:1"}, "make a profile for that address"),
        ("", {}, {"transport": "rest", "soap_url": "http://127.0.0.2:1"}, "and not for http://127.0.0.2:1"),
        ("", {}, {"transport": "soup"}, "the transport is"),
    ],
)
def test_what_cannot_work_is_refused(
    make_file: MakeFile,
    monkeypatch: pytest.MonkeyPatch,
    lines: str,
    variables: dict[str, str],
    overrides: dict[str, Any],
    said: str,
) -> None:
    make_file(f'password_env = "CRM_PASSWORD"\n{lines}')
    for name, value in variables.items():
        monkeypatch.setenv(f"ERPSYNC_{name}", value)
    with pytest.raises(ConfigurationError, match=said):
        ErpSyncClient.from_profile(**overrides)


def test_a_setting_that_nobody_knows_is_refused(make_file: MakeFile) -> None:
    make_file('password_env = "CRM_PASSWORD"')
    with pytest.raises(TypeError, match="'tmeout' is no setting of a client"):
        ErpSyncClient.from_profile(tmeout=5)  # type: ignore[call-arg]


def test_without_a_file_the_places_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no profile is named") as caught:
        ErpSyncClient.from_profile()
    assert str(tmp_path / "work" / "erpsync.toml") in str(caught.value)


WORKER = """
import pickle, sys
with pickle.loads(bytes.fromhex(sys.argv[1])) as client:
    client.get_engine_status()
print("pydantic" in sys.modules)
"""


def test_another_process_needs_no_file(
    make_file: MakeFile, sandbox: Sandbox, processes: dict[str, str], tmp_path: Path
) -> None:
    """It reads neither the file nor the variables that the file counts below."""
    (tmp_path / "work" / "secret").write_text(PASSWORD, encoding="utf-8")
    (tmp_path / "work" / "secret").chmod(0o600)
    file = make_file('password_file = "secret"')
    client = ErpSyncClient.from_profile(timeout=20)
    parcel = pickle.dumps(client)
    assert PASSWORD.encode() not in parcel
    file.unlink()
    assert python(WORKER, {**processes, "ERPSYNC_URL": "http://127.0.0.1:1"}, parcel.hex(), folder=tmp_path) == (
        "False\n"
    )
    assert sandbox.logins == 1


NO_PROFILE = """
import sys
from superoffice_erpsync.cli import main
try:
    main()
except SystemExit:
    ours = {f"superoffice_erpsync.config.{name}" for name in ("settings", "reading", "document", "environment")}
    print(sorted((ours | {"pydantic_settings", "tomllib"}) & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [("--help",), ("ping",)])
def test_the_command_loads_nothing_for_profiles_where_there_is_none(
    sandbox: Sandbox, processes: dict[str, str], arguments: tuple[str, ...]
) -> None:
    # Where branches are counted, the counter itself loads tomllib.
    unmeasured = {name: value for name, value in processes.items() if name != "COVERAGE_PROCESS_CONFIG"}
    done = subprocess.run(
        [sys.executable, "-c", NO_PROFILE, *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        env={**unmeasured, "ERPSYNC_URL": sandbox.url},
    )
    assert done.stderr == "[]\n"


def test_a_login_that_is_refused_says_so_in_python_too(make_file: MakeFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PASSWORD", "Sesame-wrong")
    make_file('password_env = "CRM_PASSWORD"')
    with ErpSyncClient.from_profile() as client, pytest.raises(AuthenticationError) as caught:
        client.get_engine_status()
    assert "Sesame" not in str(caught.value)
