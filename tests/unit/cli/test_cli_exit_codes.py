"""Exit codes and messages of errors. The numbers are an interface: a failing test here breaks somebody's script."""

from __future__ import annotations

from typing import Any

import pytest

from superoffice_erpsync import errors
from superoffice_erpsync.batch import JournalError, JournalLocked
from superoffice_erpsync.cli.exit_codes import ExitCode, exit_code_of
from superoffice_erpsync.errors import (
    AuthenticationError,
    ConfigurationError,
    ErpSyncError,
    InvalidRequest,
    OperationNotAvailable,
    OperationRefused,
    Outcome,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TlsError,
    TransportError,
)

LOGIN = {"url": "https://crm.example.com/Remote/Services86", "ticket": "7T:abc"}
READ, WRITE = "GetConnection", "ForceResync"


def test_the_numbers_are_fixed() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "REFUSED": 1,
        "USAGE": 2,
        "LOGIN_REFUSED": 3,
        "NOT_REACHED": 4,
        "SERVER_FAULT": 5,
        "NOT_UNDERSTOOD": 6,
        "OUTCOME_UNKNOWN": 7,
        "JOURNAL_HELD": 8,
        "INCOMPLETE": 9,
        "BUG": 70,
        "INTERRUPTED": 130,
    }


CODES = [
    (OperationRefused("no"), 1),
    (ConfigurationError("bad"), 2),
    (InvalidRequest("bad"), 2),
    (OperationNotAvailable("none"), 2),
    (JournalError("no journal"), 2),
    (JournalLocked("in use"), 8),
    (AuthenticationError("no"), 3),
    (TransportError("gone"), 4),
    (TlsError("refused"), 4),
    (RequestTimeout("late"), 4),
    (RequestTimeout("late", operation=READ, outcome=Outcome.UNKNOWN), 4),
    (TransportError("lost", operation="AuthenticateUsernamePassword", outcome=Outcome.UNKNOWN), 4),
    (ServerFault("fault", operation=WRITE), 5),
    (ServerFault("fault", operation=READ, outcome=Outcome.UNKNOWN), 5),
    (ProtocolError("what", operation=READ), 6),
    (ProtocolError("what", operation=WRITE), 7),
    (ProtocolError("what"), 7),
    (ProtocolError("what", operation="SomethingNew"), 7),
    (RequestTimeout("late", operation=WRITE, outcome=Outcome.UNKNOWN), 7),
    (RequestTimeout("late", operation="ToggleErpConnectionActive", outcome=Outcome.UNKNOWN), 7),
    (TransportError("lost", operation=WRITE, outcome=Outcome.UNKNOWN), 7),
    (ServerFault("fault", operation=WRITE, outcome=Outcome.UNKNOWN), 7),
    (OperationRefused("no", operation=WRITE, outcome=Outcome.UNKNOWN), 7),
]


@pytest.mark.parametrize(("error", "code"), CODES)
def test_every_error_has_its_code(error: ErpSyncError, code: int) -> None:
    assert exit_code_of(error) == code


def test_no_kind_of_error_is_without_a_code_above() -> None:
    kinds = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ErpSyncError)}
    assert kinds - {ErpSyncError} <= {type(error) for error, _ in CODES}


def test_a_message_says_what_where_whether_and_what_to_do(erpsync: Any, client: Any) -> None:
    client.error = ServerFault(
        "the server reports an error: over there", status=500, code="s:Server", hint="try again tomorrow"
    )
    client.error.retry_after = 30.0
    result = erpsync("sync", **LOGIN)
    assert result.exit_code == 5
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "error: SyncAll: the server reports an error: over there",
        "outcome: the server answered and did not carry it out",
        "details: HTTP status 500, code s:Server, the server asks to wait 30 seconds",
        "hint: try again tomorrow",
    ]


def test_a_write_whose_answer_was_lost_says_that_the_server_may_have_acted(erpsync: Any, client: Any) -> None:
    client.error = ProtocolError("no XML")
    client.error.path = "Response/IsOk"
    result = erpsync("sync", **LOGIN)
    assert result.exit_code == 7
    assert "the server may have acted" in result.stderr
    assert "at Response/IsOk" in result.stderr


def test_a_message_is_one_screen_and_shows_no_controls(erpsync: Any, client: Any) -> None:
    client.error = ServerFault("\x1b[31mred\x9b31m\r\n" + "many lines\n" * 500)
    result = erpsync("sync", **LOGIN)
    assert "\\x1b[31mred\\x9b31m\n" in result.stderr
    assert "\x1b" not in result.stderr
    assert len(result.stderr.splitlines()) < 20
    assert "[…]" in result.stderr


def test_python_words_become_options(erpsync: Any, client: Any) -> None:
    client.error = InvalidRequest("empty", hint="pass everything=True if that is meant")
    assert "pass --everything if that is meant" in erpsync("sync", **LOGIN).stderr


def test_secrets_of_this_run_are_masked_in_messages(erpsync: Any, client: Any) -> None:
    client.error = ServerFault("who is 7T:abc", hint="not 7T:abc", code="7T:abc")
    result = erpsync("sync", **LOGIN)
    assert "who is ***" in result.stderr
    assert "7T:abc" not in result.output


def test_ctrl_c_is_130(erpsync: Any, client: Any) -> None:
    client.error = KeyboardInterrupt()
    result = erpsync("sync", **LOGIN)
    assert result.exit_code == 130
    assert "interrupted" in result.stderr
