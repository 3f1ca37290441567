"""What goes over the wire to a REST API for each call, and what each answer means to the caller."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from integration.conftest import MakeClient
from integration.replaying_server import ReplayingServer
from integration.rest_server import PAGE, Answer, Received, RestServer, answer, expected, fixture
from superoffice_erpsync import (
    AuthenticationError,
    ConfigurationError,
    ErpActorType,
    ErpSyncClient,
    ErpSyncError,
    InvalidRequest,
    OperationNotAvailable,
    Outcome,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TransportError,
    UsernamePassword,
)
from superoffice_erpsync.codec.rest import arguments_from_json, to_json
from superoffice_erpsync.operations import OPERATIONS

REJECTED, UNKNOWN, NOT_SENT = Outcome.REJECTED, Outcome.UNKNOWN, Outcome.NOT_SENT
SYNCED = "ForceSyncAll"
JSON = "application/json; charset=utf-8"
REST = [operation for operation in OPERATIONS.values() if operation.service == "ErpSync"]
BODILESS = {"CreateDefaultErpSyncConnectorEntity", "GetAllConnectors", "SyncAll", SYNCED, "GetEngineStatus"}
BODILESS |= {"GetErpSyncConnectorEntity", "DeleteErpSyncConnectorEntity"}
UNSELECTABLE = {f"{verb}ErpSyncConnectorEntity" for verb in ("CreateDefault", "Save", "Delete")}
HTML = b"<!DOCTYPE html><html><head><title>Some Page</title></head><body>Sorry.</body></html>"

each_operation = pytest.mark.parametrize("operation", [one.wire for one in REST])


@pytest.fixture
def server(rest_server: RestServer) -> RestServer:
    return rest_server


@pytest.fixture
def make_client(make_rest_client: MakeClient) -> MakeClient:
    return make_rest_client


@pytest.fixture
def client(server: RestServer, make_client: MakeClient) -> ErpSyncClient:
    return make_client(server.url)


# -- every operation ---------------------------------------------------------------------------------------------------


def check_request(received: Received, operation: str) -> None:
    wanted = expected(operation, "request")
    assert (received.method, received.target) == (wanted["method"], wanted["path"])
    assert received.headers["Accept"] == JSON
    assert received.headers["Authorization"] == "Bearer 8A:fixture"
    if operation in BODILESS:
        assert wanted["body"] is None
        assert (received.body, received.headers["Content-Length"]) == (b"", "0")
        assert "Content-Type" not in received.headers
    else:
        assert received.json == wanted["body"]
        assert received.headers["Content-Type"] == JSON
    assert not [name for name in received.header_names if name.lower().startswith(("so-", "x-xsrf", "cookie", "soap"))]


def result_of(operation: str) -> Any:
    return None if OPERATIONS[operation].result is None else expected(operation)["result"]


@each_operation
def test_through_its_method(operation: str, server: RestServer, client: ErpSyncClient) -> None:
    declared = OPERATIONS[operation]
    arguments = arguments_from_json(declared, expected(operation, "request")["arguments"])
    assert to_json(getattr(client, declared.name)(**arguments)) == result_of(operation)
    check_request(server.only, operation)


@each_operation
def test_through_call_with_json(operation: str, server: RestServer, client: ErpSyncClient) -> None:
    result = client.call(operation, expected(operation, "request")["arguments"])
    assert to_json(result) == result_of(operation)
    check_request(server.only, operation)


@each_operation
def test_through_call_json(operation: str, server: RestServer, client: ErpSyncClient) -> None:
    assert client.call_json(operation, expected(operation, "request")["arguments"]) == result_of(operation)
    check_request(server.only, operation)


@each_operation
def test_answer_trimmed_by_the_server(operation: str, server: RestServer, client: ErpSyncClient) -> None:
    arguments = expected(operation, "request")["arguments"]
    if operation in UNSELECTABLE:
        with pytest.raises(InvalidRequest, match="cannot trim") as caught:
            client.call_json(operation, arguments, select=["DisplayName"])
        assert (caught.value.operation, caught.value.outcome) == (operation, NOT_SENT)
        assert server.received == []
        return
    server.always(operation, answer({"Name": "a", "Unknown": [1.5, None]}))
    found = client.call_json(operation, arguments, select=["Name", "Changes/UpdatedRecords"])
    assert found == {"Name": "a", "Unknown": [1.5, None]}
    path = expected(operation, "request")["path"]
    before = f"{path}&" if "?" in path else f"{path}?"
    assert server.only.target == f"{before}$select=Name,Changes/UpdatedRecords"


# The requests that the vendor's pages print, each with a login of its own language.
PRINTED: list[Any] = [
    ("fr,de,ru,zh", SYNCED, lambda one, **more: one.force_sync_all(**more), None),
    (
        "fr,de,ru,zh",
        "ForceResyncExternal",
        lambda one, **more: one.force_resync_external(
            erp_connection_id=277, erp_actor_type=ErpActorType.CUSTOMER, external_keys=["aut", "consectetur"], **more
        ),
        {"ErpConnectionId": 277, "ErpActorType": "Customer", "ExternalKeys": ["aut", "consectetur"]},
    ),
    (
        "*",
        "ForceResync",
        lambda one, **more: one.force_resync(erp_connection_id=612, internal_key_ids=[386, 230], **more),
        {"ErpConnectionId": 612, "InternalKeyIds": [386, 230]},
    ),
    (
        "sv",
        "ForceResyncExternalNoBlankValues",
        lambda one, **more: one.force_resync_external_no_blank_values(
            erp_connection_id=863, erp_actor_type=ErpActorType.CUSTOMER, external_keys=["libero", "nulla"], **more
        ),
        {"ErpConnectionId": 863, "ErpActorType": "Customer", "ExternalKeys": ["libero", "nulla"]},
    ),
]


@pytest.mark.parametrize(("languages", "operation", "call", "body"), PRINTED, ids=lambda one: str(one)[:20])
def test_request_that_the_vendor_prints(
    languages: str, operation: str, call: Callable[..., Any], body: Any, server: RestServer, make_client: MakeClient
) -> None:
    call(make_client(server.url, UsernamePassword("tje0", "Tje0")), accept_language=languages)
    received = server.only
    assert (received.method, received.target) == ("POST", f"/api/v1/Agents/ErpSync/{operation}")
    theirs = {
        "Authorization": "Basic dGplMDpUamUw",
        "Accept": "application/json; charset=utf-8",
        "Accept-Language": languages,
    }
    if body is not None:
        theirs["Content-Type"] = "application/json; charset=utf-8"
    http_itself = {"host", "user-agent", "accept-encoding", "connection", "content-length"}
    ours = {name: received.headers[name] for name in received.header_names if name.lower() not in http_itself}
    assert ours == theirs
    assert (json.loads(received.body) if received.body else None) == body


# -- what cannot be sent -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("select", ["IsOk", [""], ["IsOk,Changes"], [" "], [None], [5]])
def test_selection_that_is_none(select: Any, server: RestServer, client: ErpSyncClient) -> None:
    with pytest.raises(InvalidRequest, match="select"):
        client.call_json(SYNCED, select=select)
    assert server.received == []


def test_selection_is_kept_apart_from_the_query(server: RestServer, client: ErpSyncClient) -> None:
    client.call_json(SYNCED, select=["Æ&x=1", "a b"])
    assert server.only.query == [("$select", "Æ&x=1,a b")]


def test_soap_cannot_trim() -> None:
    with ReplayingServer() as server, ErpSyncClient.soap(server.url) as client:
        with pytest.raises(InvalidRequest, match="only the REST API can trim"):
            client.call_json(SYNCED, select=["IsOk"])
        assert server.connections == 0


@pytest.mark.parametrize("timeout", [0, -1, "1", float("nan")])
def test_impossible_time_limit(timeout: Any, server: RestServer, client: ErpSyncClient) -> None:
    for select in ([], ["IsOk"]):
        with pytest.raises(InvalidRequest, match="timeout must be"):
            client.call_json(SYNCED, select=select, timeout=timeout)
    assert server.received == []


def test_empty_list_of_keys_is_no_accident_here_either(server: RestServer, client: ErpSyncClient) -> None:
    keys: dict[str, Any] = {"ErpConnectionId": 0, "InternalKeyIds": []}
    for select in ([], ["IsOk"]):
        with pytest.raises(InvalidRequest, match="everything=True"):
            client.call_json("ForceResync", keys, select=select)
    assert server.received == []
    client.call_json("ForceResync", keys, everything=True, select=["IsOk"])
    assert server.only.json == keys


def test_arguments_that_are_nested_without_end(server: RestServer, client: ErpSyncClient) -> None:
    item: dict[str, Any] = {}
    for _ in range(3000):
        item = {"ChildItems": [item]}
    with pytest.raises(InvalidRequest, match="too deep"):
        client.call("SaveConnectionListMappings", {"ListMapping": {"ErpListItemMappings": [{"CrmList": item}]}})
    assert server.received == []


def test_login_data_is_not_in_rest(client: ErpSyncClient) -> None:
    for call in (client.get_system_info, lambda: client.call("GetSystemInfo")):
        with pytest.raises(OperationNotAvailable, match="SOAP") as caught:
            call()
        assert (caught.value.operation, caught.value.outcome) == ("GetSystemInfo", NOT_SENT)


# -- answers -----------------------------------------------------------------------------------------------------------


def failure(server: RestServer, client: ErpSyncClient, answering: Answer) -> ErpSyncError:
    """What a call raises when it is answered like this. It is sent once, and never again by itself."""
    server.always(SYNCED, answering)
    with pytest.raises(ErpSyncError) as caught:
        client.force_sync_all()
    assert server.operations == [SYNCED]
    assert caught.value.operation == SYNCED
    return caught.value


ERROR = {"Error": True, "ErrorType": "SoNotFoundException", "ErrorMessage": "No such key", "ErrorSource": "ErpSync"}
BODIES = [b"", HTML, json.dumps(ERROR).encode(), b'{"Message": "No such key", "MessageDetail": null}']


@pytest.mark.parametrize("body", BODIES, ids=["empty", "page", "error", "message"])
@pytest.mark.parametrize(
    ("status", "kind", "outcome", "can_repeat", "hint"),
    [
        (202, ServerFault, UNKNOWN, False, None),
        (400, ServerFault, REJECTED, False, None),
        (401, AuthenticationError, REJECTED, False, "check the credentials"),
        (403, AuthenticationError, REJECTED, False, "lack the right"),
        (404, ServerFault, REJECTED, False, "example.com/api"),
        (405, ServerFault, REJECTED, False, "check the address"),
        (407, TransportError, NOT_SENT, False, None),
        (413, ServerFault, REJECTED, False, "fewer keys"),
        (415, ServerFault, REJECTED, False, "does not take JSON"),
        (429, ServerFault, REJECTED, True, None),
        (500, ServerFault, UNKNOWN, False, None),
        (502, ServerFault, UNKNOWN, False, None),
        (503, ServerFault, REJECTED, True, None),
        (504, ServerFault, UNKNOWN, False, None),
    ],
)
def test_a_status_without_an_answer_has_its_error_and_outcome(
    status: int,
    kind: type[ErpSyncError],
    outcome: Outcome,
    can_repeat: bool,
    hint: str | None,
    body: bytes,
    server: RestServer,
    client: ErpSyncClient,
) -> None:
    error = failure(server, client, Answer(status=status, body=body, headers={**PAGE, "Retry-After": "9"}))
    assert type(error) is kind
    spoke = b"No such key" in body
    if spoke and status == 500:
        # The API itself says that the call failed.
        outcome = REJECTED
    assert (error.status, error.outcome, error.can_repeat) == (status, outcome, can_repeat)
    assert ("No such key" in str(error)) == spoke
    assert (error.code == "SoNotFoundException") == (b"SoNotFound" in body and status != 407)
    assert ("titled 'Some Page'" in str(error)) == (body == HTML)
    if isinstance(error, ServerFault):
        assert error.retry_after == 9.0
        if b"SoNotFound" in body and status != 413:
            hint = None
    assert "Services86" not in str(error)
    assert (error.hint is None) if hint is None else (hint in str(error.hint))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(status: int, server: RestServer, client: ErpSyncClient) -> None:
    with RestServer() as elsewhere:
        target = f"{elsewhere.url}/v1/Agents/ErpSync/{SYNCED}"
        error = failure(server, client, Answer(status=status, headers={"Location": f"{target}?token=sesame"}))
        assert elsewhere.connections == 0
    assert type(error) is ConfigurationError
    assert (error.status, error.outcome) == (status, REJECTED)
    assert target in str(error)
    assert "sesame" not in str(error)


@pytest.mark.parametrize(
    ("answering", "kind"),
    [
        pytest.param(Answer(raw=b""), TransportError, id="dropped"),
        pytest.param(Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), TransportError, id="cut"),
        pytest.param(Answer(raw=b"", hold=True), RequestTimeout, id="silence"),
        pytest.param(
            Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", hold=True), RequestTimeout, id="half"
        ),
        pytest.param(Answer(body=b"{", headers={"Content-Encoding": "gzip"}), ProtocolError, id="no gzip"),
        pytest.param(Answer(body=HTML, headers=PAGE), ProtocolError, id="page"),
    ],
)
def test_an_answer_that_does_not_come_leaves_the_outcome_open(
    answering: Answer, kind: type[ErpSyncError], server: RestServer, make_client: MakeClient
) -> None:
    error = failure(server, make_client(server.url, timeout=0.3 if kind is RequestTimeout else 5), answering)
    assert type(error) is kind
    assert (error.outcome, error.can_repeat) == (UNKNOWN, False)


@pytest.mark.parametrize(
    "answering",
    [
        pytest.param(Answer(status=204, headers={"Content-Length": "4"}, late=b"null"), id="announced, late"),
        pytest.param(Answer(status=204, headers={"Content-Length": "4"}, body=b"null"), id="announced, at once"),
        pytest.param(Answer(status=204, headers={}, body=b"null"), id="not announced"),
        pytest.param(
            Answer(status=204, headers={"Transfer-Encoding": "chunked"}, late=b"4\r\nnull\r\n0\r\n\r\n"), id="chunked"
        ),
    ],
)
def test_no_content_with_a_body_leaves_the_next_answer_alone(
    answering: Answer, server: RestServer, client: ErpSyncClient
) -> None:
    server.always("DeleteConnection", answering)
    for _ in range(3):
        client.delete_connection(erp_connection_id=5)
        assert client.get_engine_status() is not None
    assert len(server.received) == 6


@pytest.mark.parametrize(
    "answering",
    [
        Answer(status=304, headers={"Content-Length": "4"}, late=b"null"),
        Answer(status=101, headers={"Upgrade": "h2c", "Content-Length": "0"}),
    ],
    ids=["304", "101"],
)
def test_what_follows_an_answer_without_a_body_is_no_answer(
    answering: Answer, server: RestServer, client: ErpSyncClient
) -> None:
    server.script(SYNCED, answering)
    with pytest.raises(ErpSyncError):
        client.force_sync_all()
    assert client.force_sync_all().is_ok
    first, second = server.received
    assert first.connection != second.connection


def test_connection_is_kept_from_call_to_call(server: RestServer, client: ErpSyncClient) -> None:
    for _ in range(3):
        client.delete_connection(erp_connection_id=5)
        client.force_sync_all()
    server.always(SYNCED, Answer(status=204, headers={"Content-Length": "0"}))
    with pytest.raises(ProtocolError):
        client.force_sync_all()
    server.always(SYNCED, fixture(SYNCED, "error_with_200"))
    with pytest.raises(ServerFault):
        client.force_sync_all()
    assert {one.connection for one in server.received} == {server.received[0].connection}


def test_cookies_of_the_server_are_not_kept(server: RestServer, client: ErpSyncClient) -> None:
    server.always(SYNCED, answer({"IsOk": True}, **{"Set-Cookie": "session=1; Path=/"}))
    for _ in range(2):
        client.force_sync_all()
    assert ["Cookie" in one.headers for one in server.received] == [False, False]


@pytest.mark.parametrize("folder", ["/api", "/Cust12345/api", ""])
def test_installation_in_a_folder(folder: str, make_client: MakeClient) -> None:
    with RestServer(folder) as server:
        make_client(f"{server.url}/").force_sync_all()
        assert server.only.target == f"{folder}/v1/Agents/ErpSync/{SYNCED}"


@pytest.mark.parametrize("time_zone", [True, False, 1.5])
def test_a_time_zone_that_is_none_is_refused(time_zone: Any, server: RestServer, client: ErpSyncClient) -> None:
    with pytest.raises(InvalidRequest):
        client.get_engine_status(time_zone=time_zone)
    assert server.received == []
