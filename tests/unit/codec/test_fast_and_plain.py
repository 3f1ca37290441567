"""Whatever way an answer takes through the codec, it means what plain reading says, or is refused just so."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from strategies import plain_json, plain_soap
from strategies.noisy_answers import NAMESPACE, NUMBERS, SOAP, TEXTS, XSI, json_answers, xml_answers
from superoffice_erpsync import models
from superoffice_erpsync.codec.rest import answers, spelling
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.codec.soap.spelling import take_out_runs
from superoffice_erpsync.errors import ProtocolError, ServerFault
from superoffice_erpsync.operations import OPERATIONS

FORCE_SYNC_ALL = OPERATIONS["ForceSyncAll"]
CODEC = SoapCodec(NAMESPACE, {})
FIXTURES = Path(__file__).parents[3] / "fixtures" / "soap"
FULL = sorted((FIXTURES.parent / "rest").glob("*/full.json"))
WCF = sorted(path for path in FIXTURES.glob("*/wcf.xml") if OPERATIONS[path.parent.name].since <= 86)

many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome(read: Callable[[], Any]) -> Any:
    """What reading gives: a result with the types of its parts, or an error's place and words."""
    try:
        result = read()
    except ServerFault:
        return ServerFault  # what it says is for other tests
    except ProtocolError as error:
        return error.path, error.message
    return repr(result)


def same_over_soap(operation: str, data: bytes) -> None:
    declared = OPERATIONS[operation]
    fast = outcome(lambda: CODEC.answer(declared, data))
    assert fast == outcome(lambda: plain_soap.plain_answer(declared, data, NAMESPACE))


@many
@given(data=xml_answers())
def test_a_long_soap_answer_with_odd_items(data: bytes) -> None:
    same_over_soap("ForceSyncAll", data)


@many
@given(data=json_answers())
def test_a_long_rest_answer_with_odd_items(data: bytes) -> None:
    fast = outcome(lambda: answers.answer(FORCE_SYNC_ALL, data, status=200))
    assert fast == outcome(lambda: plain_json.plain_answer(FORCE_SYNC_ALL, data))


# -- answers of any operation ------------------------------------------------------------------------------------------

ODD_TEXTS = [*TEXTS[:-4], *NUMBERS, "1_0", "Yes", "P1Y", "x", "0001-01-01T00:00:00"]


def changed(root: Any, random: Random) -> None:
    """Do something to an answer that a server could have done, rightly or not."""
    elements = list(root.iter())
    one = random.choice(elements)
    parent = one.getparent()
    match random.randrange(11):
        case 0 if parent is not None:
            parent.remove(one)
        case 1 if parent is not None:
            one.addnext(etree.fromstring(etree.tostring(one, with_tail=False)))
        case 2:
            one[:] = sorted(one, key=lambda _: random.random())
        case 3:
            one.text = random.choice(ODD_TEXTS)
        case 4:
            one.tail = random.choice([" ", "x", "\n"]) if parent is not None else None
        case 5:
            one.tag = f"{{{random.choice(['urn:x', NAMESPACE, SOAP])}}}{etree.QName(one).localname}"
        case 6:
            one.tag = etree.QName(one).localname
        case 7:
            one.set(f"{{{XSI}}}nil", random.choice(["true", "false", "1", " 0 ", "", "yes"]))
        case 8:
            types = ["int", "x:int", "x:string", f"n:{etree.QName(one).localname}", "n:ErpConnection", ":", "b:x"]
            one.set(f"{{{XSI}}}type", random.choice(types))
        case 9:
            one.set("{urn:odd}x", "1")
        case 10:
            one.append(etree.Element(random.choice(["{urn:x}", f"{{{NAMESPACE}}}"]) + random.choice(["Extra", "Key"])))


