"""Texts that hold several languages: taken apart, put together, and the one of them to show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from superoffice_erpsync import InvalidRequest, pack_languages, text_in, texts_by_language

TWO = 'US:"Done." NO:"Ferdig."'
CODES = st.from_regex(r"[A-Z]{2}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_characters='"', exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    "packed", [TWO, 'US:"Done.";NO:"Ferdig."', 'US:"Done.";NO:"Ferdig.";', 'US:"Done."\r\nNO:"Ferdig."', f" {TWO} "]
)
def test_languages_stand_beside_each_other_in_several_ways(packed: str) -> None:
    assert texts_by_language(packed) == {"US": "Done.", "NO": "Ferdig."}
    assert text_in(packed, "NO") == "Ferdig."


@pytest.mark.parametrize(
    "packed",
    ["", "plain", 'Say US:"x"', 'US:"open', "US: no quotes", 'us:"small"', 'US:"say "hi"" NO:"x"', 'US:"one" US:"two"'],
)
def test_any_other_text_is_in_one_language_and_stays_as_it_is(packed: str) -> None:
    assert texts_by_language(packed) == {}
    assert text_in(packed, "NO") == packed


def test_no_text_is_an_empty_one() -> None:
    assert texts_by_language(None) == {}
    assert text_in(None, "NO") == ""


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        (None, "Done."),
        ("", "Done."),
        ("US", "Done."),
        ("en", "Done."),
        ("en-GB", "Done."),
        ("no", "Ferdig."),
        ("nb-NO", "Ferdig."),
        ("nn", "Ferdig."),
        ("fr", "Done."),
        ("sv-SE", "Done."),
        ("*", TWO),
        ("x", TWO),
    ],
)
def test_a_language_may_be_named_in_several_ways(language: str | None, shown: str) -> None:
    assert text_in(TWO, language) == shown


@pytest.mark.parametrize(
    ("language", "code"),
    [("sv", "SW"), ("de-AT", "GE"), ("es", "SP"), ("cs", "CZ"), ("ja", "JP"), ("da", "DA"), ("SW", "SW"), ("nl", "NL")],
)
def test_the_crm_has_codes_of_its_own(language: str, code: str) -> None:
    assert text_in(pack_languages({"US": "no", code: "yes"}), language) == "yes"


def test_a_blank_text_gives_way_to_one_that_says_something() -> None:
    assert text_in('US:"" NO:"Ferdig."', "US") == "Ferdig."
    assert text_in('GE:"Fertig." NO:"Ferdig."', "US") == "Fertig."
    assert text_in('GE:"Fertig." NO:"Ferdig."', "US", fallback=("FR", "NO")) == "Ferdig."
    assert text_in('US:" "') == ""


@given(st.dictionaries(CODES, TEXTS, max_size=5))
def test_what_is_packed_can_be_taken_apart(texts: dict[str, str]) -> None:
    packed = pack_languages(texts)
    assert list(texts_by_language(packed).items()) == list(texts.items())
    for code, text in texts.items():
        assert text_in(packed, code) == text or not text.strip()


@given(st.text())
def test_any_text_at_all_can_be_shown(text: str) -> None:
    assert isinstance(text_in(text, "NO"), str)
    assert text_in(text, "*") == text


def test_a_quotation_mark_has_no_notation() -> None:
    with pytest.raises(InvalidRequest, match="quotation mark"):
        pack_languages({"US": 'the "best"'})


def test_a_name_that_is_no_code_is_refused_and_the_code_is_named() -> None:
    with pytest.raises(InvalidRequest, match="two capital letters") as refused:
        pack_languages({"sv": "Klart."})
    assert refused.value.hint == "SW may be meant"
    with pytest.raises(InvalidRequest, match="'english'") as refused:
        pack_languages({"english": "Done."})
    assert refused.value.hint is None
