"""One truth for all wires: Services86, Services88 and REST give equal dataclasses and leave equal installations.

Three fresh installations, one for each wire, are taken through the same calls in the same order. Where the contract
forces a difference, it is named in `FORCED`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from strategies.carriers import texts
from superoffice_erpsync import (
    CrmActorType,
    ErpConnection,
    ErpSyncClient,
    ErpSyncError,
    OperationNotAvailable,
    PluginResponse,
    UsernamePassword,
)
from superoffice_erpsync.cli.app import app
from superoffice_erpsync.codec.rest import to_json
from superoffice_erpsync.operations import OPERATIONS
from superoffice_erpsync.sandbox import Sandbox

WIRES = ("Services86", "Services88", "REST")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

FORCED = {
    "PluginResponse.status": "Services86 has none: derived there, stated on the others; Ok may then be OkWithInfo",
    "newer operations": "Services86 lacks them and says so before anything is sent",
}

Call = tuple[str, dict[str, Any]]

CUSTOMERS = {"ErpConnectionId": 1, "ErpActorType": "Customer"}

EVERY_OPERATION: list[Call] = [
    ("CreateDefaultErpSyncConnectorEntity", {}),
    ("GetAllConnectors", {}),
    (
        "SaveErpSyncConnectorEntity",
        {
            "ErpSyncConnectorEntity": {
                "ErpConnectorId": 0,
                "DisplayName": "Blåbær & <Books>",
                "URL": "http://127.0.0.1/c",
            }
        },
    ),
    ("GetErpSyncConnectorEntity", {"ErpSyncConnectorEntityId": 3}),
    ("GetErpSyncConnectorEntity", {"ErpSyncConnectorEntityId": 999}),
    ("CanDeleteErpSyncConnectorEntity", {"ErpSyncConnectorId": 1}),
    ("CanDeleteErpSyncConnectorEntity", {"ErpSyncConnectorId": 3}),
    ("CanDeleteErpSyncConnectorEntity", {"ErpSyncConnectorId": 999}),
    ("DeleteErpSyncConnectorEntity", {"ErpSyncConnectorEntityId": 3}),
    ("DeleteErpSyncConnectorEntity", {"ErpSyncConnectorEntityId": 1}),
    ("GetErpSyncConnectorEntity", {"ErpSyncConnectorEntityId": 3}),
    ("TestConnectorUrl", {"Url": "http://127.0.0.1/nowhere"}),
    ("GetConfigurationFields", {"ErpConnectorId": 1}),
    ("GetConfigurationFields", {"ErpConnectorId": 999}),
    ("GetAllConnections", {"IncludeDeleted": True}),
    ("GetConnection", {"ErpConnectionId": 1}),
    ("GetConnection", {"ErpConnectionId": 999}),
    ("GetErpConnectionConfigFields", {"ErpConnectionId": 1}),
    ("GetErpSyncConnectionSummary", {"ErpSyncConnectionId": 1}),
    ("GetErpSyncConnectionSummary", {"ErpSyncConnectionId": 3}),
    ("GetConnectionsAndDisplayFields", {"CrmActorType": "Contact", "EntityId": 11}),
    ("TestConnectionById", {"ErpConnectionId": 1}),
    ("TestConnectionById", {"ErpConnectionId": 999}),
    ("TestConnectionByConfig", {"ErpConnectionId": 1, "ConfigFields": {"Company": "Nowhere", "Note": None}}),
    ("TestConnectionByConfig", {"ErpConnectionId": 1, "ConfigFields": None}),
    ("UpdateConnectionFields", {"ErpConnectionId": 1}),
    ("SaveErpConnectionSyncPriorities", {"ErpConnectionIds": [2, 1, 3]}),
    ("ValidateArchiveColumnConfig", {"ListOwner": "erp", "ErpConnectionId": 1}),
    ("ToggleErpConnectionActive", {"ErpConnectionId": 3}),
    ("ToggleErpConnectionActive", {"ErpConnectionId": 2}),
    ("ToggleErpConnectionActive", {"ErpConnectionId": 2}),
    ("GetActorTypeMapping", {"ErpConnectionId": 1, "ActorType": "Customer"}),
    ("GetActorTypeMapping", {"ErpConnectionId": 3, "ActorType": "Employee"}),
    ("GetConnectionListMappings", {"ErpConnectionId": 1}),
    ("GetDefaultValueInfo", {"ErpFieldId": 1001}),
    ("MoveErpFieldItem", {"ErpFieldId": 1002, "Direction": 1, **CUSTOMERS}),
    ("MoveErpFieldItem", {"ErpFieldId": 1, "Direction": 1, **CUSTOMERS}),
    ("GetDefaultValueInfo", {"ErpFieldId": 1}),
    ("GetCrmActorType", CUSTOMERS),
    ("SupportsAdvancedSearch", CUSTOMERS),
    ("GetFieldsForNewErpActor", CUSTOMERS),
    (
        "GetErpFieldValues",
        {"ErpConnectionId": 1, "CrmActorType": "Contact", "EntityId": 11, "FieldKeys": ["NAME", None, "NO SUCH FIELD"]},
    ),
    ("GetFieldValuesFromCrm", {"RecordId": 11, "ActorTypeCrm": "Contact"}),
    ("GetFieldValuesFromErp", {"ErpConnectionId": 1, "ActorTypeErp": "Customer", "ErpKey": "C1001"}),
    ("GetFieldValuesFromErp", {"ErpConnectionId": 1, "ActorTypeErp": "Customer", "ErpKey": "no such key"}),
    (
        "CreateActorLink",
        {
            "ErpConnectionId": 1,
            "CrmRecordId": 20,
            "CrmActorType": "Contact",
            "ErpKey": "C1011",
            "ErpActorType": "Customer",
        },
    ),
    ("BreakActorLink", {"ErpConnectionId": 1, "CrmRecordId": 11, "CrmActorType": "Contact"}),
    (
        "ConnectActor",
        {
            "ErpConnectionId": 1,
            "CrmRecordId": 11,
            "CrmActorType": "Contact",
            "ErpKey": "C1012",
            "ErpActorType": "Customer",
            "FieldValues": [{"CrmFieldKey": "name", "Value": "Chosen Name"}],
        },
    ),
    (
        "TryConnectActor",
        {
            "ErpConnectionId": 1,
            "CrmRecordId": 11,
            "CrmActorType": "Contact",
            "ErpKey": "no such key",
            "ErpActorType": "Customer",
            "FieldValues": None,
        },
    ),
    (
        "CreateErpActorFromCrm",
        {
            "ConnectionId": 1,
            "CrmEntityId": 19,
            "ErpActorType": "Customer",
            "CrmActorType": "Contact",
            "ErpFieldKeyValues": {"NAME": "New & Co", "VATNO": None},
        },
    ),
    ("GetEngineStatus", {}),
    ("ChangeEngineInterval", {"Interval": "1.02:03:04"}),
    ("ChangeEngineStatus", {"Run": False}),
    ("GetEngineStatus", {}),
    ("SyncAll", {}),
    ("ChangeEngineStatus", {"Run": True}),
    ("SyncAll", {}),
    ("ForceSyncAll", {}),
    ("ForceResync", {"ErpConnectionId": 0, "InternalKeyIds": [501, 502, 999]}),
    ("ForceResync", {"ErpConnectionId": 1, "InternalKeyIds": [503]}),
    ("ForceResyncExternal", {**CUSTOMERS, "ExternalKeys": ["C1003", "no such key"]}),
    ("ForceResyncExternal", {"ErpConnectionId": 999, "ErpActorType": "Customer", "ExternalKeys": ["C1003"]}),
    ("ForceResyncNoBlankValues", {"ErpConnectionId": 1, "InternalKeyIds": [501]}),
    ("ForceResyncExternalNoBlankValues", {**CUSTOMERS, "ExternalKeys": ["C1002"]}),
    ("ForceResyncBatchTask", {"ErpConnectionId": 0, "InternalKeyIds": [504]}),
    ("DeleteConnection", {"ErpConnectionId": 2}),
    ("GetAllConnections", {"IncludeDeleted": False}),
    ("GetConnection", {"ErpConnectionId": 2}),
]


@dataclass
class Wire:
    name: str
    box: Sandbox
    client: ErpSyncClient


def make_wires(stack: ExitStack) -> list[Wire]:
    wires = []
    for name in WIRES:
        box = stack.enter_context(Sandbox(clock=lambda: NOW))
        who = UsernamePassword("tje0", "Tje0")
        made = {
            "Services86": lambda box=box, who=who: ErpSyncClient.soap(box.url, who),
            "Services88": lambda box=box, who=who: ErpSyncClient.soap(box.services88_url, who),
            "REST": lambda box=box, who=who: ErpSyncClient.rest(box.rest_url, who),
        }[name]()
        wires.append(Wire(name, box, stack.enter_context(made)))
    return wires


@pytest.fixture
def wires() -> Iterator[list[Wire]]:
    with ExitStack() as stack:
        yield make_wires(stack)


def result_of(call: Callable[[], Any]) -> Any:
    """What a call gives, or what kind of error it ends with."""
    try:
        return call()
    except OperationNotAvailable:
        raise
    except ErpSyncError as error:
        return type(error), error.outcome


def same(results: list[Any]) -> bool:
    """Equal but for what is forced; the first result is that of Services86."""
    first, *others = results
    if isinstance(first, PluginResponse):
        assert not first.status_stated
        assert all(one.status_stated for one in others)
        assert len({one.status for one in others}) == 1
        first = replace(first, status=others[0].status)
    return all(one == first and type(one) is type(first) for one in others)


def check_same_call(wires: list[Wire], operation: str, arguments: dict[str, Any]) -> None:
    oldest, *newer = wires
    if OPERATIONS[operation].since > 86:
        with pytest.raises(OperationNotAvailable, match="Services88"):
            oldest.client.call(operation, arguments)
        results = [result_of(lambda wire=wire: wire.client.call(operation, arguments)) for wire in newer]
        assert results[0] == results[1], operation
        # From here on all three must be in the same state again.
        stand_in = Wire(
            oldest.name, oldest.box, ErpSyncClient.rest(oldest.box.rest_url, UsernamePassword("tje0", "Tje0"))
        )
        with stand_in.client:
            assert result_of(lambda: stand_in.client.call(operation, arguments)) == results[0]
        return
    results = [result_of(lambda wire=wire: wire.client.call(operation, arguments)) for wire in wires]
    assert same(results), (operation, arguments, results)
    if not isinstance(results[0], tuple):
        printed = [to_json(one) for one in results]
        if isinstance(results[0], PluginResponse):
            printed = [{**one, "Status": None} for one in printed]
        assert printed[0] == printed[1] == printed[2]


def what_is_kept(box: Sandbox) -> Any:
    """The installation's whole data, in comparable form."""
    with ErpSyncClient.rest(box.rest_url, UsernamePassword("tje0", "Tje0")) as client:
        connections = client.get_all_connections(include_deleted=True) or []
        contacts = {
            record: client.get_field_values_from_crm(record_id=record, actor_type_crm=CrmActorType.CONTACT)
            for record in range(11, 21)
        }
        return connections, contacts, client.get_all_connectors(), client.get_engine_status()


