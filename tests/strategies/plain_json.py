"""JSON answers read as plainly as can be: what the codec does in a hurry is held against this, as in `plain_soap`."""

from __future__ import annotations

import json
from typing import Any

from superoffice_erpsync.codec import values
from superoffice_erpsync.codec.problems import Unreadable
from superoffice_erpsync.codec.shapes import (
    DictOf,
    Enumeration,
    Kind,
    ListOf,
    Mask,
    Model,
    Scalar,
    Shape,
    allows_none,
    is_value,
    shape_of,
)
from superoffice_erpsync.errors import ProtocolError
from superoffice_erpsync.operations import Operation

NAMES = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "an array", dict: "an object"}


def plain_answer(operation: Operation[Any], data: bytes, depth: int = 100) -> Any:
    """What `answers.answer(operation, data, status=200, depth=depth)` must give, or raise; no error objects."""
    try:
        value = _value(data, depth)
        shape = shape_of(operation.result)
        if value is None and (is_value(shape) or not allows_none(operation.result)):
            raise Unreadable("null, and no default can stand for it")
        return None if value is None else _read(shape, value)
    except Unreadable as problem:
        where = f"at {problem.path}: " if problem.path else ""
        error = ProtocolError(f"the answer cannot be understood: {where}{problem.reason}", operation=operation.wire)
        error.path = problem.path or None
        raise error from None


def _value(data: bytes, depth: int) -> Any:
    if not data.strip():
        raise Unreadable("nothing came where JSON is due")
    try:
        text = data.decode(json.detect_encoding(data))
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except ValueError as problem:
        raise Unreadable(f"not JSON: {problem}") from None
    if _depth(value) > depth:
        raise Unreadable(f"nested too deep: nested deeper than {depth} levels")
    for one in (text, *_texts(value)):
        try:
            values.check_text(one)
        except ValueError as problem:
            raise Unreadable(f"a text {problem}") from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    often = max(names, key=names.count, default="")
    if names.count(often) > 1:
        raise Unreadable(f"{often!r} stands twice in one object")
    return dict(pairs)


def _constant(name: str) -> Any:
    raise Unreadable(f"{name} is no number of JSON")


def _inner(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def _depth(value: Any) -> int:
    return 1 + max((_depth(one) for one in _inner(value)), default=0)


def _texts(value: Any) -> list[str]:
    own = list(value) if isinstance(value, dict) else [value] if isinstance(value, str) else []
    if isinstance(value, dict):
        return [text for key, one in value.items() for text in (key, *_texts(one))]
    return own + [text for one in _inner(value) for text in _texts(one)]


def _read(shape: Shape, value: Any) -> Any:
    match shape:
        case Scalar(Kind.INT):
            if type(value) is not int:
                raise _wrong(value, "a whole number")
            if not -(2**31) <= value < 2**31:
                raise Unreadable("outside the 32 bits of an integer")
            return value
        case Scalar(Kind.BOOLEAN):
            if type(value) is not bool:
                raise _wrong(value, "true or false")
            return value
        case ListOf(item):
            if type(value) is not list:
                raise _wrong(value, "an array")
            return [_inside(f"[{place}]", _item, item, one) for place, one in enumerate(value)]
        case DictOf(inner):
            if type(value) is not dict:
                raise _wrong(value, "an object")
            read = {key: None if one is None else _inside(key, _read, inner, one) for key, one in value.items()}
            return shape.factory(read)
        case Model():
            return _model(shape, value)
    if type(value) is not str:
        raise _wrong(value, "a text")
    try:
        return _single(shape, value)
    except ValueError as problem:
        raise Unreadable(str(problem)) from None


def _single(shape: Shape, text: str) -> Any:
    match shape:
        case Scalar(Kind.DURATION):
            return values.parse_time_span(text)
        case Scalar(Kind.DATE_TIME):
            return values.parse_date_time(text, bare_offset=True)
        case Scalar(Kind.BASE64):
            return values.parse_base64(text)
        case Mask(cls):
            return values.parse_mask_names(text, cls)
        case Enumeration(cls):
            if not text.strip(values.XML_SPACE):
                raise ValueError("empty where a name is due")
            return cls.keep(text.strip(values.XML_SPACE))
    return text


def _item(shape: Shape, value: Any) -> Any:
    if value is None and is_value(shape):
        raise Unreadable("null where a value is due")
    return None if value is None else _read(shape, value)


def _model(shape: Model, value: Any) -> Any:
    if type(value) is not dict:
        raise _wrong(value, "an object")
    found: dict[str, Any] = {}
    for wire, one in value.items():
        for member in shape.members:
            if member.wire == wire and one is not None:
                found[member.name] = _inside(wire, _read, member.shape, one)
    for member in shape.members:
        if member.required and member.name not in found:
            problem = Unreadable("absent or null, and no default can stand for it")
            problem.inside(member.wire)
            raise problem
    ours = {member.wire for member in shape.members}
    for wire in value:
        if wire not in ours and any(one.lower() == wire.lower() and one not in value for one in ours):
            problem = Unreadable("in another spelling")
            problem.inside(wire)
            raise problem
    return shape.cls(**found)


def _wrong(value: Any, wanted: str) -> Unreadable:
    return Unreadable(f"{NAMES.get(type(value), 'null')} where {wanted} is due")


def _inside(step: str, do: Any, *given: Any) -> Any:
    try:
        return do(*given)
    except Unreadable as problem:
        problem.inside(step)
        raise
