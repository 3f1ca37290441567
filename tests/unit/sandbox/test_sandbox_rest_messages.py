"""The REST side's reader, writer and `$select` along the contract."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from superoffice_erpsync.sandbox.rest.operations import rest_operations
from superoffice_erpsync.sandbox.rest.presentation import Presentation
from superoffice_erpsync.sandbox.rest.reader import Unreadable, parse, read_members, read_value
from superoffice_erpsync.sandbox.rest.select import read_selection, trimmed
from superoffice_erpsync.sandbox.rest.writer import write_value
from superoffice_erpsync.sandbox.soap.contract import Composite, Scalar, load_contract

OPERATIONS = rest_operations(load_contract("ErpSync", "Services88"))
AS_IS = Presentation()


def full(kind: Scalar | Composite, depth: int = 0) -> Any:
    """A plain value with something in every member, down to where types contain themselves."""
    if isinstance(kind, Scalar):
        rights = {"ETableRight": ["Select", "Update", "Insert", "Delete"], "EFieldRight": ["Read", "UIHintMandatory"]}
        return {
            "int": -7,
            "boolean": True,
            "string": " Blåbær & <co>\r\n\x01",
            "dateTime": datetime(2026, 2, 3, 4, 5, 6, 123456),
            "duration": timedelta(days=1, seconds=2.5),
            "mask": rights.get(kind.name),
            "enumeration": (kind.allowed or ("",))[-1],
        }[kind.kind]
    if depth > 6:
        return None
    if kind.shape == "array":
        item = full(kind.members[0].type, depth + 1)
        return [] if item is None else [item, item]
    if kind.shape == "dictionary":
        pair = kind.members[0].type
        return {"": None, "key": full(pair.members[1].type, depth + 1)}
    return {member.name: full(member.type, depth + 1) for member in kind.members}


def test_the_49_operations_and_their_forms():
    assert len(OPERATIONS) == 49
    forms = {form: {o.name for o in OPERATIONS.values() if o.form == form} for form in ("entity", "query", "nothing")}
    assert forms == {
        "entity": {"SaveErpSyncConnectorEntity"},
        "query": {"GetErpSyncConnectorEntity", "DeleteErpSyncConnectorEntity"},
        "nothing": {
            "CreateDefaultErpSyncConnectorEntity", "GetAllConnectors", "SyncAll", "ForceSyncAll", "GetEngineStatus",
        },
    }  # fmt: skip
    assert {o.name for o in OPERATIONS.values() if o.result is None} == {
        "DeleteConnection", "MoveErpFieldItem", "ConnectActor", "ValidateArchiveColumnConfig", "ForceResyncBatchTask",
        "ChangeEngineInterval", "DeleteErpSyncConnectorEntity",
    }  # fmt: skip
    assert sum(not o.selectable for o in OPERATIONS.values()) == 3


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_what_is_written_is_read_back(name):
    operation = OPERATIONS[name]
    for member in (*operation.arguments, *([operation.result] if operation.result else ())):
        value = full(member.type)
        body = json.dumps(write_value(member.type, value, AS_IS)).encode()
        assert read_value(member.type, parse(body), name) == value


def test_an_empty_object_is_written_with_every_member_and_rights_last():
    kind = OPERATIONS["forcesyncall"].result.type
    assert write_value(kind, {}, AS_IS) == {
        "IsOk": False, "UserExplanation": None, "TechExplanation": None, "ErrorCode": None, "Changes": None,
        "Status": "Ok", "TableRight": None, "FieldProperties": None,
    }  # fmt: skip
    assert list(write_value(kind, {}, AS_IS))[-2:] == ["TableRight", "FieldProperties"]
    summary = OPERATIONS["geterpsyncconnectionsummary"].result.type
    assert write_value(summary, {}, AS_IS)["LastSync"] == "0001-01-01T00:00:00"


def test_a_handlers_unknown_member_is_not_written():
    with pytest.raises(ValueError, match="Runing"):
        write_value(OPERATIONS["getenginestatus"].result.type, {"Runing": True}, AS_IS)


def read(operation: str, body: str) -> Any:
    return read_members(OPERATIONS[operation.lower()].arguments, parse(body.encode()))


@pytest.mark.parametrize(
    ("operation", "body", "arguments"),
    [
        ("ForceResync", "{}", {"ErpConnectionId": 0, "InternalKeyIds": None}),
        ("ForceResync", '{"erpConnectionId":1,"internalkeyIDS":[1,2],"more":{"a":[{}]}}',
         {"ErpConnectionId": 1, "InternalKeyIds": [1, 2]}),
        ("ForceResync", '{"InternalKeyIds":null}', {"ErpConnectionId": 0, "InternalKeyIds": None}),
        ("ForceResync", '{"InternalKeyIds":[]}', {"ErpConnectionId": 0, "InternalKeyIds": []}),
        ("ForceResyncExternal", '{"ExternalKeys":["a","",null],"ErpActorType":"Sale"}',
         {"ErpConnectionId": 0, "ErpActorType": "Sale", "ExternalKeys": ["a", "", None]}),
        ("ForceResyncExternal", "{}", {"ErpConnectionId": 0, "ErpActorType": "Unknown", "ExternalKeys": None}),
        ("ChangeEngineInterval", '{"interval":"00:15:00"}', {"Interval": timedelta(minutes=15)}),
        ("ChangeEngineInterval", '{"Interval":"PT15M"}', {"Interval": timedelta(minutes=15)}),
        ("TestConnectorUrl", '{"uRL":"http://a.example"}', {"Url": "http://a.example"}),
        ("TestConnectionByConfig", '{"ConfigFields":{"b":"1","B":null}}',
         {"ErpConnectionId": 0, "ConfigFields": {"b": "1", "B": None}}),
    ],
)  # fmt: skip
def test_a_body_is_read_as_the_operations_arguments(operation, body, arguments):
    assert read(operation, body) == arguments


def test_carriers_within_carriers():
    body = """{"connection": {"erpConnectionId": 5, "tableRight": {"mask": "FULL", "reason": ""}, "fieldProperties":
        {"Name": {"fieldRight": {"mask": "FULL, UIHintMandatory"}, "fieldLength": 9},
         "Other": {"FieldRight": null}}}}"""
    connection = read("SaveConnection", body)["Connection"]
    assert connection["ErpConnectionId"] == 5
    assert connection["DisplayName"] is None
    assert connection["Active"] is False
    assert connection["TableRight"] == {"Mask": ["Select", "Update", "Insert", "Delete"], "Reason": ""}
    assert connection["FieldProperties"] == {
        "Name": {
            "FieldRight": {"Mask": ["Read", "Write", "UIHintMandatory"], "Reason": None},
            "FieldType": None,
            "FieldLength": 9,
        },
        "Other": {"FieldRight": None, "FieldType": None, "FieldLength": 0},
    }
    empty = read("SaveConnection", '{"Connection": {"TableRight": {"Mask": null}}}')["Connection"]
    assert empty["TableRight"]["Mask"] == []


@pytest.mark.parametrize(
    ("operation", "body", "said"),
    [
        ("ForceResync", "[]", "body: an array stands where an object is wanted"),
        ("ForceResync", '"a"', "body: a text stands"),
        ("ForceResync", '{"ErpConnectionId":"1"}', "ErpConnectionId: a text stands where a whole number is wanted"),
        ("ForceResync", '{"ErpConnectionId":1.0}', "ErpConnectionId: a number stands"),
        ("ForceResync", '{"ErpConnectionId":null}', "ErpConnectionId: null stands"),
        ("ForceResync", '{"ErpConnectionId":1,"erpConnectionId":2}', "are the same name"),
        ("ForceResync", '{"ErpConnectionId":1,"ErpConnectionId":1}', "a name stands twice"),
        ("ForceResync", '{"InternalKeyIds":5}', "InternalKeyIds: a number stands where an array is wanted"),
        ("ForceResync", '{"InternalKeyIds":[1,"2"]}', "InternalKeyIds[1]: a text stands"),
        ("ForceResync", '{"InternalKeyIds":[null]}', "InternalKeyIds[0]: null stands"),
        ("ForceResync", '{"ErpConnectionId":1', "the body is not JSON"),
        ("ForceResync", '{"ErpConnectionId":NaN}', "no number of JSON"),
        ("ForceResync", '{"ErpConnectionId":' + "9" * 5000 + "}", ""),
        ("ForceResyncExternal", '{"ErpActorType":"Costumer"}', "ErpActorType: 'Costumer' is not a name"),
        ("ForceResyncExternal", '{"ErpActorType":1}', "ErpActorType: a number stands"),
        ("ForceResyncExternal", '{"ExternalKeys":[7]}', "ExternalKeys[0]: a number stands where a text"),
        ("ChangeEngineStatus", '{"Run":"true"}', "Run: a text stands where true or false"),
        ("TestConnectionByConfig", '{"ConfigFields":[]}', "ConfigFields: an array stands where an object"),
        ("TestConnectionByConfig", '{"ConfigFields":{"Password":5}}', "ConfigFields/Password: a number stands"),
        ("SaveConnection", '{"Connection":{"TableRight":{"Mask":"Select Update"}}}', "Connection/TableRight/Mask: "),
        ("SaveConnection", '{"Connection":true}', "Connection: true or false stands"),
    ],
)  # fmt: skip
def test_what_is_refused_with_what_and_where(operation, body, said):
    with pytest.raises(Unreadable) as refused:
        read(operation, body)
    assert said in str(refused.value)


def test_a_body_may_be_empty_and_may_begin_with_a_mark():
    assert parse(b"") is None
    assert parse(b" \n") is None
    assert parse(b"null") is None
    assert parse("\ufeff{}".encode()) == {}
    assert parse('{"a":"\u00f8"}'.encode("utf-16"), "utf-16") == {"a": "\u00f8"}
    with pytest.raises(Unreadable, match="encoding"):
        parse(b'{"a":"\xf8"}')


def selected(text: str, value: Any, operation: str = "ForceSyncAll") -> Any:
    return trimmed(OPERATIONS[operation.lower()].result.type, value, read_selection(text))


def test_select_keeps_the_named_members_and_empties_the_others():
    item = {"Tablename": "contact", "RecordId": 1, "TableRight": None, "FieldProperties": None}
    changes = {"AddedRecords": [], "UpdatedRecords": [item], "DeletedRecords": []}
    value = {"IsOk": True, "ErrorCode": "x", "Changes": changes}
    nothing = {"AddedRecords": None, "UpdatedRecords": None, "DeletedRecords": None}
    assert selected("", value) == value
    assert selected(" , ", value) == value
    assert selected("isok", value) == {"IsOk": True, "ErrorCode": None, "Changes": None}
    assert selected("IsOk, Changes", value) == {"IsOk": True, "ErrorCode": None, "Changes": changes}
    assert selected("Changes/UpdatedRecords", value)["Changes"] == nothing | {"UpdatedRecords": [item]}
    assert selected("Changes/UpdatedRecords,Changes", value)["Changes"] == changes
    assert selected("Changes,Changes/UpdatedRecords", value)["Changes"] == changes
    trim = selected("changes/updatedrecords/recordid", value)["Changes"]["UpdatedRecords"]
    assert trim == [{"Tablename": None, "RecordId": 1, "TableRight": None, "FieldProperties": None}]
    assert selected("name,department,category/id", value) == {"IsOk": None, "ErrorCode": None, "Changes": None}
    assert selected("IsOk", None) is None
    assert selected("a", True, "CreateActorLink") is True
    assert selected("a", {"b": "c"}, "GetErpConnectionConfigFields") == {"b": "c"}
    assert selected("Id", [{"Id": 1, "Name": "n"}], "GetAllConnectors") == [{"Id": 1, "Name": None}]