def test_every_operation_is_called() -> None:
    wanted = {wire for wire, one in OPERATIONS.items() if one.service == "ErpSync"}
    # The Save… operations of what was read have tests of their own below.
    saved = {"SaveConnection", "SaveActorTypeMapping", "SaveConnectionListMappings", "SaveDefaultValueInfo"}
    assert {operation for operation, _ in EVERY_OPERATION} == wanted - saved


def test_all_operations_in_a_row_give_the_same_on_every_wire(wires: list[Wire]) -> None:
    for operation, arguments in EVERY_OPERATION:
        check_same_call(wires, operation, arguments)
    kept = [what_is_kept(wire.box) for wire in wires]
    assert kept[0] == kept[1] == kept[2]


def engine_off(wire: Wire) -> None:
    wire.client.change_engine_status(run=False)
    wire.client.delete_connection(erp_connection_id=2)


def erp_changed(wire: Wire) -> None:
    connection = wire.box.state.connection(1)
    site = wire.box.state.site_of(1)
    assert connection is not None
    assert site is not None
    erp = site.open(connection.config_fields)
    assert erp is not None
    erp.change("Customer", "C1001", {"NAME": "Changed <&> Sons\r\n", "PHONE": ""})
    erp.remove("Customer", "C1002")


def everything_linked_anew(wire: Wire) -> None:
    wire.client.break_actor_link(erp_connection_id=1, crm_record_id=11, crm_actor_type=CrmActorType.CONTACT)
    wire.client.update_connection_fields(erp_connection_id=3)


