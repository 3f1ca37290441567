"""Long arrays, read without being parsed: items that are spelled alike, byte by byte, but for some texts.

Servers write each record of a long answer with the same names, prefixes and blanks. What one such item means is learnt
from the first of them, which is parsed and read as anything else; its followers mean the same but for their texts,
which one regular expression gives. They are taken out of the message before it is parsed, and a mark is left.

Nothing is taken on trust. The mark has a name that no server can know, and only a reader of arrays that meets it right
behind the first item makes objects of what was taken out. Where a mark is not met so, in a comment or in a part that
nobody reads, and where anything at all is wrong, the whole message is read again as it came, and that has the last
word. So only answers without a flaw are read this way, and every error is the one that plain reading tells.
"""

from __future__ import annotations

import re
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import repeat
from typing import Any

from superoffice_erpsync.codec import values

SMALLEST = 16_384
"""Messages below this many bytes are parsed in no time."""

FEWEST = 8
"""A mark and its bookkeeping cost about as much as this many items."""

_BLOCK = 4096
"""So many items at a time become objects: what lies between bytes and objects stays small."""

_SAMPLES = 64

LONGEST = 10_000
"""Longer texts are left to the parser, which has limits of its own."""


class Deviates(Exception):
    """A message is not what it was taken for when its runs were taken out; it must be read as it came."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an array as it is spelled.

    Attributes:
        literals: The bytes around its texts.
        texts: What can stand for each of the texts, as regular expressions; one fewer than the literals.
        captured: Places of the members that these texts belong to.
        members: How many members it has.
        end: Where it ends in the message.
    """

    literals: tuple[bytes, ...]
    texts: tuple[bytes, ...]
    captured: tuple[int, ...]
    members: int
    end: int

    def is_spelled_like(self, other: Item) -> bool:
        """Whether the two differ in texts alone."""
        return (self.literals, self.texts) == (other.literals, other.texts)


@dataclass(frozen=True, slots=True)
class Spelling:
    """What a message's runs look like.

    Attributes:
        like: One of their items.
        item: Matches an item; its groups are the texts.
        block: Matches many items, one behind the other.
    """

    like: Item
    item: re.Pattern[bytes]
    block: re.Pattern[bytes]


@lru_cache(maxsize=64)
def _patterns(
    literals: tuple[bytes, ...], texts: tuple[bytes, ...], between: bytes
) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    # Kept, since a server spells its answers alike and compiling takes longer than a small answer.
    def pattern(group: bytes) -> bytes:
        gaps = [group % text for text in texts] + [b""]
        return b"".join(re.escape(literal) + gap for literal, gap in zip(literals, gaps, strict=True))

    item = pattern(b"(%s)")
    # Possessive: an item that has been matched once has no other way to match, so there is nothing to go back for.
    block = b"%s(?:%s%s){%d,%d}+" % (pattern(b"%s"), between, pattern(b"%s"), FEWEST - 1, _BLOCK - 1)
    return re.compile(item), re.compile(block)


