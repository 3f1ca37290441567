"""Profiles with real files, processes and keyrings, and an installation in a box at the other end."""

from __future__ import annotations

import json
import os
import pickle
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

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

HERE = Path(__file__).parent
SOURCE = str(HERE.parents[1] / "src")
USER, PASSWORD = "nightly", "Sesame & wörd"

Finished = subprocess.CompletedProcess[str]
MakeFile = Callable[[str], Path]
Erpsync = Callable[..., Finished]

posix_only = pytest.mark.skipif(os.name != "posix", reason="terminals are of another kind there")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(users={USER: PASSWORD}) as box:
        yield box


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("ERPSYNC_")]:
        monkeypatch.delenv(name)
    for name in ("config", "cache"):
        monkeypatch.setenv(f"XDG_{name.upper()}_HOME", str(tmp_path / name))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


@pytest.fixture
def make_file(sandbox: Sandbox, tmp_path: Path) -> MakeFile:
    """Writes `erpsync.toml` into the working directory, with the default profile `box`."""

    def make(lines: str) -> Path:
        path = tmp_path / "work" / "erpsync.toml"
        text = f'default_profile = "box"\n[profiles.box]\nurl = "{sandbox.url}"\nusername = "{USER}"\n{lines}\n'
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    return make


@pytest.fixture
def processes(tmp_path: Path) -> dict[str, str]:
    """The environment of processes, with a keyring of their own."""
    path = os.pathsep.join(filter(None, [SOURCE, str(HERE), os.environ.get("PYTHONPATH")]))
    keyring = {"PYTHON_KEYRING_BACKEND": "file_keyring.FileKeyring", "FILE_KEYRING": str(tmp_path / "keyring.json")}
    return {**os.environ, **keyring, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}


@pytest.fixture
def erpsync(processes: dict[str, str]) -> Erpsync:
    """The real command in the working directory."""

    def run(*arguments: str, stdin: str = "", **variables: str) -> Finished:
        return subprocess.run(
            [sys.executable, "-m", "superoffice_erpsync.cli", *arguments],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
            env={**processes, **variables},
        )

    return run


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


