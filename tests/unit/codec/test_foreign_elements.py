"""Elements that are ours by name and not by namespace are missed aloud; foreign ones are passed over."""

from __future__ import annotations

from typing import Any

import pytest

from strategies.noisy_answers import NAMESPACE, SOAP, XSI
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.codec.soap.names import ARRAYS
from superoffice_erpsync.errors import ProtocolError
from superoffice_erpsync.operations import OPERATIONS

CODEC = SoapCodec(NAMESPACE, {})
CONNECTION = OPERATIONS["GetConnection"]
PAIR = "StringKeyValuePair"


def read(members: str) -> Any:
    data = (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:i="{XSI}" xmlns:a="{ARRAYS}" xmlns:o="urn:other"><s:Body>'
        f'<GetConnectionResponse xmlns="{NAMESPACE}"><Response>{members}</Response></GetConnectionResponse>'
        "</s:Body></s:Envelope>"
    ).encode()
    return CODEC.answer(CONNECTION, data)


def entry(content: str) -> str:
    return f"<ConfigFields><{PAIR}>{content}</{PAIR}></ConfigFields>"


FIRST = f"ConfigFields/{PAIR}[0]"


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ("<o:Active>true</o:Active>", "Active"),
        (f"<ConfigFields><o:{PAIR}/></ConfigFields>", f"ConfigFields/{PAIR}"),
        (entry("<o:Key>a</o:Key><Value>b</Value>"), f"{FIRST}/Key"),
        (entry("<Key>a</Key><o:Value>b</o:Value>"), f"{FIRST}/Value"),
        ("<UserGroupAccessIds><o:int>1</o:int></UserGroupAccessIds>", "UserGroupAccessIds/int"),
        ("<UserGroupAccessIds><int>1</int></UserGroupAccessIds>", "UserGroupAccessIds/int"),
    ],
)
def test_ours_in_another_namespace_is_missed(members: str, path: str) -> None:
    with pytest.raises(ProtocolError, match="in another namespace, ") as caught:
        read(members)
    assert caught.value.path == f"GetConnectionResponse/Response/{path}"


def test_ours_in_no_namespace_is_missed() -> None:
    with pytest.raises(ProtocolError, match="in no namespace"):
        read('<Active xmlns="">true</Active>')


def test_what_is_there_as_well_is_not_missed() -> None:
    assert read("<o:Active>false</o:Active><Active>true</Active>").active is True


def test_foreign_elements_are_passed_over_at_every_place() -> None:
    found = read(
        f"<o:x/><ConfigFields><o:x/><{PAIR}><o:x/><Key>a</Key><o:x/><Value>b</Value></{PAIR}></ConfigFields>"
        "<UserGroupAccessIds><o:x/><a:int>1</a:int><o:x/></UserGroupAccessIds>"
    )
    assert (dict(found.config_fields), found.user_group_access_ids) == ({"a": "b"}, [1])


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ("text<Active>true</Active>", ""),
        ("<Active>true</Active>text", ""),
        ("<ConfigFields>text</ConfigFields>", "/ConfigFields"),
        (f"<ConfigFields><{PAIR}><Key>a</Key></{PAIR}>text</ConfigFields>", "/ConfigFields"),
        (entry("text<Key>a</Key>"), f"/{FIRST}"),
        (entry("<Key>a</Key>text"), f"/{FIRST}"),
        ("<UserGroupAccessIds>text</UserGroupAccessIds>", "/UserGroupAccessIds"),
        ("<UserGroupAccessIds><a:int>1</a:int>text</UserGroupAccessIds>", "/UserGroupAccessIds"),
    ],
)
def test_text_between_elements_is_refused_with_its_place(members: str, path: str) -> None:
    with pytest.raises(ProtocolError, match="text between elements") as caught:
        read(members)
    assert caught.value.path == f"GetConnectionResponse/Response{path}"


@pytest.mark.parametrize(
    ("members", "why", "path"),
    [
        (entry('<Key i:nil="true"/><Value/>'), "an entry without a key", FIRST),
        (entry("<Value/>"), "an entry without a key", FIRST),
        (entry("<Key>a</Key><Key>b</Key>"), "Key stands there twice", FIRST),
        (entry("<Key>a</Key><Value/><Value/>"), "Value stands there twice", FIRST),
        (entry("<Key><x/></Key>"), "an element inside a value", f"{FIRST}/Key"),
        (entry("<Key>a</Key><Value><x/></Value>"), "an element inside a value", f"{FIRST}/Value"),
        (f'<ConfigFields><{PAIR} i:nil="true"/></ConfigFields>', "nil where an entry is due", FIRST),
        (
            f"<ConfigFields>{2 * f'<{PAIR}><Key>a</Key></{PAIR}>'}</ConfigFields>",
            "the key 'a' stands",
            f"ConfigFields/{PAIR}[1]",
        ),
        ("<Active>true</Active><Active>true</Active>", "stands there twice", "Active"),
        ('<Active i:nil="true"/>', "nil where a value is due", "Active"),
        (
            "<UserGroupAccessIds><a:int>1</a:int><a:int>x</a:int></UserGroupAccessIds>",
            "not an integer",
            "UserGroupAccessIds/int[1]",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(members: str, why: str, path: str) -> None:
    with pytest.raises(ProtocolError, match=why) as caught:
        read(members)
    assert caught.value.path == f"GetConnectionResponse/Response/{path}"


def test_entries_and_lists_may_be_nil_or_empty() -> None:
    found = read(
        '<ConfigFields><StringKeyValuePair><Key/><Value i:nil="true"/></StringKeyValuePair></ConfigFields>'
        '<UserGroupAccessIds i:nil="true"/><AssociateAccessIds/>'
    )
    assert (dict(found.config_fields), found.user_group_access_ids, found.associate_access_ids) == (
        {"": None},
        None,
        [],
    )
    assert read('<ConfigFields i:nil="true"/>').config_fields is None
