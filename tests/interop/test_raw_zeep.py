"""What raw zeep makes of a server's bad days, and what this client makes of the same: the README compares the two."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import zeep
from zeep.transports import Transport

from integration.replaying_server import (
    DROPPED,
    LOGIN,
    TICKET,
    Answer,
    ReplayingServer,
    fixture,
)
from integration.served import free_port
from superoffice_erpsync import (
    ConfigurationError,
    ErpSyncClient,
    Outcome,
    ProtocolError,
    ServerFault,
    TicketCredentials,
    TransportError,
    UsernamePassword,
)
from superoffice_erpsync.wsdl_files import wsdl_file

PASSWORD = "Sesame-pw"
SYNCED, STATUS = "ForceSyncAll", "GetEngineStatus"


class Raw:
    """zeep as it is: clients of the WSDLs, and a transport that nothing is set for."""

    def __init__(self) -> None:
        self.url = ""
        self._transport = Transport()
        self._clients = {
            name: zeep.Client(str(wsdl_file(name, "Services86")), transport=self._transport)
            for name in ("SoPrincipal", "ErpSync")
        }

    def close(self) -> None:
        self._transport.session.close()

    def log_in(self) -> Any:
        return self._service("SoPrincipal").AuthenticateUsernamePassword("DEMO", PASSWORD)

    def call(self, operation: str, *arguments: Any) -> Any:
        headers = {"Credentials": {"Ticket": TICKET}}
        return self._service("ErpSync")[operation](*arguments, _soapheaders=headers)

    def _service(self, name: str) -> Any:
        client = self._clients[name]
        return client.create_service(next(iter(client.wsdl.bindings)), f"{self.url}/{name}.svc")


@pytest.fixture
def server() -> Iterator[ReplayingServer]:
    with ReplayingServer() as running:
        yield running
        assert running.complaints == []


@pytest.fixture
def elsewhere() -> Iterator[ReplayingServer]:
    with ReplayingServer() as running:
        yield running


@pytest.fixture(scope="module")
def _module_raw() -> Iterator[Raw]:
    caller = Raw()
    yield caller
    caller.close()


@pytest.fixture
def raw(_module_raw: Raw, server: ReplayingServer) -> Raw:
    _module_raw.url = server.url
    return _module_raw


@pytest.fixture
def ours(server: ReplayingServer) -> Iterator[ErpSyncClient]:
    with ErpSyncClient.soap(server.url, UsernamePassword("DEMO", PASSWORD), timeout=5) as client:
        yield client


# -- calls that failed -------------------------------------------------------------------------------------------------


def test_call_that_failed(server: ReplayingServer, raw: Raw, ours: ErpSyncClient) -> None:
    server.always(SYNCED, fixture(SYNCED, "succeeded_false_wcf"))
    answer = raw.call(SYNCED)
    assert answer.header.Succeeded is False
    assert answer.body.Response.IsOk is None
    with pytest.raises(ServerFault, match="The ledger did not answer in time") as caught:
        ours.force_sync_all()
    assert caught.value.outcome is Outcome.REJECTED


def test_call_that_failed_with_a_result_all_the_same(server: ReplayingServer, raw: Raw, ours: ErpSyncClient) -> None:
    server.always(SYNCED, fixture(SYNCED, "succeeded_false_good_body"))
    assert raw.call(SYNCED).body.Response.IsOk is True
    with pytest.raises(ServerFault):
        ours.force_sync_all()


def test_ticket_that_ran_out(server: ReplayingServer, raw: Raw, ours: ErpSyncClient) -> None:
    server.script(SYNCED, fixture(SYNCED, "bad_ticket"))
    assert raw.call(SYNCED).header.Succeeded is False
    assert server.operations == [SYNCED]
    server.forget()
    server.script(SYNCED, fixture(SYNCED, "bad_ticket"))
    assert ours.force_sync_all().is_ok
    assert server.operations == [LOGIN, SYNCED, LOGIN, SYNCED]


# -- the way there and back --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [307, 308])
def test_redirected_login(
    status: int, server: ReplayingServer, elsewhere: ReplayingServer, raw: Raw, ours: ErpSyncClient
) -> None:
    server.always(LOGIN, Answer(status=status, headers={"Location": f"{elsewhere.url}/SoPrincipal.svc"}))
    assert raw.log_in().body.AuthenticationSucceeded is True
    assert PASSWORD.encode() in elsewhere.received[0].body
    reached = elsewhere.connections
    with pytest.raises(ConfigurationError):
        ours.force_sync_all()
    assert elsewhere.connections == reached


def test_request_that_never_left_and_answer_that_was_lost(server: ReplayingServer, raw: Raw) -> None:
    server.always(SYNCED, DROPPED)
    lost = _failure(raw)
    assert server.operations == [SYNCED]
    raw.url = f"http://127.0.0.1:{free_port()}"
    assert type(lost) is type(_failure(raw)) is requests.exceptions.ConnectionError
    assert _outcome(server.url) is Outcome.UNKNOWN
    assert _outcome(raw.url) is Outcome.NOT_SENT


def _failure(raw: Raw) -> Exception:
    with pytest.raises(requests.exceptions.RequestException) as caught:
        raw.call(SYNCED)
    return caught.value


def _outcome(url: str) -> Outcome:
    with (
        ErpSyncClient.soap(url, TicketCredentials(TICKET), timeout=5, retry=None) as client,
        pytest.raises(TransportError) as caught,
    ):
        client.force_sync_all()
    return caught.value.outcome


def test_server_that_asks_to_come_back(server: ReplayingServer, raw: Raw, ours: ErpSyncClient) -> None:
    busy = Answer(status=503, headers={"Retry-After": "0"})
    server.script(STATUS, busy)
    with pytest.raises(zeep.exceptions.TransportError):
        raw.call(STATUS)
    assert server.operations == [STATUS]
    server.forget()
    server.script(STATUS, busy)
    assert ours.get_engine_status() is not None
    assert server.operations == [LOGIN, STATUS, STATUS]


def test_call_without_an_end() -> None:
    assert Transport().operation_timeout is None


# -- what is read, what is told ----------------------------------------------------------------------------------------


def _is_ok(response: Any) -> Any:
    return response.IsOk


def _record_id(response: Any) -> Any:
    return response.Changes.UpdatedRecords.ChangedDataItem[0].RecordId


@pytest.mark.parametrize(
    ("case", "value", "read_as"),
    [
        ("isok_absent", _is_ok, None),
        ("isok_empty", _is_ok, None),
        ("boolean_yes", _is_ok, False),
        ("recordid_words", _record_id, None),
        ("recordid_decimal", _record_id, None),
        ("recordid_overflow", _record_id, 2**31),
    ],
)
def test_value_that_is_none(
    case: str, value: Any, read_as: object, server: ReplayingServer, raw: Raw, ours: ErpSyncClient
) -> None:
    server.always(SYNCED, fixture(SYNCED, case))
    assert value(raw.call(SYNCED).body.Response) == read_as
    with pytest.raises(ProtocolError):
        ours.force_sync_all()


def test_nothing_is_read_as_an_object_without_values(server: ReplayingServer, raw: Raw, ours: ErpSyncClient) -> None:
    server.always("GetConnection", fixture("GetConnection", "nil"))
    connection = raw.call("GetConnection", 404).body.Response
    assert (connection.ErpConnectionId, connection.Active) == (None, None)
    assert ours.get_connection(erp_connection_id=404) is None


def test_new_name_of_a_right_is_kept_by_both(server: ReplayingServer, raw: Raw, ours: ErpSyncClient) -> None:
    server.always(SYNCED, fixture(SYNCED, "unknown_mask_name"))
    assert raw.call(SYNCED).body.Response.TableRight.Mask == ["Select", "Archive"]
    rights = ours.force_sync_all().table_right
    assert rights is not None
    assert rights.mask is not None
    assert "Archive" in rights.mask


def test_password_in_a_log_of_everything(raw: Raw, ours: ErpSyncClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    raw.log_in()
    assert PASSWORD in caplog.text
    caplog.clear()
    ours.force_sync_all()
    assert LOGIN in caplog.text
    assert PASSWORD not in caplog.text
