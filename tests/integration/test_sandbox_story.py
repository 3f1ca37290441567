"""An operator's first day with a sandbox, told by a foreign client over SOAP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import zeep
from lxml import etree
from zeep.transports import Transport

from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.sandbox.state.seed_sites import MEADOW_URL

LINKS = {18: "M-0107", 19: "M-0108", 20: "M-0109"}
"""Keys of customers in the ERP by ids of contacts."""


@pytest.fixture
def transport() -> Iterator[Transport]:
    transport = Transport(timeout=10, operation_timeout=10)
    yield transport
    transport.session.close()


class Caller:
    """Calls operations of one version with the arguments by name.

    zeep leaves the base class out where a type contains itself, as a list's item does, and stumbles over the answer:
    `raw` gives such an answer as XML.
    """

    def __init__(self, sandbox: Sandbox, transport: Transport, services: str = "Services86") -> None:
        url = sandbox.url.replace("Services86", services)
        principal = zeep.Client(f"{url}/SoPrincipal.svc?wsdl", transport=transport).service
        self.headers = {"Credentials": principal.AuthenticateUsernamePassword("tje0", "Tje0").body.Credentials}
        self.client = zeep.Client(f"{url}/ErpSync.svc?singleWsdl", transport=transport)

    def __call__(self, operation: str, **arguments: Any) -> Any:
        answer = self.client.service[operation](**arguments, _soapheaders=self.headers)
        assert answer.header.Succeeded is True, answer.header.ExceptionInfo
        return answer.body.Response if answer.body is not None and "Response" in answer.body else None

    def raw(self, operation: str, **arguments: Any) -> etree._Element:
        with self.client.settings(raw_response=True):
            answer = self.client.service[operation](**arguments, _soapheaders=self.headers)
        root = etree.fromstring(answer.content)
        assert texts(root, "Succeeded") == ["true"]
        return root


def texts(element: etree._Element, name: str) -> list[str | None]:
    return [found.text for found in element.iter("{*}" + name)]


@pytest.fixture
def call(sandbox: Sandbox, transport: Transport) -> Caller:
    return Caller(sandbox, transport)


def add_connector(call: Caller) -> int:
    connector = call("CreateDefaultErpSyncConnectorEntity")
    assert call("TestConnectorUrl", Url="https://nobody.example/") == "ErrorNotFound"
    assert call("TestConnectorUrl", Url=MEADOW_URL) == "NoError"
    connector.DisplayName, connector.URL = "Meadow ERP", MEADOW_URL
    stored = call("SaveErpSyncConnectorEntity", ErpSyncConnectorEntity=connector)
    assert call("CanDeleteErpSyncConnectorEntity", ErpSyncConnectorId=stored.ErpConnectorId) == "NoError"
    return stored.ErpConnectorId


def add_connection(call: Caller, connector_id: int) -> int:
    fields = call("GetConfigurationFields", ErpConnectorId=connector_id).FieldMetadata
    assert [field.FieldKey for field in fields] == ["Server", "Client", "Key"]
    values = {"Server": "meadow-db", "Client": fields[1].DefaultValue, "Key": "wrong"}

    def config() -> dict[str, Any]:
        return {"StringKeyValuePair": [{"Key": key, "Value": value} for key, value in values.items()]}

    assert call("TestConnectionByConfig", ErpConnectionId=connector_id, ConfigFields=config()) is False
    values["Key"] = "made-up-4"
    assert call("TestConnectionByConfig", ErpConnectionId=connector_id, ConfigFields=config()) is True
    connection = {
        "ErpConnectionId": 0, "ErpConnectorId": connector_id, "DisplayName": "Meadow", "Active": True,
        "ConfigFields": config(), "Deleted": False, "AllAccess": True,
    }  # fmt: skip
    stored = call("SaveConnection", Connection=connection)
    assert len(stored.ConnectionId) == 36
    assert stored.Active is False
    assert call("CanDeleteErpSyncConnectorEntity", ErpSyncConnectorId=connector_id) == "ErrorConnectorHasConnections"
    return stored.ErpConnectionId


def map_fields(call: Caller, connection_id: int) -> None:
    """Map the customers, miss a mandatory field, be told, and put it right."""
    mapping = call("GetActorTypeMapping", ErpConnectionId=connection_id, ActorType="Customer")
    fields = {field.ErpFieldKey: field for field in mapping.FieldMappings.ErpSyncFieldMapping}
    assert fields["NAME"].CrmFieldKey == "name"
    assert not any(field.SyncToCrm or field.SyncToErp for field in fields.values())
    for key in ("ORGNO", "PHONE", "CITY", "CATEGORY"):
        fields[key].SyncToCrm = True
    fields["TERMS"].CrmFieldKey, fields["TERMS"].SyncToErp = "paymentDays", True
    call("SaveActorTypeMapping", Mapping=mapping)
    reasons = call("ToggleErpConnectionActive", ErpConnectionId=connection_id).string
    assert len(reasons) == 2
    assert "NAME" in reasons[0]
    assert "LASTNAME" in reasons[1]
    fields["NAME"].SyncToCrm = fields["NAME"].SyncToErp = True
    call("SaveActorTypeMapping", Mapping=mapping)
    persons = call("GetActorTypeMapping", ErpConnectionId=connection_id, ActorType="Person")
    persons.IsActive = False
    call("SaveActorTypeMapping", Mapping=persons)


def map_lists(call: Caller, connection_id: int) -> None:
    """Map the items of the one list by their names; "No longer used" has no counterpart."""
    container = call.raw("GetConnectionListMappings", ErpConnectionId=connection_id)
    (field_id,) = texts(container, "ErpFieldId")
    categories = next(container.iter("{*}ChildItems"))
    by_name = dict(zip(texts(categories, "Name"), texts(categories, "Id"), strict=True))
    items = [
        {"ErpListItemId": item, "CrmListItem": {"Id": by_name[name]} if name in by_name else None}
        for item, name in zip(texts(container, "ErpListItemId"), texts(container, "ErpListItemName"), strict=True)
    ]
    mapping = {"ErpFieldId": field_id, "ErpCrmListItemMappings": {"ErpCrmListItemMapping": items}}
    stored = call.raw(
        "SaveConnectionListMappings",
        ListMapping={"ErpConnectionId": connection_id, "ErpListItemMappings": {"ErpConnectionListMapping": [mapping]}},
    )
    mapped = [texts(item, "Id") for item in stored.iter("{*}CrmListItem")]
    assert mapped == [["1"], ["2"], []]


def give_defaults(call: Caller, connection_id: int) -> None:
    mapping = call("GetActorTypeMapping", ErpConnectionId=connection_id, ActorType="Customer")
    currency = mapping.FieldMappings.ErpSyncFieldMapping[-1]
    assert currency.ErpFieldKey == "CURRENCY"
    info = call("GetDefaultValueInfo", ErpFieldId=currency.ErpFieldId)
    info.HasFirstSyncDefaultValue, info.FirstSyncDefaultValue = True, "NOK"
    call("SaveDefaultValueInfo", ErpSyncDefaultValue=info)


def link(call: Caller, connection_id: int) -> None:
    for contact_id, key in LINKS.items():
        arguments = {
            "ErpConnectionId": connection_id, "CrmRecordId": contact_id, "CrmActorType": "Contact",
            "ErpKey": key, "ErpActorType": "Customer",
        }  # fmt: skip
        assert call("CreateActorLink", **arguments) is True
        assert call("CreateActorLink", **arguments) is False


def blank_value_of(sandbox: Sandbox, connection_id: int) -> None:
    """Somebody empties a telephone number in the ERP, behind the sync's back."""
    with sandbox.lock:
        sandbox.state.connections[connection_id].erp.actor("Customer", "M-0107").values["PHONE"] = ""


