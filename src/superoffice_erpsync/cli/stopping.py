"""Ctrl-C and its like during a run of many keys: the first asks it to stop, the second ends the process."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.output import note

# Windows has Ctrl-Break, which is all that another process can send there, and no SIGTERM that arrives.
_NAMES = ("SIGINT", "SIGTERM", "SIGBREAK")
_SHOW_CURSOR = b"\x1b[?25h"


class Stop:
    """Whether the run is to stop, for `batch.resync`.

    Before the first call is under way there is nothing to finish, and reading keys may take as long as somebody types
    them: until then the request to stop interrupts.
    """

    def __init__(self) -> None:
        self.sending = False
        """Set as soon as calls are made."""
        self._asked = False
        self._told = False

    def is_set(self) -> bool:
        """Whether it is. The run asks now and then, in its own thread: a good moment to tell the user."""
        if self._asked and not self._told:
            self._told = True
            note("stopping: calls that are under way are finished; Ctrl-C again ends at once")
        return self._asked

    def ask(self, *_signal: object) -> None:
        """Ask it to stop, as the handler of a signal."""
        if self._asked:
            _end_at_once()
        self._asked = True
        if not self.sending:
            raise KeyboardInterrupt


@contextmanager
def stopping() -> Iterator[Stop]:
    """Let the signals that end a process ask the run to stop instead, while it lasts."""
    stop = Stop()
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (getattr(signal, name) for name in _NAMES if hasattr(signal, name)):
            # What is ignored stays so: that is how a shell keeps Ctrl-C from what runs in the background.
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, stop.ask)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_at_once() -> None:
    """End without waiting for the calls under way. The journal is safe, as it is from a loss of power."""
    # Not by `note`: the signal may have come in the midst of another one.
    cursor = _SHOW_CURSOR if sys.stderr.isatty() else b""
    os.write(2, cursor + b"\ninterrupted; calls that were under way may still be carried out by the server\n")
    os._exit(ExitCode.INTERRUPTED)
