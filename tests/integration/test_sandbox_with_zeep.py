"""A foreign client on the sandbox's own WSDL: it must understand every answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
import zeep
from zeep.exceptions import Fault
from zeep.transports import Transport

from superoffice_erpsync.sandbox.handlers.catalogue import HANDLERS


@pytest.fixture
def transport():
    transport = Transport(timeout=10, operation_timeout=10)
    yield transport
    transport.session.close()


@pytest.fixture
def principal(sandbox, transport):
    return zeep.Client(f"{sandbox.url}/SoPrincipal.svc?wsdl", transport=transport).service


@pytest.fixture
def ticket(principal):
    return principal.AuthenticateUsernamePassword("tje0", "Tje0").body.Credentials.Ticket


@pytest.fixture
def call(sandbox, transport, ticket):
    service = zeep.Client(f"{sandbox.url}/ErpSync.svc?singleWsdl", transport=transport).service

    def call(operation, *arguments, **headers):
        soap_headers = {"Credentials": {"Ticket": ticket}, **headers}
        return service[operation](*arguments, _soapheaders=soap_headers)

    return call


def records(answer) -> list[tuple[str, int]]:
    items = answer.body.Response.Changes.UpdatedRecords
    return [(item.Tablename, item.RecordId) for item in items.ChangedDataItem] if items else []


def test_a_login_gives_a_ticket_and_is_recorded(sandbox, principal):
    answer = principal.AuthenticateUsernamePassword("tje0", "Tje0", _soapheaders={"ApplicationToken": "app"})
    assert answer.body.AuthenticationSucceeded is True
    assert answer.body.Credentials.Ticket.startswith("7T:")
    assert answer.body.Response.Associate == "tje0"
    assert answer.header.Succeeded is True
    assert sandbox.received[-1].application_token == "app"


def test_a_refused_login_gives_no_ticket(principal):
    answer = principal.AuthenticateUsernamePassword("tje0", "wrong")
    assert answer.body.AuthenticationSucceeded is False
    assert answer.body.Credentials is None or answer.body.Credentials.Ticket is None
    assert answer.header.Succeeded is True


def test_force_sync_all(call, sandbox):
    answer = call("ForceSyncAll", TimeZone={"SoTimeZoneId": 261}, ApplicationToken="app")
    assert answer.header.Succeeded is True
    assert answer.body.Response.IsOk is True
    assert set(records(answer)) == {("contact", 13), ("contact", 14), ("contact", 15), ("person", 32)}
    assert answer.body.Response.UserExplanation.startswith('US:"')
    assert sandbox.received[-1].time_zone["SoTimeZoneId"] == 261
    assert records(call("ForceSyncAll")) == []


def test_sync_all_with_the_engine_off(call):
    assert call("ChangeEngineStatus", False).body.Response.IsRunning is True
    status = call("GetEngineStatus").body.Response
    assert status.IsRunning is False
    assert status.Interval == timedelta(minutes=15)
    assert call("SyncAll").body.Response.IsOk is False


def test_change_engine_interval(call):
    call("ChangeEngineInterval", timedelta(hours=1, seconds=2.5))
    assert call("GetEngineStatus").body.Response.Interval == timedelta(hours=1, seconds=2.5)


def test_force_resync_external(call):
    answer = call("ForceResyncExternal", 1, "Customer", {"string": ["C1001", "C9999", "C1002"]})
    assert records(answer) == [("contact", 11), ("contact", 12)]
    assert answer.body.Response.IsOk is False
    assert "C9999" in answer.body.Response.TechExplanation


def test_force_resync(call):
    assert records(call("ForceResync", 1, {"int": [501, 521]})) == [("contact", 11), ("person", 31)]
    assert call("ForceResync", 99, {"int": [501]}).body.Response.ErrorCode == "UNKNOWN_CONNECTION_ID"


def test_force_resync_batch_task(call, sandbox):
    answer = call("ForceResyncBatchTask", 1, {"int": [501]})
    assert answer.header.Succeeded is True
    sandbox.finish_queue()
    assert sandbox.state.queue == []


def test_get_connection(call):
    connection = call("GetConnection", 1).body.Response
    assert connection.ErpConnectionId == 1
    assert connection.Active is True
    assert connection.TableRight.Mask == ["Select", "Update", "Insert", "Delete"]
    assert {pair.Key for pair in connection.ConfigFields.StringKeyValuePair} == {"Company", "User", "Password"}
    assert call("GetConnection", 3).body.Response.UserGroupAccessIds.int == [1, 4]


def test_get_connections_and_display_fields(call):
    first, second = call("GetConnectionsAndDisplayFields", "Contact", 11).body.Response.ErpConnectionData
    assert (first.Connected, second.Connected) == (True, True)
    assert first.ErpActorTypes.ErpActorType == ["Customer", "Supplier"]
    assert first.ErpFields.FieldMetadata[0].Access == "Mandatory"


def test_test_connection_by_id(call):
    assert call("TestConnectionById", 1).body.Response is True
    assert call("TestConnectionById", 99).body.Response is False


def test_toggle_refuses_with_reasons(call, sandbox):
    reasons = call("ToggleErpConnectionActive", 3).body.Response.string
    assert len(reasons) == 2
    assert "VATNO" in reasons[0]
    assert not call("ToggleErpConnectionActive", 2).body.Response
    assert sandbox.state.connections[2].active is False


def test_get_system_info(principal):
    info = principal.GetSystemInfo().body.SystemInfo
    assert info.BuildType == "Release"
    assert info.License.ModuleLicenses.ModuleLicense[0].ModuleName == "ErpSync"


def test_an_unknown_ticket_is_a_session_exception(call):
    answer = call("ForceSyncAll", Credentials={"Ticket": "7T:bm8="})
    assert answer.header.Succeeded is False
    assert answer.header.ExceptionInfo.ExceptionType == "SuperOffice.Exceptions.SoSessionException"


def test_what_is_not_there_is_a_fault(call, monkeypatch):
    monkeypatch.delitem(HANDLERS["ErpSync"], "GetErpFieldValues")
    with pytest.raises(Fault, match="GetErpFieldValues is not in the sandbox yet") as fault:
        call("GetErpFieldValues", 1, "Contact", 11, {"string": ["NAME"]})
    assert fault.value.code == "s:Server"
