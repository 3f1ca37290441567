"""Long arrays of items that are spelled alike: what is taken out before parsing is whole, and nothing is read twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from strategies.noisy_answers import NAMESPACE, SOAP, XSI
from superoffice_erpsync.codec import soap as soap_codec
from superoffice_erpsync.codec.rest import answers
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.codec.soap.names import ARRAYS
from superoffice_erpsync.errors import ProtocolError, ServerFault
from superoffice_erpsync.models import (
    ChangedDataItem,
    ConfigFields,
    EFieldRight,
    ErpConnection,
    ETableRight,
    FieldProperty,
    FieldRight,
    TableRight,
)
from superoffice_erpsync.operations import OPERATIONS

COUNT = 200
NAMESPACE_88 = NAMESPACE.replace("86", "88")
SYNC, CONNECTIONS = OPERATIONS["ForceSyncAll"], OPERATIONS["GetAllConnections"]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of all that is parsed: an answer that is not understood without its runs is parsed once more."""
    sizes: list[int] = []

    def counted(parse: Callable[[bytes, int], Any]) -> Callable[[bytes, int], Any]:
        def count(data: bytes, depth: int) -> Any:
            sizes.append(len(data))
            return parse(data, depth)

        return count

    for module in (soap_codec, answers):
        monkeypatch.setattr(module, "parse", counted(module.parse))
    return sizes


def over_soap(operation: str, items: str, namespace: str = NAMESPACE) -> bytes:
    body = f"<Response>{items}</Response>"
    if operation == "ForceSyncAll":
        changes = f"<Changes><UpdatedRecords>{items}</UpdatedRecords></Changes>"
        body = f"<Response><IsOk>true</IsOk>{changes}</Response>"
    return (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:i="{XSI}" xmlns:a="{ARRAYS}"><s:Body>'
        f'<{operation}Response xmlns="{namespace}">{body}</{operation}Response></s:Body></s:Envelope>'
    ).encode()


def over_rest(items: list[str]) -> bytes:
    return f'{{"IsOk":true,"Changes":{{"UpdatedRecords":[{",".join(items)}]}}}}'.encode()


def records_over_soap(item: Callable[[int], str]) -> Any:
    data = over_soap("ForceSyncAll", "".join(map(item, range(COUNT))))
    return SoapCodec(NAMESPACE, {}).answer(SYNC, data).changes.updated_records


def records_over_rest(item: Callable[[int], str]) -> Any:
    return answers.answer(SYNC, over_rest(list(map(item, range(COUNT)))), status=200).changes.updated_records


def once_and_short(parsed: list[int]) -> bool:
    return len(parsed) == 1 and parsed[0] < 2_000


# -- what items can hold -----------------------------------------------------------------------------------------------


def record(number: int) -> ChangedDataItem:
    return ChangedDataItem(
        table_right=TableRight(mask=frozenset({ETableRight.SELECT, ETableRight.UPDATE})),
        field_properties={
            f"NAME{number}": FieldProperty(
                field_right=FieldRight(mask=frozenset({EFieldRight.READ})),
                field_type="System.String",
                field_length=number,
            ),
            "NOTHING": None,
            "ABSENT": None,
        },
        tablename=f"contact{number}",
        record_id=number + 1,
    )


def test_records_with_all_their_members_over_soap(parsed: list[int]) -> None:
    def item(number: int) -> str:
        pair = "FieldPropertyDictionaryKeyValuePair"
        return (
            "<ChangedDataItem><TableRight><Mask>Select Update</Mask></TableRight><FieldProperties>"
            f"<{pair}><Key>NAME{number}</Key><Value><FieldRight><Mask>Read</Mask></FieldRight>"
            f"<FieldType>System.String</FieldType><FieldLength>{number}</FieldLength></Value></{pair}>"
            f'<{pair}><Key>NOTHING</Key><Value i:nil="true"/></{pair}><{pair}><Key>ABSENT</Key></{pair}>'
            f"</FieldProperties><Tablename>contact{number}</Tablename><RecordId>{number + 1}</RecordId>"
            "</ChangedDataItem>"
        )

    assert records_over_soap(item) == list(map(record, range(COUNT)))
    assert once_and_short(parsed)


def test_records_with_all_their_members_over_rest(parsed: list[int]) -> None:
    def item(number: int) -> str:
        return (
            '{"TableRight":{"Mask":"Select, Update"},"FieldProperties":{"NAME":{"FieldRight":{"Mask":"Read"},'
            f'"FieldType":"System.String","FieldLength":{number}}},"NOTHING":null,"ABSENT":null}},'
            f'"Tablename":"contact{number}","RecordId":{number + 1}}}'
        )

    expected = [record(number) for number in range(COUNT)]
    for one in expected:
        one.field_properties = {key.rstrip("0123456789"): value for key, value in one.field_properties.items()}
    assert records_over_rest(item) == expected
    assert once_and_short(parsed)


