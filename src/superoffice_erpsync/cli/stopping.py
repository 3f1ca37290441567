"""What stops a batch: Ctrl-C and its like, of which the second ends the process, and the deadline."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from superoffice_erpsync.cli.ending import last_share, signals_go_to
from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.logs import current_log
from superoffice_erpsync.cli.output import note
from superoffice_erpsync.deadline import Deadline

_SHOW_CURSOR = b"\x1b[?25h"
_NONE = Deadline()


class Stop:
    """Whether the batch is to stop, for `batch.resync`.

    Before the first call is under way there is nothing to finish, and reading keys may take as long as somebody types
    them: until then the request to stop interrupts.

    Args:
        deadline: When the whole command must have ended. The batch stops so much earlier that calls can end.
    """

    def __init__(self, deadline: Deadline = _NONE) -> None:
        self.sending = False
        """Set as soon as calls are made."""
        self._deadline = deadline
        self._last_share = last_share(max(deadline.left() or 0.0, 0.0))
        self._asked = False
        self._told = False

    @property
    def reason(self) -> str | None:
        """Why it stops; None where that was not asked for."""
        if self._asked:
            return "asked to stop"
        return None if self._deadline.allows(self._last_share) else "the command's deadline is near"

    def is_set(self) -> bool:
        """Whether it is. The batch asks now and then, in its own thread: a good moment to tell the user."""
        reason = self.reason
        if reason is not None and not self._told:
            self._told = True
            why = "" if self._asked else f", since {reason}"
            note(f"stopping{why}: calls that are under way are finished; Ctrl-C again ends at once")
        return reason is not None

    def ask(self, *_signal: object) -> None:
        """Ask it to stop, as the handler of a signal."""
        if self._asked:
            _end_at_once()
        self._asked = True
        if not self.sending:
            raise KeyboardInterrupt


@contextmanager
def stopping(deadline: Deadline = _NONE) -> Iterator[Stop]:
    """Let the signals that end a process ask the batch to stop instead, while it lasts.

    Args:
        deadline: When the whole command must have ended.
    """
    stop = Stop(deadline)
    with signals_go_to(stop.ask):
        yield stop


def _end_at_once() -> None:
    """End without waiting for the calls under way. The journal is safe, as it is from a loss of power."""
    # Not by `note`: the signal may have come in the midst of another one.
    cursor = _SHOW_CURSOR if sys.stderr.isatty() else b""
    log = current_log()
    said = cursor + b"\ninterrupted; calls that were under way may still be carried out by the server\n"
    # That there is nowhere to say it does not keep it from ending.
    if log is None or log.watched:
        with suppress(OSError):
            os.write(2, said)
    if log is not None:
        with suppress(OSError):
            log.end_at_once(ExitCode.INTERRUPTED)
    os._exit(ExitCode.INTERRUPTED)
