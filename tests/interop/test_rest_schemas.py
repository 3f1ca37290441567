"""The sandbox's REST answers against the contract's facts: names, kinds, nulls, nothing missing and nothing extra."""

import json
import re
import urllib.request

import pytest

from contract.contract_facts import facts, local
from superoffice_erpsync.sandbox import FREE_CONNECTOR_URL, Sandbox

pytestmark = pytest.mark.interop

CONTRACT = facts("Services88", "ErpSync")
OPERATIONS, TYPES = CONTRACT["operations"], CONTRACT["types"]
TIME_SPAN = re.compile(r"-?([0-9]+\.)?[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,7})?")
DATE = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]")
ANYTHING = re.compile(r".*", re.DOTALL)
COMPOSITE_RIGHTS = {
    "ETableRight": {"None", "FULL", "UR", "RI", "URI", "UDR", "RF", "FI", "URU", "WRITE"},
    "EFieldRight": {"None", "FULL", "Update", "UIHints"},
}
"""Names that masks have in JSON, beside those that the WSDL knows."""


def results(operation):
    return OPERATIONS[operation]["output"]["body"]["type"]["fields"]


ANSWERING = sorted(name for name in OPERATIONS if results(name))


def complaints(type_name, nillable, value, place):
    """What is wrong with a JSON value of a type; the members of an object are all there, and no others."""
    name, fact = local(type_name), TYPES.get(type_name, {})
    if value is None:
        return [] if nillable else [f"{place} is null"]
    if "fields" not in fact:
        return [] if is_scalar(name, fact, value) else [f"{place} is {value!r}, no {name}"]
    if name.startswith("ArrayOf"):
        (item,) = fact["fields"]
        if not isinstance(value, list):
            return [f"{place} is no array"]
        return [one for nr, part in enumerate(value) for one in of_member(item, part, f"{place}[{nr}]")]
    if not isinstance(value, dict):
        return [f"{place} is no object"]
    pair = fact["fields"][0]["type"]
    if isinstance(pair, dict):
        _, content = pair["fields"]
        return [one for key, part in value.items() for one in of_member(content, part, f"{place}[{key!r}]")]
    members = {member["name"]: member for member in members_of(fact)}
    wrong = [f"{place} has no {key}" for key in members if key not in value]
    wrong += [f"{place} has {key}, unknown to the contract" for key in value if key not in members]
    return wrong + [
        one for key, part in value.items() if key in members for one in of_member(members[key], part, f"{place}.{key}")
    ]


def of_member(member, value, place):
    return complaints(member["type"], member["nillable"], value, place)


def members_of(fact):
    return (members_of(TYPES[fact["base"]]) if "base" in fact else []) + fact["fields"]


def is_scalar(name, fact, value):
    if name == "int":
        return type(value) is int and -(2**31) <= value < 2**31
    if name == "boolean":
        return isinstance(value, bool)
    if not isinstance(value, str):
        return False
    if fact.get("list"):
        return value == "" or set(value.split(", ")) <= {*fact["enum"], *COMPOSITE_RIGHTS[name]}
    if "enum" in fact:
        return value in fact["enum"]
    patterns = {"string": ANYTHING, "duration": TIME_SPAN, "dateTime": DATE}
    return patterns[name].fullmatch(value) is not None