@pytest.fixture
def connection_id(call: Caller) -> int:
    """A connection to the third ERP, set up from nothing, active, with three companies linked and synced."""
    number = add_connection(call, add_connector(call))
    map_fields(call, number)
    map_lists(call, number)
    give_defaults(call, number)
    assert not call("ToggleErpConnectionActive", ErpConnectionId=number)
    link(call, number)
    response = call("SyncAll")
    assert response.IsOk is True, response.TechExplanation
    assert [item.Tablename for item in response.Changes.AddedRecords.ChangedDataItem] == ["erpexternalkey"] * 3
    return number


def phone_of(sandbox: Sandbox, contact_id: int = 18) -> str:
    with sandbox.lock:
        return sandbox.state.crm.record("contact", contact_id).values["phone"]


def test_the_first_sync_carries_lists_and_first_values(call: Caller, sandbox: Sandbox, connection_id: int) -> None:
    contact = sandbox.state.crm.record("contact", 18).values
    assert contact["category"] == "2", "WHS is Wholesale, which is 2 in the CRM"
    keys = {"string": ["CURRENCY", "NOPE", "TERMS", "NAME"]}
    arguments = {"ErpConnectionId": connection_id, "CrmActorType": "Contact", "EntityId": 18, "FieldKeys": keys}
    assert call("GetErpFieldValues", **arguments).string == ["NOK", None, "[I:30]", "Ironbridge Works"]


