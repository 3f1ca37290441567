"""Packed requests and answers, and bodies that are held back until they are asked for."""

from __future__ import annotations

import gzip
import http.client
import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from integration.sandbox_callers import (
    RESYNC,
    RESYNC_JSON,
    RestCaller,
    SoapCaller,
    city,
    connect,
    exchange,
    move_in_the_erp,
    read_all,
)
from superoffice_erpsync import ErpSyncClient, UsernamePassword
from superoffice_erpsync.sandbox import FaultRule, Sandbox

PACKED = {"Content-Encoding": "gzip"}
CONTINUE = b"HTTP/1.1 100 Continue\r\n"


@pytest.fixture
def packing() -> Iterator[Sandbox]:
    with Sandbox(gzip=True) as sandbox:
        yield sandbox


def test_packed_requests_are_read(sandbox, soap, rest):
    move_in_the_erp(sandbox, "Soap")
    message = soap.message("ForceResync", RESYNC, soap.log_in())
    assert soap.post("ForceResync", gzip.compress(message), **PACKED).status_code == 200
    assert city(sandbox) == "Soap"
    move_in_the_erp(sandbox, "Rest")
    body = gzip.compress(json.dumps(RESYNC_JSON).encode())
    assert rest.post("ForceResync", body, **{"Content-Encoding": "X-GZIP"}).json()["IsOk"] is True
    assert city(sandbox) == "Rest"
    assert rest.post("GetEngineStatus", b"", **{"Content-Encoding": "identity"}).status_code == 200


def test_the_limits_are_on_what_was_packed(soap, rest):
    short = soap.message("GetEngineStatus")
    for size, status in ((65_536, 200), (65_537, 413), (100_000_000, 413)):
        answer = soap.post("GetEngineStatus", gzip.compress(short + b" " * (size - len(short))), **PACKED)
        assert answer.status_code == status
    assert rest.post("GetEngineStatus", gzip.compress(bytes(40_000_000)), **PACKED).status_code == 413


def test_what_can_hardly_be_packed_counts_as_what_it_was():
    with Sandbox(max_request_bytes=5_000) as sandbox:
        caller = SoapCaller(sandbox)
        short = caller.message("GetEngineStatus")
        body = gzip.compress(short + b" " * (5_000 - len(short)), 0)
        assert len(body) > 5_000
        assert caller.post("GetEngineStatus", body, **PACKED).status_code == 200
        caller.session.close()


def test_no_limit_is_none_for_packed_ones_either():
    with Sandbox(max_request_bytes=None) as sandbox:
        caller = SoapCaller(sandbox)
        body = gzip.compress(caller.message("GetEngineStatus") + b" " * 5_000_000)
        assert caller.post("GetEngineStatus", body, **PACKED).status_code == 200
        caller.session.close()


@pytest.mark.parametrize("caller", ["soap", "rest"])
def test_packing_that_cannot_be_read_is_told(request, sandbox, caller):
    caller = request.getfixturevalue(caller)
    broken = caller.post("GetEngineStatus", b"not packed", **PACKED)
    assert (broken.status_code, "no gzip" in broken.text) == (400, True)
    half = caller.post("GetEngineStatus", gzip.compress(b"half" * 50)[:-10], **PACKED)
    assert (half.status_code, "ends before" in half.text) == (400, True)
    for coding in ("br", "gzip, gzip"):
        unknown = caller.post("GetEngineStatus", b"x", **{"Content-Encoding": coding})
        assert (unknown.status_code, "with gzip" in unknown.text) == (415, True)
    assert sandbox.received == []


def raw_answer(sandbox: Sandbox, path: str, accept: str | None) -> tuple[http.client.HTTPResponse, bytes]:
    parts = urlsplit(sandbox.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    connection.putrequest("GET", path, skip_accept_encoding=True)
    if accept is not None:
        connection.putheader("Accept-Encoding", accept)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_answers_are_packed_only_where_that_is_switched_on_and_taken(sandbox, packing):
    path = "/Remote/Services86/ErpSync.svc"
    plain, page = raw_answer(sandbox, path, "gzip")
    assert plain.getheader("Content-Encoding") is None
    assert plain.getheader("Vary") is None
    for accept in (None, "deflate", "gzip;q=0"):
        whole, body = raw_answer(packing, path, accept)
        assert whole.getheader("Content-Encoding") is None
        assert whole.getheader("Vary") == "Accept-Encoding"
        assert len(body) == int(whole.getheader("Content-Length"))
    packed, body = raw_answer(packing, path, "gzip, deflate")
    assert packed.getheader("Content-Encoding") == "gzip"
    assert len(body) == int(packed.getheader("Content-Length")) < len(page)
    assert b"<h1>ErpSync Service</h1>" in gzip.decompress(body)


def test_packed_answers_say_the_same(sandbox, packing):
    told = []
    for one in (sandbox, packing):
        soap, rest = SoapCaller(one), RestCaller(one)
        soap.log_in()
        answers = [
            soap.call("GetConnectionsAndDisplayFields"),
            rest.call("GetConnection", {"ErpConnectionId": 1}),
            soap.resync(),
        ]
        assert ["Content-Encoding" in answer.headers for answer in answers] == [one is packing] * 3
        told.append([answer.content for answer in answers])
        soap.session.close()
        rest.session.close()
    assert told[0] == told[1]


def test_small_answers_stay_as_they_are(packing):
    rest = RestCaller(packing)
    answer = rest.call("SupportsAdvancedSearch", {"ErpConnectionId": 1})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
    assert rest.call("ForceResyncBatchTask", RESYNC_JSON).status_code == 204
    rest.session.close()


def test_half_of_a_packed_answer(packing):
    soap = SoapCaller(packing)
    soap.log_in()
    packing.faults.add(FaultRule(kind="cut_answer"))
    said = exchange(packing, soap.resync_bytes("Accept-Encoding: gzip"))
    head, _, body = said.partition(b"\r\n\r\n")
    assert b"content-encoding: gzip" in head.lower()
    assert int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE)[1]) // 2 == len(body)
    with pytest.raises(EOFError):
        gzip.decompress(body)
    soap.session.close()


def test_the_projects_clients_read_packed_answers(packing):
    who = UsernamePassword("tje0", "Tje0")
    with ErpSyncClient.soap(packing.url, who) as soap, ErpSyncClient.rest(packing.rest_url, who) as rest:
        assert soap.get_connection(erp_connection_id=1) == rest.get_connection(erp_connection_id=1)


@pytest.mark.parametrize("caller", ["soap", "rest"])
def test_a_body_is_asked_for(request, sandbox, caller):
    caller = request.getfixturevalue(caller)
    if isinstance(caller, SoapCaller):
        caller.log_in()
    move_in_the_erp(sandbox)
    head, end, body = caller.resync_bytes("Expect: 100-continue", "Connection: close").partition(b"\r\n\r\n")
    with connect(sandbox) as connection:
        connection.sendall(head + end)
        assert connection.recv(65536).startswith(CONTINUE)
        assert city(sandbox) == "Bergen"
        connection.sendall(body[:40])
        connection.sendall(body[40:])
        said = read_all(connection)
    assert said.startswith(b"HTTP/1.1 200 ")
    assert city(sandbox) == "Moved"


def test_a_body_that_is_too_large_is_not_asked_for(sandbox, soap):
    request = soap.resync_bytes("Expect: 100-continue", "Connection: close")
    head = request.partition(b"\r\n\r\n")[0].replace(b"Content-Length: ", b"Content-Length: 9999")
    said = exchange(sandbox, head + b"\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 413 ")
    assert b" 100 " not in said
