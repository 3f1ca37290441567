"""Arguments as JSON with the wire's names to Python; strictly, since a misread name would do something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from superoffice_erpsync.codec import values
from superoffice_erpsync.codec.problems import Unreadable
from superoffice_erpsync.codec.rest.document import kind_of
from superoffice_erpsync.codec.shapes import (
    DictOf,
    Enumeration,
    Kind,
    ListOf,
    Mask,
    Member,
    Model,
    Scalar,
    Shape,
    allows_none,
    is_value,
    shape_of,
)
from superoffice_erpsync.errors import InvalidRequest
from superoffice_erpsync.operations import Operation


def arguments_from_json(operation: Operation[Any], given: Any) -> dict[str, Any]:
    """Arguments by Python name, from a JSON object with wire names.

    Names are matched exactly; an argument that may be null can be left out.

    Raises:
        InvalidRequest: A name is unknown, an argument is missing or has the wrong type.
    """
    given = {} if given is None else given
    if not isinstance(given, Mapping):
        raise InvalidRequest(f"the arguments must be a JSON object, not {kind_of(given)}", operation=operation.wire)
    unknown = sorted(set(given) - {argument.wire for argument in operation.arguments}, key=str)
    if unknown:
        known = ", ".join(argument.wire for argument in operation.arguments) or "none"
        raise InvalidRequest(f"unknown argument {unknown[0]!r}; it takes: {known}", operation=operation.wire)
    arguments: dict[str, Any] = {}
    for argument in operation.arguments:
        if argument.wire not in given and not allows_none(argument.type):
            raise InvalidRequest(f"argument {argument.wire} is missing", operation=operation.wire)
        try:
            arguments[argument.name] = read(shape_of(argument.type), given.get(argument.wire))
        except Unreadable as problem:
            problem.inside(argument.wire)
            raise InvalidRequest(f"{problem.path}: {problem.reason}", operation=operation.wire) from None
        except RecursionError:
            raise InvalidRequest(f"{argument.wire}: nested too deep", operation=operation.wire) from None
    return arguments


def read(shape: Shape, value: Any) -> Any:
    """The Python value of a JSON value.

    Raises:
        Unreadable: It is not what the contract says.
    """
    if value is None:
        if is_value(shape):
            raise Unreadable("null where a value is due")
        return None
    match shape:
        case Scalar(kind):
            return _read_scalar(kind, value)
        case Enumeration(cls):
            name = _typed(value, str, "a name")
            if name not in list(cls):
                raise Unreadable(f"{name!r} is not one of {', '.join(cls)}")
            return cls(name)
        case Mask(cls):
            return values.parse_mask_names(_typed(value, str, "names joined by commas"), cls)
        case ListOf(item):
            return [_inside(f"[{place}]", item, one) for place, one in enumerate(_typed(value, list, "an array"))]
        case DictOf():
            entries = _typed(value, dict, "an object")
            return shape.factory({key: _inside(repr(key), shape.value, one) for key, one in entries.items()})
        case Model():
            return _read_model(shape, _typed(value, dict, "an object"))


def _read_model(shape: Model, value: dict[str, Any]) -> Any:
    members: dict[str, Member] = {member.wire: member for member in shape.members}
    unknown = sorted(set(value) - set(members), key=str)
    if unknown:
        raise Unreadable(f"{unknown[0]!r} is no member of {shape.cls.__name__}")
    missing = next((member.wire for member in shape.members if member.required and member.wire not in value), None)
    if missing is not None:
        raise Unreadable(f"{missing} is missing")
    return shape.cls(**{members[wire].name: _inside(wire, members[wire].shape, one) for wire, one in value.items()})


def _inside(step: str, shape: Shape, value: Any) -> Any:
    try:
        return read(shape, value)
    except Unreadable as problem:
        problem.inside(step)
        raise


def _read_scalar(kind: Kind, value: Any) -> Any:
    try:
        match kind:
            case Kind.STRING:
                return _typed(value, str, "a text")
            case Kind.BOOLEAN:
                return _typed(value, bool, "true or false")
            case Kind.INT:
                if isinstance(value, bool) or not isinstance(value, int):
                    raise Unreadable(f"must be a whole number, not {kind_of(value)}")
                if not values.INT_MIN <= value <= values.INT_MAX:
                    raise Unreadable(f"{value} is outside the 32 bits of an integer")
                return value
            case Kind.DURATION:
                return values.parse_time_span(_typed(value, str, "a time span as in 00:15:00"))
            case Kind.DATE_TIME:
                return values.parse_date_time(_typed(value, str, "a date as in 2026-01-31T18:00:00"), bare_offset=True)
            case Kind.BASE64:
                return values.parse_base64(_typed(value, str, "base64"))
    except ValueError as problem:
        raise Unreadable(str(problem)) from None


def _typed(value: Any, cls: type[Any], wanted: str) -> Any:
    if not isinstance(value, cls):
        raise Unreadable(f"must be {wanted}, not {kind_of(value)}")
    return value
