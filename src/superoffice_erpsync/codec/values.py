"""Single values as XML Schema and .NET's JSON write them: numbers, booleans, durations, dates, texts, rights.

Reading is strict: what the type does not allow raises ValueError with a reason, never a guess.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from superoffice_erpsync.models import EFieldRight, ETableRight

XML_SPACE = " \t\r\n"

INT_MIN, INT_MAX = -(2**31), 2**31 - 1

# As texts: Python compiles them when they are used first, which most never are, and keeps what it has compiled.
_INT = r"[+-]?[0-9]{1,40}"
_DURATION = (
    r"(?a)(?P<sign>-)?P(?=.)(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)(?:\.(?P<fraction>\d+))?S)?)?"
)
_CALENDAR_DURATION = r"(?a)-?P(?=\d+[YM])(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T.*)?"
_TIME_SPAN = (
    r"(?a)(?P<sign>-)?(?:(?P<days>\d+)\.)?"
    r"(?P<hours>\d{1,2}):(?P<minutes>\d{2}):(?P<seconds>\d{2})(?:\.(?P<fraction>\d{1,7}))?"
)
_DATE_TIME = r"(?a)(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:(Z)|([+-])(\d{2})(:?)(\d{2}))?"
_BASE64 = r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
_WORDS = f"[^{XML_SPACE}]+"
# Said by what it is, not by what it is not: Python takes ten times as long to compile the other.
_NOT_IN_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"

NO_DATE = "0001-01-01T00:00:00"
"""How the wire writes "no date"."""


# -- numbers and booleans ----------------------------------------------------------------------------------------------


def parse_int(text: str) -> int:
    """An xs:int."""
    if len(text) < 10 and text.isdigit() and text.isascii():
        return int(text)  # nearly all there are: what is checked below holds for them
    text = text.strip(XML_SPACE)
    if not re.fullmatch(_INT, text):
        raise ValueError("not an integer" if text else "empty where a number is due")
    number = int(text)
    if not INT_MIN <= number <= INT_MAX:
        raise ValueError("outside the 32 bits of an integer")
    return number


_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def parse_boolean(text: str) -> bool:
    """An xs:boolean."""
    text = text.strip(XML_SPACE)
    try:
        return _BOOLEANS[text]
    except KeyError:
        raise ValueError("not true, false, 1 or 0" if text else "empty where true or false is due") from None


# -- durations ---------------------------------------------------------------------------------------------------------


def _timedelta(match: re.Match[str]) -> timedelta:
    parts = {unit: int(match[unit] or 0) for unit in ("days", "hours", "minutes", "seconds")}
    microseconds = int((match["fraction"] or "")[:6].ljust(6, "0"))
    try:
        duration = timedelta(**parts, microseconds=microseconds)
    except OverflowError:
        raise ValueError("longer than any duration can be") from None
    return -duration if match["sign"] else duration


def parse_duration(text: str) -> timedelta:
    """An xs:duration of days and time. A seventh fraction digit is cut."""
    text = text.strip(XML_SPACE)
    match = re.fullmatch(_DURATION, text) if len(text) <= 100 else None
    if match is None:
        if text and re.fullmatch(_CALENDAR_DURATION, text):
            raise ValueError("a duration with years or months has no fixed length")
        raise ValueError("not a duration" if text else "empty where a duration is due")
    return _timedelta(match)


def format_duration(duration: timedelta) -> str:
    """As xs:duration, for example `PT15M`."""
    sign, days, hours, minutes, seconds, fraction = _split(duration)
    date = f"{days}D" if days else ""
    time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or fraction:
        time += f"{seconds}{'.' + fraction if fraction else ''}S"
    if not date and not time:
        return "PT0S"
    return f"{sign}P{date}{'T' + time if time else ''}"


def parse_time_span(text: str) -> timedelta:
    """A .NET TimeSpan, `[-][d.]hh:mm:ss[.fffffff]`, or an xs:duration, which the vendor's own client sends."""
    text = text.strip(XML_SPACE)
    match = re.fullmatch(_TIME_SPAN, text) if len(text) <= 100 else None
    if match is None:
        if "P" in text:
            return parse_duration(text)
        raise ValueError("not a time span as in 00:15:00" if text else "empty where a time span is due")
    if int(match["hours"]) > 23 or int(match["minutes"]) > 59 or int(match["seconds"]) > 59:
        raise ValueError("not a time span: hours, minutes or seconds are out of range")
    return _timedelta(match)


def format_time_span(duration: timedelta) -> str:
    """As .NET writes a TimeSpan: `00:15:00`, `1.02:03:04.5000000`."""
    sign, days, hours, minutes, seconds, fraction = _split(duration)
    text = f"{sign}{f'{days}.' if days else ''}{hours:02}:{minutes:02}:{seconds:02}"
    return text + (f".{fraction.ljust(7, '0')}" if fraction else "")


