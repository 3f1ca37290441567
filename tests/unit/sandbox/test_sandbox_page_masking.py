"""What went over the wire, made readable without its secrets."""

from __future__ import annotations

import gzip
import json
import pickle
from datetime import UTC, datetime

import pytest

from superoffice_erpsync.sandbox.http.exchanges import KEPT_BYTES, Content, ExchangeLog
from superoffice_erpsync.sandbox.page.bodies import Reading, show_body, size_in_words
from superoffice_erpsync.sandbox.page.json_text import show_json
from superoffice_erpsync.sandbox.page.masking import MASK, scrubber, shown_header, texts_of_failures
from superoffice_erpsync.sandbox.page.xml_text import show_xml
from superoffice_erpsync.sandbox.received import without_secrets

PAIR = "<Pair><Key>Server</Key><Value>Sesame-config</Value></Pair>"
XML = (
    '<s:Envelope xmlns:s="urn:s" xmlns:i="urn:i"><s:Header><h:ApplicationToken xmlns:h="urn:h">Sesame-app'
    "</h:ApplicationToken><Credentials><Ticket>Sesame-ticket</Ticket></Credentials></s:Header><s:Body><Save>"
    "<UserName>anna</UserName><Password><![CDATA[Sesame-<pw>]]></Password><AccessToken i:nil='true'/>"
    f"<ConfigFields>{PAIR}</ConfigFields><AuthenticationData>{PAIR}</AuthenticationData><Note>Å &amp; B</Note>"
    "</Save></s:Body></s:Envelope>"
)
JSON = json.dumps(
    {
        "UserName": "anna",
        "Password": 'Sesame-"pw"',
        "ConfigFields": {"Server": "Sesame-config", "Deep": [{"er": "Sesame-deep"}]},
        "accessToken": "Sesame-token",
        "Ticket": None,
        "Keys": ["C1", "Å", 1.5, True, None],
        "Empty": {},
        "None": [],
    },
    ensure_ascii=False,
)


def content(body: bytes, *, size: int | None = None) -> Content:
    kept = Content()
    kept.add(body)
    kept.size = kept.size if size is None else size
    return kept


def test_xml_has_one_element_a_line_and_no_secrets():
    shown = show_xml(XML.encode())
    assert shown.text.split("\n") == [
        '<s:Envelope xmlns:s="urn:s" xmlns:i="urn:i">',
        "  <s:Header>",
        '    <h:ApplicationToken xmlns:h="urn:h">***</h:ApplicationToken>',
        "    <Credentials>",
        "      <Ticket>***</Ticket>",
        "    </Credentials>",
        "  </s:Header>",
        "  <s:Body>",
        "    <Save>",
        "      <UserName>anna</UserName>",
        "      <Password>***</Password>",
        '      <AccessToken i:nil="true"/>',
        "      <ConfigFields>***</ConfigFields>",
        "      <AuthenticationData>***</AuthenticationData>",
        "      <Note>Å &amp; B</Note>",
        "    </Save>",
        "  </s:Body>",
        "</s:Envelope>",
    ]
    assert (shown.note, shown.sound) == ("", True)
    assert shown.secrets == {"Sesame-app", "Sesame-ticket", "Sesame-<pw>", "Sesame-config"}
    assert "Sesame" not in repr(shown)


def test_json_has_one_member_a_line_and_no_secrets():
    shown = show_json(JSON, watched=["UserName"])
    masked = {"Password": MASK, "ConfigFields": MASK, "accessToken": MASK}
    assert json.loads(shown.text) == json.loads(JSON) | masked
    assert '\n  "Password": "***",\n' in shown.text
    assert shown.secrets == {'Sesame-"pw"', "Sesame-config", "Sesame-deep", "Sesame-token"}
    assert shown.facts == {"UserName": "anna"}
    assert show_json('{"a": {"b": 1}}', whole=True).text == '"***"'
    assert "Sesame" not in show_json(r'{"Pass\u0077ord": "Sesame"}').text


def test_a_cut_message_is_shown_up_to_the_cut_and_never_its_secrets():
    for end in range(len(XML)):
        shown = show_xml(XML[:end].encode(), cut=True)
        assert "Sesame" not in shown.text
        assert shown.note == ""
        assert ("<UserName>anna</UserName>" in shown.text) == (end >= XML.index("</UserName>") + 11)
    for end in range(len(JSON)):
        shown = show_json(JSON[:end], cut=True)
        assert "Sesame" not in shown.text
        assert (shown.note, shown.sound) == ("", True)