def test_a_change_in_the_erp_reaches_the_crm(call: Caller, sandbox: Sandbox, connection_id: int) -> None:
    with sandbox.lock:
        sandbox.state.connections[connection_id].erp.change("Customer", "M-0108", {"CITY": "Svolvær"})
    response = call("SyncAll")
    assert response.IsOk is True
    changed = [(item.Tablename, item.RecordId) for item in response.Changes.UpdatedRecords.ChangedDataItem]
    assert changed == [("contact", 19)]
    assert sandbox.state.crm.record("contact", 19).values["city"] == "Svolvær"


def test_a_plain_resync_blanks_the_crm(call: Caller, sandbox: Sandbox, connection_id: int) -> None:
    assert phone_of(sandbox) == "+47 22 00 01 08"
    blank_value_of(sandbox, connection_id)
    keys = {"string": ["M-0107"]}
    call("ForceResyncExternal", ErpConnectionId=connection_id, ErpActorType="Customer", ExternalKeys=keys)
    assert phone_of(sandbox) == ""


def test_a_resync_without_blanks_does_not(sandbox: Sandbox, transport: Transport, connection_id: int) -> None:
    newer = Caller(sandbox, transport, "Services88")
    blank_value_of(sandbox, connection_id)
    keys = {"string": ["M-0107"]}
    arguments = {"ErpConnectionId": connection_id, "ErpActorType": "Customer", "ExternalKeys": keys}
    assert newer("ForceResyncExternalNoBlankValues", **arguments).IsOk is True
    internal = sandbox.state.links.of_record("contact", 18)
    assert internal is not None
    ids = {"int": [internal.internal_key_id]}
    assert newer("ForceResyncNoBlankValues", ErpConnectionId=connection_id, InternalKeyIds=ids).IsOk is True
    assert phone_of(sandbox) == "+47 22 00 01 08"
    newer("ForceResync", ErpConnectionId=connection_id, InternalKeyIds=ids)
    assert phone_of(sandbox) == ""


def test_the_end_of_a_connection(call: Caller, sandbox: Sandbox, connection_id: int) -> None:
    assert call("BreakActorLink", ErpConnectionId=connection_id, CrmRecordId=20, CrmActorType="Contact") is True
    stored = call("GetConnection", ErpConnectionId=connection_id)
    call("DeleteConnection", ErpConnectionId=connection_id)
    call("DeleteErpSyncConnectorEntity", ErpSyncConnectorEntityId=stored.ErpConnectorId)
    assert call("GetConnection", ErpConnectionId=connection_id).Deleted is True
    assert call("GetErpSyncConnectorEntity", ErpSyncConnectorEntityId=stored.ErpConnectorId).Deleted is True
    assert call("SyncAll").IsOk is True


def test_an_unknown_id_is_a_failure_in_the_header(sandbox: Sandbox, transport: Transport) -> None:
    principal = zeep.Client(f"{sandbox.url}/SoPrincipal.svc?wsdl", transport=transport).service
    ticket = principal.AuthenticateUsernamePassword("tje0", "Tje0").body.Credentials.Ticket
    service = zeep.Client(f"{sandbox.url}/ErpSync.svc?wsdl", transport=transport).service
    answer = service.DeleteConnection(99, _soapheaders={"Credentials": {"Ticket": ticket}})
    assert answer.header.Succeeded is False
    assert answer.header.ExceptionInfo.ExceptionType == "SuperOffice.Exceptions.SoNotFoundException"
    assert answer.header.ExceptionInfo.Message == "There is no connection 99."


def test_other_logins(transport: Transport) -> None:
    with Sandbox(
        access_tokens={"8A:made-up": "tje0"}, generic_logins={"tje0": {"Customer": "Cust1"}}, implicit_user="tje0"
    ) as sandbox:
        principal = zeep.Client(f"{sandbox.url}/SoPrincipal.svc?wsdl", transport=transport).service
        pair = {"Key": "Customer", "Value": "Cust1"}
        data = {"AuthenticationGenericDataKeyValuePair": [pair]}
        for answer in (
            principal.AuthenticateWithAccessToken("8A:made-up"),
            principal.AuthenticateGeneric(data),
            principal.AuthenticateImplicit(),
        ):
            assert answer.body.AuthenticationSucceeded is True
            assert answer.body.Credentials.Ticket.startswith("7T:")
        refused = principal.AuthenticateWithAccessToken("8A:other")
        assert refused.body.AuthenticationSucceeded is False
        assert refused.header.Succeeded is True
        assert "8A:" not in repr(sandbox.received)
        assert "Cust1" not in repr(sandbox.received)
