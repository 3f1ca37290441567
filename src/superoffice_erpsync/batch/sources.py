"""Keys in files and streams: text with one key a line, a column of CSV, a member of JSON lines. Read line by line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeAlias

from superoffice_erpsync.batch.keys import Found
from superoffice_erpsync.errors import InvalidRequest

Place: TypeAlias = str | Path | IO[str] | IO[bytes]
"""A path, or a stream that is open already, such as `sys.stdin.buffer`. A stream is not closed."""

_DELIMITERS = ",;\t"
_LONGEST_LINE = 1_000_000
_MARK = "\ufeff"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class TextKeys:
    """Keys in a text, one a line. White space around a key and blank lines do not count. UTF-8.

    Args:
        place: The file, or a stream.
    """

    place: Place

    @property
    def name(self) -> str:
        """What messages call it."""
        return _name(self.place)

    def read(self) -> Iterator[Found]:
        """The keys with their lines, see `KeySource.read`."""
        for number, line in enumerate(_lines(self.place), 1):
            text = line.strip()
            if text:
                yield Found(text, number)


@dataclass(frozen=True, slots=True)
class CsvKeys:
    """Keys in a column of CSV, which has a header and is separated by comma, semicolon or tabulator. UTF-8.

    Args:
        place: The file, or a stream.
        column: The column's name in the header.
    """

    place: Place
    column: str

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{_name(self.place)}, column {self.column}"

    def read(self) -> Iterator[Found]:
        """The cells of the column with their lines, see `KeySource.read`. Rows without any value do not count."""
        lines = _lines(self.place)
        delimiter, header = _header(next(lines, ""), _name(self.place), self.column.strip())
        place = header.index(self.column.strip())
        rows = csv.reader(lines, delimiter=delimiter, strict=True)
        line = 2
        try:
            for row in rows:
                first, line = line, rows.line_num + 2
                if not any(value.strip() for value in row):
                    continue
                if len(row) != len(header):
                    wrong = f"{len(row)} values where the header has {len(header)}"
                    yield Found(delimiter.join(row), first, wrong)
                else:
                    yield Found(row[place].strip(), first)
        except csv.Error as problem:
            raise InvalidRequest(f"{_name(self.place)}, line {rows.line_num + 1}: {problem}") from None


@dataclass(frozen=True, slots=True)
class JsonLinesKeys:
    """Keys in a member of JSON objects, one object a line: texts or whole numbers. UTF-8.

    Args:
        place: The file, or a stream.
        member: The member's name.
    """

    place: Place
    member: str

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{_name(self.place)}, member {self.member}"

    def read(self) -> Iterator[Found]:
        """The members with their lines, see `KeySource.read`. Blank lines do not count."""
        for number, line in enumerate(_lines(self.place), 1):
            if line.strip():
                yield self._found(line, number)

    def _found(self, line: str, number: int) -> Found:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            return Found(line.strip(), number, "the line is no JSON")
        if not isinstance(value, dict) or self.member not in value:
            return Found(line.strip(), number, f"the line is no object with a member {self.member!r}")
        key: Any = value[self.member]
        return Found(key.strip() if isinstance(key, str) else key, number)


def _name(place: Place) -> str:
    if isinstance(place, str | Path):
        return str(place)
    name = getattr(place, "name", None)
    # Standard input calls itself <stdin>, or by its number where it was opened by that.
    return "standard input" if name in ("<stdin>", 0) else str(name) if isinstance(name, str) else "a stream"


def _lines(place: Place) -> Iterator[str]:
    name = _name(place)
    try:
        with Path(place).open("rb") if isinstance(place, str | Path) else nullcontext(place) as stream:
            number = 0
            while line := stream.readline(_LONGEST_LINE):
                number += 1
                if len(line) == _LONGEST_LINE:
                    raise InvalidRequest(f"{name}: line {number} has {_LONGEST_LINE} characters or more")
                yield _text(line, name, number)
    except (OSError, ValueError) as problem:
        if isinstance(problem, InvalidRequest):
            raise
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        raise InvalidRequest(f"{name} cannot be read: {reason}") from None


def _text(line: str | bytes, name: str, number: int) -> str:
    if isinstance(line, bytes):
        if number == 1 and line.startswith(_UTF_16):
            raise InvalidRequest(f"{name}: it is UTF-16, but must be UTF-8")
        try:
            line = line.decode("utf-8")
        except UnicodeDecodeError:
            raise InvalidRequest(f"{name}: line {number} is not UTF-8") from None
    return line.removeprefix(_MARK) if number == 1 else line


def _header(line: str, name: str, column: str) -> tuple[str, list[str]]:
    """The delimiter and the names of the columns, with whichever delimiter the column is there."""
    candidates = []
    for delimiter in _DELIMITERS:
        try:
            first = next(csv.reader([line], delimiter=delimiter, strict=True), [])
        except csv.Error:
            # Quotes that make no sense with this delimiter may do so with another.
            continue
        candidates.append((delimiter, [one.strip() for one in first]))
    for delimiter, header in candidates:
        if header.count(column) > 1:
            raise InvalidRequest(f"{name}, line 1: there are {header.count(column)} columns {column!r}")
        if column in header:
            return delimiter, header
    widest = max((header for _, header in candidates), key=len, default=[])
    raise InvalidRequest(
        f"{name}, line 1: there is no column {column!r}", hint=f"columns: {', '.join(widest)}" if any(widest) else None
    )
