"""From Python to JSON as the REST API writes it: wire names, rights joined by `, `, durations as `hh:mm:ss`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import timedelta
from functools import cache
from typing import Any, TypeAlias

from superoffice_erpsync.codec import checks, values
from superoffice_erpsync.codec.problems import Unwritable
from superoffice_erpsync.codec.shapes import DictOf, Enumeration, Kind, ListOf, Mask, Model, Scalar, Shape, is_value
from superoffice_erpsync.models.wire_enum import WireEnum

Write: TypeAlias = Callable[[Any], Any]


def to_json(value: Any) -> Any:
    """A result as JSON values, as the REST API would write it.

    Args:
        value: A result of any operation: a carrier, a list, a dictionary, a single value or None.

    Raises:
        ValueError: A member was changed to something that no wire can carry.
    """
    match value:
        case WireEnum():
            return str(value)
        case None | bool() | int() | str():
            return value
        case list():
            return [to_json(one) for one in value]
        case Mapping():
            return {key: to_json(one) for key, one in value.items()}
        case timedelta():
            return values.format_time_span(value)
    if is_dataclass(value):
        try:
            return writer(Model(type(value)))(value)
        except Unwritable as problem:
            raise ValueError(f"{type(value).__name__}.{problem.path}: {problem.reason}") from None
    raise TypeError(f"{type(value).__name__} is not a result of any operation")


_SCALARS: dict[Kind, Write] = {
    Kind.STRING: checks.checked_text,
    Kind.INT: checks.checked_int,
    Kind.BOOLEAN: checks.checked_boolean,
    Kind.DURATION: lambda value: values.format_time_span(checks.checked_duration(value)),
    Kind.DATE_TIME: checks.date_time_text,
    Kind.BASE64: lambda value: values.format_base64(checks.checked_bytes(value)),
}


@cache
def writer(shape: Shape) -> Write:
    """The writer for values of this shape. It raises Unwritable, with the path, for what cannot be sent."""
    match shape:
        case Scalar(kind):
            return _nullable(shape, _SCALARS[kind])
        case Enumeration(cls):
            return _nullable(shape, lambda value: checks.checked_name(cls, value))
        case Mask(cls):
            return _nullable(shape, lambda value: ", ".join(checks.checked_rights(cls, value)))
        case ListOf(item):
            return _nullable(shape, lambda value: _list(item, value))
        case DictOf():
            return _nullable(shape, lambda value: _dict(shape.value, value))
        case Model():
            return _nullable(shape, lambda value: _model(shape, value))


def _nullable(shape: Shape, write: Write) -> Write:
    if shape == Scalar(Kind.DATE_TIME):
        return write
    value_type = is_value(shape)

    def nullable(value: Any) -> Any:
        if value is None:
            if value_type:
                raise Unwritable("None where a value is due")
            return None
        return write(value)

    return nullable


def _inside(step: str, shape: Shape, value: Any) -> Any:
    try:
        return writer(shape)(value)
    except Unwritable as problem:
        problem.inside(step)
        raise


def _list(item: Shape, value: Any) -> list[Any]:
    return [_inside(f"[{place}]", item, one) for place, one in enumerate(checks.checked_list(value))]


def _dict(shape: Shape, value: Any) -> dict[str, Any]:
    return {
        checks.checked_text(key): _inside(f"[{key!r}]", shape, one)
        for key, one in checks.checked_mapping(value).items()
    }


def _model(shape: Model, value: Any) -> dict[str, Any]:
    model = checks.checked_model(shape.cls, value)
    return {
        member.wire: _inside(f".{member.name}", member.shape, getattr(model, member.name)) for member in shape.members
    }
