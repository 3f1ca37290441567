"""Long arrays, read without being parsed: items that are spelled alike, byte by byte, but for some texts.

Servers write the records of a long answer with the same names, prefixes and blanks, in one way or in a few. What such
an item means is learnt from the first that is spelled so, which is parsed and read as anything else; its followers mean
the same but for their texts, which one regular expression gives. They are taken out of the message before it is parsed,
and a mark is left behind the first of each kind.

Nothing is taken on trust. The mark has a name that no server can know, and only a reader of arrays that meets it right
behind these first items makes objects of what was taken out. Where a mark is not met so, in a comment or in a part that
nobody reads, and where anything at all is wrong, the whole message is read again as it came, and that has the last
word. So only answers without a flaw are read this way, and every error is the one that plain reading tells.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from superoffice_erpsync.codec.columns import Columns, Path
from superoffice_erpsync.codec.problems import Deviates

LONGEST = 10_000
"""Longer texts are left to the parser, which has limits of its own."""

_FEWEST = 12
"""A mark and its bookkeeping cost about as much as this many items."""

_KINDS = 4

_BLOCK = 4096
"""So many items at a time become objects: what lies between bytes and objects stays small."""

_SAMPLES = 64


class Item(NamedTuple):
    """One item of an array as it is spelled.

    Attributes:
        literals: The bytes around its texts.
        texts: What can stand for each of the texts, as regular expressions; one fewer than the literals.
        captured: Places of these texts in the item.
        size: How many elements it consists of, where the wire has such.
        end: Where it ends in the message.
    """

    literals: tuple[bytes, ...]
    texts: tuple[bytes, ...]
    captured: tuple[Path, ...]
    size: int
    end: int

    @property
    def pattern(self) -> bytes:
        """Matches items that differ in texts alone; the texts' expressions are put in for `%b`."""
        return b"%b".join(re.escape(literal).replace(b"%", b"%%") for literal in self.literals)


class Spelling(NamedTuple):
    """What a message's runs look like.

    Attributes:
        kinds: One item for each way to spell them.
        items: Matches an item of each of these.
        item: Matches an item of any kind. For each kind it has one group that has matched if the item is of that kind,
            and one for each text.
        block: Matches many items, one behind the other.
    """

    kinds: tuple[Item, ...]
    items: tuple[re.Pattern[bytes], ...]
    item: re.Pattern[bytes]
    block: re.Pattern[bytes]


@lru_cache(maxsize=64)
def _patterns(
    kinds: tuple[tuple[bytes, tuple[bytes, ...]], ...], between: bytes
) -> tuple[tuple[re.Pattern[bytes], ...], re.Pattern[bytes], re.Pattern[bytes]]:
    # Kept, since a server spells its answers alike and compiling takes longer than a small answer.
    plain = [pattern % texts for pattern, texts in kinds]
    groups = [pattern % tuple(b"(%b)" % text for text in texts) for pattern, texts in kinds]
    # Where there is but one kind, nothing has to tell it: a group that matches nothing is the quickest.
    item = b"|".join(b"(?=(.))" + pattern for pattern in groups) if len(groups) > 1 else b"()" + groups[0]
    one = b"(?:%b)" % b"|".join(plain)
    # Possessive: an item that has been matched once has no other way to match, so there is nothing to go back for.
    block = b"%b(?:%b%b){%d,%d}+" % (one, between, one, _FEWEST - 1, _BLOCK - 1)
    return tuple(map(re.compile, plain)), re.compile(item), re.compile(block)


