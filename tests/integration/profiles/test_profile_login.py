"""`erpsync login` and `logout` beside a keyring, and on a terminal."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from integration.profiles.conftest import PASSWORD, USER, Erpsync, MakeFile
from integration.terminal import Terminal
from superoffice_erpsync.sandbox import Sandbox

posix_only = pytest.mark.skipif(os.name != "posix", reason="terminals are of another kind there")


def entries(processes: dict[str, str]) -> dict[str, str]:
    path = Path(processes["FILE_KEYRING"])
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def test_login_stores_a_password_that_is_right_and_logout_removes_it(
    make_file: MakeFile, sandbox: Sandbox, erpsync: Erpsync, processes: dict[str, str], tmp_path: Path
) -> None:
    make_file("password_keyring = true\nticket_cache = true")
    missing = erpsync("sync")
    assert missing.exit_code == 2
    assert "erpsync login --profile box" in missing.stderr

    wrong = erpsync("login", "--password-stdin", stdin="Sesame-wrong\n")
    assert wrong.exit_code == 3
    assert entries(processes) == {}
    right = erpsync("login", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert right.exit_code == 0, right.stderr
    assert entries(processes) == {f"erpsync:box:password:{sandbox.url}\n{USER}": PASSWORD}
    assert right.stdout == ""
    assert "Sesame" not in wrong.stderr + right.stderr

    assert erpsync("sync").exit_code == 0
    assert len([*(tmp_path / "cache").rglob("*.json")]) == 1
    assert erpsync("login", "--password-stdin", stdin="Sesame-wrong\n").exit_code == 3, "a kept ticket proves nothing"

    out = erpsync("logout")
    assert out.exit_code == 0, out.stderr
    assert "is no longer in the keyring" in out.stderr
    assert "a ticket that was kept is removed" in out.stderr
    assert entries(processes) == {}
    assert [*(tmp_path / "cache").rglob("*.json")] == []
    again = erpsync("logout")
    assert (again.exit_code, "was not in the keyring" in again.stderr) == (0, True)
    assert erpsync("sync").exit_code == 2


def test_login_can_leave_out_the_check(make_file: MakeFile, sandbox: Sandbox, erpsync: Erpsync) -> None:
    make_file("password_keyring = true")
    done = erpsync("login", "--no-check", "--password-stdin", stdin="anything\n", ERPSYNC_PASSWORD="x")
    assert done.exit_code == 0, done.stderr
    assert "note: ERPSYNC_PASSWORD is set and counts above it" in done.stderr
    assert sandbox.received == []


def test_what_was_stored_for_one_address_is_not_for_another(
    make_file: MakeFile, sandbox: Sandbox, erpsync: Erpsync
) -> None:
    file = make_file("password_keyring = true")
    assert erpsync("login", "--password-stdin", stdin=PASSWORD).exit_code == 0
    moved = erpsync("sync", "--url", sandbox.services88_url)
    assert moved.exit_code == 2
    assert "is not there" in moved.stderr
    file.write_text(file.read_text(encoding="utf-8").replace(USER, "somebody"), encoding="utf-8")
    assert "of 'somebody' is not there" in erpsync("sync").stderr


def test_a_keyring_that_refuses_is_told_without_the_secret(
    make_file: MakeFile, erpsync: Erpsync, tmp_path: Path
) -> None:
    make_file("password_keyring = true")
    done = erpsync("login", "--no-check", "--password-stdin", stdin="Sesame", FILE_KEYRING=str(tmp_path))
    assert done.exit_code == 2
    assert "the keyring does not take it: PasswordSetError" in done.stderr
    assert "Sesame" not in done.stderr


def test_login_needs_a_profile_that_looks_into_the_keyring(make_file: MakeFile, erpsync: Erpsync) -> None:
    for lines, said in (
        ('password_env = "CRM"', "but says password_env ("),
        ("", "write password_keyring = true below [profiles.box]"),
    ):
        file = make_file(lines)
        done = erpsync("login", "--password-stdin", stdin="x")
        assert done.exit_code == 2
        assert said in done.stderr
        assert erpsync("logout").exit_code == 0
    file.unlink()
    for command in ("login", "logout"):
        assert "there is no profile to keep a password for" in erpsync(command).stderr


def test_nobody_can_be_asked_without_a_terminal(make_file: MakeFile, erpsync: Erpsync) -> None:
    make_file("password_keyring = true")
    done = erpsync("login")
    assert done.exit_code == 2
    assert f"there is no password for {USER}" in done.stderr
    assert "--password-stdin" in done.stderr


@posix_only
def test_login_asks_on_a_terminal_without_showing_the_answer(
    make_file: MakeFile, processes: dict[str, str], sandbox: Sandbox
) -> None:
    make_file("password_keyring = true")
    with Terminal("login", environment=processes) as terminal:
        terminal.read_until(f"Password for {USER}: ")
        assert terminal.answer(PASSWORD) == 0, terminal.said
    assert "in the keyring, as" in terminal.said
    assert PASSWORD not in terminal.said
    assert sandbox.logins == 1
    assert [*entries(processes).values()] == [PASSWORD]
