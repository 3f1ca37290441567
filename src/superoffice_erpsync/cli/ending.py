"""What ends a command from outside: Ctrl-C, a signal, and the deadline of the whole command."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

from superoffice_erpsync.config.keywords import A_WAIT
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.options import can_wait

if TYPE_CHECKING:
    from superoffice_erpsync.cli.account import Account
    from superoffice_erpsync.cli.options import GlobalOptions

# Windows has Ctrl-Break, which is all that another process can send there, and no SIGTERM that arrives. SIGHUP comes
# when the terminal has gone away, and nohup has it ignored.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_GRACE = 5.0
"""Seconds after the deadline in which calls end by themselves, each with what is known of it."""
_LAST_SHARE = 0.1
_LONGEST_LAST_SHARE = 300.0


class EndedBySignal(KeyboardInterrupt):
    """Somebody asked the process to end.

    Attributes:
        name: By which signal.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class OutOfTime(KeyboardInterrupt):
    """The command's deadline has passed, and something that knows no deadline is still at it."""


def last_share(seconds: float) -> float:
    """How many seconds before the command's deadline nothing new is begun, so that what is under way can end."""
    return min(_LAST_SHARE * seconds, _LONGEST_LAST_SHARE)


def command_deadline(options: GlobalOptions) -> Deadline:
    """When the command must have ended.

    Raises:
        ConfigurationError: It is no time.
    """
    seconds = options.command_deadline
    if seconds is None:
        return Deadline()
    if not can_wait(seconds):
        raise ConfigurationError(f"{options.called('command_deadline')} must be {A_WAIT}")
    return Deadline(options.account.began + seconds)


@contextmanager
def signals_go_to(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Hand the signals that end a process to a handler, while it lasts."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (getattr(signal, name) for name in _NAMES if hasattr(signal, name)):
            # What is ignored stays so: that is how a shell keeps Ctrl-C from what runs in the background.
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


@contextmanager
def signals_interrupt() -> Iterator[Callable[[], None]]:
    """Let the signals that end a process interrupt the command instead, so that it can say how it ended.

    Yields what to call when that is settled: signals change nothing any more then.
    """
    over = False

    def interrupt(number: int, _frame: FrameType | None) -> None:
        if not over:
            raise EndedBySignal(signal.Signals(number).name)

    def settle() -> None:
        nonlocal over
        over = True

    with signals_go_to(interrupt):
        yield settle


@contextmanager
def cut_off(account: Account) -> Iterator[None]:
    """Interrupt what is still at it a while after the command's deadline: a prompt, a name server, a full pipe."""
    left = account.deadline.left()
    if left is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    after = max(left, 0.0) + _GRACE
    with _by_timer(after, account) if sys.platform == "win32" else _by_alarm(after, account):
        yield


@contextmanager
def _by_alarm(after: float, account: Account) -> Iterator[None]:
    if sys.platform != "win32":

        def cut(_number: int, _frame: FrameType | None) -> None:
            if not account.ends_by_itself:
                raise OutOfTime

        handler = signal.signal(signal.SIGALRM, cut)
        timer = signal.setitimer(signal.ITIMER_REAL, after)
        try:
            yield
        finally:
            # It may strike here, and has nothing to say any more.
            with suppress(OutOfTime):
                signal.setitimer(signal.ITIMER_REAL, *timer)
                signal.signal(signal.SIGALRM, handler)
    else:
        raise NotImplementedError("there are no alarms")


@contextmanager
def _by_timer(after: float, account: Account) -> Iterator[None]:
    """Where there are no alarms. What waits outside Python is not interrupted; calls end by their own limits."""
    struck = threading.Event()

    def strike() -> None:
        if not account.ends_by_itself:
            struck.set()
            _thread.interrupt_main()

    timer = threading.Timer(after, strike)
    timer.daemon = True
    timer.start()
    try:
        yield
    except KeyboardInterrupt:
        if struck.is_set():
            raise OutOfTime from None
        raise
    finally:
        timer.cancel()
