"""Many objects at once from the texts in which they differ, member by member, for `runs`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from itertools import repeat
from typing import Any, TypeAlias

from superoffice_erpsync.codec import values
from superoffice_erpsync.codec.problems import Deviates

Path: TypeAlias = tuple[Hashable, ...]
"""Where a text stands in an item: from member to member, as the wire counts or names them."""


class Columns:
    """The texts of many items that are spelled alike: each column has those of one place in the item.

    Args:
        count: How many items there are.
        texts: The columns by their place.
    """

    def __init__(self, count: int, texts: Mapping[Path, Sequence[bytes]]) -> None:
        self._count = count
        self._texts = dict(texts)

    def read(self, path: Path, parse: Callable[[str], Any], value: Any) -> Iterable[Any]:
        """The values of one place in all items.

        Args:
            path: The place.
            parse: Makes a value of its text.
            value: What all have that have no text of their own there.
        """
        texts = self._texts.pop(path, None)
        return self.same(value) if texts is None else _parsed(texts, parse)

    def same(self, value: Any) -> Iterable[Any]:
        """One value for all items; Deviates where it must not be one and the same."""
        if value is None or isinstance(value, (str, int, bytes, timedelta, datetime, frozenset)):
            return repeat(value, self._count)
        raise Deviates

    def objects(self, cls: type[Any], first: Any, members: Mapping[str, Iterable[Any]]) -> list[Any]:
        """An object for each item.

        Args:
            cls: Its class.
            first: The object that one item was read as; what no member is given for is the same in all.
            members: The members' values by Python name.
        """
        if hasattr(cls, "__post_init__"):
            raise Deviates
        # All members are set, so `__init__` would add nothing but the time to pass them by name.
        made = list(map(object.__new__, repeat(cls, self._count)))
        for field in fields(cls):
            column = members.get(field.name)
            column = self.same(getattr(first, field.name)) if column is None else column
            deque(map(getattr(cls, field.name).__set__, made, column), maxlen=0)
        return made

    def lists(self, items: Sequence[Iterable[Any]]) -> Iterable[list[Any]]:
        """A list for each item, of values by their place in it."""
        if not items:
            return [[] for _ in range(self._count)]
        return map(list, zip(*items, strict=True))

    def dicts(
        self, factory: Callable[[Any], Any], keys: Sequence[Iterable[Any]], entries: Sequence[Iterable[Any]]
    ) -> Iterable[Any]:
        """A dictionary for each item; Deviates where a key comes twice in one."""
        for names, row in zip(self.lists(keys), self.lists(entries), strict=True):
            entry = factory(zip(names, row, strict=True))
            if len(entry) != len(names):
                raise Deviates
            yield entry

    def check_rest(self) -> None:
        """What nobody reads must be text all the same."""
        for texts in self._texts.values():
            for text in set(texts):
                _text(text)


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
