"""Secrets stay out of sight: in reprs, texts, pickles, messages and headers."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable
from dataclasses import asdict, astuple, dataclass, replace
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from superoffice_erpsync.auth import TicketCredentials, UsernamePassword
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.models import (
    AuthenticateResponse,
    AuthenticationGenericData,
    ConfigFields,
    ErpConnection,
    SoCredentials,
)
from superoffice_erpsync.redaction import (
    MASK,
    SECRET_ANSWERS,
    SECRET_ELEMENTS,
    SECRET_HTTP_HEADERS,
    MaskedValues,
    Secret,
    redact_headers,
    redact_json,
    redact_xml,
    scrub,
)

HIDDEN = "hunter2&<so>"

# -- what holds a secret ----------------------------------------------------------------------------------------------


@dataclass
class Holder:
    name: str
    secret: Any


SHOWN: dict[str, Callable[[Any], str]] = {
    "repr": repr,
    "str": str,
    "format": format,
    "%s": lambda one: "%s" % one if not isinstance(one, tuple) else "",  # noqa: UP031
    "%r": lambda one: "%r" % (one,),  # noqa: UP031
    "%a": lambda one: "%a" % (one,),  # noqa: UP031
    "f-string": lambda one: f"{one} {one!r} {one!a} {one!s}",
    "in a list": lambda one: str([one]),
    "in a dictionary": lambda one: str({"a": one}),
    "in a dataclass": lambda one: repr(Holder("x", one)),
    "pprint": pprint.pformat,
    "log": lambda one: logging.LogRecord("x", 10, "x", 1, "%s %r", (one, one), None).getMessage(),
    "error": lambda one: "".join(traceback.format_exception(ValueError(one))),
}
HOLDERS: dict[str, Any] = {
    "Secret": Secret(HIDDEN),
    "UsernamePassword": UsernamePassword("ola", HIDDEN),
    "TicketCredentials": TicketCredentials(HIDDEN),
    "SoCredentials": SoCredentials(ticket=HIDDEN),
    "AuthenticateResponse": AuthenticateResponse(
        credentials=SoCredentials(ticket=HIDDEN), authentication_succeeded=True
    ),
    "ConfigFields": ConfigFields(Password=HIDDEN),
    "AuthenticationGenericData": AuthenticationGenericData(key=HIDDEN),
    "ErpConnection": ErpConnection(config_fields={"Password": HIDDEN}),
    "ErpConnection with a text": ErpConnection(config_fields=HIDDEN),  # type: ignore[arg-type]
    "ErpConnection with pairs": ErpConnection(config_fields=[("Password", HIDDEN)]),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
@pytest.mark.parametrize("holder", HOLDERS.values(), ids=HOLDERS)
def test_a_secret_never_shows(holder: Any, show: Callable[[Any], str]) -> None:
    shown = show(holder)
    assert MASK in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize("holder", [HOLDERS["Secret"], HOLDERS["UsernamePassword"], HOLDERS["TicketCredentials"]])
@pytest.mark.parametrize(
    "travel",
    [
        copy.copy,
        copy.deepcopy,
        *(lambda one, number=number: pickle.dumps(one, number) for number in range(6)),
        lambda one: asdict(Holder("x", one)),
        lambda one: astuple(Holder("x", one)),
        lambda one: pickle.dumps(Holder("x", one)),
        json.dumps,
    ],
    ids=["copy", "deepcopy", *(f"pickle{number}" for number in range(6)), "asdict", "astuple", "in a pickle", "json"],
)
def test_a_secret_does_not_travel(holder: Any, travel: Callable[[Any], Any]) -> None:
    with pytest.raises((TypeError, ConfigurationError)) as caught:
        travel(holder)
    assert "hunter2" not in str(caught.value)


def test_a_secret_has_no_members_to_look_into() -> None:
    with pytest.raises(TypeError):
        vars(Secret(HIDDEN))
    with pytest.raises(TypeError):
        iter(Secret(HIDDEN))  # type: ignore[call-overload]
    with pytest.raises(TypeError):
        format(Secret(HIDDEN), ">40")


def test_secrets_are_equal_by_their_text_alone() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert hash(Secret("a")) == hash(Secret("a"))
    assert Secret(HIDDEN).reveal() == HIDDEN


@pytest.mark.parametrize(
    "make",
    [
        lambda one: one,
        copy.copy,
        copy.deepcopy,
        lambda one: one.copy(),
        lambda one: one | {"More": "more"},
        lambda one: {} | one,
        lambda one: pickle.loads(pickle.dumps(one)),
        lambda one: asdict(ErpConnection(config_fields=one))["config_fields"],
        lambda one: replace(ErpConnection(config_fields=one), active=True).config_fields,
    ],
    ids=["itself", "copy.copy", "deepcopy", "copy", "or", "or from the right", "pickle", "asdict", "replace"],
)
def test_configuration_is_masked_and_complete_wherever_it_goes(make: Callable[[Any], Any]) -> None:
    found = make(ConfigFields({"Server": "hunter1", "Password": HIDDEN, "Empty": None}))
    assert type(found) is ConfigFields
    assert found.items() >= {"Server": "hunter1", "Password": HIDDEN, "Empty": None}.items()
    assert "hunter" not in repr(found) + str(found)
    assert repr(found).startswith("{'Server': '***', 'Password': '***', 'Empty': '***'")


def test_masked_values_are_a_dictionary_in_all_else() -> None:
    masked = MaskedValues({"a": "b"})
    assert masked == {"a": "b"}
    assert json.loads(json.dumps(masked)) == {"a": "b"}
    assert repr(MaskedValues()) == "{}"
    joined = masked | {"a": "c", "d": "e"}
    assert (joined, type(joined)) == ({"a": "c", "d": "e"}, MaskedValues)
    joined = {"a": "c", "d": "e"} | masked
    assert (joined, type(joined)) == ({"a": "b", "d": "e"}, MaskedValues)
    assert masked == {"a": "b"}


def test_credentials_show_who_and_not_how() -> None:
    assert repr(UsernamePassword("ola", "hunter2")) == "UsernamePassword(username='ola', password='***')"
    assert UsernamePassword("ola", Secret("hunter2")).password.reveal() == "hunter2"
    assert TicketCredentials(" 7T:abc \n").ticket.reveal() == "7T:abc"
    assert repr(SoCredentials()) == "SoCredentials(ticket=None)"


@pytest.mark.parametrize("make", [lambda: UsernamePassword("", "x"), lambda: TicketCredentials(" \n")])
def test_credentials_that_are_empty_are_refused(make: Callable[[], Any]) -> None:
    with pytest.raises(ConfigurationError, match="empty"):
        make()


# -- known secrets in any text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("hunter2", "wrong password hunter2 for hunter2"),
        ("a&b<c>d", "said a&b<c>d"),
        ("a&b<c>d", "<Message>said a&amp;b&lt;c&gt;d</Message>"),
        ('p"q', 'in an attribute: "p&quot;q"'),
        ("p'q", "in an attribute: 'p&apos;q'"),
        ("p'q&", "written by another: p&#39;q&amp;"),
        ("p<&>q", "a namespace: 'urn:p<&#38;>q'"),
        ("p\rq", "written by us: p&#13;q"),
        ("p\rq", "written by .NET: p&#xD;q"),
        ('p"\\q', json.dumps({"Message": 'no: p"\\q'})),
        ("pÅq", json.dumps({"Message": "no: pÅq"})),
        ("pÅ/q", json.dumps({"Message": "no: pÅ/q"}, ensure_ascii=False)),
        (".*", "not a pattern: .*"),
        (r"\1", r"not a reference: \1"),
    ],
)
def test_a_known_secret_is_masked_however_it_is_written(secret: str, text: str) -> None:
    found = scrub(text, [Secret(secret)])
    assert MASK in found
    for part in (secret, "hunter", "b&lt;", "&quot;", "&apos;", "&#39;", "&#13;", "&#xD;", "\\u00c5", "pÅ", '\\"'):
        assert part not in found


def test_longer_secrets_go_first_and_empty_ones_are_no_secrets() -> None:
    assert scrub("abcd ab", [Secret("ab"), Secret("abcd"), Secret("")]) == f"{MASK} {MASK}"
    assert scrub("abcd", [Secret("")]) == "abcd"
    assert scrub("abcd", []) == "abcd"
    assert scrub("a\udcffb", [Secret("\udcff")]) == f"a{MASK}b"


@given(secret=st.text(min_size=1), before=st.text(), after=st.text())
@example(secret="*", before="", after="")
def test_no_known_secret_is_left(secret: str, before: str, after: str) -> None:
    assume("*" not in secret)
    found = scrub(before + secret + after, [Secret(secret)])
    assert secret not in found.split(MASK)
    assert MASK in found


# -- messages ---------------------------------------------------------------------------------------------------------

NS = "http://www.superoffice.net/ws/crm/NetServer/Services86"


@pytest.mark.parametrize("name", sorted(SECRET_ELEMENTS | SECRET_ANSWERS))
@pytest.mark.parametrize("prefix", ["", "n:", "ns1:", "SOAP-ENV:", "a.b_c-1:", "ø:"])
@pytest.mark.parametrize(
    "content",
    [
        "hunter2",
        "\n hunter2 \r\n",
        "<n:StringKeyValuePair><n:Key>k</n:Key><n:Value>hunter2</n:Value></n:StringKeyValuePair>",
        "<![CDATA[hunter2]]>",
        "<![CDATA[x</{tag}>]]>hunter2",
        "<!-- </{tag}> -->hunter2",
        "hunter&#50;hunter2",
        "<{tag}x>hunter2</{tag}x>",
    ],
)
def test_the_content_of_a_secret_element_is_masked(name: str, prefix: str, content: str) -> None:
    tag = prefix + name
    inside = content.replace("{tag}", tag)
    text = f'<s:Envelope><Before>1</Before><{tag} a="1" xmlns:x="u">{inside}</{tag} ><After>2</After></s:Envelope>'
    found = redact_xml(text)
    assert (
        found == f'<s:Envelope><Before>1</Before><{tag} a="1" xmlns:x="u">{MASK}</{tag}><After>2</After></s:Envelope>'
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<Ticket/>7T:abc", "<Ticket/>7T:abc"),
        ("<Ticket /><Message>hello</Message>", "<Ticket /><Message>hello</Message>"),
        ('<Ticket i:nil="true"/><Message>hello</Message>', '<Ticket i:nil="true"/><Message>hello</Message>'),
        ("<Ticket/><Ticket>x</Ticket><Ticket/>y", "<Ticket/><Ticket>***</Ticket><Ticket/>y"),
        ("<Ticket></Ticket>y", "<Ticket>***</Ticket>y"),
        ("<Ticket a='b/'>x</Ticket>y", "<Ticket a='b/'>***</Ticket>y"),
        ("<Ticket a='b>c'>x</Ticket>y", "<Ticket a='b>***</Ticket>y"),
        ("<Ticket\n  a='b'\n>x</Ticket\n>y", "<Ticket\n  a='b'\n>***</Ticket>y"),
        ("<TICKET>x</TICKET>y", "<TICKET>***</TICKET>y"),
        ("<password>x</Password>y", "<password>***</password>y"),
        ("<TicketCount>5</TicketCount>", "<TicketCount>5</TicketCount>"),
        ("<MyTicket>5</MyTicket>", "<MyTicket>5</MyTicket>"),
        ("<a:b:Ticket>5</a:b:Ticket>", "<a:b:Ticket>5</a:b:Ticket>"),
        ("<Ticket>x</Other>y", "<Ticket>***</Ticket>"),
        ("<Ticket>x</n:Ticket>y", "<Ticket>***</Ticket>"),
        ("<n:Ticket>x</n:Ticket><m:Ticket>y</m:Ticket>", "<n:Ticket>***</n:Ticket><m:Ticket>***</m:Ticket>"),
        ("Ticket: x", "Ticket: x"),
        ("", ""),
    ],
)
def test_only_the_content_of_the_element_is_masked(text: str, wanted: str) -> None:
    assert redact_xml(text) == wanted


MESSAGE = (
    f'<s:Envelope xmlns:n="{NS}"><s:Header><n:Credentials><n:Ticket>§§§</n:Ticket></n:Credentials></s:Header>'
    "<s:Body><n:SaveConnection><n:Connection><n:ConfigFields><n:StringKeyValuePair><n:Key>P</n:Key>"
    "<n:Value>§§§</n:Value></n:StringKeyValuePair></n:ConfigFields></n:Connection></n:SaveConnection></s:Body>"
    "</s:Envelope>"
)


def test_a_message_cut_anywhere_shows_no_secret() -> None:
    assert [end for end in range(len(MESSAGE) + 1) if "§" in redact_xml(MESSAGE[:end])] == []
    assert redact_xml(MESSAGE).count(MASK) == 2
    assert redact_xml(MESSAGE).endswith("</n:Connection></n:SaveConnection></s:Body></s:Envelope>")


def test_known_secrets_are_masked_in_messages_as_well() -> None:
    text = "<Fault>the password hunter2&amp; is wrong</Fault><Ticket>x</Ticket>"
    wanted = "<Fault>the password *** is wrong</Fault><Ticket>***</Ticket>"
    assert redact_xml(text, [Secret("hunter2&")]) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<Ticket>" + "<" * 50_000, "<Ticket>***</Ticket>"),
        ("<Ticket><!--" * 20_000, "<Ticket>***</Ticket>"),
        ("<Ticket><![CDATA[" * 20_000, "<Ticket>***</Ticket>"),
        ("<Ticket " * 20_000, "<Ticket " * 20_000),
        ("<a:" * 50_000, "<a:" * 50_000),
    ],
    ids=["brackets", "comments", "sections", "tags", "prefixes"],
)
@pytest.mark.timeout(10)
def test_masking_is_quick_for_what_is_long_and_broken(text: str, wanted: str) -> None:
    assert redact_xml(text) == wanted


# -- JSON -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [spelled for name in sorted(SECRET_ELEMENTS) for spelled in (name, name.lower())])
def test_the_values_of_secret_members_are_masked_at_any_depth(name: str) -> None:
    value = {"Before": 1, "Outer": [{name: {"Server": "hunter2", "Ports": [8443, None]}}], name: "hunter2"}
    masked = json.loads(redact_json(json.dumps(value)))
    assert masked == {"Before": 1, "Outer": [{name: {"Server": MASK, "Ports": [MASK, None]}}], name: MASK}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ""),
        ("null", "null"),
        ('{"Ticket": "x', MASK),
        ("hunter2", MASK),
        ("<html><Ticket>x</Ticket></html>", "<html><Ticket>***</Ticket></html>"),
    ],
)
def test_json_that_cannot_be_read_shows_nothing(text: str, wanted: str) -> None:
    assert redact_json(text) == wanted


def test_an_answer_that_is_secret_as_a_whole_keeps_its_keys_alone() -> None:
    assert redact_json('{"Server": "hunter2", "Empty": null}', whole=True) == '{"Server": "***", "Empty": null}'


def test_known_secrets_are_masked_in_json_as_well() -> None:
    secret = 'hunter"2\\Å'
    assert redact_json(json.dumps({"Message": f"no {secret}!"}), [Secret(secret)]) == '{"Message": "no ***!"}'


# -- headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(SECRET_HTTP_HEADERS))
@pytest.mark.parametrize("spelled", [str.lower, str.upper, str.title])
def test_the_value_of_a_secret_header_is_masked(name: str, spelled: Callable[[str], str]) -> None:
    assert redact_headers([(spelled(name), "hunter2")]) == {spelled(name): MASK}


def test_other_headers_are_shown_without_known_secrets() -> None:
    headers = [("Content-Type", "text/xml"), ("X-Echo", "said hunter2"), ("SOAPAction", '"x"')]
    assert redact_headers(headers, [Secret("hunter2")]) == {
        "Content-Type": "text/xml",
        "X-Echo": f"said {MASK}",
        "SOAPAction": '"x"',
    }


def test_the_list_of_what_is_secret() -> None:
    """Whoever shortens it does so on purpose."""
    elements = {"Password", "Ticket", "AccessToken", "ApplicationToken", "ConfigFields", "AuthenticationData"}
    headers = {"authorization", "proxy-authorization", "cookie", "set-cookie", "so-apptoken", "x-xsrf-token"}
    assert elements - SECRET_ELEMENTS == set()
    assert headers - SECRET_HTTP_HEADERS == set()
    assert {name.lower() for name in SECRET_HTTP_HEADERS} == SECRET_HTTP_HEADERS
