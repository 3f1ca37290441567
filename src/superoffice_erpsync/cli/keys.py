"""The keys of a resync as the command is given them: on its line, in a file, or both."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from superoffice_erpsync.batch import BadKey, CsvKeys, Found, JsonLinesKeys, KeySource, TextKeys
from superoffice_erpsync.batch.keys import Check
from superoffice_erpsync.batch.plan import Cutting, cut
from superoffice_erpsync.errors import InvalidRequest

_SHOWN_ROWS = 10


@dataclass(frozen=True, slots=True)
class CommandKeys:
    """Keys of the command line, then those of a file."""

    arguments: Sequence[str]
    file: KeySource | None

    @property
    def name(self) -> str:
        """What messages call it."""
        # Keys of the command line are checked before they come here: only the file's can be bad.
        return self.file.name if self.file else "the command line"

    def read(self) -> Iterator[Found]:
        """The keys, see `KeySource.read`."""
        typed = (Found(text, place) for place, text in enumerate(self.arguments, 1))
        return chain(typed, self.file.read() if self.file else ())


@dataclass(frozen=True, slots=True)
class BegunKeys:
    """Keys of which some were read already, from a place that may not be readable twice."""

    name: str
    begun: Iterable[Found]
    rest: Iterable[Found]

    def read(self) -> Iterator[Found]:
        """The keys, see `KeySource.read`. They can be had once."""
        return chain(self.begun, self.rest)


@dataclass(frozen=True, slots=True)
class FewKeys:
    """Keys that one call takes, each once, and how many came again."""

    keys: Sequence[str]
    doubles: int


def keys_in(file: str, column: str | None, member: str | None) -> KeySource:
    """The keys in a file, `-` for standard input: text, a column of CSV, or a member of JSON lines."""
    # Some processes have no standard input.
    standard_input = sys.stdin.buffer if sys.stdin else io.BytesIO()
    place = standard_input if file == "-" else file
    if column is not None:
        return CsvKeys(place, column)
    return TextKeys(place) if member is None else JsonLinesKeys(place, member)


def checked_arguments(arguments: Iterable[str], check: Check) -> list[str]:
    """The keys on the command line, without the white space around them.

    Raises:
        InvalidRequest: Some cannot be sent; the message names them.
    """
    keys, problems = [], []
    for place, text in enumerate(arguments, 1):
        try:
            keys.append(check(text.strip()))
        except ValueError as problem:
            problems.append(f"argument {place}: {problem}")
    _refuse(problems)
    return keys


def few_or_many(source: CommandKeys, check: Check) -> FewKeys | KeySource:
    """The keys themselves where one call takes them all, else the source to read them from.

    No more is read than that takes.

    Raises:
        InvalidRequest: The file cannot be read, or some of a few keys cannot be sent; the message names them.
    """
    cutting = Cutting()
    rest = iter(source.read())
    begun = list(islice(rest, cutting.keys + 1))
    many = BegunKeys(source.name, begun, rest)
    if len(begun) > cutting.keys:
        return many
    keys: dict[str, None] = {}
    problems: list[str] = []
    for found in begun:
        try:
            if found.problem is not None:
                raise ValueError(found.problem)
            keys[check(found.value)] = None
        except ValueError as problem:
            problems.append(f"{source.name}, {BadKey(found.line, '', str(problem))}")
    _refuse(problems)
    chunks = list(islice(cut(enumerate(keys), cutting), 2))
    return many if len(chunks) > 1 else FewKeys(list(keys), len(begun) - len(keys))


def crm_ids(keys: KeySource, ids: KeySource) -> dict[str, int]:
    """The CRM's record id of each key that has one, from two columns of one file.

    Raises:
        InvalidRequest: Something is no id, or a key has two.
    """
    known: dict[str, int] = {}
    for key, found in zip(keys.read(), ids.read(), strict=True):
        if found.problem is not None or not isinstance(key.value, str) or found.value in ("", None):
            # Whether such a row is to be skipped or refused is decided where its key is read.
            continue
        number = _record_id(found.value)
        if number is None:
            raise InvalidRequest(f"{ids.name}, line {found.line}: {found.value!r} is no record id of the CRM")
        if known.setdefault(key.value, number) != number:
            raise InvalidRequest(
                f"{ids.name}, line {found.line}: {key.value} has record id {number} here and {known[key.value]} before"
            )
    return known


def _record_id(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value < 2**31 else None


def _refuse(problems: list[str]) -> None:
    if problems:
        more = len(problems) - _SHOWN_ROWS
        shown = [*problems[:_SHOWN_ROWS], *([f"and {more} more"] if more > 0 else [])]
        raise InvalidRequest("\n".join(shown), hint="nothing was sent; correct the rows and start again")