def test_connections_with_their_secrets_and_lists_over_soap(parsed: list[int]) -> None:
    def item(number: int) -> str:
        return (
            f"<ErpConnection><TableRight i:nil='true'/><ErpConnectionId>{number}</ErpConnectionId><Active>true</Active>"
            f"<ConfigFields><StringKeyValuePair><Key>Server</Key><Value>erp{number}</Value></StringKeyValuePair>"
            "<StringKeyValuePair><Key/><Value/></StringKeyValuePair></ConfigFields>"
            f"<UserGroupAccessIds><a:int>7</a:int><a:int>{number}</a:int></UserGroupAccessIds><AssociateAccessIds/>"
            "</ErpConnection>"
        )

    data = over_soap("GetAllConnections", "".join(map(item, range(COUNT))), NAMESPACE_88)
    found = SoapCodec(NAMESPACE_88, {}).answer(CONNECTIONS, data)
    assert found == [
        ErpConnection(
            erp_connection_id=number,
            active=True,
            config_fields=ConfigFields({"Server": f"erp{number}", "": ""}),
            user_group_access_ids=[7, number],
            associate_access_ids=[],
        )
        for number in range(COUNT)
    ]
    assert {type(one.config_fields) for one in found} == {ConfigFields}
    assert len({id(one.associate_access_ids) for one in found}) == COUNT
    assert once_and_short(parsed)


def test_a_key_that_comes_twice_in_a_later_item_is_found(parsed: list[int]) -> None:
    def item(number: int) -> str:
        pair = "<StringKeyValuePair><Key>{}</Key><Value>x</Value></StringKeyValuePair>"
        second = "A" if number == COUNT - 1 else "B"
        return f"<ErpConnection><ConfigFields>{pair.format('A')}{pair.format(second)}</ConfigFields></ErpConnection>"

    data = over_soap("GetAllConnections", "".join(map(item, range(COUNT))), NAMESPACE_88)
    with pytest.raises(ProtocolError, match="the key 'A' stands there twice"):
        SoapCodec(NAMESPACE_88, {}).answer(CONNECTIONS, data)
    assert parsed == [parsed[0], len(data)]


def test_an_error_object_that_brings_records_is_an_error_all_the_same() -> None:
    records = ",".join(f'{{"Tablename":"{"t" * 80}","RecordId":{number}}}' for number in range(COUNT))
    data = f'{{"Error":true,"ErrorMessage":"No","IsOk":true,"Changes":{{"UpdatedRecords":[{records}]}}}}'
    with pytest.raises(ServerFault, match="the server reports an error: No"):
        answers.answer(SYNC, data.encode(), status=200)


# -- several kinds -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kinds", [1, 2, 3, 4])
def test_items_of_some_kinds_keep_their_order(parsed: list[int], kinds: int) -> None:
    blanks = ["", " ", "\n", "\t"]

    def over_xml(number: int) -> str:
        blank = blanks[number % kinds]
        return (
            f"<ChangedDataItem>{blank}<Tablename>t{number}</Tablename><RecordId>{number}</RecordId></ChangedDataItem>"
        )

    def in_json(number: int) -> str:
        return f'{{{blanks[number % kinds]}"Tablename":"t{number:080}","RecordId":{number}}}'

    expected = [(number, number) for number in range(COUNT)]
    for records in (records_over_soap(over_xml), records_over_rest(in_json)):
        assert [(int(one.tablename[1:]), one.record_id) for one in records] == expected
    assert len(parsed) == 2
    assert max(parsed) < 2_000


def test_items_of_too_many_kinds_are_read_as_they_came(parsed: list[int]) -> None:
    def item(number: int) -> str:
        return f"<ChangedDataItem>{' ' * (number % 5)}<RecordId>{number}</RecordId></ChangedDataItem>"

    assert [one.record_id for one in records_over_soap(item)] == list(range(COUNT))
    assert len(parsed) == 1
    assert parsed[0] > COUNT * len(item(0))


# -- ends of what is taken out -----------------------------------------------------------------------------------------


def test_a_run_of_one_kind_among_others_that_end_it(parsed: list[int]) -> None:
    def item(number: int) -> str:
        return f'{{"Tablename":"{"t" * 80}","RecordId":{number}}}' if number % 70 != 69 else "null"

    records = records_over_rest(item)
    assert [one and one.record_id for one in records] == [None if one % 70 == 69 else one for one in range(COUNT)]
    assert once_and_short(parsed)


def test_the_longest_text_that_is_taken_out_and_the_next(parsed: list[int]) -> None:
    def item(number: int) -> str:
        return f'{{"Tablename":"{"x" * (10_001 if number == 90 else 10_000)}","RecordId":{number}}}'

    records = records_over_rest(item)
    assert [len(one.tablename) for one in records] == [10_001 if one == 90 else 10_000 for one in range(COUNT)]
    assert len(parsed) == 1
    assert parsed[0] < 40_000
