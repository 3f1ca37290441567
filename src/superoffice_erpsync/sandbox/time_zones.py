"""Dates in the time zone that a caller asks for; the installation's own is UTC."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_ZONES: Final = {
    "NO": "Europe/Oslo",
    "261": "Europe/Oslo",
    "SE": "Europe/Stockholm",
    "DK": "Europe/Copenhagen",
    "DE": "Europe/Berlin",
    "NL": "Europe/Amsterdam",
    "CH": "Europe/Zurich",
    "GB": "Europe/London",
    "US": "America/New_York",
}
"""By location code, or by id in digits."""


def zone_of(code: str) -> tzinfo:
    """The zone of a location code or an id; one that is not known here is taken for the installation's own."""
    try:
        return ZoneInfo(_ZONES[code]) if code in _ZONES else UTC
    except ZoneInfoNotFoundError:
        # Windows has no zones of its own, and the package that brings them need not be there.
        return UTC


def in_zone(date: datetime, zone: tzinfo) -> datetime:
    """The same time as seen there; a date without a zone is one of the installation's own."""
    if date.year in (MINYEAR, MAXYEAR):
        return date  # It stands for no date at all.
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(zone)


def dates_in_zone(value: Any, zone: tzinfo) -> Any:
    """A copy of plain values with each date as a clock there shows it, without its zone."""
    if isinstance(value, dict):
        return {name: dates_in_zone(item, zone) for name, item in value.items()}
    if isinstance(value, list):
        return [dates_in_zone(item, zone) for item in value]
    return in_zone(value, zone).replace(tzinfo=None) if isinstance(value, datetime) else value
