"""The moment by which a call must have ended, whatever it is waiting for."""

from __future__ import annotations

import threading
import time
from typing import NamedTuple, Self


class Deadline(NamedTuple):
    """A moment of the monotonic clock. One goes with each call through login, repeats and waiting.

    Attributes:
        moment: By `time.monotonic`; None for no limit.
    """

    moment: float | None = None

    @classmethod
    def after(cls, seconds: float | None) -> Self:
        """The deadline that many seconds from now; None for no limit."""
        return cls(None if seconds is None else time.monotonic() + seconds)

    def left(self) -> float | None:
        """Seconds left, zero or less once it has passed; None for no limit."""
        return None if self.moment is None else self.moment - time.monotonic()

    def within(self, seconds: float | None) -> Deadline:
        """The earlier of this deadline and the one that many seconds from now."""
        if seconds is None:
            return self
        moment = time.monotonic() + seconds
        return Deadline(moment if self.moment is None else min(moment, self.moment))

    def allows(self, seconds: float) -> bool:
        """Whether there are more than that many seconds left."""
        left = self.left()
        return left is None or left > seconds

    def acquire(self, lock: threading.Lock) -> bool:
        """Acquire a lock, unless another thread keeps it until the deadline. Returns whether it was acquired."""
        left = self.left()
        return lock.acquire(timeout=-1 if left is None else min(max(left, 0), threading.TIMEOUT_MAX))
