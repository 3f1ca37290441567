"""The keys of a resync: from the command line and from a file, as text or as a column of a CSV file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from superoffice_erpsync.cli.texts import decoded, read_input, shown_name
from superoffice_erpsync.errors import InvalidRequest

T = TypeVar("T", str, int)

_INT_MAX = 2**31 - 1
_DELIMITERS = ",;\t"
_DIGITS = re.compile(r"[0-9]{1,10}")
_SHOWN_ROWS = 10


@dataclass(frozen=True, slots=True)
class Found:
    """One key as it was found, without the white space around it."""

    text: str
    where: str
    """File and line, or the argument, for messages."""


def external_key(text: str) -> str:
    """A key of an ERP, as it is.

    Raises:
        ValueError: It is blank.
    """
    if not text:
        raise ValueError("the key is blank")
    return text


def internal_key_id(text: str) -> int:
    """The id of an internal key.

    Raises:
        ValueError: It is not a number that can be one.
    """
    if not _DIGITS.fullmatch(text) or not 1 <= int(text) <= _INT_MAX:
        raise ValueError(f"{text!r} is no id of an internal key, a whole number from 1 to {_INT_MAX}")
    return int(text)


def read_keys(
    kind: Callable[[str], T], arguments: Sequence[str], file: str | None, column: str | None
) -> tuple[list[T], int]:
    """All keys, each once, in the order in which they came.

    Args:
        kind: Makes a key of a text, or raises ValueError.
        arguments: Keys from the command line.
        file: A file with more of them, `-` for standard input.
        column: The column of a CSV file; None for a text file with one key a line.

    Returns:
        The keys, and how many were left out because they were there already.

    Raises:
        InvalidRequest: The file cannot be read, or a row is bad; the message names all of them.
    """
    found: Iterable[Found] = [Found(text.strip(), f"argument {place}") for place, text in enumerate(arguments, 1)]
    keys: dict[T, None] = {}
    count = 0
    problems: list[str] = []
    for one in [*found, *(_in_file(file, column, problems) if file else ())]:
        try:
            keys[kind(one.text)] = None
            count += 1
        except ValueError as problem:
            problems.append(f"{one.where}: {problem}")
    if problems:
        raise InvalidRequest(_listed(problems), hint="nothing was sent; correct the rows and start again")
    return list(keys), count - len(keys)


def _in_file(file: str, column: str | None, problems: list[str]) -> list[Found]:
    name = shown_name(file)
    content = read_input(file)
    try:
        text = decoded(content)
    except ValueError as problem:
        raise InvalidRequest(f"{name}: {problem}") from None
    if column is None:
        lines = enumerate(text.split("\n"), 1)
        return [Found(line.strip(), f"{name}, line {number}") for number, line in lines if line.strip()]
    return list(_in_column(text, name, column.strip(), problems))


def _in_column(text: str, name: str, column: str, problems: list[str]) -> Iterator[Found]:
    delimiter, header = _header(text, name, column)
    place = header.index(column)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    first_line = 1
    try:
        for row in rows:
            where = f"{name}, line {first_line}"
            is_header, first_line = first_line == 1, rows.line_num + 1
            if is_header or not any(value.strip() for value in row):
                continue
            if len(row) != len(header):
                problems.append(f"{where}: {len(row)} values where the header has {len(header)}")
                continue
            yield Found(row[place].strip(), where)
    except csv.Error as problem:
        problems.append(f"{name}, line {rows.line_num}: {problem}")


def _header(text: str, name: str, column: str) -> tuple[str, list[str]]:
    """The delimiter and the names of the columns, with whichever delimiter the column is there."""
    candidates = []
    broken = "it is empty"
    for delimiter in _DELIMITERS:
        try:
            first = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
        except csv.Error as problem:
            # Quotes that make no sense with this delimiter may do so with another.
            broken = str(problem)
            continue
        candidates.append((delimiter, [one.strip() for one in first]))
    if not any(header for _, header in candidates):
        raise InvalidRequest(f"{name}, line 1: {broken}")
    for delimiter, header in candidates:
        if header.count(column) > 1:
            raise InvalidRequest(f"{name}, line 1: there are {header.count(column)} columns {column!r}")
        if column in header:
            return delimiter, header
    _, header = max(candidates, key=lambda candidate: len(candidate[1]))
    raise InvalidRequest(f"{name}, line 1: there is no column {column!r}", hint=f"columns: {', '.join(header)}")


def _listed(problems: list[str]) -> str:
    shown = problems[:_SHOWN_ROWS]
    more = len(problems) - len(shown)
    return "\n".join(shown) + (f"\nand {more} more" if more else "")
