"""What our client and every foreign server say to each other, and what each must have understood.

A module for one stack inherits the tests, says how to start its server, and adds what is peculiar to the stack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from interop.foreign import ForeignServer
from superoffice_erpsync import (
    AuthenticationError,
    ChangedDataItem,
    CrmActorType,
    EFieldRight,
    ErpActorType,
    ErpConnection,
    ErpSyncActorTypeMapping,
    ErpSyncClient,
    ErpSyncFieldMapping,
    ETableRight,
    FieldAccess,
    FieldMetadataType,
    FieldProperty,
    FieldRight,
    ServerFault,
    TableRight,
    TicketCredentials,
    UsernamePassword,
)
from superoffice_erpsync.sandbox import Sandbox

NAMESPACE = "http://www.superoffice.net/ws/crm/NetServer/Services86"
TICKET = "7T:aW50ZXJvcA=="
PASSWORD = "p<&>æ "
TEXT = "Ærø & <a> \"q\" 'x' ]]> \N{GRINNING FACE} \t|"
LINES = " 1\r\n2\n3\r"

CONNECTION = ErpConnection(
    table_right=TableRight(mask=frozenset({ETableRight.UPDATE, ETableRight.SELECT}), reason=""),
    field_properties={
        "DisplayName": FieldProperty(
            field_right=FieldRight(mask=frozenset({EFieldRight.WRITE, EFieldRight.UI_HINT_READ_ONLY})),
            field_type="System.String",
            field_length=254,
        ),
        "Bare": FieldProperty(field_right=FieldRight()),
        "Nil": None,
    },
    erp_connection_id=7,
    erp_connector_id=-(2**31),
    display_name=TEXT,
    display_description="",
    active=True,
    connection_id=None,
    most_recent_timestamp=LINES,
    config_fields={"Sérver": "a&b", "Empty": "", "Nil": None, "": " padded "},
    user_group_access_ids=[3, 1, 2],
    associate_access_ids=[],
)
CONNECTION_SEEN = {
    "TableRight": {"Mask": "Select Update", "Reason": ""},
    "FieldProperties": {
        "DisplayName": {
            "FieldRight": {"Mask": "Write UIHintReadOnly"},
            "FieldType": "System.String",
            "FieldLength": 254,
        },
        "Bare": {"FieldRight": {"Mask": ""}, "FieldLength": 0},
        "Nil": None,
    },
    "ErpConnectionId": 7,
    "ErpConnectorId": -(2**31),
    "DisplayName": TEXT,
    "DisplayDescription": "",
    "Active": True,
    "MostRecentTimestamp": LINES,
    "ConfigFields": {"Sérver": "a&b", "Empty": "", "Nil": None, "": " padded "},
    "Deleted": False,
    "AllAccess": False,
    "UserGroupAccessIds": [3, 1, 2],
    "AssociateAccessIds": [],
}
MAPPING = ErpSyncActorTypeMapping(
    erp_connection_id=1,
    is_active=True,
    field_mappings=[
        ErpSyncFieldMapping(
            erp_field_id=5,
            crm_field_key="",
            erp_field_key="ÆØÅ",
            field_type=FieldMetadataType.LABEL,
            missing_in_erp=True,
            access=FieldAccess.READ_ONLY,
            list_reference="<list>",
        ),
        None,
    ],
    actor_type_erp=ErpActorType.SUPPLIER,
    actor_type_crm=CrmActorType.CONTACT,
)
MAPPING_SEEN = {
    "ErpConnectionId": 1,
    "IsActive": True,
    "FieldMappings": [
        {
            "ErpFieldId": 5,
            "CrmFieldKey": "",
            "ErpFieldKey": "ÆØÅ",
            "FieldType": "Label",
            "SyncToCrm": False,
            "SyncToErp": False,
            "ShowInGui": False,
            "ShowInSearch": False,
            "AlreadyMapped": False,
            "MissingInERP": True,
            "MissingInCRM": False,
            "Access": "ReadOnly",
            "ListReference": "<list>",
        },
        None,
    ],
    "ActorTypeErp": "Supplier",
    "ActorTypeCrm": "Contact",
}


def plain(value: Any, name: str = "") -> Any:
    """What a stack saw, without its own way to hold lists, dictionaries and elements that are empty."""
    if value in (None, {}) and name in ("AssociateAccessIds", "FieldKeys"):
        return []
    if value is None and name == "Mask":
        return ""
    if not isinstance(value, dict):
        return [plain(item) for item in value] if isinstance(value, list) else value
    members = {key: plain(one, key) for key, one in value.items() if key != "attributes"}
    if len(members) != 1 or not isinstance(items := next(iter(members.values())), list):
        return members
    if all(isinstance(item, dict) and set(item) == {"Key", "Value"} for item in items):
        return {item["Key"]: plain(item["Value"]) for item in items}
    return items


class Conversation:
    """The tests. The fixture `server` is for the modules to give, once a module."""

    nil_items_survive = True
    """Whether the server writes an item of a list as nil when it should; else it writes an empty one."""
    carriage_returns_survive = True
    """Whether the server writes them in a way that an XML parser does not fold."""
    fault_code = "Server"

    def answered(self, text: str) -> str:
        """A text as it comes back."""
        return text if self.carriage_returns_survive else text.replace("\r\n", "\n").replace("\r", "\n")

    @pytest.fixture
    def client(self, server: ForeignServer) -> Iterator[ErpSyncClient]:
        login = UsernamePassword("tje0", PASSWORD)
        with ErpSyncClient.soap(server.url, login, application_token="tøk & en", time_zone="NO") as client:
            yield client

    @staticmethod
    def last(server: ForeignServer, operation: str) -> dict[str, Any]:
        call = server.seen[-1]
        assert call["operation"] == operation
        return {name: plain(value, name) for name, value in call["arguments"].items()}

    def test_headers_reach_the_server(self, client: ErpSyncClient, server: ForeignServer) -> None:
        client.force_sync_all()
        login, call = server.seen[-2:]
        assert login["operation"] == "AuthenticateUsernamePassword"
        assert login["arguments"] == {"UserName": "tje0", "Password": PASSWORD}
        assert plain(login["headers"]) == {"ApplicationToken": "tøk & en"}
        assert login["action"] == f'"{NAMESPACE}/SoPrincipal/AuthenticateUsernamePassword"'
        assert call["action"] == f'"{NAMESPACE}/ErpSync/ForceSyncAll"'
        assert call["type"] == "text/xml; charset=utf-8"
        zone = call["headers"].pop("TimeZone")
        assert plain(call["headers"]) == {"ApplicationToken": "tøk & en", "Credentials": {"Ticket": TICKET}}
        assert int(zone["SoTimeZoneId"]) == 0
        assert zone["SoTimeZoneLocationCode"] == "NO"

    def test_headers_that_are_not_given_stay_away(self, server: ForeignServer) -> None:
        with ErpSyncClient.soap(server.url) as client:
            client.get_system_info()
        assert not server.seen[-1]["headers"]

    def test_refused_login(self, server: ForeignServer) -> None:
        with (
            ErpSyncClient.soap(server.url, UsernamePassword("tje0", "wrong")) as client,
            pytest.raises(AuthenticationError, match="the login of 'tje0' was refused"),
        ):
            client.force_sync_all()

    def test_refused_ticket(self, server: ForeignServer) -> None:
        with (
            ErpSyncClient.soap(server.url, TicketCredentials("7T:wrong")) as client,
            pytest.raises(AuthenticationError) as caught,
        ):
            client.force_sync_all()
        assert caught.value.code == "SuperOffice.Exceptions.SoSessionException"

    def test_system_info(self, client: ErpSyncClient) -> None:
        info = client.get_system_info()
        assert info is not None
        assert info.company_name == "Blåbær & Sønn"
        assert info.build_type == "Release"
        licence = info.license
        assert licence is not None
        assert (licence.serial_nr, licence.next_check_date) == ("0042", datetime(2027, 1, 31, 12, 30))
        assert licence.expiry_date is None
        assert licence.public_key is not None
        key = licence.public_key.key
        assert key is not None
        assert (key.counter, key.g, key.j, key.p) == (3, b"\x00\xff", None, b"")

    def test_force_sync_all(self, client: ErpSyncClient, server: ForeignServer) -> None:
        answer = client.force_sync_all()
        assert self.last(server, "ForceSyncAll") == {}
        assert answer.is_ok is True
        assert answer.user_explanation == self.answered('US:"Done"\r\nNO:"Utført <&>"')
        assert (answer.tech_explanation, answer.error_code) == (None, "")
        changes = answer.changes
        assert changes is not None
        nil = None if self.nil_items_survive else ChangedDataItem()
        first, last = ChangedDataItem(tablename="contact", record_id=11), ChangedDataItem(tablename="", record_id=0)
        assert changes.updated_records == [first, nil, last]
        assert (changes.added_records, changes.deleted_records) == (None, [])

    def test_force_resync(self, client: ErpSyncClient, server: ForeignServer) -> None:
        answer = client.force_resync(erp_connection_id=0, internal_key_ids=[2**31 - 1, 1])
        assert self.last(server, "ForceResync") == {"ErpConnectionId": 0, "InternalKeyIds": [2**31 - 1, 1]}
        assert (answer.is_ok, answer.error_code, answer.changes) == (False, "UNKNOWN_CONNECTION_ID", None)

    def test_force_resync_of_everything(self, client: ErpSyncClient, server: ForeignServer) -> None:
        client.force_resync(erp_connection_id=0, internal_key_ids=[], everything=True)
        assert not self.last(server, "ForceResync")["InternalKeyIds"]

    def test_force_resync_external(self, client: ErpSyncClient, server: ForeignServer) -> None:
        keys = [TEXT, LINES, " padded "]
        actor_type = ErpActorType.PROJECT
        answer = client.force_resync_external(erp_connection_id=1, erp_actor_type=actor_type, external_keys=keys)
        assert self.last(server, "ForceResyncExternal") == {
            "ErpConnectionId": 1,
            "ErpActorType": "Project",
            "ExternalKeys": keys,
        }
        assert answer.changes is not None
        assert [item.tablename for item in answer.changes.added_records or () if item] == [
            self.answered(key) for key in keys
        ]

    def test_absent_response(self, client: ErpSyncClient) -> None:
        assert client.get_connection(erp_connection_id=1) is None

    def test_call_that_failed(self, client: ErpSyncClient) -> None:
        with pytest.raises(ServerFault, match="No connection 404 <&> æøå") as caught:
            client.get_connection(erp_connection_id=404)
        error = caught.value
        assert (error.status, error.code) == (200, "System.ArgumentException")
        info = error.exception_info
        assert info is not None
        assert (info.friendly_text, info.stack_trace, info.parameters) == ("", None, {"id": None})
        assert info.inner_exception is not None
        assert info.inner_exception.message == self.answered("inner\r\nlines")

    def test_fault(self, client: ErpSyncClient) -> None:
        with pytest.raises(ServerFault, match="Broken <&> æøå") as caught:
            client.get_connection(erp_connection_id=500)
        assert (caught.value.status, caught.value.code) == (500, self.fault_code)

    def test_connection_there_and_back(self, client: ErpSyncClient, server: ForeignServer) -> None:
        answer = client.save_connection(connection=CONNECTION)
        assert self.last(server, "SaveConnection") == {"Connection": CONNECTION_SEEN}
        assert answer == replace(CONNECTION, most_recent_timestamp=self.answered(LINES))

    def test_bare_connection_there_and_back(self, client: ErpSyncClient, server: ForeignServer) -> None:
        bare = ErpConnection(erp_connection_id=8)
        answer = client.save_connection(connection=bare)
        flags = dict.fromkeys(("Active", "Deleted", "AllAccess"), False)
        assert self.last(server, "SaveConnection")["Connection"] == {
            "ErpConnectionId": 8,
            "ErpConnectorId": 0,
            **flags,
        }
        assert answer == bare

    def test_mapping_there_and_back(self, client: ErpSyncClient, server: ForeignServer) -> None:
        answer = client.save_actor_type_mapping(mapping=MAPPING)
        assert self.last(server, "SaveActorTypeMapping") == {"Mapping": MAPPING_SEEN}
        nil = None if self.nil_items_survive else ErpSyncFieldMapping()
        assert answer == replace(MAPPING, field_mappings=[(MAPPING.field_mappings or [])[0], nil])

    def test_dictionary(self, client: ErpSyncClient) -> None:
        fields = client.get_erp_connection_config_fields(erp_connection_id=1)
        assert fields == {"Sérver": "a & b", "Empty": "", "Nil": None}

    @pytest.mark.parametrize(
        ("interval", "text"),
        [
            (timedelta(minutes=15), "PT15M"),
            (timedelta(), "PT0S"),
            (timedelta(days=1, hours=2, minutes=3, seconds=4.5), "P1DT2H3M4.5S"),
            (-timedelta(days=1, microseconds=5), "-P1DT0.000005S"),
        ],
    )
    def test_interval(self, client: ErpSyncClient, server: ForeignServer, interval: timedelta, text: str) -> None:
        client.change_engine_interval(interval=interval)
        assert self.last(server, "ChangeEngineInterval") == {"Interval": text}
        status = client.get_engine_status()
        assert status is not None
        assert (status.is_running, status.status_message, status.interval) == (True, " æ ", interval)

    def test_list_of_texts(self, client: ErpSyncClient) -> None:
        assert client.toggle_erp_connection_active(erp_connection_id=1) == []
        nil = None if self.nil_items_survive else ""
        assert client.toggle_erp_connection_active(erp_connection_id=2) == ["VAT no. <missing>", nil, ""]

    @pytest.mark.parametrize("keys", [None, [], ["a", None, "", " æ "]], ids=["absent", "empty", "filled"])
    def test_list_there_and_back(self, client: ErpSyncClient, server: ForeignServer, keys: list[str | None]) -> None:
        answer = client.get_erp_field_values(
            erp_connection_id=1, crm_actor_type=CrmActorType.SALE, entity_id=3, field_keys=keys
        )
        seen = self.last(server, "GetErpFieldValues")
        assert seen.pop("CrmActorType") == "Sale"
        assert seen == {"ErpConnectionId": 1, "EntityId": 3} | ({} if keys is None else {"FieldKeys": keys})
        if keys and not self.nil_items_survive:
            keys = ["" if key is None else key for key in keys]
        assert answer == keys


def check_live_wsdl(server: ForeignServer) -> None:
    """Check that a client can go by the WSDL that the server itself tells."""
    with ErpSyncClient.soap(server.url, UsernamePassword("tje0", PASSWORD), wsdl="live") as client:
        assert client.save_connection(connection=CONNECTION) == CONNECTION


def check_sandbox(told: dict[str, Any]) -> None:
    """Check what a foreign client was told by a sandbox.

    It logs in with a wrong and with the right password, syncs, resyncs C1001, C9999 and C1002, reads connection 3, and
    syncs once more with a ticket of its own making.
    """
    assert told["refused"] is False
    assert told["ticket"].startswith("7T:")
    assert told["sync"] is True
    resync, connection = plain(told["resync"]), plain(told["connection"])
    assert resync["IsOk"] is False
    assert "C9999" in resync["TechExplanation"]
    records = [(item["Tablename"], item["RecordId"]) for item in resync["Changes"]["UpdatedRecords"]]
    assert records == [("contact", 11), ("contact", 12)]
    assert connection["DisplayName"] == "Harbour Trading"
    assert connection["Active"] is False
    assert connection["UserGroupAccessIds"] == [1, 4]
    assert set(connection["ConfigFields"]) == {"Database", "Key"}
    assert connection["TableRight"]["Mask"] == "Select Update Insert Delete"
    assert connection["FieldProperties"]["ConnectionId"]["FieldRight"]["Mask"] == "Read UIHintReadOnly"
    assert told.get("stranger") is None


def check_changes(told: dict[str, Any], sandbox: Sandbox) -> None:
    """Check what a foreign client has changed in a sandbox, and that it was told so.

    Beside what `check_sandbox` says it gives connection 3 another name and other user groups, lets connection 1 sync
    the first field of its suppliers to the CRM too, and asks for the engine's interval.
    """
    assert told["user"] == "tje0"
    with sandbox.lock:
        connection = sandbox.state.connections[3]
        fields = sandbox.state.connections[1].mappings["Supplier"].fields
        assert (connection.display_name, connection.user_group_access_ids) == ("Ærø & <Havn>", [2, 3])
        assert connection.config_fields["Database"] == "TRADING"
        assert (fields[0].sync_to_crm, fields[0].sync_to_erp) == (True, True)
        directions = [(one.erp_field_key, one.sync_to_crm, one.sync_to_erp) for one in fields]
    saved = plain(told["saved"])
    assert (saved["DisplayName"], saved["UserGroupAccessIds"]) == ("Ærø & <Havn>", [2, 3])
    mapped = [(one["ErpFieldKey"], one["SyncToCrm"], one["SyncToErp"]) for one in told["mapped"]]
    assert mapped == directions
    assert told["interval"] == "PT15M"
    assert told["failure"] == "SuperOffice.Exceptions.SoSessionException"
    assert told["succeeded"] == "false"
    assert [call.ticket_known for call in sandbox.received if call.service == "ErpSync"][-2:] == [True, False]
