"""The standard streams of the process, so that all else can rely on them."""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO, cast


def prepare_streams() -> None:
    """Have what goes out in UTF-8, and a place for what goes to a stream that the process was started without."""
    # What is opened next would get the number of a closed stream, and with it what is meant for that stream.
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    # What goes through a pipe or into a file is UTF-8, whatever the console's code page says. The name of a file may
    # hold what UTF-8 cannot. On Windows too, line ends within a cell of CSV are the data's own, and shells that came
    # there from elsewhere take a carriage return for part of a word.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")


def give_up(stream: TextIO) -> None:
    """Have what goes to a stream go nowhere: the interpreter flushes it once more at its end, and must not fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def is_gone(problem: OSError, stream: TextIO) -> bool:
    """Whether what failed is that nobody reads a stream any more: a pipe is broken, or a terminal was closed."""
    if isinstance(problem, BrokenPipeError):
        return True
    if os.name == "nt":
        return problem.errno == errno.EINVAL
    # It is the error of a broken disk as well.
    return problem.errno == errno.EIO and stat.S_ISCHR(os.fstat(stream.fileno()).st_mode)


class Heedless:
    """A stream that does not mind when nobody reads it any more, or it cannot be written to.

    Args:
        stream: The stream.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @classmethod
    def of(cls, stream: TextIO) -> TextIO:
        """The same, as those who write to it want it."""
        return cast("TextIO", cls(stream))

    def write(self, text: str) -> int:
        """Write, or not."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Write what is left, or not."""
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")
