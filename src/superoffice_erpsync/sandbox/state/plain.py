"""Dataclasses as plain JSON values and back, as their annotations say."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Reader = Callable[[Any], Any]

_ITSELF: Final = frozenset({str, int, bool, float, type(None)})
_SECONDS: Final = re.compile(r"(-?)([0-9]{1,14})(?:\.([0-9]{1,6}))?")
_WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,10}")


class BrokenValue(ValueError):
    """A plain value that is not what it should be; the text says where it stands."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self._problem = problem
        self._path = ""

    def __str__(self) -> str:
        return f"{self._path.lstrip('.') or 'the whole'}: {self._problem}"

    def within(self, step: str | int) -> BrokenValue:
        """The same, told from one step further out."""
        self._path = (f"[{step}]" if isinstance(step, int) else f".{step}") + self._path
        return self


def to_plain(value: Any, but: tuple[str, ...] = ()) -> Any:
    """A value of str, int, float, bool, None, dict and list alone.

    Args:
        value: A dataclass, or what its fields may hold.
        but: Names of fields of the dataclass that are left out.
    """
    kind = type(value)
    if kind in _ITSELF:
        return value
    if kind is dict:
        return {str(key): to_plain(item) for key, item in value.items()}
    if kind in (list, tuple):
        return [to_plain(item) for item in value]
    if kind is datetime:
        return value.isoformat()
    if kind is timedelta:
        return _seconds(value)
    if is_dataclass(kind):
        plain = {}
        for name, member in _members(kind).items():
            if member not in but:
                item = getattr(value, name)
                plain[member] = item if type(item) in _ITSELF else to_plain(item)
        return plain
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    raise TypeError(f"{kind.__name__} has no plain form")


def from_plain(kind: type[T], value: Any, **given: Any) -> T:
    """What `to_plain` made the value of.

    Args:
        kind: A dataclass.
        value: Of any kind; it may come from anywhere.
        given: Fields that are not in the value.

    Raises:
        BrokenValue: The value is of another kind, or lacks a member, or has one that is unknown.
    """
    if type(value) is not dict:
        raise BrokenValue(f"an object is wanted, not {_shown(value)}")
    made = dict(given)
    shape: Any = kind
    members = {name: member for name, member in _members(shape).items() if name not in given}
    for unknown in value.keys() - set(members.values()):
        raise BrokenValue(f"{unknown!r} is unknown here")
    readers = _readers(shape)
    for name, member in members.items():
        if member not in value:
            raise BrokenValue(f"{member!r} is missing")
        try:
            made[name] = readers[name](value[member])
        except BrokenValue as broken:
            raise broken.within(member) from None
    return kind(**made)


def items_from_plain(value: Any, read: Callable[[Any], T]) -> list[T]:
    """A list, each item read by a function.

    Raises:
        BrokenValue: It is no list, or the function raises it.
    """
    if type(value) is not list:
        raise BrokenValue(f"a list is wanted, not {_shown(value)}")
    items = []
    for place, item in enumerate(value):
        try:
            items.append(read(item))
        except BrokenValue as broken:
            raise broken.within(place) from None
    return items


@cache
def _members(kind: type) -> dict[str, str]:
    """Names of fields, and those of the members that hold them."""
    return {field.name: field.name.lstrip("_") for field in fields(kind)}


@cache
def _readers(kind: type) -> dict[str, _Reader]:
    hints = get_type_hints(kind)
    return {name: reader_of(hints[name]) for name in _members(kind)}


@cache
def reader_of(kind: Any) -> _Reader:
    """A function that reads values of an annotated type.

    Raises:
        TypeError: Values of that type have no plain form.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if origin in (Union, types.UnionType) and len(arguments) == 2 and arguments[1] is type(None):
        return _optional(reader_of(arguments[0]))
    if origin in (list, tuple) and (origin is list or arguments[1:] == (...,)):
        return _list_reader(origin, reader_of(arguments[0]))
    if origin in (dict, Mapping):
        return _dict_reader(_number_in_text if arguments[0] is int else _text, reader_of(arguments[1]))
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    raise TypeError(f"{kind} has no plain form")


def _dataclass_reader(kind: Any) -> _Reader:
    return lambda value: from_plain(kind, value)


def _optional(read: _Reader) -> _Reader:
    return lambda value: None if value is None else read(value)


def _list_reader(make: Callable[[list[Any]], Any], read: _Reader) -> _Reader:
    return lambda value: make(items_from_plain(value, read))


def _dict_reader(read_key: _Reader, read: _Reader) -> _Reader:
    def read_dict(value: Any) -> dict[Any, Any]:
        if type(value) is not dict:
            raise BrokenValue(f"an object is wanted, not {_shown(value)}")
        made = {}
        for key, item in value.items():
            try:
                made[read_key(key)] = read(item)
            except BrokenValue as broken:
                raise broken.within(str(key)) from None
        return made

    return read_dict


def _text(value: Any) -> str:
    if type(value) is not str:
        raise BrokenValue(f"a text is wanted, not {_shown(value)}")
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise BrokenValue(f"true or false is wanted, not {_shown(value)}")
    return value


def _number(value: Any) -> int:
    if type(value) is not int or not -(2**31) <= value < 2**31:
        raise BrokenValue(f"a whole number of 32 bits is wanted, not {_shown(value)}")
    return value


def _number_in_text(value: Any) -> int:
    if not _WHOLE_NUMBER.fullmatch(_text(value)):
        raise BrokenValue(f"a whole number is wanted, not {_shown(value)}")
    return _number(int(value))


def _time(value: Any) -> datetime:
    try:
        time = datetime.fromisoformat(_text(value))
    except ValueError as problem:
        if isinstance(problem, BrokenValue):
            raise
        time = None
    if time is None or time.tzinfo is None:
        raise BrokenValue(f"a time with its zone is wanted, not {_shown(value)}")
    return time


def read_duration(value: Any) -> timedelta:
    """A duration, which stands as a number of seconds in a text.

    Raises:
        BrokenValue: It is something else.
    """
    found = _SECONDS.fullmatch(_text(value))
    try:
        if found:
            length = timedelta(seconds=int(found[2]), microseconds=int((found[3] or "").ljust(6, "0")))
            return -length if found[1] else length
    except OverflowError:
        pass
    raise BrokenValue(f"a number of seconds in a text is wanted, not {_shown(value)}")


def _seconds(length: timedelta) -> str:
    """Exact, as a float of seconds would not be."""
    sign, length = ("-", -length) if length < timedelta(0) else ("", length)
    whole = f"{sign}{length.days * 86400 + length.seconds}"
    return f"{whole}.{length.microseconds:06d}".rstrip("0") if length.microseconds else whole


def _shown(value: Any) -> str:
    # What is not a text is described only: it may be as large as a whole file.
    return repr(value)[:60] if value is None or isinstance(value, str | int | float) else f"a {type(value).__name__}"


_SIMPLE: Final[Mapping[Any, _Reader]] = {
    str: _text,
    int: _number,
    bool: _flag,
    datetime: _time,
    timedelta: read_duration,
}
