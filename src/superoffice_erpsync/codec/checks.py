"""What may be sent, whichever wire carries it: each value checked against its kind before it is written.

The reasons never show a text, which may be secret.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from superoffice_erpsync.codec import values
from superoffice_erpsync.codec.problems import Unwritable
from superoffice_erpsync.models.wire_enum import WireEnum
from superoffice_erpsync.redaction import Secret


def wrong_kind(value: Any, wanted: str) -> Unwritable:
    """The problem of a value that is of another kind."""
    return Unwritable(f"must be {wanted}, not {type(value).__name__}")


def checked_text(value: Any) -> str:
    """A text that XML can carry, and so the installation can keep. A secret is revealed here, where it is written."""
    if isinstance(value, Secret):
        value = value.reveal()
    if not isinstance(value, str):
        raise wrong_kind(value, "a text")
    try:
        values.check_text(value)
    except ValueError as problem:
        raise Unwritable(str(problem)) from None
    return value


def checked_int(value: Any) -> int:
    """A whole number of 32 bits; numbers of other libraries will do, True and False will not."""
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise wrong_kind(value, "an integer") from None
    if not values.INT_MIN <= number <= values.INT_MAX:
        raise Unwritable(f"{number} is outside the 32 bits of an integer")
    return number


def checked_boolean(value: Any) -> bool:
    """True or False."""
    if not isinstance(value, bool):
        raise wrong_kind(value, "True or False")
    return value


def checked_duration(value: Any) -> timedelta:
    """A duration."""
    if not isinstance(value, timedelta):
        raise wrong_kind(value, "a timedelta")
    return value


def date_time_text(value: Any) -> str:
    """The text of a date, or of none."""
    if not (value is None or isinstance(value, datetime)):
        raise wrong_kind(value, "a datetime")
    try:
        return values.format_date_time(value)
    except ValueError as problem:
        raise Unwritable(str(problem)) from None


def checked_bytes(value: Any) -> bytes:
    """Bytes."""
    if not isinstance(value, bytes):
        raise wrong_kind(value, "bytes")
    return value


def checked_name(cls: type[WireEnum], value: Any) -> str:
    """The name of an enumeration's member: a known one, or one that a server sent and this release does not know."""
    if isinstance(value, cls):
        return checked_text(str(value))
    if isinstance(value, str) and not isinstance(value, WireEnum):
        if value in list(cls):
            return value
        raise Unwritable(f"{value!r} is not one of {', '.join(cls)}")
    raise wrong_kind(value, f"a member of {cls.__name__}")


def checked_rights(cls: values.Right, value: Any) -> list[str]:
    """Names of rights in the order of their bits."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise wrong_kind(value, "a set of names")
    given = [_right(name) for name in value]
    return values.mask_names(given, cls)


def _right(name: Any) -> str:
    if not isinstance(name, str):
        raise wrong_kind(name, "the name of a right")
    if not name or any(character in values.XML_SPACE or character == "," for character in checked_text(name)):
        raise Unwritable(f"{name!r} is not a name of a right")
    return name


def checked_list(value: Any) -> Iterable[Any]:
    """A list, or anything that gives items one by one; a text is none."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise wrong_kind(value, "a list")
    return value


def checked_mapping(value: Any) -> Mapping[Any, Any]:
    """A dictionary."""
    if not isinstance(value, Mapping):
        raise wrong_kind(value, "a dictionary")
    return value


def checked_model(cls: type[Any], value: Any) -> Any:
    """An instance of a dataclass."""
    if not isinstance(value, cls):
        raise wrong_kind(value, f"of class {cls.__name__}")
    return value
