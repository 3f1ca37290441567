"""What a batch does not do to a server: send too fast, or go on when nobody answers."""

from __future__ import annotations

import time
from collections.abc import Callable

from superoffice_erpsync.errors import InvalidRequest

_CATCH_UP = 0.1
"""Seconds of calls that may be made up for at once."""


class Pace:
    """Lets calls go at a rate.

    Args:
        rate: Calls a second; None for as many as there are.
        clock: Gives seconds.

    Raises:
        InvalidRequest: The rate makes no sense.
    """

    def __init__(self, rate: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        if rate is not None and not 0 < rate < float("inf"):
            raise InvalidRequest(f"rate must be a number of calls a second above 0, not {rate}")
        self._rate = rate
        self._clock = clock
        self._next = clock()

    def allowed(self, most: int) -> int:
        """How many calls may go now, up to a number."""
        if self._rate is None:
            return most
        late = self._clock() - self._next
        if late < 0:
            return 0
        return min(most, 1 + int(min(late, _CATCH_UP) * self._rate))

    def took(self, count: int) -> None:
        """So many calls go now."""
        if self._rate is not None and count:
            self._next = max(self._next, self._clock() - _CATCH_UP) + count / self._rate

    def wait(self) -> float:
        """Seconds until the next call may go."""
        return 0.0 if self._rate is None else max(0.0, self._next - self._clock())

    def go(self, count: int) -> None:
        """Wait until calls may go, and take note that so many do."""
        while not self.allowed(1):
            time.sleep(self.wait())
        self.took(count)


class Circuit:
    """Counts chunks in a row that got no answer.

    Args:
        most: As many mean that the server is down.

    Raises:
        InvalidRequest: The number makes no sense.
    """

    def __init__(self, most: int) -> None:
        if most < 1:
            raise InvalidRequest(f"give_up_after must be 1 or more, not {most}")
        self._most = most
        self._count = 0

    def note(self, *, answered: bool) -> None:
        """A chunk is back, with an answer or without."""
        self._count = 0 if answered else self._count + 1

    @property
    def broken(self) -> bool:
        """Whether the server is down."""
        return self._count >= self._most