@pytest.mark.parametrize("prepare", [engine_off, erp_changed, everything_linked_anew])
def test_all_operations_in_a_row_give_the_same_in_other_states(
    wires: list[Wire], prepare: Callable[[Wire], None]
) -> None:
    for wire in wires:
        prepare(wire)
    for operation, arguments in EVERY_OPERATION:
        check_same_call(wires, operation, arguments)
    kept = [what_is_kept(wire.box) for wire in wires]
    assert kept[0] == kept[1] == kept[2]


@pytest.fixture(scope="module")
def long_lived() -> Iterator[list[Wire]]:
    with ExitStack() as stack:
        yield make_wires(stack)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    connection=st.builds(
        ErpConnection,
        display_name=st.none() | texts(),
        display_description=st.none() | texts(),
        config_fields=st.dictionaries(st.sampled_from(["Company", "User", "Password"]), st.none() | texts()),
        all_access=st.booleans(),
        user_group_access_ids=st.none() | st.lists(st.integers(0, 2**31 - 1), max_size=3),
    )
)
def test_what_is_made_up_and_saved_reads_the_same_everywhere(long_lived: list[Wire], connection: ErpConnection) -> None:
    read = []
    for wire in long_lived:
        saved = result_of(
            lambda wire=wire: wire.client.save_connection(connection=replace(connection, erp_connector_id=1))
        )
        if isinstance(saved, ErpConnection):
            assert wire.client.get_connection(erp_connection_id=saved.erp_connection_id) == saved
            saved = replace(saved, connection_id=None)  # a GUID, another one at each save
        read.append(saved)
    assert read[0] == read[1] == read[2]


