"""Times of two things that are compared, taken in turn, so that a busy minute of the machine hits both."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

Seconds = Callable[[], float]
"""Does something once and gives the seconds that it took."""


def wall(work: Callable[[], object]) -> Seconds:
    """Wall clock time of a piece of work. What it returns is let go after the clock has stopped."""
    return _measured(work, time.perf_counter)


def cpu(work: Callable[[], object]) -> Seconds:
    """CPU time of this process, all its threads, for a piece of work."""
    return _measured(work, time.process_time)


def repeated(work: Callable[[], object], times: int) -> Callable[[], None]:
    """Work that is too short for a clock, many times over."""

    def many() -> None:
        for _ in range(times):
            work()

    return many


def best(first: Seconds, second: Seconds, rounds: int) -> tuple[float, float]:
    """The shortest time of each, out of so many rounds in turn."""
    taken = [(first(), second()) for _ in range(rounds)]
    return min(one for one, _ in taken), min(other for _, other in taken)


def _measured(work: Callable[[], object], clock: Callable[[], float]) -> Seconds:
    def seconds() -> float:
        gc.collect()
        started = clock()
        result = work()
        taken = clock() - started
        del result
        return taken

    return seconds
