"""What servers and files say stays text on the page, whatever it is."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from superoffice_erpsync.batch import State
from superoffice_erpsync.report_page.listed import list_keys
from superoffice_erpsync.report_page.texts import bare_address, visible, visible_key
from unit.batch.journals import TERMS
from unit.report_page.runs import Fate, page_of, run_of, text_of

EVIL = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "\"' onmouseover='alert(1)",
    "{{ 7 * 7 }} {% raw %}",
    "--></title>]]>",
    "C1\u202e0003\u2066",
    "A\u00a0B\u200b",
    "W" * 500,
    "&lt;b&gt; &#0; &copy",
]


def test_more_digits_than_a_number_may_have_are_sorted_like_others(tmp_path: Path) -> None:
    codes = ["E10", f"E{'9' * 5000}", "E9"]
    report = run_of(
        tmp_path / "run.db", ["C1", "C2", "C3"], lambda chunk: Fate(State.FAILED, "no", codes[chunk.number - 1])
    )
    places = {row.code: row.places["code"] for row in list_keys(report).rows}
    assert sorted(codes, key=lambda code: places[code]) == ["E9", "E10", codes[1]]


@pytest.fixture
def text(tmp_path: Path) -> str:
    report = run_of(
        tmp_path / "run.db",
        EVIL,
        lambda chunk: Fate(State.FAILED, f"said {EVIL[chunk.number - 1]}\x00\x1b[31m\x9b", "<b>"),
    )
    terms = replace(TERMS, address="https://me:secret@crm.example.com:8443/Remote/Services86?ticket=7T#x")
    changes = {"<table>": {"updated": 3, "<kind>": 1}}
    evil = replace(
        report, terms=terms, changes=changes, source="<u>\u202e.csv", stop_explanation="<s>", stopped_because="asked"
    )
    return text_of(evil, tmp_path)


def test_texts_add_no_element_and_no_attribute(text: str, tmp_path: Path) -> None:
    harmless = run_of(tmp_path / "other.db", EVIL[:1], lambda _: Fate(State.FAILED, "no", "X"))
    allowed = {element.tag for element in page_of(harmless, tmp_path).iter(html.etree.Element)} | {
        "p",
        "strong",
        "code",
    }
    page = html.document_fromstring(text)
    assert {element.tag for element in page.iter(html.etree.Element)} <= allowed
    assert len(page.cssselect("script")) == 1
    names = {name for element in page.iter(html.etree.Element) for name in element.attrib}
    assert not [name for name in names if name.startswith("on")]
    assert "7 * 7" in text


def test_nothing_unseen_is_left(text: str) -> None:
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)
    assert "C1⟨U+202E⟩0003⟨U+2066⟩" in text
    assert "A⟨U+00A0⟩B⟨U+200B⟩" in text
    assert "⟨U+0000⟩⟨U+001B⟩[31m⟨U+009B⟩" in text


def test_nothing_is_loaded_from_elsewhere_and_no_secret_is_told(text: str) -> None:
    page = html.document_fromstring(text)
    for _, attribute, link, _ in page.iterlinks():
        assert link.startswith(("#", "data:")), (attribute, link)
    assert "@import" not in text
    assert set(re.findall(r"url\(([^)]{3})", text)) <= {"#ba", "#co", "#wa"}
    assert not {"secret", "7T"} & set(re.findall(r"\w+", text))
    assert "https://crm.example.com:8443/Remote/Services86" in text


def test_the_policy_lets_in_the_one_script_and_nothing_else(text: str) -> None:
    page = html.document_fromstring(text)
    policy = page.cssselect("meta[http-equiv=Content-Security-Policy]")[0].get("content")
    rules = dict(rule.split(maxsplit=1) for rule in policy.split("; "))
    script = page.cssselect("script")[0].text
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert rules == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "script-src": f"'sha256-{digest}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain Ærlig 日本 😀", "plain Ærlig 日本 😀"),
        ("two\r\nlines\tand", "two\nlines\tand"),
        ("a\rb\x85", "a⟨U+000D⟩b⟨U+0085⟩"),
        ("\ufeff\u2028", "⟨U+FEFF⟩⟨U+2028⟩"),
        ("1\u00a0000", "1\u00a0000"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("\ud800", "⟨U+D800⟩"),
    ],
)
def test_what_cannot_be_seen_is_named(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_in_a_key_every_blank_is_told_from_another() -> None:
    assert visible_key("A B\u00a0C\u3000\n") == "A B⟨U+00A0⟩C⟨U+3000⟩⟨U+000A⟩"


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("https://me:pass@crm.example.com/Remote/Services86?x=1#y", "https://crm.example.com/Remote/Services86"),
        ("http://[::1]:8086/api", "http://[::1]:8086/api"),
        ("https://me:pass@crm.example.com:99999/", "an address that cannot be read"),
        ("me:pass@crm.example.com/api?ticket=1", "crm.example.com/api"),
        ("", ""),
    ],
)
def test_addresses_are_told_without_what_lets_anybody_in(address: str, bare: str) -> None:
    assert bare_address(address) == bare
