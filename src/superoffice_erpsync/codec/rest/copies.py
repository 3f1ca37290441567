"""Objects for JSON values that are spelled like one which has been read, see `runs`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from superoffice_erpsync.codec.columns import Columns, Path
from superoffice_erpsync.codec.shapes import DictOf, ListOf, Model, Shape

ParserOf = Callable[[Shape], Callable[[str], Any]]


class Copies:
    """Makes the values of one kind of item.

    Args:
        parser: Gives what makes a value of a text, for shapes of single values.
        columns: The texts.
    """

    def __init__(self, parser: ParserOf, columns: Columns) -> None:
        self._parser = parser
        self._columns = columns

    def of(self, shape: Shape, given: Any, value: Any, path: Path = ()) -> Iterable[Any]:
        """The values that all items have where one item has this.

        Args:
            shape: What it is.
            given: The JSON value in that item.
            value: What it was read as.
            path: The place in the item, by the names of members.
        """
        match shape:
            case Model() | DictOf() | ListOf() if given is None:
                return self._columns.same(value)
            case Model():
                members = {
                    member.name: self.of(
                        member.shape, given[member.wire], getattr(value, member.name), (*path, member.wire)
                    )
                    for member in shape.members
                    if member.wire in given
                }
                return self._columns.objects(shape.cls, value, members)
            case DictOf(item):
                keys = [self._columns.same(key) for key in given]
                entries = [self.of(item, one, value[key], (*path, key)) for key, one in given.items()]
                return self._columns.dicts(shape.factory, keys, entries)
            case ListOf():
                return self._columns.same(value)  # has no item that is spelled alike, so it is refused
            case _:
                return self._columns.read(path, self._parser(shape), value)