# -- in Python --------------------------------------------------------------------------------------------------------


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
    done = subprocess.run(
        [sys.executable, "-c", NO_PROFILE, *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        env={**processes, "ERPSYNC_URL": sandbox.url},
    )
    assert done.stderr == "[]\n"


# -- login and logout -------------------------------------------------------------------------------------------------


def entries(processes: dict[str, str]) -> dict[str, str]:
    path = Path(processes["FILE_KEYRING"])
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def test_login_stores_a_password_that_is_right_and_logout_removes_it(
    make_file: MakeFile, sandbox: Sandbox, erpsync: Erpsync, processes: dict[str, str], tmp_path: Path
) -> None:
    make_file("password_keyring = true\nticket_cache = true")
    missing = erpsync("sync")
    assert missing.returncode == 2
    assert "erpsync login --profile box" in missing.stderr

    wrong = erpsync("login", "--password-stdin", stdin="Sesame-wrong\n")
    assert wrong.returncode == 3
    assert entries(processes) == {}
    right = erpsync("login", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert right.returncode == 0, right.stderr
    assert entries(processes) == {f"erpsync:box:password:{sandbox.url}\n{USER}": PASSWORD}
    assert right.stdout == ""
    assert "Sesame" not in wrong.stderr + right.stderr

    assert erpsync("sync").returncode == 0
    assert len([*(tmp_path / "cache").rglob("*.json")]) == 1
    assert erpsync("login", "--password-stdin", stdin="Sesame-wrong\n").returncode == 3, "a kept ticket proves nothing"

    out = erpsync("logout")
    assert out.returncode == 0, out.stderr
    assert "is no longer in the keyring" in out.stderr
    assert "a ticket that was kept is removed" in out.stderr
    assert entries(processes) == {}
    assert [*(tmp_path / "cache").rglob("*.json")] == []
    again = erpsync("logout")
    assert (again.returncode, "was not in the keyring" in again.stderr) == (0, True)
    assert erpsync("sync").returncode == 2


def test_login_can_leave_out_the_check(make_file: MakeFile, sandbox: Sandbox, erpsync: Erpsync) -> None:
    make_file("password_keyring = true")
    done = erpsync("login", "--no-check", "--password-stdin", stdin="anything\n", ERPSYNC_PASSWORD="x")
    assert done.returncode == 0, done.stderr
    assert "note: ERPSYNC_PASSWORD is set and counts above it" in done.stderr
    assert sandbox.received == []


def test_what_was_stored_for_one_address_is_not_for_another(
    make_file: MakeFile, sandbox: Sandbox, erpsync: Erpsync
) -> None:
    file = make_file("password_keyring = true")
    assert erpsync("login", "--password-stdin", stdin=PASSWORD).returncode == 0
    moved = erpsync("sync", "--url", sandbox.services88_url)
    assert moved.returncode == 2
    assert "is not there" in moved.stderr
    file.write_text(file.read_text(encoding="utf-8").replace(USER, "somebody"), encoding="utf-8")
    assert "of 'somebody' is not there" in erpsync("sync").stderr


def test_a_keyring_that_refuses_is_told_without_the_secret(
    make_file: MakeFile, erpsync: Erpsync, tmp_path: Path
) -> None:
    make_file("password_keyring = true")
    done = erpsync("login", "--no-check", "--password-stdin", stdin="Sesame", FILE_KEYRING=str(tmp_path))
    assert done.returncode == 2
    assert "the keyring does not take it: PasswordSetError" in done.stderr
    assert "Sesame" not in done.stderr


def test_login_needs_a_profile_that_looks_into_the_keyring(make_file: MakeFile, erpsync: Erpsync) -> None:
    for lines, said in (
        ('password_env = "CRM"', "but says password_env ("),
        ("", "write password_keyring = true below [profiles.box]"),
    ):
        file = make_file(lines)
        done = erpsync("login", "--password-stdin", stdin="x")
        assert done.returncode == 2
        assert said in done.stderr
        assert erpsync("logout").returncode == 0
    file.unlink()
    for command in ("login", "logout"):
        assert "there is no profile to keep a password for" in erpsync(command).stderr


def test_nobody_can_be_asked_without_a_terminal(make_file: MakeFile, erpsync: Erpsync) -> None:
    make_file("password_keyring = true")
    done = erpsync("login")
    assert done.returncode == 2
    assert f"there is no password for {USER}" in done.stderr
    assert "--password-stdin" in done.stderr


@posix_only
def test_login_asks_on_a_terminal_without_showing_the_answer(
    make_file: MakeFile, processes: dict[str, str], sandbox: Sandbox
) -> None:
    import pty

    make_file("password_keyring = true")
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "superoffice_erpsync.cli", "login"],
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
        start_new_session=True,
        env=processes,
    )
    os.close(slave)
    try:
        asked = _read_until(master, b": ")
        assert f"Password for {USER}: ".encode() in asked
        os.write(master, f"{PASSWORD}\n".encode())
        shown = _read_until(master, b"in the keyring, as")
        process.communicate(timeout=30)
        assert process.returncode == 0
        assert PASSWORD.encode() not in asked + shown
        assert sandbox.logins == 1
        assert [*entries(processes).values()] == [PASSWORD]
    finally:
        process.kill()
        process.wait()
        os.close(master)


def _read_until(descriptor: int, end: bytes) -> bytes:
    """What a terminal shows, until it shows `end` or nothing more comes."""
    found = b""
    while end not in found:
        ready, _, _ = select.select([descriptor], [], [], 20)
        if not ready:
            break
        try:
            found += os.read(descriptor, 4096) or end
        except OSError:
            break
    return found


def test_a_login_that_is_refused_says_so_in_python_too(make_file: MakeFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PASSWORD", "Sesame-wrong")
    make_file('password_env = "CRM_PASSWORD"')
    with ErpSyncClient.from_profile() as client, pytest.raises(AuthenticationError) as caught:
        client.get_engine_status()
    assert "Sesame" not in str(caught.value)
