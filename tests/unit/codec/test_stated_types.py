"""Types that a server states by xsi:type: the declared one by whatever prefix, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from strategies.noisy_answers import NAMESPACE, SOAP, XSI
from superoffice_erpsync.codec.soap import SoapCodec, reading
from superoffice_erpsync.errors import ProtocolError
from superoffice_erpsync.operations import OPERATIONS

XSD = "http://www.w3.org/2001/XMLSchema"
CODEC = SoapCodec(NAMESPACE, {})
SYNC = OPERATIONS["SyncAll"]


def read(members: str, response: str = "", around: str = "") -> Any:
    data = (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:n="{NAMESPACE}" xmlns:i="{XSI}" xmlns:x="{XSD}"><s:Body>'
        f"<n:SyncAllResponse {around}><n:Response {response}><n:IsOk>true</n:IsOk>{members}</n:Response>"
        "</n:SyncAllResponse></s:Body></s:Envelope>"
    ).encode()
    return CODEC.answer(SYNC, data)


@pytest.mark.parametrize(
    "element",
    [
        '<n:ErrorCode i:type="x:string">E</n:ErrorCode>',
        '<n:ErrorCode i:type=" x:string&#10;">E</n:ErrorCode>',
        f'<n:ErrorCode xmlns="{XSD}" i:type="string">E</n:ErrorCode>',
        f'<n:ErrorCode xmlns:y="{XSD}" i:type="y:string" i:nil="false">E</n:ErrorCode>',
    ],
)
def test_the_declared_type_by_any_prefix(element: str) -> None:
    assert read(element).error_code == "E"


@pytest.mark.parametrize("stated", ["n:PluginResponse", " n:PluginResponse "])
def test_a_type_of_the_elements_own_namespace(stated: str) -> None:
    assert read("", f'i:type="{stated}"').is_ok is True


@pytest.mark.parametrize(
    "stated", ["x:int", "n:string", "string", "y:string", "x:String", "x:y:string", ":string", "s:string", "", "x:"]
)
def test_any_other_type_is_refused(stated: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        read(f'<n:ErrorCode i:type="{stated}">E</n:ErrorCode>')
    assert caught.value.path == "SyncAllResponse/Response/ErrorCode"
    assert f"xsi:type says {stated!r}, which is not the declared type" in caught.value.message


def test_a_type_that_is_stated_of_an_element_without_one_is_refused() -> None:
    with pytest.raises(ProtocolError, match="not the declared type"):
        read("", around='i:type="n:PluginResponse"')


@pytest.mark.parametrize(
    ("attributes", "content", "fragment"),
    [
        ('i:nil="yes"', "", "xsi:nil is not true, false, 1 or 0"),
        ('i:nil="true"', "E", "nil and yet with content"),
        ('i:nil="1"', "<x/>", "nil and yet with content"),
        ('i:nil="true" a="b"', "E", "nil and yet with content"),
    ],
)
def test_nil_that_makes_no_sense_is_refused(attributes: str, content: str, fragment: str) -> None:
    with pytest.raises(ProtocolError, match=fragment):
        read(f"<n:ErrorCode {attributes}>{content}</n:ErrorCode>")


@pytest.mark.parametrize(
    "attributes", ['i:nil="true"', 'i:nil=" 1 "', 'i:nil="true" a="b"', 'i:type="x:string" i:nil="true"']
)
@pytest.mark.parametrize("content", ["", " \n"])
def test_nil_is_none(attributes: str, content: str) -> None:
    assert read(f"<n:ErrorCode {attributes}>{content}</n:ErrorCode>").error_code is None


def test_looking_for_prefixes_among_too_many_declarations_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    # An element here has 10 declarations around it and 5 elements above it.
    monkeypatch.setattr(reading, "_LOOKUPS", 500)
    declared = " ".join(f'xmlns:y{number}="urn:y"' for number in range(6))
    item = '<n:ChangedDataItem><n:RecordId i:type="x:int">1</n:RecordId></n:ChangedDataItem>'

    def records(count: int) -> Any:
        return read(f"<n:Changes><n:UpdatedRecords>{item * count}</n:UpdatedRecords></n:Changes>", around=declared)

    assert len(records(6).changes.updated_records) == 6
    assert len(records(6).changes.updated_records) == 6
    with pytest.raises(ProtocolError, match="too many namespaces around too many elements"):
        records(9)