def test_of_a_broken_message_the_names_are_shown_up_to_the_break_and_never_its_secrets():
    for at in range(len(XML)):
        assert "Sesame" not in show_xml((XML[:at] + XML[at + 1 :]).encode()).text
    for broken in ("<", "&", "</x>", "<!", "]]>"):
        shown = show_xml(XML.replace("<Password>", f"<Password>Sesame{broken}").encode())
        assert "Sesame" not in shown.text
    for at in (found for found, letter in enumerate(JSON) if letter in '{}[]:",'):
        assert "Sesame" not in show_json(JSON[:at] + JSON[at + 1 :]).text
    shown = show_xml(b"<a k='v'><b>1</b></c>")
    assert shown.text == '<a k="***">\n  <b>***</b>\n…'
    assert shown.note == "Not well-formed at line 1, column 20: mismatched tag. All texts are masked."
    broken = show_json('{"a": 1,\n "b" 2}')
    assert broken.text == '{\n  "a": "***",\n  "b": \n…'
    assert broken.note == "No JSON from line 2, column 5. All values are masked."


@pytest.mark.parametrize(
    "text", ["", "nonsense", "{]", "[1,]", '{"a":1}}', '"a" "b"', "[1 2]", '{"a":tru}', "{1:2}", "[,]", '{"a"', "[01]"]
)
def test_what_is_no_json_is_said(text):
    with pytest.raises(ValueError, match=r"."):
        json.loads(text)
    shown = show_json(text)
    assert shown.note.startswith("No JSON from line ")
    assert not shown.sound


@pytest.mark.parametrize("text", ["[]", "{}", "null", '"x"', "-1.5e3", " [ 1 , [ ] , { } ] ", '{"a":{"b":[{}]}}'])
def test_what_is_json_stays_so(text):
    shown = show_json(text)
    assert json.loads(shown.text) == json.loads(text)
    assert shown.sound


def test_a_document_type_is_not_read():
    bomb = '<!DOCTYPE a [<!ENTITY Password "Sesame">]><a>&Password;</a>'
    shown = show_xml(bomb.encode())
    assert (shown.text, shown.sound) == ("", False)
    assert "document type" in shown.note


def test_depth_does_not_grow_the_text_without_end():
    assert len(show_xml(b"<a>" * 20_000, cut=True).text) < 20_000 * 60
    assert len(show_json("[" * 60_000, cut=True).text) < 60_000 * 60


def test_attributes_and_comments_do_not_tell():
    shown = show_xml(b"<a Password='Sesame'><!-- Sesame --><?pi Sesame?><Token kind='Sesame' xml:lang='en'/></a>")
    assert shown.text == '<a Password="***">\n  <Token kind="***" xml:lang="en"/>\n</a>'


def test_a_secret_of_the_request_is_masked_in_the_texts_of_the_answer():
    request = show_xml(b"<a><Password>my<Sesame/></Password></a>")
    scrub = scrubber(request.secrets)
    answer = show_xml(b"<f><faultstring>holds the element Sesame</faultstring></f>", scrub=scrub)
    assert answer.text == "<f>\n  <faultstring>holds the element ***</faultstring>\n</f>"
    assert show_json('{"ErrorMessage": "not Sesame"}', scrub=scrub).text == '{\n  "ErrorMessage": "not ***"\n}'


def test_what_a_parser_says_of_a_broken_request_is_masked():
    request = show_xml(b"<a><Password>R&Sesame;D</Password></a>")
    hidden = texts_of_failures(request)
    answer = show_xml(b"<f><faultstring>Entity 'Sesame' not defined</faultstring></f>", hidden=hidden)
    assert "Sesame" not in answer.text
    assert texts_of_failures(show_xml(b"<a/>")) == frozenset()


def test_the_record_of_calls_masks_no_more_than_the_page():
    named = dict.fromkeys(("Password", "AccessToken", "AuthenticationData", "ConfigFields", "Ticket"), "x")
    assert set(without_secrets(named).values()) == {MASK}
    assert set(json.loads(show_json(json.dumps(named)).text).values()) == {MASK}