def find_spelling(
    data: bytes, starts: re.Pattern[bytes], item_at: Callable[[bytes, int], Item | None], between: re.Pattern[bytes]
) -> Spelling | None:
    """How the items of a message's runs are spelled, None where it has no runs.

    Args:
        data: The message.
        starts: Matches where an item may start.
        item_at: The item that starts at a place, None where it is none.
        between: Matches what may stand between two items.
    """
    for sample in range(_SAMPLES):
        found = starts.search(data, len(data) * sample // _SAMPLES)
        if found is None:
            return None
        kinds = _kinds_at(data, found.start(), item_at, between)
        if kinds is not None:
            key = tuple((item.pattern, item.texts) for item in kinds)
            return Spelling(kinds, *_patterns(key, between.pattern))
    return None


def _kinds_at(
    data: bytes, place: int, item_at: Callable[[bytes, int], Item | None], between: re.Pattern[bytes]
) -> tuple[Item, ...] | None:
    kinds: dict[Any, Item] = {}
    for number in range(_FEWEST):
        gap = between.match(data, place) if number else None
        item = item_at(data, gap.end() if gap else place)
        if item is None or not item.texts or (number and gap is None):
            return None
        kinds.setdefault((item.literals, item.texts), item)
        if len(kinds) > _KINDS:
            return None
        place = item.end
    return tuple(kinds.values())


class Runs:
    """What was taken out of one message.

    Args:
        data: The message.
        spelling: How the items are spelled.
    """

    def __init__(self, data: bytes, spelling: Spelling) -> None:
        self._data = data
        self._spelling = spelling
        self._waiting: dict[str, tuple[int, int, list[int]]] = {}
        self.mark = f"r{secrets.token_hex(12)}"
        """Name of what stands for a run in what is left."""

    def take_out(self, between: bytes, mark: bytes) -> bytes:
        """What is left of the message; the first item of each kind stays of each run.

        Args:
            between: What to put between two items.
            mark: What to leave for a run: its name and its number are put in for `%b`.
        """
        name = self.mark.encode()
        left = []
        place = 0
        for number, block in enumerate(self._spelling.block.finditer(self._data)):
            start, end = block.span()
            found = [(kind, item.search(self._data, start, end)) for kind, item in enumerate(self._spelling.items)]
            firsts = [(kind, item[0]) for kind, item in found if item is not None]
            self._waiting[str(number)] = (start, end, [kind for kind, _ in firsts])
            stay = [item for _, item in firsts]
            left += [self._data[place:start], between.join([*stay, mark % (name, str(number).encode())])]
            place = end
        return b"".join([*left, self._data[place:]])

    def check_all_taken(self) -> None:
        """Raise Deviates where a run was met by no reader of arrays."""
        if self._waiting:
            raise Deviates

    def kinds(self, number: str) -> list[Item]:
        """Of how many kinds, and which, the items of a run are: so many of them stand before the mark."""
        if number not in self._waiting:
            raise Deviates
        return [self._spelling.kinds[kind] for kind in self._waiting[number][2]]

    def take(self, number: str, copies: Sequence[Callable[[Columns], Sequence[Any]]]) -> list[Any]:
        """The objects that a run stands for, with those that stand before its mark.

        Args:
            number: The run's number.
            copies: For each of its kinds, what makes objects of the texts of all items of that kind.

        Raises:
            Deviates: One of the texts cannot be read, or an item cannot be copied.
        """
        start, end, kinds = self._waiting.pop(number)
        rows: list[Any] = self._spelling.item.findall(self._data, start, end)
        made: dict[int, Sequence[Any]] = {}
        group = 0
        try:
            for kind, like in enumerate(self._spelling.kinds):
                own = rows if len(self._spelling.kinds) == 1 else [row for row in rows if row[group]]
                if own:
                    texts = list(zip(*own, strict=True))[group + 1 : group + 1 + len(like.texts)]
                    columns = Columns(len(own), dict(zip(like.captured, texts, strict=True)))
                    made[group] = copies[kinds.index(kind)](columns)
                    columns.check_rest()
                group += 1 + len(like.texts)
        except ValueError:
            raise Deviates from None
        if len(made) == 1:
            (objects,) = made.values()
            return list(objects)
        following = [(group, iter(objects)) for group, objects in made.items()]
        return [next(objects) for row in rows for group, objects in following if row[group]]