def find_spelling(
    data: bytes, starts: re.Pattern[bytes], item_at: Callable[[bytes, int], Item | None], between: re.Pattern[bytes]
) -> Spelling | None:
    """How the items of a message's runs are spelled, None where it has no runs.

    Args:
        data: The message.
        starts: Matches where an item may start.
        item_at: The item that starts at a place, None where it is none or has more in it than texts.
        between: Matches what may stand between two items.
    """
    for sample in range(_SAMPLES):
        found = starts.search(data, len(data) * sample // _SAMPLES)
        if found is None:
            return None
        first = following = item_at(data, found.start())
        for _ in range(FEWEST):
            if first is None or following is None or not first.texts or not following.is_spelled_like(first):
                break
            gap = between.match(data, following.end)
            following = item_at(data, gap.end()) if gap else None
        else:
            assert first is not None
            return Spelling(first, *_patterns(first.literals, first.texts, between.pattern))
    return None


class Runs:
    """What was taken out of one message.

    Args:
        data: The message.
        spelling: How the items are spelled.
    """

    def __init__(self, data: bytes, spelling: Spelling) -> None:
        self._data = data
        self._spelling = spelling
        self._waiting: dict[str, tuple[int, int]] = {}
        self.mark = f"r{secrets.token_hex(12)}"
        """Name of what stands for a run in what is left."""

    def take_out(self, mark: bytes) -> bytes:
        """What is left of the message; the first item of each run stays.

        Args:
            mark: What to leave for a run: its name and its number are put in for `%b`.
        """
        name = self.mark.encode()
        left = []
        place = 0
        for number, block in enumerate(self._spelling.block.finditer(self._data)):
            first = self._spelling.item.match(self._data, block.start())
            assert first is not None
            self._waiting[str(number)] = (first.end(), block.end())
            left += [self._data[place : first.end()], mark % (name, str(number).encode())]
            place = block.end()
        return b"".join([*left, self._data[place:]])

    def check_all_taken(self) -> None:
        """Raise Deviates where a run was met by no reader of arrays."""
        if self._waiting:
            raise Deviates

    def objects(
        self,
        number: str,
        first: Any,
        members: Sequence[Any],
        parser: Callable[[Any], tuple[str | None, Callable[[str], Any]]],
    ) -> list[Any]:
        """The objects that a run stands for, all but the first.

        Args:
            number: The run's number.
            first: The object that its first item was read as.
            members: The members of its first item, as the parser of messages gave them.
            parser: Name and reader of the member that one of them is; no name where nobody reads it.

        Raises:
            Deviates: One of the texts cannot be read, or an item has more in it than single values.
        """
        like = self._spelling.like
        cls = type(first)
        if len(members) != like.members or number not in self._waiting or not _is_plain(cls):
            raise Deviates
        start, end = self._waiting.pop(number)
        found: list[Any] = self._spelling.item.findall(self._data, start, end)
        columns = [found] if len(like.texts) == 1 else zip(*found, strict=True)
        named: dict[str, Iterable[Any]] = {
            field.name: repeat(_shareable(getattr(first, field.name)), len(found))
            for field in fields(cls)
            if field.init
        }
        try:
            for place, texts in zip(like.captured, columns, strict=True):
                name, parse = parser(members[place])
                column = _parsed(texts, parse)
                if name is not None:
                    named[name] = column
        except ValueError:
            raise Deviates from None
        return _made(cls, len(found), named)


def _is_plain(cls: type[Any]) -> bool:
    return not hasattr(cls, "__post_init__") and all(field.init for field in fields(cls))


def _made(cls: type[Any], count: int, named: Mapping[str, Iterable[Any]]) -> list[Any]:
    # All members are there, so `__init__` would add nothing but the time to pass them by name.
    made = [object.__new__(cls) for _ in range(count)]
    for name, column in named.items():
        deque(map(getattr(cls, name).__set__, made, column), maxlen=0)
    return made


def _parsed(texts: Sequence[bytes], parse: Callable[[str], Any]) -> Iterable[Any]:
    if parse is values.parse_int and _short_numbers(texts):
        return map(int, texts)
    # Names of tables repeat thousands of times: each is read once, and all records share it.
    known = {text: parse(_text(text)) for text in set(texts)}
    return map(known.__getitem__, texts)


def _short_numbers(texts: Sequence[bytes]) -> bool:
    lengths = set(map(len, texts))
    return min(lengths) > 0 and max(lengths) < 10 and b"".join(texts).isdigit()


def _text(text: bytes) -> str:
    found = text.decode()
    values.check_text(found)
    return found


def _shareable(value: Any) -> Any:
    # A list or another object must not be one and the same in all records.
    if value is None or isinstance(value, (str, int, bytes, timedelta, datetime, frozenset)):
        return value
    raise Deviates