@pytest.mark.parametrize(
    ("name", "value", "shown", "secret"),
    [
        ("Content-Type", "text/xml", "text/xml", None),
        ("SOAPAction", '"urn:x"', '"urn:x"', None),
        ("authorization", "Basic dGplMDpTZXNhbWU=", "Basic ***", "Sesame"),
        ("Authorization", "bearer Sesame", "Bearer ***", "Sesame"),
        ("Authorization", "SOTicket 7T:Sesame", "SOTicket ***", "7T:Sesame"),
        ("Authorization", "7T:Sesame", "***", "7T:Sesame"),
        ("Authorization", "Basic ???", "Basic ***", "???"),
        ("Cookie", "a=Sesame", "***", "a=Sesame"),
        ("X-XSRF-TOKEN", "Sesame", "***", "Sesame"),
        ("SO-AppToken", "Sesame", "***", "Sesame"),
        ("X-Api-Key", "Sesame", "***", "Sesame"),
    ],
)
def test_a_header_shows_no_secret_and_its_secret_is_kept_in_mind(name, value, shown, secret):
    secrets: set[str] = set()
    assert shown_header(name, value, secrets) == shown
    assert (secret is None and not secrets) or secret in secrets


def test_bodies_are_told_apart():
    xml, own = {"content-type": "text/xml"}, Reading(own=True)
    assert show_body(content(b""), xml, own).text == ""
    assert show_body(content(b"There is nothing."), xml, own).text == "There is nothing."
    assert "not shown" in show_body(content(b"Password=Sesame"), xml, Reading()).note
    assert "not shown" in show_body(content(b"x<Ticket>Sesame</Ticket>"), xml, own).note
    assert "not shown" in show_body(content(b"\xff\xfe\xfd"), xml, own).note
    assert show_body(content(b"<!DOCTYPE html><p>x"), {"content-type": "text/html"}, own).text == "<!DOCTYPE html><p>x"
    assert show_body(content(b"<!DOCTYPE html><p>x"), {"content-type": "text/html"}, Reading()).text == ""
    assert show_body(content('<a b="å"/>'.encode("utf-16")), {"content-type": "text/xml; charset=utf-16"}, own).sound
    assert show_body(content('\ufeff{"a":"å"}'.encode()), {"content-type": "application/json"}, own).sound


def test_packed_bodies_are_unpacked_and_bombs_are_not():
    packed = {"content-encoding": "gzip", "content-type": "text/xml"}
    assert show_body(content(gzip.compress(XML.encode())), packed, Reading()).text == show_xml(XML.encode()).text
    bomb = show_body(content(gzip.compress(b"<a>" + b"x" * 10**7)), packed, Reading())
    assert bomb.note == "The first 64 KB."
    assert len(bomb.text) < 2 * KEPT_BYTES
    assert "not packed" in show_body(content(b"<a/>"), packed, Reading()).note
    assert "packed in a way" in show_body(content(b"x"), {"content-encoding": "br"}, Reading()).note


def test_only_the_beginning_of_a_large_body_is_kept():
    kept = Content()
    for _ in range(100):
        kept.add(b"x" * 1000)
    assert (kept.size, len(kept.kept), kept.cut) == (100_000, KEPT_BYTES, True)
    cut = show_body(content(b"<a>" + "å".encode() * 40_000), {}, Reading())
    assert cut.note == "The first 64 KB of 78 KB."
    assert [size_in_words(size) for size in (0, 1, 1023, 1024, 2_500_000)] == [
        "0 bytes", "1 byte", "1023 bytes", "1 KB", "2.4 MB",
    ]  # fmt: skip


def test_exchanges_are_bounded_and_keep_to_themselves():
    log = ExchangeLog()
    scope = {"method": "POST", "path": "/x", "query_string": b"", "headers": [(b"cookie", b"Sesame")]}
    for _ in range(120):
        log.begin(datetime(2026, 3, 1, tzinfo=UTC), scope).request.add(b"Sesame")
    assert len(log) == 50
    assert [exchange.number for exchange in log.latest()] == list(range(120, 70, -1))
    assert "Sesame" not in repr(log) + repr(log.latest()) + repr(log.latest()[0].request)
    for secret in (log, log.latest()[0], log.latest()[0].request):
        with pytest.raises(TypeError, match="secrets"):
            pickle.dumps(secret)
    log.clear()
    assert len(log) == 0
