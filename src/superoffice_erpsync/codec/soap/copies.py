"""Objects for elements that are spelled like one which has been read, see `runs`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from superoffice_erpsync.codec.columns import Columns, Path
from superoffice_erpsync.codec.problems import Deviates
from superoffice_erpsync.codec.shapes import DictOf, Kind, ListOf, Model, Scalar, Shape
from superoffice_erpsync.codec.soap.names import item_name, member_namespace
from superoffice_erpsync.codec.soap.reading import Element

ParserOf = Callable[[Shape], Callable[[str], Any]]

_TEXT = Scalar(Kind.STRING)


class Copies:
    """Makes the values of one kind of item.

    Args:
        namespace: The services' namespace.
        parser: Gives what makes a value of a text, for shapes of single values.
        columns: The texts.
    """

    def __init__(self, namespace: str, parser: ParserOf, columns: Columns) -> None:
        self._namespace = namespace
        self._parser = parser
        self._columns = columns

    def of(self, shape: Shape, element: Element, value: Any, path: Path = ()) -> Iterable[Any]:
        """The values that all items have where one item has this.

        Args:
            shape: What it is.
            element: Where it stands in that item.
            value: What it was read as.
            path: The place in the item, counted in elements.
        """
        match shape:
            case Model() | DictOf() | ListOf() if value is None:
                return self._columns.same(None)
            case Model():
                return self._models(shape, element, value, path)
            case DictOf():
                return self._dicts(shape, element, value, path)
            case ListOf(item):
                where, name = item_name(item, self._namespace)
                places = self._places(element, f"{{{where}}}{name}", path)
                return self._columns.lists(
                    [self.of(item, child, one, place) for (child, place), one in zip(places, value, strict=True)]
                )
            case _:
                # None as well: a date that stands for none has a text, and the next one may be a day.
                return self._columns.read(path, self._parser(shape), value)

    def _models(self, shape: Model, element: Element, value: Any, path: Path) -> Iterable[Any]:
        namespace = member_namespace(shape, self._namespace)
        members = {}
        for member in shape.members:
            for child, place in self._places(element, f"{{{namespace}}}{member.wire}", path):
                members[member.name] = self.of(member.shape, child, getattr(value, member.name), place)
        return self._columns.objects(shape.cls, value, members)

    def _dicts(self, shape: DictOf, element: Element, value: Any, path: Path) -> Iterable[Any]:
        keys, entries = [], []
        for pair, place in self._places(element, f"{{{self._namespace}}}{shape.pair}", path):
            ((key, at_key),) = self._places(pair, f"{{{self._namespace}}}Key", place)
            text = key.text or ""
            keys.append(self.of(_TEXT, key, text, at_key))
            found = self._places(pair, f"{{{self._namespace}}}Value", place)
            entries += [self.of(shape.value, one, value[text], at) for one, at in found] or [self._columns.same(None)]
        return self._columns.dicts(shape.factory, keys, entries)

    @staticmethod
    def _places(element: Element, tag: str, path: Path) -> list[tuple[Element, Path]]:
        return [(child, (*path, place)) for place, child in enumerate(element, 1) if child.tag == tag]


def check_size(element: Element, size: int) -> None:
    """Raise Deviates where an item has not the elements that its bytes seemed to have."""
    if sum(1 for _ in element.iter()) != size:
        raise Deviates
