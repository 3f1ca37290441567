"""Answers nested too deep, and answers made to keep a reader busy, are refused, and soon."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from superoffice_erpsync.codec.rest import answers
from superoffice_erpsync.codec.soap import SoapCodec, document
from superoffice_erpsync.errors import ProtocolError
from superoffice_erpsync.operations import OPERATIONS

NAMESPACE = "http://www.superoffice.net/ws/crm/NetServer/Services86"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SYNC_ALL = OPERATIONS["SyncAll"]
LISTS = OPERATIONS["GetConnectionListMappings"]


def soap(inside: str = "", header: str = "", operation: str = "SyncAll", attributes: str = "") -> bytes:
    """An answer; what is inside stands on the fifth level."""
    return (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:i="{XSI}" xmlns:n="{NAMESPACE}"><s:Header>{header}</s:Header><s:Body>'
        f"<n:{operation}Response><n:Response {attributes}><n:IsOk>true</n:IsOk>{inside}</n:Response>"
        f"</n:{operation}Response></s:Body></s:Envelope>"
    ).encode()


def deep(levels: int, name: str = "x") -> str:
    return f"<{name}>" * levels + f"</{name}>" * levels


def read(data: bytes, depth: int = 100, operation: Any = SYNC_ALL) -> Any:
    return SoapCodec(NAMESPACE, {}, depth=depth).answer(operation, data)


@pytest.mark.parametrize("depth", [7, 100, 200])
@pytest.mark.parametrize(
    ("place", "above"), [("inside", 4), ("header", 2)], ids=["in an unknown member", "in an unknown header"]
)
def test_the_last_level_is_read_and_the_next_is_refused(depth: int, place: str, above: int) -> None:
    assert read(soap(**{place: deep(depth - above)}), depth).is_ok
    with pytest.raises(ProtocolError, match=f"nested deeper than {depth} levels"):
        read(soap(**{place: deep(depth - above + 1)}), depth)


@pytest.mark.parametrize("levels", [253, 300, 100_000])
def test_what_is_too_deep_for_the_parser_is_refused_alike(levels: int) -> None:
    for depth in (100, 1000):
        with pytest.raises(ProtocolError, match=f"nested deeper than {depth} levels"):
            read(soap(deep(levels)), depth)


def lists(levels: int) -> bytes:
    """Items of a list in each other, the outermost on the seventh level and each two levels below the one before."""
    start, end = "<n:ChildItems><n:MDOListItem>", "</n:MDOListItem></n:ChildItems>"
    mapping = f"<n:CrmList>{start * levels}{end * levels}</n:CrmList>"
    inside = f"<n:ErpConnectionListMapping>{mapping}</n:ErpConnectionListMapping>"
    body = f"<n:Response><n:ErpListItemMappings>{inside}</n:ErpListItemMappings></n:Response>"
    return (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:n="{NAMESPACE}"><s:Body><n:GetConnectionListMappingsResponse>{body}'
        "</n:GetConnectionListMappingsResponse></s:Body></s:Envelope>"
    ).encode()


def test_known_members_count_as_well() -> None:
    item = read(lists(46), operation=LISTS).erp_list_item_mappings[0].crm_list
    for _ in range(46):
        (item,) = item.child_items
    with pytest.raises(ProtocolError, match="nested deeper than 100 levels"):
        read(lists(47), operation=LISTS)


def test_an_answer_on_little_stack_is_no_crash() -> None:
    found: list[Any] = []

    def fall() -> None:
        with contextlib.suppress(RecursionError):
            fall()
        if not found:
            with contextlib.suppress(ProtocolError, RecursionError):
                found.append(read(lists(46), operation=LISTS))

    thread = threading.Thread(target=fall)
    thread.start()
    thread.join()
    assert found


@pytest.mark.parametrize("depth", [1, 2, 3, 6, 100])
def test_both_ways_to_look_for_depth_agree(depth: int) -> None:
    for levels in range(1, 8):
        root = etree.fromstring(f"<a><b/>{deep(levels)}<b><b/></b></a>")
        assert (
            document._is_deeper(root, depth)
            == document._is_deeper_by_levels(root, depth)
            == (max(levels + 1, 3) > depth)
        )


# -- JSON --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "end"), [("[", "]"), ('{"x":', "}"), ('[{"x":', "}]")])
@pytest.mark.parametrize("depth", [8, 100, 200])
def test_the_last_level_of_json_is_read_and_the_next_is_refused(start: str, end: str, depth: int) -> None:
    size = len(end)

    def data(levels: int) -> bytes:
        times = levels // size
        inner = "[" * (levels % size) + "0" + "]" * (levels % size)
        return f'{{"IsOk":true,"New":{start * times}{inner}{end * times}}}'.encode()

    # The object is the first level, and the innermost number one below what stands around it.
    assert answers.answer(SYNC_ALL, data(depth - 2), status=200, depth=depth).is_ok
    assert answers.plain(SYNC_ALL, data(depth - 2), status=200, depth=depth)["IsOk"]
    for function in (answers.answer, answers.plain):
        with pytest.raises(ProtocolError, match=f"nested deeper than {depth} levels"):
            function(SYNC_ALL, data(depth - 1), status=200, depth=depth)


@pytest.mark.parametrize("text", ["[" * 10**6, '{"a":' * 10**6, "[" * 10**6 + "]" * 10**6, '[{"a":' * 5 * 10**5])
def test_json_without_end_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError, match="nested deeper than 100 levels"):
        answers.answer(SYNC_ALL, text.encode(), status=200)
    assert answers.error_in(text.encode()) is None


# -- floods ------------------------------------------------------------------------------------------------------------

MILLION = 10**6
ITEM = "<n:ChangedDataItem>{}</n:ChangedDataItem>"


def repeated(text: str, size: int = MILLION) -> str:
    return text * (size // len(text))


def counted(text: str, size: int = MILLION) -> str:
    return "".join(text.format(number) for number in range(size // (len(text) + 5)))


def changes(items: str, attributes: str = "") -> str:
    return f"<n:Changes><n:UpdatedRecords {attributes}>{items}</n:UpdatedRecords></n:Changes>"


TYPED = repeated(ITEM.format('<n:RecordId i:type="x0:int">1</n:RecordId>'))
ATTRIBUTES = counted("a{}='' ", 2000)

# Made when they are needed: together they take up tens of megabytes.
FLOODS: dict[str, Callable[[], bytes]] = {
    "nested declarations": lambda: soap(repeated('<a xmlns:x="urn:x">')),
    "nested declarations of many": lambda: soap(counted('<a xmlns:x{}="urn:x">')),
    "attributes": lambda: soap(attributes=counted('a{}="x" ')),
    "attributes beside nil": lambda: soap(attributes='i:nil="false" ' + counted('a{}="x" ')),
    "attributes that differ little": lambda: soap(attributes=counted('i:a{0}="x" n:a{0}="x" ')),
    "one attribute again and again": lambda: soap(attributes=repeated('a="x" ')),
    "many attributes on many": lambda: soap(changes(repeated(ITEM.format(f"<n:RecordId {ATTRIBUTES}>1</n:RecordId>")))),
    "declarations": lambda: soap(attributes=counted('xmlns:x{}="urn:x" ')),
    "declarations around types": lambda: soap(changes(TYPED, 'xmlns:x0="urn:x" ' + counted('xmlns:y{}="urn:x" '))),
    "declarations around types that are right": lambda: soap(
        changes(TYPED, 'xmlns:x0="http://www.w3.org/2001/XMLSchema" ' + counted('xmlns:y{}="urn:x" '))
    ),
    "references": lambda: soap(f"<n:UserExplanation>{repeated('&amp;&#65;&lt;')}</n:UserExplanation>"),
    "unknown entities": lambda: soap(f"<n:UserExplanation>{counted('&e{};')}</n:UserExplanation>"),
    "comments": lambda: soap(repeated("<!--x-->")),
    "sections": lambda: soap(f"<n:UserExplanation>{repeated('<![CDATA[x]]>y')}</n:UserExplanation>"),
    "headers": lambda: soap(header=repeated("<n:Succeeded>true</n:Succeeded>")),
    "a text of ten megabytes": lambda: soap(f"<n:UserExplanation>{'x' * 11 * MILLION}</n:UserExplanation>"),
    "a name of ten megabytes": lambda: soap(f"<{'x' * 11 * MILLION}/>"),
    "items without end": lambda: soap(changes(repeated("<n:ChangedDataItem>"))),
    "items too short for a run": lambda: soap(
        changes(repeated(7 * ITEM.format("<n:RecordId>1</n:RecordId>") + ITEM.format("<n:RecordId>-1</n:RecordId>")))
    ),
    "items full of members": lambda: soap(changes(repeated(ITEM.format("<n:X>1</n:X>" * 1000)))),
    "items that nearly end": lambda: soap(
        changes(repeated("<n:ChangedDataItem><n:X>1</n:X><n:X>1</n:X></n:ChangedDataIten>"))
    ),
    "blanks": lambda: soap(changes(repeated("<n:ChangedDataItem>" + " " * 10_000))),
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_a_flood_over_soap_is_over_soon(flood: Callable[[], bytes]) -> None:
    data = flood()
    soon(lambda: read(data))


JSON_FLOODS: dict[str, Callable[[], str]] = {
    "objects without end": lambda: "{" * MILLION,
    "keys": lambda: "{" + counted('"k{}":1,') + '"IsOk":true}',
    "one key again and again": lambda: "{" + repeated('"k":1,') + '"IsOk":true}',
    "digits": lambda: '{"IsOk":true,"New":' + "9" * MILLION + "}",
    "quotes": lambda: '"' * MILLION,
    "strings that look like objects": lambda: '{"IsOk":true,"New":"' + repeated('{\\"a\\":1},') + '"}',
    "objects that nearly end": lambda: '{"IsOk":true,"New":[' + repeated('{"a":1,"b":"x"],'),
    "escapes": lambda: '{"IsOk":true,"New":"' + repeated("\\u0041") + '"}',
    "bad escapes": lambda: '{"IsOk":true,"New":[' + repeated('"\\u0001",') + '""]}',
}


@pytest.mark.parametrize("flood", JSON_FLOODS.values(), ids=JSON_FLOODS)
def test_a_flood_over_rest_is_over_soon(flood: Callable[[], str]) -> None:
    data = flood().encode()
    soon(lambda: answers.answer(SYNC_ALL, data, status=200))


def soon(do: Any) -> None:
    """It ends well or as a ProtocolError, within what a megabyte may take on a slow machine."""
    start = time.thread_time()
    with contextlib.suppress(ProtocolError):
        do()
    assert time.thread_time() - start < 8
