"""From arguments to XML text: one writer for each shape, made once.

None is left out, which the contract means by it; in arrays and dictionaries, where leaving out would shift or lose
something, it is written as nil. Values are always written, so that no server has to know a default.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

from superoffice_erpsync.codec import values
from superoffice_erpsync.codec.problems import Unwritable
from superoffice_erpsync.codec.shapes import DictOf, Enumeration, Kind, ListOf, Mask, Model, Scalar, Shape, is_value
from superoffice_erpsync.codec.soap.names import ARRAYS, item_name

Write: TypeAlias = Callable[[Any], str]
"""Gives the content of an element for a value that is not None."""

SERVICE_PREFIX, ARRAYS_PREFIX, XSI_PREFIX = "n", "a", "i"


def escape(text: str) -> str:
    """Text as element content. A carriage return would else be folded by the server's parser."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _kind(value: Any, wanted: str) -> Unwritable:
    return Unwritable(f"must be {wanted}, not {type(value).__name__}")


def text_of(value: Any) -> str:
    """Content for a text."""
    if not isinstance(value, str):
        raise _kind(value, "a text")
    try:
        values.check_text(value)
    except ValueError as problem:
        raise Unwritable(str(problem)) from None
    return escape(value)


def _int(value: Any) -> str:
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise _kind(value, "an integer") from None
    if not values.INT_MIN <= number <= values.INT_MAX:
        raise Unwritable(f"{number} is outside the 32 bits of an integer")
    return str(number)


def _boolean(value: Any) -> str:
    if not isinstance(value, bool):
        raise _kind(value, "True or False")
    return "true" if value else "false"


def _duration(value: Any) -> str:
    if not isinstance(value, timedelta):
        raise _kind(value, "a timedelta")
    return values.format_duration(value)


def _date_time(value: Any) -> str:
    if not (value is None or isinstance(value, datetime)):
        raise _kind(value, "a datetime")
    try:
        return values.format_date_time(value)
    except ValueError as problem:
        raise Unwritable(str(problem)) from None


def _base64(value: Any) -> str:
    if not isinstance(value, bytes):
        raise _kind(value, "bytes")
    return values.format_base64(value)


_SCALARS: dict[Kind, Write] = {
    Kind.STRING: text_of,
    Kind.INT: _int,
    Kind.BOOLEAN: _boolean,
    Kind.DURATION: _duration,
    Kind.DATE_TIME: _date_time,
    Kind.BASE64: _base64,
}


def _enumeration(cls: Any, value: Any) -> str:
    if isinstance(value, cls):
        return text_of(str(value))
    if isinstance(value, str):
        if value in list(cls):
            return value
        raise Unwritable(f"{value!r} is not one of {', '.join(cls)}")
    raise _kind(value, f"a member of {cls.__name__}")


def _mask(cls: Any, value: Any) -> str:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise _kind(value, "a set of names")
    names = values.mask_names(value, cls)
    for name in names:
        if not name or any(c.isspace() or c == "," for c in name):
            raise Unwritable(f"{name!r} is not a name of a right")
    return " ".join(text_of(name) for name in names)


class Encoder:
    """Writers for the shapes of one services' namespace.

    Args:
        namespace: The services' namespace.
        known_members: Names of the members that the services' schema has, by type name. Members that an older
            installation lacks are not sent to it. A type that is not in there is sent whole.
    """

    def __init__(self, namespace: str, known_members: Mapping[str, frozenset[str]]) -> None:
        self._namespace = namespace
        self._known_members = known_members
        self._writers: dict[Shape, Write] = {}

    def writer(self, shape: Shape) -> Write:
        """The writer for values of this shape."""
        write = self._writers.get(shape)
        if write is None:
            write = self._writers[shape] = self._make(shape)
        return write

    def member(self, wire: str, step: str, shape: Shape, value: Any) -> str:
        """One whole element, or nothing where a reference is None.

        Args:
            wire: The element's name.
            step: What the path of an error says.
            shape: What it holds.
            value: The value.
        """
        try:
            if value is None and shape != Scalar(Kind.DATE_TIME):
                if is_value(shape):
                    raise Unwritable("None where a value is due")
                return ""
            content = self.writer(shape)(value)
        except Unwritable as problem:
            problem.inside(step)
            raise
        return f"<{SERVICE_PREFIX}:{wire}>{content}</{SERVICE_PREFIX}:{wire}>"

    def _make(self, shape: Shape) -> Write:
        match shape:
            case Scalar(kind):
                return _SCALARS[kind]
            case Enumeration(cls):
                return partial(_enumeration, cls)
            case Mask(cls):
                return partial(_mask, cls)
            case ListOf(item):
                return self._list(item)
            case DictOf():
                return self._dict(shape)
            case Model():
                return self._model(shape)

    def _model(self, shape: Model) -> Write:
        known = self._known_members.get(shape.cls.__name__)
        members = [member for member in shape.members if known is None or member.wire in known]

        def write(value: Any) -> str:
            if not isinstance(value, shape.cls):
                raise _kind(value, f"of class {shape.cls.__name__}")
            return "".join(
                self.member(member.wire, f".{member.name}", member.shape, getattr(value, member.name))
                for member in members
            )

        return write

    def _list(self, item: Shape) -> Write:
        namespace, name = item_name(item, self._namespace)
        tag = f"{ARRAYS_PREFIX if namespace == ARRAYS else SERVICE_PREFIX}:{name}"
        write_item = self.writer(item) if not isinstance(item, Model) else None
        value_type = is_value(item)

        def write(value: Any) -> str:
            if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
                raise _kind(value, "a list")
            writer = write_item or self.writer(item)
            parts = []
            for place, one in enumerate(value):
                try:
                    if one is None:
                        if value_type:
                            raise Unwritable("None where a value is due")
                        parts.append(f'<{tag} {XSI_PREFIX}:nil="true"/>')
                    else:
                        parts.append(f"<{tag}>{writer(one)}</{tag}>")
                except Unwritable as problem:
                    problem.inside(f"[{place}]")
                    raise
            return "".join(parts)

        return write

    def _dict(self, shape: DictOf) -> Write:
        pair, key_tag, value_tag = (f"{SERVICE_PREFIX}:{name}" for name in (shape.pair, "Key", "Value"))

        def write(value: Any) -> str:
            if not isinstance(value, Mapping):
                raise _kind(value, "a dictionary")
            parts = []
            for key, one in value.items():
                try:
                    key_text = text_of(key)
                    content = (
                        f'<{value_tag} {XSI_PREFIX}:nil="true"/>'
                        if one is None
                        else f"<{value_tag}>{self.writer(shape.value)(one)}</{value_tag}>"
                    )
                except Unwritable as problem:
                    problem.inside(f"[{key!r}]")
                    raise
                parts.append(f"<{pair}><{key_tag}>{key_text}</{key_tag}>{content}</{pair}>")
            return "".join(parts)

        return write