def _split(duration: timedelta) -> tuple[str, int, int, int, int, str]:
    sign = "-" if duration < timedelta() else ""
    duration = abs(duration)
    minutes, seconds = divmod(duration.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f"{duration.microseconds:06}".rstrip("0")
    return sign, duration.days, hours, minutes, seconds, fraction


# -- dates -------------------------------------------------------------------------------------------------------------


def parse_date_time(text: str, *, bare_offset: bool = False) -> datetime | None:
    """An xs:dateTime, with or without an offset; None for the date that stands for none. A seventh digit is cut.

    Args:
        text: The text.
        bare_offset: Allow offsets without a colon, which REST writes and XML Schema does not know.
    """
    text = text.strip(XML_SPACE)
    match = re.fullmatch(_DATE_TIME, text) if len(text) <= 100 else None
    if match is None or (match[9] and not match[11] and not bare_offset):
        raise ValueError("not a date and time" if text else "empty where a date is due")
    year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
    microsecond = int((match[7] or "")[:6].ljust(6, "0"))
    zone: timezone | None = None
    if match[8]:
        zone = UTC
    elif match[9]:
        offset = timedelta(hours=int(match[10]), minutes=int(match[12]))
        if int(match[12]) > 59 or offset > timedelta(hours=14):
            raise ValueError("not a date and time: the offset is out of range")
        zone = timezone(-offset if match[9] == "-" else offset)
    midnight_after = (hour, minute, second) == (24, 0, 0) and not (match[7] or "").strip("0")
    try:
        moment = datetime(year, month, day, 0 if midnight_after else hour, minute, second, microsecond, zone)
        if midnight_after:
            moment += timedelta(days=1)
    except (ValueError, OverflowError):
        raise ValueError("not a date and time: there is no such day or hour") from None
    if moment.replace(tzinfo=None) == datetime(1, 1, 1):
        return None
    return moment


def format_date_time(moment: datetime | None) -> str:
    """As xs:dateTime; the date that stands for none where there is none."""
    if moment is None:
        return NO_DATE
    offset = moment.utcoffset()
    text = moment.replace(tzinfo=None).isoformat(timespec="seconds")
    if moment.microsecond:
        text += f".{moment.microsecond:06}".rstrip("0")
    if offset is None:
        return text
    if offset % timedelta(minutes=1) or abs(offset) > timedelta(hours=14):
        raise ValueError("an offset that is not in whole minutes or above 14 hours cannot be written")
    if not offset:
        return text + "Z"
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{text}{'-' if offset < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"


# -- bytes and texts ---------------------------------------------------------------------------------------------------


def parse_base64(text: str) -> bytes:
    """An xs:base64Binary, white space inside allowed."""
    digits = "".join(re.findall(_WORDS, text))
    if not re.fullmatch(_BASE64, digits):
        # Python itself would take padding that is one too many.
        raise ValueError("not base64")
    return base64.b64decode(digits)


def format_base64(data: bytes) -> str:
    """As xs:base64Binary."""
    return base64.b64encode(data).decode("ascii")


def is_text(text: str) -> bool:
    """Whether XML can carry the text."""
    # What can be printed is fine, and nearly all there is.
    return text.isprintable() or re.search(_NOT_IN_XML, text) is None


def check_text(text: str) -> None:
    """Raise ValueError where XML cannot carry the text."""
    found = None if text.isprintable() else re.search(_NOT_IN_XML, text)
    if found:
        raise ValueError(f"has the character U+{ord(found[0]):04X} at position {found.start()}, which XML cannot carry")


# -- rights ------------------------------------------------------------------------------------------------------------

Right = type[ETableRight] | type[EFieldRight]

# The vendor's other names for single bits and for combinations of them.
_ALIASES: dict[Right, dict[str, int]] = {
    ETableRight: {
        "None": 0, "R": 1, "UR": 3, "RI": 5, "URI": 7, "UDR": 11, "FULL": 15, "F": 16, "RF": 17, "FI": 20,
        "URU": 34, "WRITE": 38,
    },
    EFieldRight: {"None": 0, "FULL": 3, "Update": 3, "Nullable": 32, "UIHints": 192},
}  # fmt: skip


@lru_cache(maxsize=512)
def _rights(names: tuple[str, ...], right: Right) -> frozenset[str]:
    members = list(right)
    found: set[str] = set()
    for name in names:
        bits = _ALIASES[right].get(name)
        if bits is None:
            found.add(right.keep(name) if name in members else name)
        else:
            found.update(member for place, member in enumerate(members) if bits >> place & 1)
    return frozenset(found)


def parse_mask(text: str, right: Right) -> frozenset[str]:
    """Names separated by white space, as SOAP writes rights."""
    if "," in text:
        raise ValueError("a comma in a list of rights that white space should separate")
    return _rights(tuple(re.findall(_WORDS, text)), right)


def parse_mask_names(text: str, right: Right) -> frozenset[str]:
    """Names separated by commas, as JSON writes rights. Combined names become single ones."""
    names = tuple(name for part in text.split(",") if (name := part.strip(XML_SPACE)))
    if any(space in name for name in names for space in XML_SPACE):
        raise ValueError("blanks between rights, where commas are due")
    return _rights(names, right)


def mask_names(mask: Iterable[str], right: Right) -> list[str]:
    """Single names in the order of their bits, unknown ones last, as both wires want them."""
    order = {member.value: place for place, member in enumerate(right)}
    names = {str(name) for name in _rights(tuple(str(name) for name in mask), right)}
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))
