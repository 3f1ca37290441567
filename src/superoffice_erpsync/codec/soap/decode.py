"""From elements to dataclasses: one reader for each shape, made once.

The rules are the contract's: references may be nil, values may not; what is absent has the contract's default; names
that are not known are passed over. What the contract does not allow raises Unreadable with the path.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from superoffice_erpsync.codec import values
from superoffice_erpsync.codec.problems import Unreadable
from superoffice_erpsync.codec.shapes import DictOf, Enumeration, Kind, ListOf, Mask, Model, Scalar, Shape, is_value
from superoffice_erpsync.codec.soap.names import item_name, member_namespace, type_name
from superoffice_erpsync.codec.soap.reading import Element, Reading, no_text, not_ours

Read: TypeAlias = Callable[[Element, Reading], Any]
Parse: TypeAlias = Callable[[str], Any]

_PARSERS: dict[Kind, Parse] = {
    Kind.INT: values.parse_int,
    Kind.BOOLEAN: values.parse_boolean,
    Kind.DURATION: values.parse_duration,
    Kind.DATE_TIME: values.parse_date_time,
    Kind.BASE64: values.parse_base64,
    Kind.STRING: str,
}


def parser_of(shape: Shape) -> Parse:
    """What makes a value of an element's text."""
    match shape:
        case Scalar(kind):
            return _PARSERS[kind]
        case Enumeration(cls):
            return lambda text: _name(text, cls.keep)
        case Mask(cls):
            return lambda text: values.parse_mask(text, cls)
    raise TypeError(f"{shape!r} is not read from a text")


def _name(text: str, keep: Parse) -> Any:
    name = text.strip(values.XML_SPACE)
    if not name:
        raise ValueError("empty where a name is due")
    return keep(name)


class Decoder:
    """Readers for the shapes of one services' namespace."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._readers: dict[Shape, Read] = {}

    def reader(self, shape: Shape) -> Read:
        """The reader for elements of this shape. It gives None for nil where the shape is a reference."""
        read = self._readers.get(shape)
        if read is None:
            read = self._readers[shape] = self._make(shape)
        return read

    def _make(self, shape: Shape) -> Read:
        match shape:
            case ListOf(item):
                return self._list(shape, item)
            case DictOf():
                return self._dict(shape)
            case Model():
                return self._model(shape)
            case _:
                return self._text(shape)

    def _text(self, shape: Shape) -> Read:
        parse = parser_of(shape)
        declared = type_name(shape, self._namespace)
        value_type = is_value(shape)

        def read(element: Element, reading: Reading) -> Any:
            if element.attrib and reading.is_nil(element, declared):
                if value_type:
                    raise Unreadable("nil where a value is due")
                return None
            if len(element):
                raise Unreadable("an element inside a value")
            try:
                return parse(element.text or "")
            except ValueError as problem:
                raise Unreadable(str(problem)) from None

        return read

    def _model(self, shape: Model) -> Read:
        cls = shape.cls
        namespace = member_namespace(shape, self._namespace)
        declared = type_name(shape, self._namespace)
        required = [(member.name, member.wire) for member in shape.members if member.required]
        by_tag: dict[Any, tuple[str, str, Read]] | None = None

        def read(element: Element, reading: Reading) -> Any:
            nonlocal by_tag
            if element.attrib and reading.is_nil(element, declared):
                return None
            if by_tag is None:
                # On first use and not before: types refer to themselves. Whole at once: other threads read as well.
                by_tag = {
                    f"{{{namespace}}}{member.wire}": (member.name, member.wire, self.reader(member.shape))
                    for member in shape.members
                }
            if element.text is not None:
                no_text(element.text)
            found: dict[str, Any] = {}
            passed_over: list[Element] = []
            for child in element:
                known = by_tag.get(child.tag)
                if known is None:
                    passed_over.append(child)
                else:
                    name, wire, read_member = known
                    try:
                        if name in found:
                            raise Unreadable("stands there twice")
                        found[name] = read_member(child, reading)
                    except Unreadable as problem:
                        problem.inside(wire)
                        raise
                tail = child.tail
                if tail is not None:
                    no_text(tail)
            for child in passed_over:
                not_ours(child, {member.wire for member in shape.members if member.name not in found})
            for name, wire in required:
                if name not in found:
                    missing = Unreadable("absent, and no default can stand for it")
                    missing.inside(wire)
                    raise missing
            return cls(**found)

        return read

    def _list(self, shape: ListOf, item: Shape) -> Read:
        declared = type_name(shape, self._namespace)
        namespace, name = item_name(item, self._namespace)
        tag = f"{{{namespace}}}{name}"
        read_item = self.reader(item) if not isinstance(item, Model) else None

        def read(element: Element, reading: Reading) -> Any:
            if element.attrib and reading.is_nil(element, declared):
                return None
            no_text(element.text)
            reader = read_item or self.reader(item)
            items: list[Any] = []
            for child in element:
                if child.tag == tag:
                    try:
                        items.append(reader(child, reading))
                    except Unreadable as problem:
                        problem.inside(f"{name}[{len(items)}]")
                        raise
                elif child.tag == reading.mark:
                    reading.put_run(self._namespace, child, tag, item, items)
                else:
                    not_ours(child, {name})
                no_text(child.tail)
            return items

        return read

    def _dict(self, shape: DictOf) -> Read:
        declared = type_name(shape, self._namespace)
        pair = f"{{{self._namespace}}}{shape.pair}"
        key_tag, value_tag = f"{{{self._namespace}}}Key", f"{{{self._namespace}}}Value"
        read_key, read_value = self.reader(Scalar(Kind.STRING)), self.reader(shape.value)

        def read_pair(element: Element, reading: Reading) -> tuple[str, Any]:
            if element.attrib and reading.is_nil(element):
                raise Unreadable("nil where an entry is due")
            no_text(element.text)
            found: dict[str, Any] = {}
            for child in element:
                name = "Key" if child.tag == key_tag else "Value" if child.tag == value_tag else None
                if name is None:
                    not_ours(child, {"Key", "Value"})
                elif name in found:
                    raise Unreadable(f"{name} stands there twice")
                else:
                    try:
                        found[name] = read_key(child, reading) if name == "Key" else read_value(child, reading)
                    except Unreadable as problem:
                        problem.inside(name)
                        raise
                no_text(child.tail)
            key = found.get("Key")
            if key is None:
                raise Unreadable("an entry without a key")
            return key, found.get("Value")

        def read(element: Element, reading: Reading) -> Any:
            if element.attrib and reading.is_nil(element, declared):
                return None
            no_text(element.text)
            entries = shape.factory()
            place = 0
            for child in element:
                if child.tag == pair:
                    try:
                        key, value = read_pair(child, reading)
                        if key in entries:
                            raise Unreadable(f"the key {key!r} stands there twice")
                    except Unreadable as problem:
                        problem.inside(f"{shape.pair}[{place}]")
                        raise
                    entries[key] = value
                    place += 1
                else:
                    not_ours(child, {shape.pair})
                no_text(child.tail)
            return entries

        return read
