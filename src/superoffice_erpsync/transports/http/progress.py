"""How far one request has got, and how long its next step may take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from threading import local

from superoffice_erpsync.deadline import Deadline


class Step(Enum):
    """Where a request is."""

    CONNECTING = "connecting"
    SENDING = "sending"
    """Bytes of it may have left, the last one has not: the server cannot act on it."""
    ANSWERING = "answering"
    """All of it was handed over: the server may act on it."""


class Progress:
    """One request on its way.

    Args:
        connect: Seconds for the connection to be made.
        read: Seconds for the request to be sent and its answer to be complete.
        deadline: When all of it must have ended.

    Attributes:
        step: Where the request is.
    """

    def __init__(self, connect: float | None, read: float | None, deadline: Deadline) -> None:
        self.step = Step.CONNECTING
        self._read = read
        self._whole = deadline
        self._limit = deadline.within(connect)

    @property
    def has_left(self) -> bool:
        """Whether the server may have the whole request."""
        return self.step is Step.ANSWERING

    def connected(self) -> None:
        """A connection is there: what follows has the time of an answer."""
        self.step = Step.SENDING
        self._limit = self._whole.within(self._read)

    def sent(self) -> None:
        """The last byte of the request was handed over."""
        self.step = Step.ANSWERING

    def left(self) -> float | None:
        """Seconds that the step may still take, None for no limit.

        Raises:
            TimeoutError: None are left.
        """
        left = self._limit.left()
        if left is not None and left <= 0:
            raise TimeoutError("the time limit has passed")
        return left


class _OfThread(local):
    """Each thread's own."""

    progress: Progress | None = None


_current = _OfThread()


@contextmanager
def under_way(progress: Progress) -> Iterator[None]:
    """Let the connections that this thread uses meanwhile know the request: urllib3 has no argument for it."""
    before, _current.progress = _current.progress, progress
    try:
        yield
    finally:
        _current.progress = before


def current() -> Progress:
    """The request that this thread is sending."""
    progress = _current.progress
    assert progress is not None, "connections are used by HttpSession only"
    return progress
