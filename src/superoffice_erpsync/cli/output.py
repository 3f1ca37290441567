"""Where the command writes: results to stdout, everything else to stderr."""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import Any

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Output(StrEnum):
    """Forms of a result."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


def plain(text: str) -> str:
    """A server's text with control characters shown instead of obeyed by the terminal."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text.replace("\r\n", "\n"))


def note(text: str) -> None:
    """Tell the user something that is not the result: on standard error, or in the log that is kept instead."""
    from superoffice_erpsync.cli.logs import logged  # loaded when there is something to tell

    said = plain(text)
    if not logged(said):
        # That nobody reads it any more is no reason to fail.
        with suppress(OSError):
            sys.stderr.write(f"{said}\n")
            sys.stderr.flush()


def print_json(value: Any, *, on_one_line: bool = False) -> bool:
    """A result as JSON, as scripts read it, and whether anybody still reads."""
    return write(json.dumps(value, indent=None if on_one_line else 2, ensure_ascii=False) + "\n")


def write(text: str) -> bool:
    """Part of a result, and whether anybody still reads.

    A reader who has gone away is no reason to fail: the call was made all the same.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as problem:
        if not isinstance(problem, BrokenPipeError) and not (os.name == "nt" and problem.errno == errno.EINVAL):
            raise
        # The interpreter flushes once more at its end, and must not find the broken pipe then.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        return False
    return True


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Show on a terminal that something takes its time."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # rich takes longer to load than most calls take

    with Console(stderr=True).status(f"{what} …"):
        yield
