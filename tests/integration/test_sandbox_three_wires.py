"""One installation, three wires: the same call means the same over Services86, Services88 and REST."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
import requests
import zeep
from zeep.helpers import serialize_object
from zeep.transports import Transport

from superoffice_erpsync.sandbox import Sandbox

Call = Callable[..., Any]
WIRES = ("Services86", "Services87", "Services88", "REST")


def bare(value: Any) -> Any:
    """zeep's values without the elements around the items of arrays and the pairs of dictionaries."""
    if isinstance(value, list):
        return [bare(item) for item in value]
    if isinstance(value, timedelta):
        return str(value).zfill(8)
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((name, items),) = value.items()
        if isinstance(items, list) and name.endswith("KeyValuePair"):
            return {pair["Key"]: bare(pair["Value"]) for pair in items}
        if isinstance(items, list):
            return [bare(item) for item in items]
    return {name: bare(item) for name, item in value.items()}


def filled(value: Any) -> Any:
    """The value without what holds nothing, which zeep makes of nil, and nil of what is empty."""
    if isinstance(value, list):
        return [filled(item) for item in value] or None
    if isinstance(value, dict):
        return {name: kept for name, item in value.items() if (kept := filled(item)) is not None} or None
    return value


def soap(stack: ExitStack, sandbox: Sandbox, services: str, ticket: str) -> Call:
    transport = Transport(timeout=10, operation_timeout=10)
    stack.callback(transport.session.close)
    address = sandbox.url.replace("Services86", services)
    service = zeep.Client(f"{address}/ErpSync.svc?singleWsdl", transport=transport).service

    def call(operation: str, **arguments: Any) -> Any:
        wrapped = {
            name: {"int" if isinstance(value[0], int) else "string": value} if isinstance(value, list) else value
            for name, value in arguments.items()
        }
        answer = service[operation](**wrapped, _soapheaders={"Credentials": {"Ticket": ticket}})
        assert answer.header.Succeeded is True
        return filled(bare(serialize_object(answer.body.Response, dict))) if "Response" in dir(answer.body) else None

    return call


def rest(stack: ExitStack, sandbox: Sandbox, ticket: str) -> Call:
    session = stack.enter_context(requests.Session())
    session.headers["Authorization"] = f"SOTicket {ticket}"

    def call(operation: str, **arguments: Any) -> Any:
        sent = {
            name: str(value).zfill(8) if isinstance(value, timedelta) else value for name, value in arguments.items()
        }
        answer = session.post(f"{sandbox.rest_url}/v1/Agents/ErpSync/{operation}", json=sent, timeout=10)
        assert answer.status_code in (200, 204), answer.text
        return filled(answer.json()) if answer.content else None

    return call


@pytest.fixture
def on_all_wires() -> Iterator[dict[str, tuple[Sandbox, Call]]]:
    """By wire: a sandbox of its own in the same fresh state, and how to call it."""
    with ExitStack() as stack:
        made = {}
        for wire in WIRES:
            sandbox = stack.enter_context(Sandbox())
            ticket = sandbox.state.sessions.log_in("tje0", "Tje0")[1]
            call = rest(stack, sandbox, ticket) if wire == "REST" else soap(stack, sandbox, wire, ticket)
            made[wire] = (sandbox, call)
        yield made


def everything(sandbox: Sandbox) -> Any:
    """What the installation knows, as far as a call can change it."""
    state = sandbox.state
    with sandbox.lock:
        state.engine.poll(state.clock())
    return (
        [(record.table, record.record_id, record.values) for record in state.crm],
        [(actor.actor_type, actor.key, actor.values) for found in state.connections.values() for actor in found.erp],
        [(external.connection_id, external.actor_type, external.key) for external in state.links],
        [(found.connection_id, found.active, found.most_recent_timestamp) for found in state.connections.values()],
        [(change.cause, change.where, change.name, change.fields) for change in state.log],
        [(task.connection_id, task.internal_key_ids) for task in state.queue],
        (state.engine.running, state.engine.interval),
    )


CALLS = [
    ("ForceSyncAll", {}),
    ("SyncAll", {}),
    ("ForceResync", {"ErpConnectionId": 1, "InternalKeyIds": [501, 521, 9999]}),
    ("ForceResync", {"ErpConnectionId": 0, "InternalKeyIds": [502]}),
    ("ForceResync", {"ErpConnectionId": 612, "InternalKeyIds": [386, 230]}),
    ("ForceResyncExternal", {"ErpConnectionId": 1, "ErpActorType": "Customer", "ExternalKeys": ["C1001", "aut"]}),
    ("ForceResyncBatchTask", {"ErpConnectionId": 1, "InternalKeyIds": [501]}),
    ("ChangeEngineStatus", {"Run": False}),
    ("ChangeEngineInterval", {"Interval": timedelta(hours=1, seconds=2)}),
    ("TestConnectionById", {"ErpConnectionId": 1}),
    ("ToggleErpConnectionActive", {"ErpConnectionId": 3}),
    ("ToggleErpConnectionActive", {"ErpConnectionId": 2}),
    ("BreakActorLink", {"ErpConnectionId": 1, "CrmRecordId": 11, "CrmActorType": "Contact"}),
    ("GetConnection", {"ErpConnectionId": 99}),
    ("GetErpConnectionConfigFields", {"ErpConnectionId": 3}),
    ("GetErpFieldValues", {"ErpConnectionId": 1, "CrmActorType": "Contact", "EntityId": 11,
                           "FieldKeys": ["CITY", "NAME"]}),
    ("GetCrmActorType", {"ErpConnectionId": 1, "ErpActorType": "Supplier"}),
    ("TestConnectorUrl", {"Url": "http://127.0.0.1:9/nothing"}),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "arguments"), CALLS)
