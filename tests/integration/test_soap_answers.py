"""What a real server can answer, and what each answer means to the caller."""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

import pytest

from integration.conftest import MakeClient
from integration.replaying_server import (
    DROPPED,
    FIXTURES,
    LOGIN,
    SILENCE,
    TICKET,
    Answer,
    ReplayingServer,
    answer_envelope,
    fixture,
)
from integration.served import free_port
from superoffice_erpsync import (
    AuthenticationError,
    ConfigurationError,
    ErpSyncClient,
    ErpSyncError,
    Outcome,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TicketCredentials,
    TransportError,
)
from superoffice_erpsync.codec.rest import to_json

REJECTED, UNKNOWN, NOT_SENT = Outcome.REJECTED, Outcome.UNKNOWN, Outcome.NOT_SENT
HTML = b"<!DOCTYPE html><html><head><title>Some Page</title></head><body>Sorry.</body></html>"
PAGE = {"Content-Type": "text/html; charset=utf-8"}
SYNCED = "ForceSyncAll"


def failure(server: ReplayingServer, client: ErpSyncClient, answer: Any) -> ErpSyncError:
    """What a call raises when it is answered like this. It is sent once, and never again by itself."""
    server.always(SYNCED, answer)
    with pytest.raises(ErpSyncError) as caught:
        client.force_sync_all()
    assert len(server.calls(SYNCED)) == 1
    assert caught.value.operation == SYNCED
    return caught.value


# -- messages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "exception_type"),
    [
        ("succeeded_false_wcf", "SuperOffice.Exceptions.SoServerException"),
        ("succeeded_false_php", "SuperOffice.Exceptions.SoServerException"),
        ("succeeded_false_mono", "SuperOffice.Exceptions.SoServerException"),
        ("succeeded_false_empty_body", "SuperOffice.Exceptions.SoServerException"),
        ("succeeded_false_good_body", "SuperOffice.Exceptions.SoServerException"),
        ("succeeded_false_exception_info_nil", None),
        ("exception_info_without_succeeded", "SuperOffice.Exceptions.SoServerException"),
    ],
)
def test_succeeded_false_is_a_server_fault(
    case: str, exception_type: str | None, server: ReplayingServer, client: ErpSyncClient
) -> None:
    error = failure(server, client, fixture(SYNCED, case))
    assert type(error) is ServerFault
    assert (error.outcome, error.status, error.can_repeat, error.code) == (REJECTED, 200, False, exception_type)
    if exception_type:
        assert error.exception_info is not None
        assert error.exception_info.message in str(error)


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("fault_11", "InternalServiceFault"),
        ("fault_12", "Receiver"),
        ("fault_php", "Server"),
        ("fault_bare_code", None),
    ],
)
def test_fault_is_a_server_fault_whatever_the_status(
    case: str, code: str | None, status: int, server: ReplayingServer, client: ErpSyncClient
) -> None:
    error = failure(server, client, fixture(SYNCED, case, status=status))
    assert type(error) is ServerFault
    assert (error.outcome, error.status) == (REJECTED, status)
    assert error.code == (code or json_of(case)["fault_code"])
    assert "The call ended before it was carried out" in str(error)


