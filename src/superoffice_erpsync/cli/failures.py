"""Errors as a user reads them: one screen on stderr, never a traceback; or as a record of the log."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from superoffice_erpsync.cli.exit_codes import ExitCode, exit_code_of, may_change_something
from superoffice_erpsync.cli.output import ResultLost, note, plain
from superoffice_erpsync.cli.streams import give_up
from superoffice_erpsync.errors import ErpSyncError, Outcome, ProtocolError, ServerFault
from superoffice_erpsync.redaction import Secret, scrub

if TYPE_CHECKING:
    from superoffice_erpsync.cli.account import Account

DEBUG_VARIABLE = "ERPSYNC_DEBUG"
"""Set to 1, it shows the traceback of an error in the command itself."""

_MOST_LINES = 12
_MOST_CHARACTERS = 1200
_MAY_HAVE_ACTED = "a call that was under way may still be carried out by the server"


def run(command: Callable[[], ExitCode], secrets: list[Secret], account: Account | None = None) -> ExitCode:
    """The exit code of a command, whatever happens in it. What went wrong is told on stderr, or in the log.

    Args:
        command: What to do.
        secrets: What must not be shown; the command may add to it while it runs.
        account: Gets what is known of an error; None where nobody wants to know.
    """
    try:
        return command()
    except ErpSyncError as error:
        if account is not None:
            if account.calling and isinstance(error, ResultLost):
                error.outcome = Outcome.UNKNOWN
            account.note_error(error)
        _tell(error, secrets)
        return exit_code_of(error)
    except KeyboardInterrupt as end:
        return _interrupted(end, account)
    except Exception as problem:
        if account is not None:
            account.note_error(problem)
        _tell_bug(problem, secrets)
        return ExitCode.BUG


@contextmanager
def nothing_unsaid() -> Iterator[None]:
    """End with the code for wrong options where these, or the help, cannot be told: 1 would be an answer."""
    try:
        yield
    except (OSError, ResultLost) as problem:
        note(f"error: {problem.message if isinstance(problem, ResultLost) else problem.strerror}")
        for stream in (sys.stdout, sys.stderr):
            give_up(stream)
        raise SystemExit(ExitCode.USAGE) from None


def _interrupted(end: KeyboardInterrupt, account: Account | None) -> ExitCode:
    from superoffice_erpsync.cli.ending import EndedBySignal, OutOfTime

    calling = account is not None and account.calling
    if isinstance(end, OutOfTime):
        note(f"error: the command's deadline has passed; {_MAY_HAVE_ACTED if calling else 'nothing was changed'}")
        return ExitCode.OUTCOME_UNKNOWN if calling else ExitCode.NOT_REACHED
    by = f" by {end.name}" if isinstance(end, EndedBySignal) and end.name != "SIGINT" else ""
    note(f"interrupted{by}; {_MAY_HAVE_ACTED}" if calling else f"interrupted{by}")
    return ExitCode.INTERRUPTED


def _tell(error: ErpSyncError, secrets: list[Secret]) -> None:
    from superoffice_erpsync.cli.option_names import said_for_command  # loaded once something has failed

    where = f"{error.operation}: " if error.operation else ""
    # What a server says is left as it said it.
    message = error.message if isinstance(error, ServerFault) else said_for_command(error.message, error.operation)
    facts = {
        "error": where + _one_screen(scrub(message, secrets)),
        "outcome": _outcome(error),
        "details": scrub(_details(error), secrets),
        "hint": scrub(said_for_command(error.hint or "", error.operation), secrets),
    }
    said = {name: text for name, text in facts.items() if text}
    lines = [f"{name}: {text}" for name, text in said.items()]
    if not _logged(f"{said['error']}; {said['outcome']}", lines, error, hint=said.get("hint")):
        for line in lines:
            note(line)


def _logged(text: str, lines: list[str], error: Exception, **more: str | None) -> bool:
    """Make one record of an error, and whether there is a log for it."""
    from superoffice_erpsync.cli.logs import current_log

    log = current_log()
    if log is None:
        return False
    log.fail(text, error, **more)
    for line in lines:
        log.show(plain(line))
    return True


def _outcome(error: ErpSyncError) -> str:
    if isinstance(error, ResultLost):
        asked = error.outcome is Outcome.UNKNOWN
        return "what the server was asked for may be done" if asked else "nothing was changed"
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
    text = f"the command failed unexpectedly, please report it: {_one_screen(what)}"
    if _logged(text, [f"error: {text}"], problem):
        return
    note(f"error: {text}")
    if os.environ.get(DEBUG_VARIABLE) == "1":
        with suppress(OSError):
            sys.stderr.write(scrub("".join(traceback.format_exception(problem)), secrets))
    else:
        note(f"hint: {DEBUG_VARIABLE}=1 shows where")
