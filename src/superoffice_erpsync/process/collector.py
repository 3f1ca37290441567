"""Python's garbage collector, held back while an answer is decoded, a WSDL is loaded, or parts of this package are.

Decoding makes hundreds of thousands of objects, none of them garbage and none in a circle, and loading makes objects
that stay; the collector would look through them again and again, each time in vain. It belongs to the whole process, so
all who hold it back share one count.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from superoffice_erpsync.process.forks import watch


class _Pauses:
    """Who wants it held back now, and whether it ran before the first of them came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._ran = False

    def begin(self) -> None:
        with self._lock:
            if self._count == 0:
                self._ran = gc.isenabled()
                gc.disable()
            self._count += 1

    def end(self) -> None:
        with self._lock:
            if self._count == 0:
                return  # begun before a fork, and forgotten there
            self._count -= 1
            if self._count == 0 and self._ran:
                gc.enable()

    def after_fork(self) -> None:
        """Forget the pauses of threads that the child does not have: nobody would end them there."""
        paused, self._lock, self._count = self._count > 0, threading.Lock(), 0
        if paused and self._ran:
            gc.enable()


_PAUSES = _Pauses()
"""The collector is the process's own, and so is the count of those who hold it back."""

watch(_PAUSES)


@contextmanager
def paused() -> Iterator[None]:
    """Hold the collector back, and afterwards let it run again if it did before."""
    _PAUSES.begin()
    try:
        yield
    finally:
        _PAUSES.end()