def test_same_meaning_and_same_state(on_all_wires, operation, arguments):
    said, left = {}, {}
    for wire, (sandbox, call) in on_all_wires.items():
        # The tick would carry a queue out on one wire before it is looked at on another.
        sandbox.state.batch_delay = timedelta(hours=1)
        answer = call(operation, **arguments)
        if isinstance(answer, dict) and "IsOk" in answer:
            status = answer.pop("Status", None)
            assert (status is None) == (wire in ("Services86", "Services87"))
            assert (status == "Error") == (not answer["IsOk"]) or status is None
        said[wire], left[wire] = answer, everything(sandbox)
        call_record = sandbox.received[-1]
        assert (call_record.operation, call_record.services, call_record.ticket_known) == (operation, wire, True)
        assert call_record.arguments == on_all_wires["Services86"][0].received[-1].arguments
    for wire in WIRES[1:]:
        assert said[wire] == said["Services86"]
        assert left[wire] == left["Services86"]


@pytest.mark.parametrize("services", WIRES[:3])
def test_one_state_behind_all_wires_and_one_ticket(services):
    with Sandbox() as sandbox, ExitStack() as stack:
        transport = Transport(timeout=10)
        stack.callback(transport.session.close)
        address = sandbox.url.replace("Services86", services)
        principal = zeep.Client(f"{address}/SoPrincipal.svc?wsdl", transport=transport).service
        ticket = principal.AuthenticateUsernamePassword("tje0", "Tje0").body.Credentials.Ticket
        over_rest = rest(stack, sandbox, ticket)
        over_soap = {wire: soap(stack, sandbox, wire, ticket) for wire in WIRES[:3]}
        over_rest("ChangeEngineInterval", Interval="PT1H")
        for call in over_soap.values():
            assert call("GetEngineStatus")["Interval"] == "01:00:00"
        over_soap["Services88"]("ChangeEngineInterval", Interval=timedelta(minutes=1))
        assert over_rest("GetEngineStatus")["Interval"] == "00:01:00"
        assert sandbox.logins == 1


def test_the_newer_operations_over_services88_and_rest(on_all_wires):
    said, left = {}, {}
    for wire in ("Services88", "REST"):
        sandbox, call = on_all_wires[wire]
        arguments = {"ErpConnectionId": 1, "CrmRecordId": 11, "CrmActorType": "Contact", "ErpKey": "C1011",
                     "ErpActorType": "Customer"}  # fmt: skip
        said[wire] = [
            [found["DisplayName"] for found in call("GetAllConnections", IncludeDeleted=True)],
            call("GetAllConnectors"),
            call("TryConnectActor", **arguments | {"ErpKey": "nobody's"}),
            call("BreakActorLink", ErpConnectionId=1, CrmRecordId=20, CrmActorType="Contact"),
            call("TryConnectActor", **arguments | {"CrmRecordId": 20}),
            call("TryConnectActor", **arguments | {"CrmRecordId": 20}),
            call("ForceResyncNoBlankValues", ErpConnectionId=1, InternalKeyIds=[505]),
            call(
                "ForceResyncExternalNoBlankValues", ErpConnectionId=1, ErpActorType="Customer", ExternalKeys=["C1005"]
            ),
        ]
        left[wire] = everything(sandbox)
        # The ERP's city is blank, and the CRM's stays.
        assert sandbox.state.crm.record("contact", 15).values["city"] == "Skien"
    assert said["REST"] == said["Services88"]
    assert left["REST"] == left["Services88"]
    assert said["REST"][2:6] == [False, True, True, False]
    assert said["REST"][6]["Status"] == "Ok"


def test_a_refusal_says_the_same(on_all_wires):
    sandbox, _ = on_all_wires["REST"]
    url = f"{sandbox.rest_url}/v1/Agents/ErpSync/ChangeEngineInterval"
    answer = requests.post(
        url, json={"Interval": "-00:00:01"}, headers={"Authorization": "Basic dGplMDpUamUw"}, timeout=10
    )
    with ExitStack() as stack:
        transport = Transport(timeout=10)
        stack.callback(transport.session.close)
        soap_box, _ = on_all_wires["Services88"]
        service = zeep.Client(f"{soap_box.services88_url}/ErpSync.svc?wsdl", transport=transport).service
        ticket = soap_box.state.sessions.log_in("tje0", "Tje0")[1]
        told = service.ChangeEngineInterval(timedelta(seconds=-1), _soapheaders={"Credentials": {"Ticket": ticket}})
    info = told.header.ExceptionInfo
    assert info.ExceptionType.endswith(answer.json()["ErrorType"])
    assert info.Message == answer.json()["ErrorMessage"]
    assert sandbox.received[-1].failure == soap_box.received[-1].failure == info.ExceptionType