CUSTOMER = {"ErpConnectionId": 1, "ErpActorType": "Customer"}
NEW_CONNECTOR = {"ErpConnectorId": 0, "DisplayName": "Meadow", "URL": FREE_CONNECTOR_URL, "Deleted": False}
FOUND = {
    "BreakActorLink": {"ErpConnectionId": 1, "CrmRecordId": 11, "CrmActorType": "Contact"},
    "CanDeleteErpSyncConnectorEntity": {"ErpSyncConnectorId": 1},
    "ChangeEngineStatus": {"Run": False},
    "CreateActorLink": {**CUSTOMER, "CrmRecordId": 13, "CrmActorType": "Contact", "ErpKey": "C1004"},
    "CreateErpActorFromCrm": {
        "ConnectionId": 1,
        "CrmEntityId": 13,
        "ErpActorType": "Customer",
        "CrmActorType": "Contact",
        "ErpFieldKeyValues": {"NAME": "Ærø"},
    },
    "ForceResync": {"ErpConnectionId": 0, "InternalKeyIds": []},
    "ForceResyncNoBlankValues": {"ErpConnectionId": 1, "InternalKeyIds": []},
    "ForceResyncExternal": {**CUSTOMER, "ExternalKeys": ["C1001", "C9999"]},
    "ForceResyncExternalNoBlankValues": {**CUSTOMER, "ExternalKeys": ["C1001"]},
    "GetActorTypeMapping": {"ErpConnectionId": 1, "ActorType": "Customer"},
    "GetAllConnections": {"IncludeDeleted": True},
    "GetConfigurationFields": {"ErpConnectorId": 1},
    "GetConnection": {"ErpConnectionId": 3},
    "GetConnectionListMappings": {"ErpConnectionId": 1},
    "GetConnectionsAndDisplayFields": {"CrmActorType": "Contact", "EntityId": 11},
    "GetCrmActorType": CUSTOMER,
    "GetErpConnectionConfigFields": {"ErpConnectionId": 3},
    "GetErpFieldValues": {
        "ErpConnectionId": 1,
        "CrmActorType": "Contact",
        "EntityId": 11,
        "FieldKeys": ["NAME", "CITY", "NOBODY"],
    },
    "GetErpSyncConnectionSummary": {"ErpSyncConnectionId": 1},
    "GetFieldValuesFromCrm": {"RecordId": 11, "ActorTypeCrm": "Contact"},
    "GetFieldValuesFromErp": {"ErpConnectionId": 1, "ActorTypeErp": "Customer", "ErpKey": "C1001"},
    "GetFieldsForNewErpActor": CUSTOMER,
    "SaveErpConnectionSyncPriorities": {"ErpConnectionIds": [2, 1, 3]},
    "SaveErpSyncConnectorEntity": NEW_CONNECTOR,
    "SupportsAdvancedSearch": CUSTOMER,
    "TestConnectionByConfig": {"ErpConnectionId": 1, "ConfigFields": {"Company": "100"}},
    "TestConnectionById": {"ErpConnectionId": 1},
    "TestConnectorUrl": {"Url": FREE_CONNECTOR_URL},
    "ToggleErpConnectionActive": {"ErpConnectionId": 3},
    "TryConnectActor": {**CUSTOMER, "CrmRecordId": 13, "CrmActorType": "Contact", "ErpKey": "C1004", "FieldValues": []},
    "UpdateConnectionFields": {"ErpConnectionId": 1},
}
READ_FIRST = {
    "SaveActorTypeMapping": ("GetActorTypeMapping", FOUND["GetActorTypeMapping"], "Mapping"),
    "SaveConnection": ("GetConnection", FOUND["GetConnection"], "Connection"),
    "SaveConnectionListMappings": ("GetConnectionListMappings", {"ErpConnectionId": 1}, "ListMapping"),
}
"""What is saved is what another operation gives: its name, its arguments, and the argument that it becomes."""


@pytest.fixture
def call():
    with Sandbox() as sandbox:

        def called(operation, arguments=None, query=""):
            request = urllib.request.Request(
                f"{sandbox.rest_url}/v1/Agents/ErpSync/{operation}{query}",
                data=b"" if arguments is None else json.dumps(arguments).encode(),
                headers={"Authorization": "Basic dGplMDpUamUw", "Content-Type": "application/json"},
                method="POST",
            )
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert answer.status == 200
                return json.load(answer)

        yield called


def field_id(call):
    mapping = call("GetActorTypeMapping", FOUND["GetActorTypeMapping"])
    return mapping["FieldMappings"][0]["ErpFieldId"]


def answer_of(call, operation):
    """What the operation answers when it has something to answer."""
    if operation in READ_FIRST:
        source, arguments, name = READ_FIRST[operation]
        return call(operation, {name: call(source, arguments)})
    if operation == "GetErpSyncConnectorEntity":
        return call(operation, query="?erpSyncConnectorEntityId=1")
    if operation == "GetDefaultValueInfo":
        return call(operation, {"ErpFieldId": field_id(call)})
    if operation == "SaveDefaultValueInfo":
        return call(operation, {"ErpSyncDefaultValue": call("GetDefaultValueInfo", {"ErpFieldId": field_id(call)})})
    return call(operation, FOUND.get(operation))


@pytest.mark.parametrize("operation", ANSWERING)
def test_answer(operation, call):
    (result,) = results(operation)
    answer = answer_of(call, operation)
    assert answer is not None
    assert complaints(result["type"], False, answer, operation) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"IsOk": "true"}, "x.IsOk is 'true', no boolean"),
        ({"IsOk": None}, "x.IsOk is null"),
        ({"Status": "Fine"}, "x.Status is 'Fine', no QuoteStatus"),
        ({"More": 1}, "x has More, unknown to the contract"),
        ({"Changes": []}, "x.Changes is no object"),
        (
            {"TableRight": {"Mask": "Select Update", "Reason": ""}},
            "x.TableRight.Mask is 'Select Update', no ETableRight",
        ),
    ],
)
def test_what_is_wrong_is_seen(change, complaint, call):
    (result,) = results("ForceSyncAll")
    answer = call("ForceSyncAll")
    assert complaints(result["type"], False, answer | change, "x") == [complaint]
    del answer["ErrorCode"]
    assert complaints(result["type"], False, answer, "x") == ["x has no ErrorCode"]


def test_every_answer_is_checked():
    assert set(FOUND) | set(READ_FIRST) <= set(ANSWERING)
    without_arguments = {name for name in ANSWERING if not OPERATIONS[name]["input"]["body"]["type"]["fields"]}
    asked = {*FOUND, *READ_FIRST, "GetErpSyncConnectorEntity", "GetDefaultValueInfo", "SaveDefaultValueInfo"}
    assert set(ANSWERING) - asked == without_arguments
