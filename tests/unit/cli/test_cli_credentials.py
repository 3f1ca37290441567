"""Secrets: where they come from, what contradicts, and that they are never shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from superoffice_erpsync.auth.credentials import TicketCredentials, UsernamePassword

WHERE = {"url": "https://crm.example.com/Remote/Services86"}
SECRET = "s3cret-ø<&>"


def password_of(client: Any) -> str:
    who = client.made[-1]["credentials"]
    assert isinstance(who, UsernamePassword)
    return who.password.reveal()


def test_a_password_from_the_environment(erpsync: Any, client: Any) -> None:
    result = erpsync("sync", "--username", "me", **WHERE, password=SECRET)
    assert result.exit_code == 0
    assert client.made[0]["credentials"].username == "me"
    assert password_of(client) == SECRET


@pytest.mark.parametrize(
    ("content", "password"),
    [
        (f"{SECRET}\n".encode(), SECRET),
        (f"{SECRET}\r\n".encode(), SECRET),
        (SECRET.encode(), SECRET),
        (b"\xef\xbb\xbf" + SECRET.encode() + b"\n", SECRET),
        (b" padded \n", " padded "),
    ],
)
def test_a_password_from_a_file_or_stdin_loses_one_line_end(
    erpsync: Any, client: Any, tmp_path: Path, content: bytes, password: str
) -> None:
    file = tmp_path / "password"
    file.write_bytes(content)
    assert erpsync("sync", **WHERE, username="me", password_file=str(file)).exit_code == 0
    assert password_of(client) == password
    assert erpsync("sync", "--password-stdin", stdin=content, **WHERE, username="me").exit_code == 0
    assert password_of(client) == password


@pytest.mark.parametrize("content", [b"", b"\n", b"one\ntwo\n", b"one\n\n", b"\xff\xfes\x00", b"caf\xe9"])
def test_what_is_no_secret_is_refused_without_showing_it(
    erpsync: Any, client: Any, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "password"
    file.write_bytes(content)
    for result in (
        erpsync("sync", **WHERE, username="me", password_file=str(file)),
        erpsync("sync", "--password-stdin", stdin=content, **WHERE, username="me"),
    ):
        assert result.exit_code == 2
        assert "one" not in result.stderr.replace("one line", "").replace("nothing was done", "")
    assert not client.made


def test_a_file_that_is_not_there(erpsync: Any, client: Any, tmp_path: Path) -> None:
    result = erpsync("sync", **WHERE, username="me", password_file=str(tmp_path / "none"))
    assert result.exit_code == 2
    assert "ERPSYNC_PASSWORD_FILE" in result.stderr
    assert "No such file" in result.stderr


def test_a_ticket_needs_no_user(erpsync: Any, client: Any, tmp_path: Path) -> None:
    file = tmp_path / "ticket"
    file.write_text("7T:from-file\n", encoding="utf-8")
    for variables, ticket in (({"ticket": "7T:abc"}, "7T:abc"), ({"ticket_file": str(file)}, "7T:from-file")):
        assert erpsync("sync", **WHERE, **variables).exit_code == 0
        who = client.made[-1]["credentials"]
        assert isinstance(who, TicketCredentials)
        assert who.ticket.reveal() == ticket


@pytest.mark.parametrize(
    ("arguments", "variables", "named"),
    [
        ((), {"password": "a", "password_file": "b"}, ("ERPSYNC_PASSWORD", "ERPSYNC_PASSWORD_FILE")),
        ((), {"password": "a", "ticket": "b"}, ("ERPSYNC_PASSWORD", "ERPSYNC_TICKET")),
        ((), {"ticket": "a", "ticket_file": "b"}, ("ERPSYNC_TICKET", "ERPSYNC_TICKET_FILE")),
        (("--password-stdin",), {"password": "a"}, ("ERPSYNC_PASSWORD", "--password-stdin")),
        (("--password-stdin",), {"ticket": "a"}, ("ERPSYNC_TICKET", "--password-stdin")),
        (
            (),
            {"ticket": "7T:a", "application_token": "a", "application_token_file": "b"},
            ("ERPSYNC_APPLICATION_TOKEN",),
        ),
    ],
)
def test_contradictions_are_named(
    erpsync: Any, client: Any, arguments: tuple[str, ...], variables: dict[str, str], named: tuple[str, ...]
) -> None:
    result = erpsync("sync", *arguments, stdin="x", **WHERE, username="me", **variables)
    assert result.exit_code == 2
    assert all(name in result.stderr for name in named)
    assert not client.made


def test_without_a_login_the_variables_are_named(erpsync: Any, client: Any) -> None:
    for variables in ({}, {"username": "me"}, {"username": "me", "password": ""}):
        result = erpsync("sync", **WHERE, **variables)
        assert result.exit_code == 2
        assert "ERPSYNC_PASSWORD_FILE" in result.stderr
        assert "ERPSYNC_TICKET" in result.stderr
    assert not client.made


def test_ping_asks_for_no_login(erpsync: Any, client: Any) -> None:
    assert erpsync("ping", **WHERE, ticket="a", password="b", application_token="token").exit_code == 0
    assert client.made[0]["credentials"] is None
    assert client.made[0]["application_token"] == "token"
    assert erpsync("call", "GetSystemInfo", **WHERE).exit_code == 0
    assert client.made[1]["credentials"] is None


@pytest.mark.parametrize("name", ["password", "ticket", "application_token"])
def test_an_unexpected_error_shows_no_secret(erpsync: Any, client: Any, name: str) -> None:
    client.error = RuntimeError(f"in here: {SECRET}")
    variables = {"username": "me", "debug": "1", name: SECRET}
    variables |= {"password": "x-password"} if name == "application_token" else {}
    result = erpsync("sync", **WHERE, **variables)
    assert result.exit_code == 70
    assert "Traceback" in result.stderr
    assert "in here: ***" in result.stderr
    assert SECRET not in result.output


def test_an_unexpected_error_is_one_line_and_no_traceback(erpsync: Any, client: Any) -> None:
    client.error = ZeroDivisionError("by nothing")
    result = erpsync("sync", **WHERE, ticket="7T:abc")
    assert result.exit_code == 70
    assert "please report it: ZeroDivisionError: by nothing" in result.stderr
    assert "Traceback" not in result.output
    assert "ERPSYNC_DEBUG" in result.stderr
