"""What a caller asks of texts and dates in an answer: a language, a time zone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from superoffice_erpsync.sandbox.time_zones import in_zone, zone_of

_SEVERAL_LANGUAGES: Final = re.compile(r'(?:[A-Z]{2}:"[^"]*"[;\s]*)+')
_ONE_LANGUAGE: Final = re.compile(r'([A-Z]{2}):"([^"]*)"')
_CODES: Final = {"en": "US", "nb": "NO", "nn": "NO", "no": "NO", "sv": "SW", "da": "DA", "de": "GE"}
"""By iso2 language: the code that texts in several languages use. Any other language's is its own in capitals."""

_UNTRANSLATED: Final = frozenset({"*", "x"})


@dataclass(frozen=True, slots=True)
class Presentation:
    """The form of texts and dates in one answer."""

    languages: tuple[str, ...] = ()
    """Codes as the texts use them, best first; none leaves the texts as they are."""
    zone: tzinfo = UTC
    with_offset: bool = False

    def text(self, text: str) -> str:
        """The text in the best language it has, where it has several and one of those wanted."""
        if not self.languages or not _SEVERAL_LANGUAGES.fullmatch(text):
            return text
        by_code: dict[str, str] = dict(_ONE_LANGUAGE.findall(text))
        return next((by_code[code] for code in self.languages if code in by_code), text)

    def date(self, date: datetime) -> str:
        """The date in the wanted zone."""
        there = in_zone(date, self.zone)
        if not self.with_offset:
            return there.replace(tzinfo=None).isoformat()
        return there.isoformat().replace("+00:00", "Z")


def presentation(headers: Mapping[str, str]) -> Presentation:
    """What the request's headers ask for."""
    code, _, more = headers.get("so-timezone", "").partition(",")
    return Presentation(
        languages=_languages(headers),
        zone=zone_of(code.strip().upper()),
        with_offset="includetzoffset" in (code + more).lower(),
    )


def time_zone_members(headers: Mapping[str, str]) -> dict[str, Any] | None:
    """The members of SoTimeZone that stand for the header; None where there is none."""
    code = headers.get("so-timezone", "").partition(",")[0].strip()
    if not code:
        return None
    number = int(code) if code.isascii() and code.isdecimal() and len(code) < 10 else 0
    return {"SoTimeZoneId": number, "SoTimeZoneLocationCode": None if number else code}


def _languages(headers: Mapping[str, str]) -> tuple[str, ...]:
    wanted = headers.get("so-language") or headers.get("accept-language", "")
    weighted: list[tuple[float, str]] = []
    for part in wanted.split(","):
        name, _, weight = part.partition(";")
        language = name.strip().partition("-")[0].lower()
        if language in _UNTRANSLATED:
            break
        if language:
            weighted.append((_weight(weight), _CODES.get(language, language.upper())))
    return tuple(code for _, code in sorted(weighted, key=lambda entry: -entry[0]))


def _weight(text: str) -> float:
    found = re.fullmatch(r"\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*", text)
    return float(found[1]) if found else 1.0
