"""What the command's exit codes mean. Scripts rely on them: a number keeps its meaning."""

from __future__ import annotations

from enum import IntEnum

from superoffice_erpsync.errors import (
    AuthenticationError,
    ConfigurationError,
    ErpSyncError,
    OperationRefused,
    Outcome,
    ProtocolError,
    ServerFault,
    TransportError,
)


class LockHeld(ConfigurationError):
    """Another run holds the file that was given as lock. Nothing was done."""


class ExitCode(IntEnum):
    """How the command ended."""

    OK = 0
    REFUSED = 1
    """The server carried out the call and its answer is no: `IsOk=false`; of a batch, some keys were refused or
    left out."""
    USAGE = 2
    """Wrong options, settings or input, or an operation that the installation lacks. Nothing was done."""
    LOGIN_REFUSED = 3
    """The server refused user and password, or the ticket."""
    NOT_REACHED = 4
    """No answer: not reachable, TLS refused, or out of time. Nothing was changed."""
    SERVER_FAULT = 5
    """The server answered that the call failed."""
    NOT_UNDERSTOOD = 6
    """The answer is not what the contract says."""
    OUTCOME_UNKNOWN = 7
    """A call that changes something was sent and no trustworthy answer came: the server may have acted."""
    JOURNAL_HELD = 8
    """Another run works with the journal, or holds the lock."""
    INCOMPLETE = 9
    """A batch stopped before its end and can be resumed, or mappings were applied in part."""
    BUG = 70
    """The command itself failed."""
    INTERRUPTED = 130
    """Ctrl-C, or a signal that asks the process to end."""


MEANINGS = {
    ExitCode.OK: "done",
    ExitCode.REFUSED: "the answer is no",
    ExitCode.USAGE: "wrong options, settings or input",
    ExitCode.LOGIN_REFUSED: "login refused",
    ExitCode.NOT_REACHED: "not reached or out of time",
    ExitCode.SERVER_FAULT: "the call failed on the server",
    ExitCode.NOT_UNDERSTOOD: "the answer was not understood",
    ExitCode.OUTCOME_UNKNOWN: "the server may have acted",
    ExitCode.JOURNAL_HELD: "another run is at work",
    ExitCode.INCOMPLETE: "stopped before the end",
    ExitCode.BUG: "the command itself failed",
    ExitCode.INTERRUPTED: "interrupted",
}
"""Each in a few words, for logs."""

OUTCOMES = {
    ExitCode.OK: "done",
    ExitCode.REFUSED: Outcome.REJECTED.value,
    ExitCode.USAGE: Outcome.NOT_SENT.value,
    ExitCode.LOGIN_REFUSED: Outcome.REJECTED.value,
    ExitCode.NOT_REACHED: Outcome.NOT_SENT.value,
    ExitCode.SERVER_FAULT: Outcome.REJECTED.value,
    ExitCode.NOT_UNDERSTOOD: Outcome.UNKNOWN.value,
    ExitCode.OUTCOME_UNKNOWN: Outcome.UNKNOWN.value,
    ExitCode.JOURNAL_HELD: Outcome.NOT_SENT.value,
    ExitCode.INCOMPLETE: "incomplete",
    ExitCode.BUG: Outcome.UNKNOWN.value,
    ExitCode.INTERRUPTED: Outcome.UNKNOWN.value,
}
"""What each says of the server's side, where no error says it better."""


_BY_ERROR: tuple[tuple[type[ErpSyncError], ExitCode], ...] = (
    (OperationRefused, ExitCode.REFUSED),
    (AuthenticationError, ExitCode.LOGIN_REFUSED),
    (TransportError, ExitCode.NOT_REACHED),
    (ServerFault, ExitCode.SERVER_FAULT),
    (ProtocolError, ExitCode.NOT_UNDERSTOOD),
)


def exit_code_of(error: ErpSyncError) -> ExitCode:
    """The exit code for an error. That a write's outcome is unknown counts above what went wrong."""
    if error.outcome is Outcome.UNKNOWN and may_change_something(error.operation):
        return ExitCode.OUTCOME_UNKNOWN
    if isinstance(error, LockHeld) or _is_about_a_held_journal(error):
        return ExitCode.JOURNAL_HELD
    return next((code for kind, code in _BY_ERROR if isinstance(error, kind)), ExitCode.USAGE)


def may_change_something(operation: str | None) -> bool:
    """Whether a call of the operation can have changed something; True where nobody knows the operation."""
    # Loaded once a call has failed: the declarations bring every model with them.
    from superoffice_erpsync.operations import OPERATIONS, Nature

    known = OPERATIONS.get(operation or "")
    return known is None or known.nature is not Nature.READ


def _is_about_a_held_journal(error: ErpSyncError) -> bool:
    if not isinstance(error, ConfigurationError) or type(error) is ConfigurationError:
        return False
    # Whoever raised a kind of its own has this loaded; a wrong option must not have to wait for it.
    from superoffice_erpsync.batch import JournalLocked

    return isinstance(error, JournalLocked)