def json_of(case: str) -> Any:
    return json.loads((FIXTURES / SYNCED / f"{case}.expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [*((status, REJECTED) for status in (400, 403, 404, 413, 503)), (502, UNKNOWN), (504, UNKNOWN)],
)
def test_fault_says_more_than_the_status_that_it_comes_with(
    status: int, outcome: Outcome, server: ReplayingServer, client: ErpSyncClient
) -> None:
    error = failure(server, client, fixture(SYNCED, "fault_11", status=status))
    assert type(error) is ServerFault
    assert (error.code, error.status, error.outcome) == ("InternalServiceFault", status, outcome)


def test_fault_of_a_busy_server_says_when_to_come_back(server: ReplayingServer, client: ErpSyncClient) -> None:
    busy = Answer(body=fixture(SYNCED, "fault_11").body, status=503, headers={"Retry-After": "9"})
    error = failure(server, client, busy)
    assert isinstance(error, ServerFault)
    assert (error.code, error.retry_after, error.can_repeat) == ("InternalServiceFault", 9.0, True)


@pytest.mark.parametrize(
    ("body", "text", "path"),
    [
        (b"", "nothing came", None),
        (b"  \r\n", "nothing came", None),
        (HTML, "an HTML page titled 'Some Page'", None),
        (b'{"IsOk": true}', "not well-formed XML", None),
        (b"<a/>", "a came where a SOAP envelope is due", None),
        (answer_envelope(""), "an empty Body", None),
        (answer_envelope("<n:SyncAllResponse/>"), "SyncAllResponse came where ForceSyncAllResponse is due", None),
        (fixture(SYNCED, "services88_namespace").body, "the server answered as Services88", None),
        (fixture(SYNCED, "truncated").body, "not well-formed XML", None),
        (fixture(SYNCED, "recordid_words").body, "RecordId", "RecordId"),
        (fixture(SYNCED, "recordid_overflow").body, "RecordId", "RecordId"),
        (fixture(SYNCED, "recordid_underscore").body, "RecordId", "RecordId"),
        (fixture(SYNCED, "boolean_yes").body, "IsOk", "IsOk"),
        (fixture(SYNCED, "nil").body, "Response is nil", None),
    ],
)
def test_what_is_no_answer_is_a_protocol_error(
    body: bytes, text: str, path: str | None, server: ReplayingServer, client: ErpSyncClient
) -> None:
    error = failure(server, client, Answer(body=body))
    assert type(error) is ProtocolError
    assert (error.outcome, error.status, error.can_repeat) == (UNKNOWN, 200, False)
    assert text in str(error)
    if path:
        assert str(error.path).endswith(path)


# -- HTTP statuses -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", HTML])
@pytest.mark.parametrize(
    ("status", "kind", "outcome", "can_repeat", "hint"),
    [
        (202, ServerFault, UNKNOWN, False, None),
        (400, ServerFault, REJECTED, False, None),
        (403, AuthenticationError, REJECTED, False, "another kind of login"),
        (404, ServerFault, REJECTED, False, "check the address"),
        (405, ServerFault, REJECTED, False, "check the address"),
        (407, TransportError, NOT_SENT, False, None),
        (413, ServerFault, REJECTED, False, "fewer keys"),
        (415, ServerFault, REJECTED, False, "SOAP 1.1"),
        (429, ServerFault, REJECTED, True, None),
        (500, ServerFault, UNKNOWN, False, None),
        (502, ServerFault, UNKNOWN, False, None),
        (503, ServerFault, REJECTED, True, None),
        (504, ServerFault, UNKNOWN, False, None),
    ],
)
def test_status_without_a_message(
    status: int,
    kind: type[ErpSyncError],
    outcome: Outcome,
    can_repeat: bool,
    hint: str | None,
    body: bytes,
    server: ReplayingServer,
    client: ErpSyncClient,
) -> None:
    error = failure(server, client, Answer(status=status, body=body, headers=PAGE))
    assert type(error) is kind
    assert (error.status, error.outcome, error.can_repeat) == (status, outcome, can_repeat)
    assert f"HTTP {status}" in str(error)
    assert ("an HTML page titled 'Some Page'" in str(error)) == bool(body)
    assert (hint is None and error.hint is None) or (hint is not None and hint in str(error.hint))


def test_an_answer_without_content_is_a_server_fault(server: ReplayingServer, client: ErpSyncClient) -> None:
    error = failure(server, client, Answer(status=204, headers={}))
    assert type(error) is ServerFault
    assert (error.status, error.outcome) == (204, UNKNOWN)


def test_accepted_is_no_success_even_with_a_good_answer(server: ReplayingServer, client: ErpSyncClient) -> None:
    error = failure(server, client, fixture(SYNCED, "wcf", status=202))
    assert type(error) is ServerFault
    assert (error.status, error.outcome) == (202, UNKNOWN)


def test_reason_phrase_is_told(server: ReplayingServer, client: ErpSyncClient) -> None:
    reason = "Cannot process the message because the content type was not the expected type 'text/xml'."
    error = failure(server, client, Answer(status=415, reason=reason, headers={}))
    assert reason in str(error)


def test_web_server_that_finds_a_request_too_large(server: ReplayingServer, client: ErpSyncClient) -> None:
    page = HTML.replace(b"Some Page", b"IIS Detailed Error - 404.13 - Not Found")
    error = failure(server, client, Answer(status=404, body=page, headers=PAGE))
    assert "fewer keys" in str(error.hint)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(
    status: int, server: ReplayingServer, client: ErpSyncClient, elsewhere: ReplayingServer
) -> None:
    target = f"{elsewhere.url}/ErpSync.svc"
    error = failure(server, client, Answer(status=status, headers={"Location": f"{target}?token=1"}))
    assert type(error) is ConfigurationError
    assert (error.status, error.outcome, error.can_repeat) == (status, REJECTED, False)
    assert target in str(error)
    assert "set the address" in str(error.hint)


def test_401_is_a_refused_ticket(server: ReplayingServer, client: ErpSyncClient) -> None:
    server.script(SYNCED, Answer(status=401), fixture(SYNCED))
    assert client.force_sync_all().is_ok
    assert server.operations == [LOGIN, SYNCED, LOGIN, SYNCED]


def test_401_to_the_end(server: ReplayingServer, client: ErpSyncClient) -> None:
    server.always(SYNCED, Answer(status=401))
    with pytest.raises(AuthenticationError) as caught:
        client.force_sync_all()
    assert (caught.value.status, caught.value.outcome) == (401, REJECTED)
    assert server.operations == [LOGIN, SYNCED, LOGIN, SYNCED]


@pytest.mark.parametrize("status", [401, 403])
def test_login_refused_by_the_web_server(status: int, server: ReplayingServer, client: ErpSyncClient) -> None:
    server.always(LOGIN, Answer(status=status))
    for _ in range(2):
        with pytest.raises(AuthenticationError) as caught:
            client.force_sync_all()
        assert (caught.value.status, caught.value.operation) == (status, LOGIN)
    assert server.operations == [LOGIN]


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds(status: int, server: ReplayingServer, client: ErpSyncClient) -> None:
    error = failure(server, client, Answer(status=status, headers={"Retry-After": "17"}))
    assert isinstance(error, ServerFault)
    assert (error.status, error.outcome, error.can_repeat, error.retry_after) == (status, REJECTED, True, 17.0)


# -- connections -------------------------------------------------------------------------------------------------------

GOOD = fixture(SYNCED).body
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n"


def test_a_refused_connection_was_not_sent_and_can_be_repeated(make_client: MakeClient) -> None:
    client = make_client(f"http://127.0.0.1:{free_port()}/Remote/Services86", TicketCredentials(TICKET), timeout=5)
    with pytest.raises(TransportError, match=r"cannot be reached.*refused") as caught:
        client.force_sync_all()
    error = caught.value
    assert type(error) is TransportError
    assert (error.outcome, error.status, error.can_repeat, error.attempts) == (NOT_SENT, None, True, 4)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(DROPPED, id="before the answer"),
        pytest.param(Answer(raw=HEAD % len(GOOD) + GOOD[:200]), id="within the body"),
        pytest.param(Answer(raw=HEAD % (len(GOOD) + 1) + GOOD), id="one byte too few"),
        pytest.param(
            Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n" + GOOD[:100]),
            id="within a chunk",
        ),
        pytest.param(
            Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(GOOD), GOOD)),
            id="without the last chunk",
        ),
        pytest.param(
            Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + GOOD), id="chunk size garbled"
        ),
    ],
)
def test_a_connection_that_is_lost_leaves_the_outcome_open(
    answer: Answer, server: ReplayingServer, client: ErpSyncClient
) -> None:
    error = failure(server, client, answer)
    assert type(error) is TransportError
    assert (error.outcome, error.status, error.can_repeat) == (UNKNOWN, None, False)
    assert "connection was lost" in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(SILENCE, id="no answer at all"),
        pytest.param(Answer(raw=HEAD % len(GOOD), hold=True), id="headers only"),
        pytest.param(Answer(raw=HEAD % len(GOOD) + GOOD[:200], hold=True), id="half a body"),
        pytest.param(Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", hold=True), id="no chunk"),
    ],
)
def test_server_that_never_answers(answer: Answer, server: ReplayingServer, client: ErpSyncClient) -> None:
    server.always(SYNCED, answer)
    client.get_engine_status()
    started = time.perf_counter()
    with pytest.raises(RequestTimeout) as caught:
        client.force_sync_all(timeout=0.3)
    assert 0.2 < time.perf_counter() - started < 3
    error = caught.value
    assert (error.outcome, error.status, error.can_repeat, error.operation) == (UNKNOWN, None, False, SYNCED)
    assert isinstance(error, TimeoutError)
    assert len(server.calls(SYNCED)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 OK\r\n\r\n", id="no status"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Ty", id="cut off within the headers"),
        pytest.param(
            HEAD.replace(b"Content-Length", b"So it goes\r\nContent-Length") % len(GOOD) + GOOD, id="no header"
        ),
    ],
)
def test_what_is_no_http(answer: bytes, server: ReplayingServer, client: ErpSyncClient) -> None:
    error = failure(server, client, Answer(raw=answer))
    assert type(error) is TransportError
    assert (error.outcome, error.status, error.can_repeat) == (UNKNOWN, None, False)
    assert "what came is no HTTP answer" in str(error)
    assert "SSH" not in str(error)


