"""The operations keep the wire contract: names, arguments, results, headers, versions, natures and facade methods."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from contract.contract_facts import facts, local, namespace
from superoffice_erpsync import models
from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.codec.shapes import DictOf, ListOf, allows_none, is_value, shape_of
from superoffice_erpsync.codec.soap.names import type_name
from superoffice_erpsync.operations import OPERATIONS, Argument, Nature, Operation

NEW_IN_86 = {
    "ForceSyncAll",
    "ForceResync",
    "ForceResyncBatchTask",
    "ForceResyncExternal",
    "GetConnectionListMappings",
    "SaveConnectionListMappings",
    "AuthenticateWithAccessToken",
}
NEW_IN_88 = {
    "ForceResyncExternalNoBlankValues",
    "ForceResyncNoBlankValues",
    "GetAllConnections",
    "GetAllConnectors",
    "TryConnectActor",
}
REPEATABLE = {
    "SyncAll",
    "ForceSyncAll",
    "ForceResync",
    "ForceResyncExternal",
    "ForceResyncNoBlankValues",
    "ForceResyncExternalNoBlankValues",
    "ChangeEngineStatus",
    "ChangeEngineInterval",
    "UpdateConnectionFields",
    "ValidateArchiveColumnConfig",
    "DeleteConnection",
    "DeleteErpSyncConnectorEntity",
    "BreakActorLink",
    "SaveErpConnectionSyncPriorities",
    "SaveActorTypeMapping",
    "SaveDefaultValueInfo",
    "SaveConnectionListMappings",
}
WRITES = {
    "ToggleErpConnectionActive",
    "MoveErpFieldItem",
    "CreateActorLink",
    "ConnectActor",
    "TryConnectActor",
    "CreateErpActorFromCrm",
    "ForceResyncBatchTask",
}
REPEATABLE_WITH_AN_ID = {
    "SaveConnection": models.ErpConnection(erp_connection_id=1),
    "SaveErpSyncConnectorEntity": models.ErpSyncConnectorEntity(erp_connector_id=1),
}
EMPTY_MEANS_EVERYTHING = {
    "ForceResync": "internal_key_ids",
    "ForceResyncBatchTask": "internal_key_ids",
    "ForceResyncExternal": "external_keys",
    "ForceResyncNoBlankValues": "internal_key_ids",
    "ForceResyncExternalNoBlankValues": "external_keys",
}
MINIMUM_IDS = {
    "ForceResync": 0,
    "ForceResyncBatchTask": 0,
    "ForceResyncExternal": 1,
    "ForceResyncNoBlankValues": 0,
    "ForceResyncExternalNoBlankValues": 1,
}
# Types whose name is the vendor's, and whose reference may be None all the same where the contract has no `?`.
ALWAYS_ANSWERED = {"PluginResponse"}

# The newest version has them all; what older ones have of them, they have alike: see the test of that.
NEWEST = "Services88"
SERVICES = {"ErpSync": NEWEST, "SoPrincipal": NEWEST}
BOTH = [(service, name) for service, version in SERVICES.items() for name in facts(version, service)["operations"]]
FACADE = [wire for wire, operation in OPERATIONS.items() if not wire.startswith("Authenticate")]

each = pytest.mark.parametrize(("service", "wire"), BOTH, ids=lambda value: value)
each_method = pytest.mark.parametrize("wire", FACADE)


def fact(service: str, wire: str) -> dict[str, Any]:
    found: dict[str, Any] = facts(SERVICES[service], service)["operations"][wire]
    return found


def clark(annotation: Any) -> str:
    space, name = type_name(shape_of(annotation), namespace(NEWEST))
    return f"{{{space}}}{name}"


def test_there_are_exactly_the_operations_of_the_contract() -> None:
    assert sorted(OPERATIONS) == sorted(wire for _, wire in BOTH)
    assert [service for service, _ in BOTH].count("ErpSync") == 49
    assert [service for service, _ in BOTH].count("SoPrincipal") == 5


@each
def test_operation_belongs_to_its_service_and_keeps_its_name(service: str, wire: str) -> None:
    assert OPERATIONS[wire].service == service
    assert OPERATIONS[wire].wire == wire
    body = fact(service, wire)["input"]["body"]
    assert body == {**body, "name": wire, "ns": namespace(NEWEST), "nillable": False}


@each
def test_arguments_are_those_of_the_contract_in_their_order(service: str, wire: str) -> None:
    wanted = fact(service, wire)["input"]["body"]["type"]["fields"]
    found = OPERATIONS[wire].arguments
    assert [one.wire for one in found] == [one["name"] for one in wanted]
    for argument, one in zip(found, wanted, strict=True):
        assert clark(argument.type) == one["type"], argument.wire
        # What .NET cannot be nil must not be None; what it can be, may have to be there all the same.
        assert is_value(shape_of(argument.type)) != one["nillable"], argument.wire
        if not one["nillable"]:
            assert not allows_none(argument.type), argument.wire
        assert argument.name == argument.name.lower()


@each
def test_lists_and_dictionaries_may_be_none_and_hold_what_the_contract_lets_them(service: str, wire: str) -> None:
    for argument in OPERATIONS[wire].arguments:
        shape = shape_of(argument.type)
        if isinstance(shape, ListOf):
            assert allows_none(argument.type), argument.wire
        if isinstance(shape, DictOf):
            # A login without data is none at all; everywhere else no dictionary is a value.
            assert allows_none(argument.type) == (argument.wire != "AuthenticationData"), argument.wire


@each
def test_answer_has_the_element_and_the_member_of_the_contract(service: str, wire: str) -> None:
    body = fact(service, wire)["output"]["body"]
    operation = OPERATIONS[wire]
    assert (operation.response_element, namespace(NEWEST)) == (body["name"], body["ns"])
    members = body["type"]["fields"]
    if len(members) > 1:
        assert (operation.result_member, operation.result) == (None, models.AuthenticateResponse)
    elif not members:
        assert operation.result is None
    else:
        (member,) = members
        assert operation.result_member == member["name"]
        assert clark(operation.result) == member["type"]
        reference = member["nillable"] and local(member["type"]) not in ALWAYS_ANSWERED
        assert allows_none(operation.result) == reference


@each
def test_headers_are_those_that_the_codec_writes_and_reads(service: str, wire: str) -> None:
    sides = fact(service, wire)
    asked = [(one["name"], local(one["type"])) for one in sides["input"]["headers"]]
    wanted = [("ApplicationToken", "string"), ("Credentials", "SoCredentials"), ("TimeZone", "SoTimeZone")]
    assert asked == (wanted if service == "ErpSync" else wanted[:1])
    answered = {one["name"]: local(one["type"]) for one in sides["output"]["headers"]}
    assert answered.keys() == {"ExceptionInfo", "ExtraInfo", "Succeeded", "TimeZone"}
    assert (answered["ExceptionInfo"], answered["Succeeded"]) == ("SoExceptionInfo", "boolean")


@each
def test_operation_says_since_when_it_exists(service: str, wire: str) -> None:
    assert OPERATIONS[wire].since == (86 if wire in NEW_IN_86 else 88 if wire in NEW_IN_88 else 84)


@each
def test_older_version_has_the_same_or_nothing(service: str, wire: str) -> None:
    older = facts("Services86", service)["operations"]
    assert (wire in older) == (wire not in NEW_IN_88)
    if wire in older:
        assert json.loads(json.dumps(older[wire]).replace("Services86", NEWEST)) == fact(service, wire)


@each
def test_nature_is_that_of_the_table(service: str, wire: str) -> None:
    operation = OPERATIONS[wire]
    nature = operation.nature
    if wire in REPEATABLE:
        assert nature is Nature.REPEATABLE_WRITE
    elif wire in WRITES | set(REPEATABLE_WITH_AN_ID):
        assert nature is Nature.WRITE
    else:
        assert re.match(r"Get|GetAll|CanDelete|Test|SupportsAdvancedSearch$|CreateDefaultErp|Authenticate", wire)
        assert nature is Nature.READ
    if wire in REPEATABLE_WITH_AN_ID:
        (argument,) = operation.arguments
        saved = REPEATABLE_WITH_AN_ID[wire]
        assert operation.nature_of({argument.name: saved}) is Nature.REPEATABLE_WRITE
        assert operation.nature_of({argument.name: type(saved)()}) is Nature.WRITE
    else:
        assert operation.identified_by is None


@each
def test_only_key_lists_of_a_resync_mean_everything_when_empty(service: str, wire: str) -> None:
    found = [argument.name for argument in OPERATIONS[wire].arguments if argument.empty_means_everything]
    assert found == ([EMPTY_MEANS_EVERYTHING[wire]] if wire in EMPTY_MEANS_EVERYTHING else [])
    lowest = {one.name: one.minimum for one in OPERATIONS[wire].arguments if one.minimum is not None}
    assert lowest == ({"erp_connection_id": MINIMUM_IDS[wire]} if wire in MINIMUM_IDS else {})


@each
def test_operations_that_keep_the_caller_waiting_say_so(service: str, wire: str) -> None:
    waits = {"SyncAll", "ForceSyncAll", "ForceResync", "ForceResyncExternal", "ConnectActor", "CreateErpActorFromCrm"}
    waits |= {"TryConnectActor", "ForceResyncNoBlankValues", "ForceResyncExternalNoBlankValues"}
    assert OPERATIONS[wire].moves_data == (wire in waits)


# -- the facade -------------------------------------------------------------------------------------------------------


class Recorder(ErpSyncClient):
    """A client that notes what a method asks for, and sends nothing."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def _call(self, operation: Any, options: Any, /, *, everything: bool = False, **arguments: Any) -> Any:
        self.asked.append((operation, options, everything, arguments))
        return "the answer"