@pytest.mark.parametrize("path", WCF, ids=lambda path: path.parent.name)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**64))
def test_an_answer_with_something_changed(path: Path, seed: int) -> None:
    random = Random(seed)
    root = etree.fromstring(path.read_bytes())
    wrapped = etree.Element(root.tag, nsmap={**root.nsmap, "n": NAMESPACE, "x": "http://www.w3.org/2001/XMLSchema"})
    wrapped[:] = root[:]
    for _ in range(random.choice([1, 1, 2, 4])):
        changed(wrapped, random)
    same_over_soap(path.parent.name, etree.tostring(wrapped))


@pytest.mark.parametrize("path", WCF, ids=lambda path: path.parent.name)
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**64))
def test_an_answer_whose_arrays_are_long(path: Path, seed: int) -> None:
    random = Random(seed)
    root = etree.fromstring(path.read_bytes())
    for parent in [one for one in root.iter() if len(one) and one[0].tag[1:].partition("}")[2] in models.__all__]:
        for _ in range(20_000 // len(etree.tostring(parent)) + 1):
            parent.extend(deepcopy(list(parent))[:2])
    leaves = [one for one in root.iter() if not len(one) and (one.text or "").strip()]
    odd = random.choice([[], ODD_TEXTS])
    for one in random.sample(leaves, min(len(leaves), random.choice([0, 3, 300]))):
        others = [other.text for other in random.sample(leaves, 5 if len(leaves) > 5 else 1)]
        one.text = random.choice([*(others if random.random() < 0.02 else [one.text]), *odd])
    for one in random.choice([[], leaves]):
        if (one.text or "").startswith("0001-"):
            one.text = random.choice([one.text, "2026-03-01T08:00:00Z"])
    same_over_soap(path.parent.name, etree.tostring(root))


@pytest.mark.parametrize("path", FULL, ids=lambda path: path.parent.name)
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**64))
def test_a_rest_answer_whose_arrays_are_long(path: Path, seed: int) -> None:
    random = Random(seed)
    declared = OPERATIONS[path.parent.name]
    odd = random.choice([0.0, 0.0, 0.001])

    def longer(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: longer(one) for name, one in value.items()}
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return [longer(one) for one in value * (20_000 // len(json.dumps(value)) + 1)]
        if isinstance(value, str) and value.startswith("0001-"):
            return random.choice([value, "2026-03-01T08:00:00"])
        return random.choice([value, None, *ODD_TEXTS, 7]) if random.random() < odd else value

    data = json.dumps(longer(json.loads(path.read_bytes())), ensure_ascii=False).encode()
    fast = outcome(lambda: answers.answer(declared, data, status=200))
    assert fast == outcome(lambda: plain_json.plain_answer(declared, data))


# -- the fast way itself -----------------------------------------------------------------------------------------------

ITEM = '<ChangedDataItem><TableRight i:nil="true"/><Tablename>{}</Tablename><RecordId>{}</RecordId></ChangedDataItem>'


def soap(items: str, before: str = "") -> bytes:
    return (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:i="{XSI}"><s:Body><ForceSyncAllResponse xmlns="{NAMESPACE}"><Response>'
        f"<IsOk>true</IsOk>{before}<Changes><UpdatedRecords>{items}</UpdatedRecords></Changes></Response>"
        "</ForceSyncAllResponse></s:Body></s:Envelope>"
    ).encode()


def rest(items: str) -> bytes:
    return f'{{"IsOk":true,"Changes":{{"UpdatedRecords":[{items}]}}}}'.encode()


def test_long_arrays_are_taken_out_of_soap_answers() -> None:
    data = soap("".join(ITEM.format("contact", number) for number in range(10_000)))
    taken_out = take_out_runs(data, FORCE_SYNC_ALL.result)
    assert taken_out is not None
    assert len(taken_out[0]) < len(data) / 1000
    records = CODEC.answer(FORCE_SYNC_ALL, data).changes.updated_records
    assert [(one.tablename, one.record_id) for one in records] == [("contact", number) for number in range(10_000)]
    assert len({id(one) for one in records}) == 10_000


def test_long_arrays_are_taken_out_of_rest_answers() -> None:
    data = rest(",".join(f'{{"Tablename":"contact","RecordId":{number}}}' for number in range(10_000)))
    taken_out = spelling.take_out_runs(data, FORCE_SYNC_ALL.result)
    assert taken_out is not None
    assert len(taken_out[0]) < len(data) / 500
    records = answers.answer(FORCE_SYNC_ALL, data, status=200).changes.updated_records
    assert [(one.tablename, one.record_id) for one in records] == [("contact", number) for number in range(10_000)]


def test_one_odd_record_among_thousands_keeps_its_place() -> None:
    items = [ITEM.format("contact", number) for number in range(10_000)]
    items[7_000] = ITEM.format("R&amp;D <!-- x -->", 5)
    data = soap("".join(items))
    taken_out = take_out_runs(data, FORCE_SYNC_ALL.result)
    assert taken_out is not None
    assert len(taken_out[0]) < len(data) / 500
    records = CODEC.answer(FORCE_SYNC_ALL, data).changes.updated_records
    assert [one.record_id for one in records] == [*range(7_000), 5, *range(7_001, 10_000)]
    assert records[7_000].tablename == "R&D "


def test_one_bad_record_among_thousands_is_told_with_its_place() -> None:
    items = [ITEM.format("contact", number) for number in range(10_000)]
    items[7_000] = ITEM.format("contact", "1_0")
    with pytest.raises(ProtocolError, match="not an integer") as caught:
        CODEC.answer(FORCE_SYNC_ALL, soap("".join(items)))
    path = "ForceSyncAllResponse/Response/Changes/UpdatedRecords/ChangedDataItem[7000]/RecordId"
    assert caught.value.path == path


def test_records_in_a_comment_or_a_text_are_no_records() -> None:
    items = "".join(ITEM.format("contact", number) for number in range(1_000))
    for before in (f"<!--{items}-->", f"<UserExplanation><![CDATA[{items}]]></UserExplanation>"):
        answer = CODEC.answer(FORCE_SYNC_ALL, soap("", before))
        assert answer.changes.updated_records == []
        assert answer.user_explanation in (None, items)


def test_a_mark_that_a_server_writes_is_nothing_but_an_unknown_element() -> None:
    items = "".join(ITEM.format("contact", number) for number in range(1_000))
    answer = CODEC.answer(FORCE_SYNC_ALL, soap(f'{items}<r0 xmlns="" run="0"/><run/>'))
    assert len(answer.changes.updated_records) == 1_000


def test_a_member_that_all_records_share_is_an_object_of_each() -> None:
    members = "<FieldProperties/><RecordId>{}</RecordId>"
    items = "".join(f"<ChangedDataItem>{members.format(number)}</ChangedDataItem>" for number in range(1_000))
    records = CODEC.answer(FORCE_SYNC_ALL, soap(items)).changes.updated_records
    assert len({id(one.field_properties) for one in records}) == 1_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_texts_beyond_ascii_come_through(encoding: str) -> None:
    items = "".join(ITEM.format("Größe 🧾", number) for number in range(1_000))
    records = CODEC.answer(FORCE_SYNC_ALL, soap(items).decode().encode(encoding)).changes.updated_records
    assert {one.tablename for one in records} == {"Größe 🧾"}


def test_a_date_that_stands_for_none_does_not_stand_for_the_next_one() -> None:
    login = OPERATIONS["AuthenticateUsernamePassword"]
    dates = ["0001-01-01T00:00:00", "2026-03-01T08:00:00Z"]
    licences = "".join(
        f"<GrantedModuleLicense><Name>{number}</Name><ExpiryDate>{dates[number % 2]}</ExpiryDate>"
        "</GrantedModuleLicense>"
        for number in range(1_000)
    )
    data = (FIXTURES / login.wire / "wcf.xml").read_text(encoding="utf-8")
    longer = data.replace("</Licenses>", licences + "</Licenses>").encode()
    assert take_out_runs(longer, login.result) is not None
    expiries = [one.expiry_date for one in CODEC.answer(login, longer).response.licenses[-1_000:]]
    assert expiries == [None, datetime(2026, 3, 1, 8, tzinfo=UTC)] * 500
    same_over_soap(login.wire, longer)
