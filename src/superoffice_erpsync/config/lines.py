"""On which line of a TOML text a key stands."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any


def line_of(text: str, keys: Sequence[str]) -> int | None:
    """The line that a key, or the nearest table around it, begins on; None where there is none.

    The parser does not tell. But the text up to the end of a statement is TOML as well, and the shortest such text that
    has the key ends with the statement that says it.

    Args:
        text: TOML that can be read.
        keys: The key, with those of the tables around it before it.
    """
    lines = text.split("\n")
    while keys:
        if _has(_parsed(lines, len(lines))[1], keys):
            return _first_line(lines, keys)
        keys = keys[:-1]
    return None


def _first_line(lines: list[str], keys: Sequence[str]) -> int:
    low, high = 0, len(lines)
    # What has the key once has it in all that follows, so that half of the lines can be passed over each time.
    while high - low > 1:
        middle = (low + high) // 2
        if _has(_parsed(lines, middle)[1], keys):
            high = middle
        else:
            low = middle
    # Where several lines make one statement, it begins after the last that ended before.
    return _parsed(lines, high - 1)[0] + 1


def _parsed(lines: list[str], end: int) -> tuple[int, Mapping[str, Any]]:
    """The longest beginning that can be read, and that is not longer than the given number of lines."""
    while end > 0:
        try:
            return end, tomllib.loads("\n".join(lines[:end]))
        except tomllib.TOMLDecodeError:
            end -= 1
    return 0, {}


def _has(table: Any, keys: Sequence[str]) -> bool:
    for key in keys:
        if not isinstance(table, dict) or key not in table:
            return False
        table = table[key]
    return True