READ_AND_SAVED = [
    ("GetConnection", {"ErpConnectionId": 3}, "SaveConnection", "connection"),
    (
        "GetErpSyncConnectorEntity",
        {"ErpSyncConnectorEntityId": 1},
        "SaveErpSyncConnectorEntity",
        "erp_sync_connector_entity",
    ),
    ("GetActorTypeMapping", {"ErpConnectionId": 1, "ActorType": "Customer"}, "SaveActorTypeMapping", "mapping"),
    ("GetConnectionListMappings", {"ErpConnectionId": 1}, "SaveConnectionListMappings", "list_mapping"),
    ("GetDefaultValueInfo", {"ErpFieldId": 1001}, "SaveDefaultValueInfo", "erp_sync_default_value"),
]


@pytest.mark.parametrize(("get", "arguments", "save", "name"), READ_AND_SAVED)
def test_what_is_read_can_be_saved_unchanged(
    wires: list[Wire], get: str, arguments: dict[str, Any], save: str, name: str
) -> None:
    for wire in wires:
        before = wire.client.call(get, arguments)
        assert before is not None
        method = getattr(wire.client, OPERATIONS[save].name)
        method(**{name: before})
        assert wire.client.call(get, arguments) == before
        wire.client.call(save, {OPERATIONS[save].arguments[0].wire: to_json(before)})
        assert wire.client.call(get, arguments) == before


@pytest.mark.parametrize(("get", "arguments", "save", "name"), READ_AND_SAVED)
def test_what_is_read_over_one_wire_can_be_saved_over_another(
    get: str, arguments: dict[str, Any], save: str, name: str
) -> None:
    who = UsernamePassword("tje0", "Tje0")
    with (
        Sandbox(clock=lambda: NOW) as box,
        ErpSyncClient.soap(box.url, who) as soap,
        ErpSyncClient.rest(box.rest_url, who) as rest,
    ):
        before = soap.call(get, arguments)
        for reader, writer in ((soap, rest), (rest, soap)):
            read = reader.call(get, arguments)
            assert read == before
            getattr(writer, OPERATIONS[save].name)(**{name: read})
            assert writer.call(get, arguments) == before


def printed(address: str, transport: str, operation: str, arguments: dict[str, Any]) -> tuple[int, Any]:
    """Exit code and printed JSON of the command."""
    secrets = {"ERPSYNC_USERNAME": "tje0", "ERPSYNC_PASSWORD": "Tje0"}
    command = ["--transport", transport, "--url", address, "call", operation, json.dumps(arguments)]
    done = CliRunner().invoke(app, command, env=secrets)
    shown = json.loads(done.stdout) if done.stdout else None
    if isinstance(shown, dict) and "IsOk" in shown:
        assert shown["Status"] in ("Ok", "OkWithInfo", "Error")
        shown["Status"] = FORCED["PluginResponse.status"]
    return done.exit_code, shown


def test_the_command_prints_the_same_whichever_transport_carried_it(wires: list[Wire]) -> None:
    soap, _, rest = wires
    both = [one for one in EVERY_OPERATION if OPERATIONS[one[0]].since <= 86]
    for operation, arguments in both:
        over_soap = printed(soap.box.url, "soap", operation, arguments)
        over_rest = printed(rest.box.rest_url, "rest", operation, arguments)
        assert over_soap == over_rest, operation