def test_client_is_good_for_more_calls_after_any_failure(server: ReplayingServer, client: ErpSyncClient) -> None:
    server.script(SYNCED, DROPPED, Answer(status=500), Answer(body=HTML), fixture(SYNCED))
    for kind in (TransportError, ServerFault, ProtocolError):
        with pytest.raises(kind):
            client.force_sync_all()
    assert client.force_sync_all().is_ok
    assert server.operations.count(LOGIN) == 1


# -- encodings ---------------------------------------------------------------------------------------------------------


def expected_result() -> Any:
    return json.loads((FIXTURES / SYNCED / "wcf.expected.json").read_text(encoding="utf-8"))["result"]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(body=GOOD), id="plain"),
        pytest.param(Answer(body=GOOD, chunked=True), id="chunked"),
        pytest.param(Answer(body=gzip.compress(GOOD), headers={"Content-Encoding": "gzip"}), id="gzip"),
        pytest.param(
            Answer(body=gzip.compress(GOOD), headers={"Content-Encoding": "gzip"}, chunked=True), id="gzip and chunked"
        ),
        pytest.param(Answer(body=GOOD, headers={"Connection": "close"}), id="closed after it"),
        pytest.param(Answer(raw=b"HTTP/1.0 200 OK\r\n\r\n" + GOOD), id="ended by the connection's end"),
        pytest.param(Answer(raw=b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD % len(GOOD) + GOOD), id="after a 100 Continue"),
        pytest.param(Answer(body=GOOD, headers={"Content-Type": "application/octet-stream"}), id="odd content type"),
    ],
)
def test_good_answers_in_all_shapes(answer: Answer, server: ReplayingServer, client: ErpSyncClient) -> None:
    server.always(SYNCED, answer)
    assert to_json(client.force_sync_all()) == expected_result()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(GOOD, id="not compressed at all"),
        pytest.param(gzip.compress(GOOD)[:20] + b"\xff" * 40, id="broken inside"),
        pytest.param(gzip.compress(GOOD)[:-40], id="cut off"),
    ],
)
def test_a_packed_answer_that_cannot_be_unpacked_leaves_the_outcome_open(
    body: bytes, server: ReplayingServer, client: ErpSyncClient
) -> None:
    error = failure(server, client, Answer(body=body, headers={"Content-Encoding": "gzip"}))
    assert type(error) is ProtocolError
    assert error.outcome is UNKNOWN
