"""Texts that hold several languages at once, as in `US:"Text";NO:"Tekst"`, and the one of them to show.

Names of connections and lists, labels of fields and explanations for users come like that, unless the server was asked
for one language. A text in one language only is such a text too: itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from superoffice_erpsync.errors import InvalidRequest

_CODE: Final = re.compile(r"[A-Z]{2}")
_ONE: Final = re.compile(r'([A-Z]{2}):"([^"]*)"')
_SEVERAL: Final = re.compile(r'\s*(?:[A-Z]{2}:"[^"]*"[;\s]*)+')
_CODES: Final[Mapping[str, str]] = {
    "en": "US",
    "nb": "NO",
    "nn": "NO",
    "sv": "SW",
    "de": "GE",
    "es": "SP",
    "cs": "CZ",
    "ja": "JP",
}
"""The CRM's codes of languages, where they are not the language's own two letters in capitals."""
_UNTRANSLATED: Final = ("*", "x")


def texts_by_language(packed: str | None) -> dict[str, str]:
    """All texts in a text that holds several languages.

    Args:
        packed: The text as it came.

    Returns:
        The texts by the CRM's codes (US, NO, SW, DA, GE, …), in their order. Nothing for a text in one language, and
        for one that gives a language twice, since nobody can tell which of the two counts.
    """
    if not packed or not _SEVERAL.fullmatch(packed):
        return {}
    pairs = _ONE.findall(packed)
    texts: dict[str, str] = dict(pairs)
    return texts if len(texts) == len(pairs) else {}


def text_in(packed: str | None, language: str | None = None, *, fallback: Sequence[str] = ("US",)) -> str:
    """A text in one language, for people to read.

    Args:
        packed: The text as it came, in one language or in several.
        language: The language that is wanted: the CRM's code (`NO`), a language (`nb`) or a culture (`nb-NO`). None
            for none in particular; `*` or `x`, as over REST, for the text as it came.
        fallback: Languages to take where the text has none in `language`, best first.

    Returns:
        The text in the first of these languages that it has and that is not blank, else in the first it has at all. A
        text in one language is returned as it is, and None as an empty one.
    """
    if packed is None:
        return ""
    texts = texts_by_language(packed)
    if not texts or language in _UNTRANSLATED:
        return packed
    wanted = [*([language] if language else []), *fallback]
    codes = [code for name in wanted for code in _codes_of(name)]
    return next((texts[code] for code in [*codes, *texts] if texts.get(code, "").strip()), "")


def pack_languages(texts: Mapping[str, str]) -> str:
    """One text that holds several languages.

    Args:
        texts: The texts by the CRM's codes of their languages, such as US, NO, SW, DA, GE, FR, NL.

    Returns:
        The texts in their order, as in `US:"Text";NO:"Tekst"`; an empty one where there are none.

    Raises:
        InvalidRequest: A code is none, or a text has a quotation mark in it, for which there is no notation.
    """
    for code, text in texts.items():
        if not _CODE.fullmatch(code):
            raise InvalidRequest(
                f"{code!r} is no code of a language, which has two capital letters",
                hint=f"{_codes_of(code)[-1]} may be meant" if _CODE.fullmatch(_codes_of(code)[-1]) else None,
            )
        if '"' in text:
            raise InvalidRequest(
                f'the text in {code} has a quotation mark (") in it, which would end it', hint="use ' or “ ” instead"
            )
    return ";".join(f'{code}:"{text}"' for code, text in texts.items())


def _codes_of(name: str) -> tuple[str, ...]:
    """What a text may call a language: the name itself where that is a code, and the code for it."""
    name = name.strip()
    language = name.partition("-")[0].lower()
    return name.upper(), _CODES.get(language, language.upper())
