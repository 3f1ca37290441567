"""Values of fields in the vendor's notation: `[I:1]`, `[F:1.5]`, `[DT:12/31/2013 23:59:59.0000000]`.

| Python | written | read as well |
|---|---|---|
| `int`, `bool` (1 and 0) | `[I:1]` | |
| `Decimal`, `float` | `[F:1.5]` | `[M:1.5]`, an amount of money |
| `datetime` without an offset, `date` | `[DT:12/31/2013 23:59:59.0000000]` | `[D:12/31/2013]`, as a `date` |
| `bytes` | `[B:…]`, Base64 | |
| `str` | as it is: texts, and ids of lists | |

The notation is the same whatever the culture of machine or user. A date has no offset: it is in the time zone of the
installation. What the vendor does not describe is refused instead of guessed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeAlias

from superoffice_erpsync.errors import InvalidRequest, Outcome, ProtocolError
from superoffice_erpsync.models import FieldMetadataType

Value: TypeAlias = str | int | Decimal | datetime | date | bytes | None
"""What a packed value stands for."""

_PACKED: Final = re.compile(r"\[([A-Z]{1,2}):(.*)\]", re.DOTALL)
_INTEGER: Final = re.compile(r"-?[0-9]{1,10}")
_DOUBLE: Final = re.compile(r"-?[0-9]{1,400}(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,3})?")
_DATE: Final = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_MOMENT: Final = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,7}))?")
_MOST_DIGITS: Final = 400
"""Before and after the point: more than any double has."""

_RAW: Final = (
    FieldMetadataType.TEXT,
    FieldMetadataType.PASSWORD,
    FieldMetadataType.LIST,
    FieldMetadataType.LABEL,
)
_MARKERS: Final[Mapping[FieldMetadataType, tuple[str, ...]]] = {
    FieldMetadataType.CHECKBOX: ("I",),
    FieldMetadataType.INTEGER: ("I",),
    FieldMetadataType.DOUBLE: ("F",),
    FieldMetadataType.DATE: ("DT", "D"),
}


def unpack_value(packed: str | None, field_type: FieldMetadataType | None = None) -> Value:
    """The Python value of a value in the vendor's notation.

    Args:
        packed: The value as it came, such as `ErpSyncFieldValue.value` or `FieldMetadata.default_value`.
        field_type: Kind of the field, where it is known: texts and ids of lists are returned as they are then, a
            checkbox is a bool, and a blank value of any other kind is None. Without it the notation alone decides.

    Returns:
        An int, bool, Decimal, datetime, date, bytes or str, see the table at the top; None for None.

    Raises:
        ProtocolError: It is not in the notation, or not in the form of this kind of field.
    """
    if packed is None or field_type in _RAW:
        return packed
    markers = None if field_type is None else _MARKERS.get(field_type)
    if markers is not None and not packed.strip():
        return None
    found = _PACKED.fullmatch(packed)
    if found is None:
        if markers is None:
            return packed
        raise _unreadable(packed, f"a value of type {field_type} begins with [{markers[0]}: and ends with ]")
    marker, content = found.groups()
    if marker not in _READERS or (markers is not None and marker not in markers):
        kind = f"a value of type {field_type}" if markers is not None else "a value"
        raise _unreadable(
            packed, f"nothing says how to read {kind} marked {marker}", _AS_A_TEXT if not markers else None
        )
    value: Value = _READERS[marker](content)
    if value is None:
        raise _unreadable(packed, f"it has no content that {marker} allows")
    if field_type == FieldMetadataType.CHECKBOX:
        if value not in (0, 1):
            raise _unreadable(packed, "a checkbox is 1 or 0")
        return bool(value)
    return value


def pack_value(value: Value | float, field_type: FieldMetadataType | None = None) -> str:
    """A Python value in the vendor's notation.

    Args:
        value: The value; None for a blank one. A date is written as the beginning of its day.
        field_type: Kind of the field, where it is known: a value that does not suit it is refused, and a text is
            written as it is even if it looks like another value. Without it the type of the value decides.

    Returns:
        The value as fields take it.

    Raises:
        InvalidRequest: There is no notation for it: a time with an offset, a number that is none or has no room in 32
            bits, a text that would be read as something else.
    """
    if value is None:
        return ""
    suits = _SUITS.get(field_type) if field_type is not None else None
    if suits is not None and (not isinstance(value, suits) or (isinstance(value, bool) and bool not in suits)):
        raise InvalidRequest(f"a {type(value).__name__} is no value of type {field_type}")
    match value:
        case str():
            if field_type not in _RAW and _PACKED.fullmatch(value):
                raise InvalidRequest(f"the text {value[:60]!r} would be read as another value", hint=_AS_A_TEXT)
            return value
        case int() if field_type != FieldMetadataType.DOUBLE:
            if not -(2**31) <= value < 2**31:
                raise InvalidRequest(f"{value} does not fit in 32 bits")
            return f"[I:{int(value)}]"
        case int() | float() | Decimal():
            return f"[F:{_fixed(value)}]"
        case date():
            return f"[DT:{_moment(value)}]"
        case bytes():
            return f"[B:{base64.b64encode(value).decode('ascii')}]"
    raise InvalidRequest(f"there is no notation for a {type(value).__name__}")


_AS_A_TEXT: Final = "if it is a text, say field_type=FieldMetadataType.TEXT"
_SUITS: Final[Mapping[FieldMetadataType, tuple[type, ...]]] = {
    **dict.fromkeys(_RAW, (str,)),
    FieldMetadataType.CHECKBOX: (bool,),
    FieldMetadataType.INTEGER: (int,),
    FieldMetadataType.DOUBLE: (int, float, Decimal),
    FieldMetadataType.DATE: (date,),
}


def _fixed(value: int | float | Decimal) -> str:
    # By its shortest text: a float of 0.1 is written so, not with all the digits of its binary form.
    # By float's own: that of NumPy's, which are floats too, says more than the number.
    number = Decimal(float.__repr__(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise InvalidRequest(f"{value} is no number that a field can hold")
    exponent = number.as_tuple().exponent
    if abs(number.adjusted()) >= _MOST_DIGITS or (isinstance(exponent, int) and abs(exponent) >= _MOST_DIGITS):
        raise InvalidRequest("the number has more digits than a field can hold")
    return f"{number:f}"


def _moment(value: date) -> str:
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if value.tzinfo is not None:
        raise InvalidRequest(
            "a date of a field has no offset, and this one has",
            hint="convert it to the time zone of the installation, then drop it: value.replace(tzinfo=None)",
        )
    day = f"{value.month:02d}/{value.day:02d}/{value.year:04d}"
    return f"{day} {value.hour:02d}:{value.minute:02d}:{value.second:02d}.{value.microsecond:06d}0"


def _read_integer(content: str) -> int | None:
    number = int(content) if _INTEGER.fullmatch(content) else 2**31
    return number if -(2**31) <= number < 2**31 else None


def _read_double(content: str) -> Decimal | None:
    return Decimal(content) if _DOUBLE.fullmatch(content) else None


def _read_date(content: str) -> date | None:
    found = _DATE.fullmatch(content)
    try:
        return date(int(found[3]), int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def _read_moment(content: str) -> datetime | None:
    found = _MOMENT.fullmatch(content)
    if found is None:
        return None
    month, day, year, hour, minute, second = map(int, found.groups()[:6])
    # .NET counts in ten-millionths of a second, Python in millionths.
    microsecond = int((found[7] or "").ljust(6, "0")[:6])
    try:
        return datetime(year, month, day, hour, minute, second, microsecond)
    except ValueError:
        return None


def _read_bytes(content: str) -> bytes | None:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return None


_READERS: Final[Mapping[str, Callable[[str], Value]]] = {
    "I": _read_integer,
    "F": _read_double,
    "M": _read_double,
    "D": _read_date,
    "DT": _read_moment,
    "B": _read_bytes,
}


def _unreadable(packed: str, why: str, hint: str | None = None) -> ProtocolError:
    # No call failed here: whatever brought the value went well.
    return ProtocolError(f"the value {packed[:60]!r} cannot be read: {why}", outcome=Outcome.NOT_SENT, hint=hint)
