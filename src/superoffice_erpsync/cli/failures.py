"""Errors as a user reads them: one screen on stderr, never a traceback."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

from superoffice_erpsync.cli.exit_codes import ExitCode, exit_code_of, may_change_something
from superoffice_erpsync.cli.output import note, plain
from superoffice_erpsync.errors import ErpSyncError, Outcome, ProtocolError, ServerFault
from superoffice_erpsync.redaction import Secret, scrub

DEBUG_VARIABLE = "ERPSYNC_DEBUG"
"""Set to 1, it shows the traceback of an error in the command itself."""

_EVERYTHING = ("everything=True", "--everything")
"""How Python says it, and how the command does."""

_MOST_LINES = 12
_MOST_CHARACTERS = 1200


def run(command: Callable[[], ExitCode], secrets: list[Secret]) -> ExitCode:
    """The exit code of a command, whatever happens in it. What went wrong is told on stderr.

    Args:
        command: What to do.
        secrets: What must not be shown; the command may add to it while it runs.
    """
    try:
        return command()
    except ErpSyncError as error:
        _tell(error, secrets)
        return exit_code_of(error)
    except KeyboardInterrupt:
        note("interrupted; a call that was under way may still be carried out by the server")
        return ExitCode.INTERRUPTED
    except Exception as problem:
        _tell_bug(problem, secrets)
        return ExitCode.BUG


def _tell(error: ErpSyncError, secrets: list[Secret]) -> None:
    where = f"{error.operation}: " if error.operation else ""
    facts = {
        "error": where + _one_screen(scrub(error.message, secrets)),
        "outcome": _outcome(error),
        "details": scrub(_details(error), secrets),
        "hint": scrub(error.hint or "", secrets),
    }
    for name, text in facts.items():
        if text:
            note(f"{name}: {text.replace(*_EVERYTHING)}")


def _outcome(error: ErpSyncError) -> str:
    match error.outcome:
        case Outcome.NOT_SENT:
            return "nothing was sent, nothing was done"
        case Outcome.REJECTED:
            return "the server answered and did not carry it out"
    if may_change_something(error.operation):
        return "unknown: the request was sent and no trustworthy answer came; the server may have acted"
    return "no trustworthy answer came; the operation changes nothing, so it can be called again"


def _details(error: ErpSyncError) -> str:
    facts = []
    if error.status is not None:
        facts.append(f"HTTP status {error.status}")
    if error.code:
        facts.append(f"code {error.code}")
    if error.attempts > 1:
        facts.append(f"tried {error.attempts} times")
    if isinstance(error, ProtocolError) and error.path:
        facts.append(f"at {error.path}")
    if isinstance(error, ServerFault) and error.retry_after is not None:
        facts.append(f"the server asks to wait {error.retry_after:g} seconds")
    return ", ".join(facts)


def _one_screen(text: str) -> str:
    lines = text[:_MOST_CHARACTERS].splitlines()
    short = "\n".join(lines[:_MOST_LINES])
    return short if short == text else f"{short} […]"


def _tell_bug(problem: Exception, secrets: list[Secret]) -> None:
    what = scrub(plain(f"{type(problem).__name__}: {problem}"), secrets)
    note(f"error: the command failed unexpectedly, please report it: {_one_screen(what)}")
    if os.environ.get(DEBUG_VARIABLE) == "1":
        sys.stderr.write(scrub("".join(traceback.format_exception(problem)), secrets))
    else:
        note(f"hint: {DEBUG_VARIABLE}=1 shows where")
