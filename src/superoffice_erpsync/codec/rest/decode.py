"""From JSON values to dataclasses: one reader for each shape, made once.

The rules are those of SOAP answers in JSON's sense: null is nil; what is absent, or null where a value is due, has the
contract's default; names that are not known are passed over, unless they are ours in another spelling.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any, TypeAlias

from superoffice_erpsync.codec import values
from superoffice_erpsync.codec.columns import Columns
from superoffice_erpsync.codec.problems import Deviates, Unreadable
from superoffice_erpsync.codec.rest.copies import Copies
from superoffice_erpsync.codec.rest.document import kind_of
from superoffice_erpsync.codec.runs import Runs
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
    is_value,
)

Read: TypeAlias = Callable[[Any, Runs | None], Any]
ReadOne: TypeAlias = Callable[[Any], Any]


@cache
def reader(shape: Shape) -> Read:
    """The reader for values of this shape that are not null. It is given what was taken out of the answer."""
    match shape:
        case ListOf(item):
            return _list(item)
        case DictOf():
            return _dict(shape)
        case Model():
            return _model(shape)
    read_one = _single(shape)
    assert read_one is not None
    return lambda value, _: read_one(value)


@cache
def _single(shape: Shape) -> ReadOne | None:
    """The reader for single values of this shape, None where the shape has values inside."""
    match shape:
        case Scalar(kind):
            return _SCALARS[kind]
        case Enumeration(cls):
            return lambda value: cls.keep(_name(value))
        case Mask(cls):
            return lambda value: values.parse_mask_names(_text(value), cls)
    return None


def _wrong(value: Any, wanted: str) -> Unreadable:
    return Unreadable(f"{kind_of(value)} where {wanted} is due")


def _text(value: Any) -> str:
    if type(value) is not str:
        raise _wrong(value, "a text")
    return value


def _name(value: Any) -> str:
    name = _text(value).strip(values.XML_SPACE)
    if not name:
        raise Unreadable("empty where a name is due")
    return name


def _int(value: Any) -> int:
    if type(value) is not int:
        raise _wrong(value, "a whole number")
    if not values.INT_MIN <= value <= values.INT_MAX:
        raise Unreadable("outside the 32 bits of an integer")
    return value


def _boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise _wrong(value, "true or false")
    return value


def _parsed(parse_text: Callable[[str], Any]) -> ReadOne:
    def read(value: Any) -> Any:
        try:
            return parse_text(_text(value))
        except ValueError as problem:
            raise Unreadable(str(problem)) from None

    return read


_SCALARS: dict[Kind, ReadOne] = {
    Kind.STRING: _text,
    Kind.INT: _int,
    Kind.BOOLEAN: _boolean,
    Kind.DURATION: _parsed(values.parse_time_span),
    Kind.DATE_TIME: _parsed(lambda text: values.parse_date_time(text, bare_offset=True)),
    Kind.BASE64: _parsed(values.parse_base64),
}


def _list(item: Shape) -> Read:
    value_type = is_value(item)

    def read(value: Any, runs: Runs | None) -> Any:
        if type(value) is not list:
            raise _wrong(value, "an array")
        read_item = reader(item)
        items: list[Any] = []
        try:
            for place, one in enumerate(value):
                if one is None and value_type:
                    raise Unreadable("null where a value is due")
                if runs is not None and type(one) is dict and runs.mark in one:
                    _run(one, item, value[:place], items, runs)
                else:
                    items.append(None if one is None else read_item(one, runs))
        except Unreadable as problem:
            problem.inside(f"[{len(items)}]")
            raise
        return items

    return read


def _run(mark: dict[str, str], item: Shape, before: list[Any], items: list[Any], runs: Runs) -> None:
    """Put in place of the items before a mark all those that it stands for."""
    number = mark[runs.mark]
    count = len(runs.kinds(number))
    if len(before) < count or None in before[-count:]:
        raise Deviates
    copies = [
        partial(_copies, item, given, value) for given, value in zip(before[-count:], items[-count:], strict=True)
    ]
    items[-count:] = runs.take(number, copies)


def _copies(shape: Shape, given: Any, value: Any, columns: Columns) -> list[Any]:
    return list(Copies(_parser, columns).of(shape, given, value))


def _parser(shape: Shape) -> Callable[[str], Any]:
    if shape == Scalar(Kind.INT):
        return values.parse_int  # the one that has been read was a number, so these are digits as well
    read = _single(shape)
    assert read is not None
    return read


def _dict(shape: DictOf) -> Read:
    def read(value: Any, runs: Runs | None) -> Any:
        if type(value) is not dict:
            raise _wrong(value, "an object")
        read_one = reader(shape.value)
        entries = shape.factory()
        for key, one in value.items():
            try:
                entries[key] = None if one is None else read_one(one, runs)
            except Unreadable as problem:
                problem.inside(key)
                raise
        return entries

    return read


def _model(shape: Model) -> Read:
    cls = shape.cls
    by_wire: dict[str, Member] = {member.wire: member for member in shape.members}
    required = [member for member in shape.members if member.required]

    def read(value: Any, runs: Runs | None) -> Any:
        if type(value) is not dict:
            raise _wrong(value, "an object")
        found: dict[str, Any] = {}
        passed_over: list[str] = []
        for wire, one in value.items():
            member = by_wire.get(wire)
            if member is None:
                passed_over.append(wire)
                continue
            if one is None:
                continue
            try:
                found[member.name] = reader(member.shape)(one, runs)
            except Unreadable as problem:
                problem.inside(wire)
                raise
        for member in required:
            if member.name not in found:
                missing = Unreadable("absent or null, and no default can stand for it")
                missing.inside(member.wire)
                raise missing
        if passed_over:
            _not_ours(passed_over, {wire.lower() for wire in by_wire if wire not in value})
        return cls(**found)

    return read


def _not_ours(passed_over: list[str], missed: set[str]) -> None:
    """Pass over members that are not in the contract, unless one is ours in another spelling.

    It would be lost without a word, and a default put in its place.
    """
    for wire in passed_over:
        if wire.lower() in missed:
            problem = Unreadable("in another spelling")
            problem.inside(wire)
            raise problem
