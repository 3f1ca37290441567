"""Where the command writes: results to stdout, everything else to stderr."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import Any

from superoffice_erpsync.cli.streams import Heedless, give_up, is_gone
from superoffice_erpsync.errors import ErpSyncError

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Besides what steers a terminal, what breaks a line or turns the direction of what follows."""


class Output(StrEnum):
    """Forms of a result."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


class ResultLost(ErpSyncError):
    """Standard output does not take the result."""


def plain(text: str) -> str:
    """A server's text with control characters shown instead of obeyed by the terminal."""
    return _CONTROL.sub(_shown, text.replace("\r\n", "\n"))


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

    Raises:
        ResultLost: It cannot be written, as where the disk is full.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as problem:
        end_of_output(problem)
        return False
    return True


def end_of_output(problem: OSError) -> None:
    """Go on without standard output, which could not be written to.

    Raises:
        ResultLost: It is not that its reader has gone away.
    """
    gone = is_gone(problem, sys.stdout)
    give_up(sys.stdout)
    if not gone:
        raise ResultLost(f"the result cannot be written: {problem.strerror}") from None


def _shown(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Show on a terminal that something takes its time."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # rich takes longer to load than most calls take

    with Console(file=Heedless.of(sys.stderr)).status(f"{what} …"):
        yield
