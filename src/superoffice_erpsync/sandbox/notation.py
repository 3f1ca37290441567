"""The vendor's form of values: `[I:1]`, `[F:1.5]`, `[DT:12/31/2013 23:59:59.0000000]`; texts and list ids raw."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

_INTEGER: Final = re.compile(r"\[I:(-?[0-9]{1,10})\]")
_DOUBLE: Final = re.compile(r"\[F:(-?[0-9]+(?:\.[0-9]+)?(?:E[+-][0-9]{1,3})?)\]")
"""With an exponent, as .NET writes what is very large or very small: `[F:1E+16]`."""
_DATE: Final = re.compile(r"\[DT:([0-9]{2}/[0-9]{2}/[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,7})?\]")
_FORMS: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "Integer": (_INTEGER, "[I:1]"),
    "Double": (_DOUBLE, "[F:1.5]"),
    "Date": (_DATE, "[DT:12/31/2013 23:59:59.0000000]"),
}


def why_malformed(field_type: str, value: str) -> str | None:
    """What is wrong with a value for a type of field; None where nothing is, as with any blank."""
    form = _FORMS.get(field_type)
    if form is None or not value:
        return None
    pattern, example = form
    if pattern.fullmatch(value) and (field_type != "Date" or _date_of(value)):
        return None
    return f"{value[:60]!r} is no {field_type} value in the form {example}"


def shown(value: str) -> str:
    """A value as a user would read it; a date as year-month-day."""
    for pattern in (_INTEGER, _DOUBLE):
        found = pattern.fullmatch(value)
        if found:
            return found[1]
    date = _date_of(value)
    if date is None:
        return value
    return date.isoformat(" ") if date.time() != datetime.min.time() else date.date().isoformat()


def _date_of(value: str) -> datetime | None:
    found = _DATE.fullmatch(value)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], "%m/%d/%Y %H:%M:%S")  # noqa: DTZ007 - the form has no zone
    except ValueError:
        return None
