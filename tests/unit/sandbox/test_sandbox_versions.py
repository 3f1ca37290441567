"""Services87 and Services88 beside Services86: the namespaces, the operations and the one member that differ."""

from __future__ import annotations

import pytest
from lxml import etree

from superoffice_erpsync.sandbox.soap.contract import load_contract, wsdl_bytes
from superoffice_erpsync.sandbox.soap.description import write_wsdl
from superoffice_erpsync.sandbox.soap.endpoint import SoapAnswer, SoapEndpoint, SoapRequest

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
ARR = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
NEWER = {
    "ForceResyncExternalNoBlankValues",
    "ForceResyncNoBlankValues",
    "GetAllConnections",
    "GetAllConnectors",
    "TryConnectActor",
}


def namespace(services: str) -> str:
    return f"http://www.superoffice.net/ws/crm/NetServer/{services}"


@pytest.fixture
def ticket(installation) -> str:
    return installation.state.sessions.log_in("tje0", "Tje0")[1]


@pytest.fixture
def call(installation, ticket):
    def call(services: str, operation: str, inner: str = "", spoken: str | None = None) -> SoapAnswer:
        ns = namespace(spoken or services)
        body = (
            f'<s:Envelope xmlns:s="{SOAP11}" xmlns="{ns}" xmlns:a="{ARR}"><s:Header><Credentials><Ticket>{ticket}'
            f"</Ticket></Credentials></s:Header><s:Body><{operation}>{inner}</{operation}></s:Body></s:Envelope>"
        )
        endpoint = SoapEndpoint(installation, load_contract("ErpSync", services))
        return endpoint.answer(SoapRequest("text/xml; charset=utf-8", f'"{ns}/ErpSync/{operation}"', body.encode()))

    return call


def body_of(answer: SoapAnswer) -> etree._Element:
    return etree.fromstring(answer.body).find(f"{{{SOAP11}}}Body")[0]


def texts(answer: SoapAnswer, name: str) -> list[str]:
    return [element.text for element in body_of(answer).iter() if etree.QName(element).localname == name]


def test_what_differs_between_the_contracts():
    oldest, middle, newest = (set(load_contract("ErpSync", f"Services8{n}").operations) for n in (6, 7, 8))
    assert oldest == middle
    assert newest - oldest == NEWER
    for service in ("ErpSync", "SoPrincipal"):
        assert b"Services86" not in wsdl_bytes(service, "Services87")
        assert b"Services86" not in wsdl_bytes(service, "Services88")
        contract = load_contract(service, "Services87")
        assert contract.namespace == namespace("Services87")
        assert all(action.startswith(namespace("Services87")) for action in contract.by_action)
        assert b'location="http://here/"' in write_wsdl(contract, "http://here/")


@pytest.mark.parametrize("services", ["Services86", "Services87", "Services88"])
def test_status_is_told_on_services88_only(call, services):
    assert texts(call(services, "ForceSyncAll"), "Status") == (["Ok"] if services == "Services88" else [])
    again = call(services, "ForceSyncAll")
    assert texts(again, "IsOk") == ["true"]
    assert texts(again, "Status") == (["OkWithInfo"] if services == "Services88" else [])
    refused = call(services, "ForceResync", "<ErpConnectionId>612</ErpConnectionId>")
    assert texts(refused, "IsOk") == ["false"]
    assert texts(refused, "Status") == (["Error"] if services == "Services88" else [])
    assert body_of(refused).tag == f"{{{namespace(services)}}}ForceResyncResponse"


def test_the_record_tells_the_version(call, installation):
    for services in ("Services86", "Services87", "Services88"):
        call(services, "GetEngineStatus")
    assert [found.services for found in installation.received] == ["Services86", "Services87", "Services88"]
    assert {found.transport for found in installation.received} == {"soap"}
    assert all(found.ticket_known for found in installation.received)


@pytest.mark.parametrize("operation", sorted(NEWER))
def test_the_newer_operations_are_unknown_to_older_versions(call, operation):
    for services in ("Services86", "Services87"):
        answer = call(services, operation)
        assert answer.status == 500
        assert b"ActionNotSupported" in answer.body


def test_the_wrong_version_at_an_address_is_an_unknown_action(call):
    assert b"ActionNotSupported" in call("Services88", "ForceSyncAll", spoken="Services86").body
    assert b"ActionNotSupported" in call("Services86", "ForceSyncAll", spoken="Services88").body


@pytest.mark.parametrize("operation", sorted(load_contract("ErpSync", "Services88").operations))
def test_answers_are_what_the_schema_of_services88_allows(call, schema_of, operation):
    answer = call("Services88", operation)
    assert answer.status == 200
    schema_of("ErpSync", "Services88").assertValid(body_of(answer))


def test_all_connectors_are_items_of_a_list(call, installation):
    installation.state.connectors[1].deleted = True
    (item,) = body_of(call("Services88", "GetAllConnectors"))[0]
    assert [(etree.QName(part).localname, part.text) for part in item] == [
        ("Id", "2"), ("Name", "Harbour ERP"), ("ToolTip", installation.state.connectors[2].url),
    ]  # fmt: skip


def test_all_connections_with_and_without_the_deleted_ones(call, installation):
    installation.state.connections[3].deleted = True
    path = "DisplayName"
    assert len(texts(call("Services88", "GetAllConnections"), path)) == 2
    with_deleted = call("Services88", "GetAllConnections", "<IncludeDeleted>true</IncludeDeleted>")
    assert texts(with_deleted, path) == ["Nordic Ledger Norway", "Nordic Ledger Sweden", "Harbour Trading"]
    assert texts(with_deleted, "Deleted") == ["false", "false", "true"]
