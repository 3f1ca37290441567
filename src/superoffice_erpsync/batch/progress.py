"""How far a batch is, for whoever shows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from superoffice_erpsync.batch.states import State

_EVERY = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a batch is.

    Attributes:
        total: Number of keys.
        keys: Numbers of keys by state.
        chunks: Numbers of chunks by state.
        calls: Chunks that were handed to workers.
        seconds: How long this process has been at it.
        rate: Keys a second that were settled in this process so far.
    """

    total: int
    keys: Mapping[State, int]
    chunks: Mapping[State, int]
    calls: int
    seconds: float
    rate: float

    @property
    def settled(self) -> int:
        """Keys that need no further call."""
        return self.total - self.keys[State.PLANNED] - self.keys[State.SENT] - self.keys[State.UNKNOWN]


class Meter:
    """Tells somebody about the progress, a few times a second at most.

    Args:
        tell: Whom; None for nobody.
        count: Gives numbers of keys, of chunks and of calls.
    """

    def __init__(
        self,
        tell: Callable[[Progress], None] | None,
        count: Callable[[], tuple[dict[State, int], dict[State, int], int]],
    ) -> None:
        self._tell = tell
        self._count = count
        self._started = time.monotonic()
        self._told = float("-inf")
        self._before: int | None = None

    @property
    def seconds(self) -> float:
        """How long this run of it has taken so far."""
        return time.monotonic() - self._started

    def tick(self, *, last: bool = False) -> None:
        """Tell, if it is time to, or it is the last time."""
        now = time.monotonic()
        if self._tell is None or (now - self._told < _EVERY and not last):
            return
        self._told = now
        keys, chunks, calls = self._count()
        seconds = self.seconds
        one = Progress(total=sum(keys.values()), keys=keys, chunks=chunks, calls=calls, seconds=seconds, rate=0.0)
        self._before = one.settled if self._before is None else self._before
        rate = (one.settled - self._before) / seconds if seconds > 0 else 0.0
        self._tell(Progress(total=one.total, keys=keys, chunks=chunks, calls=calls, seconds=seconds, rate=rate))
