"""Texts of XML Schema and the plain Python values they stand for.

| type | value |
|---|---|
| xs:int, xs:boolean, xs:string, an enumeration | int, bool, str, str |
| a mask of rights | list of names |
| xs:dateTime | datetime, or None for 0001-01-01T00:00:00, which means no date |
| a duration | timedelta |
| xs:base64Binary | bytes |
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from superoffice_erpsync.sandbox.soap.contract import Scalar

NO_DATE: Final = "0001-01-01T00:00:00"

PlainScalar = int | bool | str | list[str] | datetime | timedelta | bytes | None

_XML_BLANKS = " \t\r\n"
_INT = re.compile(r"[+-]?[0-9]+")
_DATE_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.(?P<fraction>[0-9]{1,7}))?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?"
    r"(?:(?P<seconds>[0-9]+)(?:\.(?P<fraction>[0-9]+))?S)?)?"
)


def read_scalar(scalar: Scalar, text: str) -> PlainScalar:
    """The value of a text.

    Raises:
        ValueError: The text is not one the type allows; the message says so without naming a place.
    """
    match scalar.kind:
        case "string":
            return text
        case "int":
            return _read_int(text)
        case "boolean":
            return _read_boolean(text)
        case "enumeration":
            if text not in scalar.allowed:
                raise ValueError(f"{text!r} is not a name of {scalar.name}")
            return text
        case "mask":
            return _read_mask(scalar, text)
        case "dateTime":
            return _read_date_time(text)
        case "duration":
            return _read_duration(text)
        case "base64Binary":
            try:
                return base64.b64decode("".join(text.split()), validate=True)
            except binascii.Error:
                raise ValueError("the text is not xs:base64Binary") from None


def default_scalar(scalar: Scalar) -> PlainScalar:
    """What an absent element means: .NET's default for a value type, None for the others."""
    match scalar.kind:
        case "int":
            return 0
        case "boolean":
            return False
        case "enumeration":
            return scalar.allowed[0]
        case "mask":
            return []
        case "duration":
            return timedelta(0)
        case "string" | "base64Binary" | "dateTime":
            return None


def write_scalar(scalar: Scalar, value: object) -> str:
    """The text of a value.

    Raises:
        TypeError: The value is of no kind that this type can carry.
        ValueError: An enumeration or a mask has no such name, or a number has no room.
    """
    match scalar.kind, value:
        case "string", str():
            return value
        case "boolean", bool():
            return "true" if value else "false"
        case "int", int() if not isinstance(value, bool):
            return str(_in_32_bits(value))
        case "enumeration", str() if value in scalar.allowed:
            return value
        case "mask", list() | tuple() if all(name in scalar.allowed for name in value):
            return " ".join(value)
        case "dateTime", None:
            return NO_DATE
        case "dateTime", datetime():
            return _write_date_time(value)
        case "duration", timedelta():
            return _write_duration(value)
        case "base64Binary", bytes():
            return base64.b64encode(value).decode("ascii")
        case "enumeration" | "mask", str() | list() | tuple():
            raise ValueError(f"{value!r} is not of {scalar.name}")
    raise TypeError(f"{type(value).__name__} cannot be written as {scalar.name}")


def _in_32_bits(number: int) -> int:
    if not -(2**31) <= number < 2**31:
        raise ValueError(f"{number} does not fit in the 32 bits of xs:int")
    return number


def _read_int(text: str) -> int:
    stripped = text.strip(_XML_BLANKS)
    # The length is bounded first: int() refuses texts of thousands of digits with an error of its own.
    if not _INT.fullmatch(stripped) or len(stripped) > 100:
        raise ValueError(f"{stripped[:40]!r} is not an xs:int")
    return _in_32_bits(int(stripped))


def _read_boolean(text: str) -> bool:
    stripped = text.strip(_XML_BLANKS)
    if stripped not in ("true", "false", "1", "0"):
        raise ValueError(f"{stripped[:40]!r} is not an xs:boolean")
    return stripped in ("true", "1")


def _read_mask(scalar: Scalar, text: str) -> list[str]:
    names = [name for name in text.split(" ") if name]
    for name in names:
        if name not in scalar.allowed:
            raise ValueError(f"{name!r} is not a name of {scalar.name}, whose names are separated by blanks")
    return names


def _read_date_time(text: str) -> datetime | None:
    stripped = text.strip(_XML_BLANKS)
    found = _DATE_TIME.fullmatch(stripped)
    if found is None:
        raise ValueError(f"{stripped[:40]!r} is not an xs:dateTime")
    if found["date"] == NO_DATE:
        return None
    micros = (found["fraction"] or "").ljust(6, "0")[:6]
    zone = (found["zone"] or "").replace("Z", "+00:00")
    return datetime.fromisoformat(f"{found['date']}.{micros}{zone}")


def _read_duration(text: str) -> timedelta:
    stripped = text.strip(_XML_BLANKS)
    found = _DURATION.fullmatch(stripped)
    if found is None or not any(found[part] for part in ("days", "hours", "minutes", "seconds")):
        raise ValueError(f"{stripped[:40]!r} is not a duration of days, hours, minutes and seconds")
    try:
        size = timedelta(
            days=int(found["days"] or 0),
            hours=int(found["hours"] or 0),
            minutes=int(found["minutes"] or 0),
            seconds=int(found["seconds"] or 0),
            microseconds=int((found["fraction"] or "").ljust(6, "0")[:6]),
        )
        return -size if found["sign"] else size
    except (OverflowError, ValueError):
        raise ValueError("the duration is too long") from None


def _write_date_time(value: datetime) -> str:
    if value.tzinfo is None:
        return value.isoformat()
    return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _write_duration(value: timedelta) -> str:
    sign, size = ("-", -value) if value < timedelta(0) else ("", value)
    minutes, seconds = divmod(size.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{size.microseconds:06d}".rstrip("0") if size.microseconds else ""
    days = f"{size.days}D" if size.days else ""
    time = "".join((f"{hours}H" if hours else "", f"{minutes}M" if minutes else ""))
    if seconds or fraction:
        time += f"{seconds}{fraction}S"
    if not days and not time:
        return "PT0S"
    return f"{sign}P{days}" + (f"T{time}" if time else "")
