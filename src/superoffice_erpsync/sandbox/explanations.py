"""Texts for users in the CRM's form for several languages at once."""

from __future__ import annotations


def in_two_languages(*, us: str, no: str) -> str:
    """One text holding an English and a Norwegian one, such as `US:"Done." NO:"Ferdig."`."""
    return f'US:"{_unquoted(us)}" NO:"{_unquoted(no)}"'


def _unquoted(text: str) -> str:
    # A quotation mark would end the text for whoever takes the languages apart.
    return text.replace('"', "'")