def method(wire: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(ErpSyncClient, OPERATIONS[wire].name)
    return found


def test_the_facade_has_a_method_for_each_operation_and_none_for_logins() -> None:
    public = {name for name, _ in inspect.getmembers(ErpSyncClient, inspect.isfunction) if not name.startswith("_")}
    of_the_client_itself = {name for name in public if name in vars(ErpSyncClient)}
    assert public - of_the_client_itself == {OPERATIONS[wire].name for wire in FACADE}
    assert [name for name in dir(ErpSyncClient) if "authenticate" in name.lower()] == []


@each_method
def test_method_takes_the_arguments_by_keyword_in_their_order(wire: str) -> None:
    operation = OPERATIONS[wire]
    self_, *parameters, options = inspect.signature(method(wire)).parameters.values()
    everything = ["everything"] if wire in EMPTY_MEANS_EVERYTHING else []
    assert self_.name == "self"
    assert [one.name for one in parameters] == [one.name for one in operation.arguments] + everything
    assert {one.kind for one in parameters} <= {inspect.Parameter.KEYWORD_ONLY}
    assert [one.default for one in parameters if one.name != "everything"] == [inspect.Parameter.empty] * len(
        operation.arguments
    )
    assert [one.default for one in parameters if one.name == "everything"] == [False] * len(everything)
    assert (options.kind, options.name) == (inspect.Parameter.VAR_KEYWORD, "options")


@each_method
def test_method_asks_for_its_operation_with_what_it_got(wire: str) -> None:
    operation = OPERATIONS[wire]
    given = {argument.name: object() for argument in operation.arguments}
    everything = {"everything": True} if wire in EMPTY_MEANS_EVERYTHING else {}
    client = Recorder()
    assert getattr(client, operation.name)(**given, **everything, timeout=3.5) == "the answer"
    assert client.asked == [(operation, {"timeout": 3.5}, bool(everything), given)]


NATURES = {Nature.READ: "Read", Nature.REPEATABLE_WRITE: "Repeatable write", Nature.WRITE: "Write"}


@each_method
def test_docstring_names_the_vendors_operation_its_nature_and_where_it_exists(wire: str) -> None:
    operation = OPERATIONS[wire]
    text = " ".join((inspect.getdoc(method(wire)) or "").split())
    nature = NATURES[operation.nature]
    where = "SOAP only" if operation.service == "SoPrincipal" else "REST"
    said = re.search(rf"The vendor's `{wire}`\. (.*)\bServices(\d+) and later, {where}\.", text)
    assert said, text
    assert int(said[2]) == operation.since
    with_an_id = "Repeatable write with an id; without one a write"
    assert re.match(with_an_id if operation.identified_by else rf"{nature}\b", said[1])
    assert "Args:" in text
    assert "Raises:" in text
    assert ("Returns:" in text) == (operation.result is not None)
    for argument in operation.arguments:
        assert f" {argument.name}: " in text


def test_names_in_python_follow_from_the_wire() -> None:
    assert Argument("ErpConnectionId", int).name == "erp_connection_id"
    assert Argument("URLOfERP", str).name == "url_of_erp"
    operation = Operation[None](wire="DoThis", result=None, nature=Nature.READ, arguments=(Argument("T", timedelta),))
    assert (operation.name, operation.response_element) == ("do_this", "DoThisResponse")
