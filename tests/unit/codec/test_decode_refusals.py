"""An answer that means nothing is told as such, with its place, and a failure as what the server says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from superoffice_erpsync import models
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.errors import ProtocolError, ServerFault
from superoffice_erpsync.operations import OPERATIONS

FIXTURES = Path(__file__).parents[3] / "fixtures" / "soap"
NAMESPACE = "http://www.superoffice.net/ws/crm/NetServer/Services86"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
CODEC = SoapCodec(NAMESPACE, {})


def envelope(body: str, header: str = "<n:Succeeded>true</n:Succeeded>") -> bytes:
    return (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:n="{NAMESPACE}" xmlns:a="{ARRAYS}" xmlns:i="{XSI}" '
        f'xmlns:x="http://www.w3.org/2001/XMLSchema"><s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>'
    ).encode()


def response(operation: str, content: str) -> bytes:
    return envelope(f"<n:{operation}Response>{content}</n:{operation}Response>")


def connection(members: str) -> bytes:
    return response("GetConnection", f"<n:Response>{members}</n:Response>")


WELL_FORMED_BUT_WRONG: list[tuple[str, bytes, str, str | None]] = [
    ("GetConnection", connection("<n:Active>Yes</n:Active>"), "not true", "Response/Active"),
    ("GetConnection", connection("<n:Active/>"), "empty", "Response/Active"),
    ("GetConnection", connection('<n:Active i:nil="true"/>'), "nil where a value is due", "Response/Active"),
    (
        "GetConnection",
        connection("<n:ErpConnectionId>1_0</n:ErpConnectionId>"),
        "not an integer",
        "Response/ErpConnectionId",
    ),
    (
        "GetConnection",
        connection("<n:ErpConnectionId>4294967296</n:ErpConnectionId>"),
        "32 bits",
        "Response/ErpConnectionId",
    ),
    ("GetConnection", connection("<n:Active>true</n:Active><n:Active>true</n:Active>"), "twice", "Response/Active"),
    (
        "GetConnection",
        connection("<n:DisplayName><b>x</b></n:DisplayName>"),
        "an element inside",
        "Response/DisplayName",
    ),
    (
        "GetConnection",
        connection('<n:DisplayName i:nil="true">x</n:DisplayName>'),
        "nil and yet",
        "Response/DisplayName",
    ),
    ("GetConnection", connection('<n:DisplayName i:nil="yes"/>'), "xsi:nil", "Response/DisplayName"),
    ("GetConnection", connection('<n:DisplayName xmlns="">x</n:DisplayName>x'), "text between", "Response"),
    ("GetConnection", connection("x<n:Active>true</n:Active>"), "text between elements", "Response"),
    ("GetConnection", connection("<Active>true</Active>"), "in no namespace", "Response/Active"),
    ("GetConnection", connection("<a:Active>true</a:Active>"), "in another namespace", "Response/Active"),
    (
        "GetConnection",
        connection("<n:UserGroupAccessIds><n:int>1</n:int></n:UserGroupAccessIds>"),
        "in another namespace",
        "Response/UserGroupAccessIds/int",
    ),
    (
        "GetConnection",
        connection('<n:UserGroupAccessIds><a:int>1</a:int><a:int i:nil="true"/></n:UserGroupAccessIds>'),
        "nil where a value is due",
        "Response/UserGroupAccessIds/int[1]",
    ),
    (
        "GetConnection",
        connection(
            "<n:ConfigFields><n:StringKeyValuePair><n:Value>x</n:Value></n:StringKeyValuePair></n:ConfigFields>"
        ),
        "without a key",
        "Response/ConfigFields/StringKeyValuePair[0]",
    ),
    (
        "GetConnection",
        connection(
            "<n:ConfigFields>"
            + "<n:StringKeyValuePair><n:Key>k</n:Key><n:Value>hunter2</n:Value></n:StringKeyValuePair>" * 2
            + "</n:ConfigFields>"
        ),
        "the key 'k' stands there twice",
        "Response/ConfigFields/StringKeyValuePair[1]",
    ),
    (
        "GetConnection",
        connection("<n:TableRight><n:Mask>A, B</n:Mask></n:TableRight>"),
        "comma",
        "Response/TableRight/Mask",
    ),
    ("GetConnection", connection('<n:Active i:type="x:int">1</n:Active>'), "xsi:type", "Response/Active"),
    (
        "GetConnection",
        response("GetConnection", '<n:Response i:type="n:PluginResponse"/>'),
        "xsi:type says 'n:PluginResponse'",
        "Response",
    ),
    ("GetConnection", response("GetConnection", "<n:Response/><n:Response/>"), "twice", ""),
    ("GetConnection", response("GetConnection", "<Response/>"), "in no namespace", ""),
    (
        "GetEngineStatus",
        response("GetEngineStatus", "<n:Response><n:Interval>P1M</n:Interval></n:Response>"),
        "months",
        "Response/Interval",
    ),
    ("SyncAll", response("SyncAll", "<n:Response/>"), "absent", "Response/IsOk"),
    ("SyncAll", response("SyncAll", "<n:Response><n:IsOk/></n:Response>"), "empty", "Response/IsOk"),
    ("SyncAll", response("SyncAll", ""), "Response is absent", ""),
    ("SyncAll", response("SyncAll", '<n:Response i:nil="true"/>'), "Response is nil", ""),
    ("TestConnectionById", response("TestConnectionById", ""), "Response is absent", ""),
    ("TestConnectionById", response("TestConnectionById", "<n:Response> </n:Response>"), "empty", "Response"),
    ("GetCrmActorType", response("GetCrmActorType", "<n:Response> </n:Response>"), "empty", "Response"),
    ("SyncAll", envelope('<n:SyncAllResponse i:nil="true"/>'), "nil where an answer is due", ""),
]


@pytest.mark.parametrize(
    ("operation", "data", "fragment", "path"),
    WELL_FORMED_BUT_WRONG,
    ids=[f"{operation}-{fragment}-{path}" for operation, _, fragment, path in WELL_FORMED_BUT_WRONG],
)
def test_what_the_contract_does_not_allow_is_told_with_its_place(
    operation: str, data: bytes, fragment: str, path: str
) -> None:
    with pytest.raises(ProtocolError) as caught:
        CODEC.answer(OPERATIONS[operation], data, status=200)
    error = caught.value
    assert fragment in error.message
    assert error.path == "/".join(step for step in (f"{operation}Response", path) if step)
    assert f"at {error.path}: " in error.message
    assert (error.operation, error.status) == (operation, 200)
    assert "hunter2" not in str(error)


GOOD_ANSWER = response("SyncAll", "<n:Response><n:IsOk>true</n:IsOk></n:Response>")
OTHER = NAMESPACE.replace("Services86", "Services87")

NO_ANSWER: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "nothing came"),
    ("blanks", b" \r\n", "nothing came"),
    ("text", b"Service Unavailable", "not well-formed"),
    ("json", b'{"IsOk": true}', "not well-formed"),
    ("cut", GOOD_ANSWER[:-20], "not well-formed"),
    ("page", b"<html><head><title>Log in</title></head></html>", "an HTML page titled 'Log in'"),
    ("page that is no xml", b"<!DOCTYPE html><title>Log\n in</title><br>", "an HTML page titled 'Log in'"),
    ("doctype", b"<!DOCTYPE x>" + GOOD_ANSWER, "document type"),
    (
        "entity",
        b'<!DOCTYPE x [<!ENTITY e "1">]>' + GOOD_ANSWER.replace(b"true</n:IsOk", b"&e;</n:IsOk"),
        "document type",
    ),
    ("unknown entity", GOOD_ANSWER.replace(b"true</n:IsOk", b"&nbsp;</n:IsOk"), "not well-formed"),
    ("instruction before", b"<?php x?>" + GOOD_ANSWER, "processing instruction"),
    ("instruction after", GOOD_ANSWER + b"<?php x?>", "processing instruction"),
    ("instruction inside", GOOD_ANSWER.replace(b"<n:IsOk>", b"<?php x?><n:IsOk>"), "processing instruction"),
    ("two roots", GOOD_ANSWER * 2, "not well-formed"),
    ("bytes of another encoding", GOOD_ANSWER.replace(b"true</n:IsOk", b"\xe5</n:IsOk"), "not well-formed"),
    ("an encoding there is not", b'<?xml version="1.0" encoding="utf-99"?>' + GOOD_ANSWER, "not "),
    ("no envelope", b"<a/>", "the element a came where a SOAP envelope is due"),
    ("envelope of no SOAP", GOOD_ANSWER.replace(SOAP.encode(), b"urn:x"), "where a SOAP envelope is due"),
    ("no body", f'<s:Envelope xmlns:s="{SOAP}"/>'.encode(), "without a Body"),
    ("two bodies", f'<s:Envelope xmlns:s="{SOAP}"><s:Body/><s:Body/></s:Envelope>'.encode(), "two Body"),
    (
        "two headers",
        f'<s:Envelope xmlns:s="{SOAP}"><s:Header/><s:Header/><s:Body/></s:Envelope>'.encode(),
        "two Header",
    ),
    ("empty body", envelope(""), "an empty Body"),
    ("two answers", envelope("<n:SyncAllResponse/><n:SyncAllResponse/>"), "2 elements in the Body"),
    (
        "another element",
        envelope("<n:ForceSyncAllResponse/>"),
        "ForceSyncAllResponse came where SyncAllResponse is due",
    ),
    ("no namespace", envelope("<SyncAllResponse/>"), "SyncAllResponse is in no namespace"),
    ("foreign namespace", envelope("<SyncAllResponse xmlns='urn:x'/>"), "in another namespace, urn:x"),
    ("another version", envelope(f"<SyncAllResponse xmlns='{OTHER}'/>"), "answered as Services87, .* as Services86"),
    ("succeeded unclear", envelope("", "<n:Succeeded>Yes</n:Succeeded>"), "at Succeeded: not true"),
    ("succeeded nil", envelope("", '<n:Succeeded i:nil="true"/>'), "at Succeeded: nil"),
    (
        "succeeded twice",
        envelope("<n:SyncAllResponse/>", "<n:Succeeded>true</n:Succeeded><n:Succeeded>0</n:Succeeded>"),
        "two Succeeded headers that differ",
    ),
    ("deep", connection("<n:a>" * 100_000), "not well-formed"),
]


def test_the_message_that_the_broken_ones_are_made_of_is_good() -> None:
    assert CODEC.answer(OPERATIONS["SyncAll"], GOOD_ANSWER) == models.PluginResponse(is_ok=True)


@pytest.mark.parametrize(("data", "pattern"), [case[1:] for case in NO_ANSWER], ids=[case[0] for case in NO_ANSWER])
def test_what_is_no_answer_is_a_protocol_error(data: bytes, pattern: str) -> None:
    with pytest.raises(ProtocolError, match=pattern) as caught:
        CODEC.answer(OPERATIONS["SyncAll"], data, status=200)
    assert caught.value.operation == "SyncAll"


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_message_cut_anywhere_is_a_protocol_error(data: Any) -> None:
    whole = (FIXTURES / "GetConnection" / "wcf.xml").read_bytes()
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    with pytest.raises(ProtocolError):
        CODEC.answer(OPERATIONS["GetConnection"], cut)


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=60) | st.text(alphabet="<>/=\"'&;:sn!-[]?Envelope \n", max_size=60).map(str.encode))
def test_no_bytes_at_all_bring_up_anything_but_a_protocol_error(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        CODEC.answer(OPERATIONS["GetConnection"], data)


# -- failures that are told in headers and faults ---------------------------------------------------------------------

INFO = "<n:ExceptionInfo><n:Message>No: hunter2</n:Message><n:ExceptionType>A.B</n:ExceptionType></n:ExceptionInfo>"


@pytest.mark.parametrize(
    ("data", "text", "code"),
    [
        (envelope("", f"<n:Succeeded>false</n:Succeeded>{INFO}"), "No: ***", "A.B"),
        (envelope("", "<n:Succeeded>0</n:Succeeded>"), "no reason given", None),
        (GOOD_ANSWER.replace(b">true</n:Succeeded>", b">false</n:Succeeded>"), "no reason given", None),
        (GOOD_ANSWER.replace(b"<n:Succeeded>true</n:Succeeded>", INFO.encode()), "No: ***", "A.B"),
        (envelope("garbage<x/>", f"<n:Succeeded>true</n:Succeeded>{INFO}"), "No: ***", "A.B"),
        (
            envelope("<s:Fault><faultcode>s:Client</faultcode><faultstring>hunter2</faultstring></s:Fault>"),
            "***",
            "Client",
        ),
        (envelope("<s:Fault/>"), "no reason given", None),
    ],
)
def test_a_failure_is_a_server_fault_and_keeps_no_secret(data: bytes, text: str, code: str | None) -> None:
    with pytest.raises(ServerFault) as caught:
        CODEC.answer(OPERATIONS["SyncAll"], data, status=500, scrub=lambda said: said.replace("hunter2", "***"))
    error = caught.value
    assert text in error.message
    assert (error.code, error.status, error.operation) == (code, 500, "SyncAll")
    assert "hunter2" not in repr(error) + str(error) + repr(error.exception_info)


def test_what_a_server_says_about_an_exception_is_kept_to_the_innermost() -> None:
    inner = "".join(f"<n:InnerException><n:Message>{place}</n:Message>" for place in range(40))
    inner += "</n:InnerException>" * 40
    header = f"<n:ExceptionInfo><n:Message>outer</n:Message>{inner}</n:ExceptionInfo>"
    with pytest.raises(ServerFault) as caught:
        CODEC.answer(OPERATIONS["SyncAll"], envelope("", header))
    found, depth = caught.value.exception_info, 0
    while found is not None and found.inner_exception is not None:
        found, depth = found.inner_exception, depth + 1
    assert found is not None
    assert (found.message, depth) == ("39", 40)


@pytest.mark.parametrize("header", ["", "<n:ExceptionInfo/>", '<n:ExceptionInfo i:nil="true"/>', "<n:ExtraInfo/>"])
def test_headers_that_say_nothing_do_not_make_a_failure(header: str) -> None:
    data = GOOD_ANSWER.replace(b"<n:Succeeded>true</n:Succeeded>", header.encode())
    assert CODEC.answer(OPERATIONS["SyncAll"], data).is_ok is True


@pytest.mark.parametrize(
    ("body", "fragment"),
    [
        ("text<n:Response>true</n:Response>", "text between elements"),
        ("<n:Response>true</n:Response>text", "text between elements"),
        ("<o:Response xmlns:o='urn:other'>true</o:Response>", "another namespace"),
    ],
)
def test_stray_content_in_the_answers_element_is_refused(body: str, fragment: str) -> None:
    message = envelope(f"<n:TestConnectionByIdResponse>{body}</n:TestConnectionByIdResponse>")
    with pytest.raises(ProtocolError, match=fragment):
        CODEC.answer(OPERATIONS["TestConnectionById"], message)


def test_foreign_element_beside_the_answer_is_passed_over() -> None:
    body = "<o:Response xmlns:o='urn:other'>false</o:Response><n:Response>true</n:Response>"
    message = envelope(f"<n:TestConnectionByIdResponse>{body}</n:TestConnectionByIdResponse>")
    assert CODEC.answer(OPERATIONS["TestConnectionById"], message) is True
