"""From arguments to XML text: one writer for each shape, made once.

None is left out, which the contract means by it; in arrays and dictionaries, where leaving out would shift or lose
something, it is written as nil. Values are always written, so that no server has to know a default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from superoffice_erpsync.codec import checks, values
from superoffice_erpsync.codec.problems import Unwritable
from superoffice_erpsync.codec.shapes import DictOf, Enumeration, Kind, ListOf, Mask, Model, Scalar, Shape, is_value
from superoffice_erpsync.codec.soap.names import ARRAYS, item_name

Write: TypeAlias = Callable[[Any], str]
"""Gives the content of an element for a value that is not None."""

SERVICE_PREFIX, ARRAYS_PREFIX, XSI_PREFIX = "n", "a", "i"


def escape(text: str) -> str:
    """Text as element content. A carriage return would else be folded by the server's parser."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


_SCALARS: dict[Kind, Write] = {
    Kind.STRING: lambda value: escape(checks.checked_text(value)),
    Kind.INT: lambda value: str(checks.checked_int(value)),
    Kind.BOOLEAN: lambda value: "true" if checks.checked_boolean(value) else "false",
    Kind.DURATION: lambda value: values.format_duration(checks.checked_duration(value)),
    Kind.DATE_TIME: checks.date_time_text,
    Kind.BASE64: lambda value: values.format_base64(checks.checked_bytes(value)),
}


def _plain(items: Sequence[Any], item: Shape) -> Sequence[str] | None:
    """The items' contents where nothing is to be said of any of them, as of hundreds of keys; None where there is."""
    kinds = set(map(type, items))
    if item == Scalar(Kind.STRING) and kinds == {str}:
        # All of them at once: checked one by one they would take ten times as long.
        together = "\n".join(items)
        if escape(together) == together and values.is_text(together):
            return items
    elif item == Scalar(Kind.INT) and kinds == {int} and values.INT_MIN <= min(items) <= max(items) <= values.INT_MAX:
        return list(map(str, items))
    return None


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
                return lambda value: escape(checks.checked_name(cls, value))
            case Mask(cls):
                return lambda value: escape(" ".join(checks.checked_rights(cls, value)))
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
            model = checks.checked_model(shape.cls, value)
            return "".join(
                self.member(member.wire, f".{member.name}", member.shape, getattr(model, member.name))
                for member in members
            )

        return write

    def _list(self, item: Shape) -> Write:
        namespace, name = item_name(item, self._namespace)
        tag = f"{ARRAYS_PREFIX if namespace == ARRAYS else SERVICE_PREFIX}:{name}"
        write_item = self.writer(item) if not isinstance(item, Model) else None
        value_type = is_value(item)

        def write(value: Any) -> str:
            items = list(checks.checked_list(value))
            alike = _plain(items, item)
            if alike is not None:
                between = f"</{tag}><{tag}>"
                return f"<{tag}>{between.join(alike)}</{tag}>"
            writer = write_item or self.writer(item)
            parts = []
            for place, one in enumerate(items):
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
            parts = []
            for key, one in checks.checked_mapping(value).items():
                try:
                    key_text = escape(checks.checked_text(key))
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
