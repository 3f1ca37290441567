"""Single values in JSON and the plain Python values they stand for, which are those of the SOAP side.

| type | in JSON |
|---|---|
| xs:int, xs:boolean | number, true or false |
| xs:string, an enumeration | text |
| a mask of rights | text, names joined by `, ` |
| xs:dateTime | text, `2026-03-31T18:00:00` |
| a duration | text, `[-][d.]hh:mm:ss[.fffffff]`; `PT15M` is read too |
| xs:base64Binary | text |
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Final

from superoffice_erpsync.sandbox.rest.masks import read_mask, write_mask
from superoffice_erpsync.sandbox.rest.presentation import Presentation
from superoffice_erpsync.sandbox.soap import values as xml
from superoffice_erpsync.sandbox.soap.contract import Scalar

_TIME_SPAN: Final = re.compile(
    r"(?P<sign>-?)(?:(?P<days>[0-9]{1,8})\.)?(?P<hours>[01][0-9]|2[0-3]):(?P<minutes>[0-5][0-9]):(?P<seconds>[0-5][0-9])"
    r"(?:\.(?P<fraction>[0-9]{1,7}))?"
)
_KINDS: Final = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "an array"}


def read_scalar(scalar: Scalar, value: Any) -> xml.PlainScalar:
    """The value of a JSON value that is not null.

    Raises:
        ValueError: It is of another kind, or says nothing the type allows; the message names no place.
    """
    match scalar.kind, value:
        case "int", int() if not isinstance(value, bool):
            return _in_32_bits(value)
        case "boolean", bool():
            return value
        case "string", str():
            return _sound(value)
        case "enumeration", str() if value in scalar.allowed:
            return value
        case "enumeration", str():
            raise ValueError(f"{value[:40]!r} is not a name of {scalar.name}")
        case "mask", str():
            return read_mask(scalar.name, value)
        case "duration", str():
            return _read_duration(scalar, value)
        case "dateTime" | "base64Binary", str():
            return xml.read_scalar(scalar, value)
    raise ValueError(f"{kind_of(value)} stands where {_wanted(scalar)} is wanted")


def write_scalar(scalar: Scalar, value: object, form: Presentation) -> Any:
    """The JSON value of a value.

    Raises:
        TypeError: The value is of no kind that this type can carry.
        ValueError: An enumeration or a mask has no such name, or a number has no room.
    """
    match scalar.kind, value:
        case "string", str():
            return form.text(value)
        case "mask", list() | tuple():
            return write_mask(scalar.name, value)
        case "duration", timedelta():
            return _write_time_span(value)
        case "dateTime", datetime():
            return form.date(value)
    # Its checks are wanted for all; its text only where JSON has no better form.
    text = xml.write_scalar(scalar, value)
    return value if scalar.kind in ("int", "boolean") else text


def kind_of(value: Any) -> str:
    """What a JSON value is, in words that do not show it."""
    return "null" if value is None else _KINDS.get(type(value), "an object")


def _wanted(scalar: Scalar) -> str:
    return {"int": "a whole number", "boolean": "true or false", "string": "a text"}.get(
        scalar.kind, f"a text for {scalar.name}"
    )


def _in_32_bits(number: int) -> int:
    if not -(2**31) <= number < 2**31:
        raise ValueError("the number does not fit in 32 bits")
    return number


def _sound(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("the text holds half a character") from None
    return text


def _read_duration(scalar: Scalar, text: str) -> xml.PlainScalar:
    found = _TIME_SPAN.fullmatch(text.strip())
    if found is None:
        try:
            return xml.read_scalar(scalar, text)
        except ValueError:
            raise ValueError(f"{text[:40]!r} is of neither form, hh:mm:ss or PT15M") from None
    size = timedelta(
        days=int(found["days"] or 0),
        hours=int(found["hours"]),
        minutes=int(found["minutes"]),
        seconds=int(found["seconds"]),
        microseconds=int((found["fraction"] or "").ljust(6, "0")[:6]),
    )
    return -size if found["sign"] else size


def _write_time_span(value: timedelta) -> str:
    sign, size = ("-", -value) if value < timedelta(0) else ("", value)
    minutes, seconds = divmod(size.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days = f"{size.days}." if size.days else ""
    fraction = f".{size.microseconds:06d}0" if size.microseconds else ""
    return f"{sign}{days}{hours:02d}:{minutes:02d}:{seconds:02d}{fraction}"
