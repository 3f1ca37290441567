"""Faults on demand over real sockets: what the caller sees, and what the installation has done."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator

import pytest
import requests
from lxml import etree

from integration.sandbox_callers import (
    RestCaller,
    SoapCaller,
    city,
    connect,
    exchange,
    move_in_the_erp,
    read_all,
    texts,
    wait_for_strike,
)
from superoffice_erpsync.sandbox import FaultRule, Sandbox

Caller = SoapCaller | RestCaller
CUT = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


@pytest.fixture(params=[SoapCaller, RestCaller], ids=["soap", "rest"])
def caller(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Caller]:
    caller: Caller = request.param(sandbox)
    if isinstance(caller, SoapCaller):
        caller.log_in()
    move_in_the_erp(sandbox)
    yield caller
    caller.session.close()


@pytest.fixture
def strike(sandbox: Sandbox) -> Callable[..., None]:
    def strike(kind: str, **fields: object) -> None:
        sandbox.faults.add(FaultRule(**{"kind": kind, "operation": "ForceResync", "count": 1, **fields}))

    return strike


def is_fine(answer: requests.Response) -> bool:
    if answer.status_code != 200:
        return False
    if answer.headers["Content-Type"].startswith("text/xml"):
        return texts(answer, "IsOk") == ["true"]
    return answer.json()["IsOk"] is True


def test_latency_is_waited_before_the_call_is_carried_out(sandbox, caller, strike):
    strike("latency", seconds=0.4)
    with connect(sandbox) as connection:
        began = time.perf_counter()
        connection.sendall(caller.resync_bytes("Connection: close"))
        wait_for_strike(sandbox)
        assert city(sandbox) == "Bergen"
        assert read_all(connection).startswith(b"HTTP/1.1 200 ")
        assert time.perf_counter() - began >= 0.4
    assert city(sandbox) == "Moved"
    assert sandbox.received[-1].faults == ("latency",)
    assert sandbox.received[-1].failure is None
    began = time.perf_counter()
    assert is_fine(caller.resync())
    assert time.perf_counter() - began < 0.4


def test_a_caller_who_does_not_wait_is_served_all_the_same(sandbox, caller, strike):
    strike("latency", seconds=0.3)
    with connect(sandbox) as connection:
        connection.sendall(caller.resync_bytes())
        time.sleep(0.1)
    patience = time.monotonic() + 5
    while city(sandbox) == "Bergen" and time.monotonic() < patience:
        time.sleep(0.02)
    assert city(sandbox) == "Moved"


def test_a_dropped_call_is_not_carried_out(sandbox, caller, strike):
    strike("drop")
    with pytest.raises(CUT):
        caller.resync()
    assert city(sandbox) == "Bergen"
    received = sandbox.received[-1]
    assert (received.operation, received.status, received.failure) == ("ForceResync", 0, "drop")
    assert received.faults == ("drop",)
    assert is_fine(caller.resync())
    assert city(sandbox) == "Moved"
    assert sandbox.faults.rules[0].struck == 1


def test_a_lost_answer_leaves_the_work_done(sandbox, caller, strike):
    strike("lost_answer")
    with pytest.raises(CUT):
        caller.resync()
    assert city(sandbox) == "Moved"
    received = sandbox.received[-1]
    assert (received.operation, received.status, received.failure) == ("ForceResync", 200, None)
    assert received.faults == ("lost_answer",)
    assert is_fine(caller.resync())


@pytest.mark.parametrize("more", [(), ("Connection: close",), ("Expect: 100-continue",)])
@pytest.mark.parametrize("kind", ["drop", "lost_answer"])
def test_not_a_byte_is_answered(sandbox, caller, strike, kind, more):
    strike(kind)
    said = exchange(sandbox, caller.resync_bytes(*more))
    assert said in (b"", b"HTTP/1.1 100 Continue\r\n\r\n" if "Expect: 100-continue" in more else b"")
    assert city(sandbox) == ("Bergen" if kind == "drop" else "Moved")


@pytest.mark.parametrize("more", [(), ("Connection: close",)])
def test_a_cut_answer_ends_within_its_body(sandbox, caller, strike, more):
    strike("cut_answer")
    said = exchange(sandbox, caller.resync_bytes(*more))
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    stated = int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE)[1])
    assert len(body) == stated // 2 > 0
    assert city(sandbox) == "Moved"
    assert sandbox.received[-1].faults == ("cut_answer",)


def test_a_cut_answer_is_no_answer_to_requests(sandbox, caller, strike):
    strike("cut_answer")
    with pytest.raises(CUT):
        caller.resync()
    assert is_fine(caller.resync())


def test_an_answer_without_a_body_is_lost_whole(sandbox):
    caller = RestCaller(sandbox)
    sandbox.faults.add(FaultRule(kind="cut_answer", operation="ForceResyncBatchTask"))
    with pytest.raises(CUT):
        caller.call("ForceResyncBatchTask", {"ErpConnectionId": 1, "InternalKeyIds": [501]})
    assert sandbox.received[-1].status == 204
    caller.session.close()


def test_the_calls_before_on_the_same_connection_are_answered(sandbox, caller, strike):
    strike("drop", skip=2)
    said = exchange(sandbox, caller.resync_bytes() * 4)
    assert said.count(b"HTTP/1.1 200 ") == 2
    assert said.count(b"HTTP/1.1 ") == 2
    assert [call.status for call in sandbox.received if call.operation == "ForceResync"] == [200, 200, 0]


@pytest.mark.parametrize(("kind", "status"), [("unavailable", 503), ("too_many", 429)])
def test_come_again_later(sandbox, caller, strike, kind, status):
    strike(kind, seconds=7)
    answer = caller.resync()
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "7")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert city(sandbox) == "Bergen"
    assert (sandbox.received[-1].status, sandbox.received[-1].failure) == (status, kind)
    assert is_fine(caller.resync())


def test_a_page_to_log_in_on(sandbox, caller, strike):
    strike("html")
    answer = caller.resync()
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<title>Log in</title>" in answer.text
    assert city(sandbox) == "Bergen"
    assert is_fine(caller.resync())


@pytest.mark.parametrize(
    ("kind", "code", "error_type", "text"),
    [
        ("quota", "a:DeserializationFailed", "QuotaExceededException", "quota"),
        ("server_fault", "a:InternalServiceFault", "Exception", "internal error"),
    ],
)
def test_refusals_of_the_installations_own(sandbox, caller, strike, kind, code, error_type, text):
    strike(kind)
    answer = caller.resync()
    assert answer.status_code == 500
    if isinstance(caller, SoapCaller):
        fault = etree.fromstring(answer.content).find(".//{*}Fault")
        assert fault.find("faultcode").text == code
        said = fault.find("faultstring").text
    else:
        told = answer.json()
        assert (told["Error"], told["ErrorType"]) == (True, error_type)
        said = told["ErrorMessage"]
    assert text in said
    assert city(sandbox) == "Bergen"
    assert sandbox.received[-1].failure == (code[2:] if isinstance(caller, SoapCaller) else error_type)
    assert sandbox.received[-1].faults == (kind,)
    assert is_fine(caller.resync())


def test_an_error_object_comes_with_200_on_rest_only(sandbox, caller, strike):
    strike("error_object")
    answer = caller.resync()
    if isinstance(caller, SoapCaller):
        assert is_fine(answer)
        assert sandbox.faults.rules[0].matched == 0
        return
    assert answer.status_code == 200
    assert set(answer.json()) == {"Message", "MessageDetail"}
    assert city(sandbox) == "Bergen"
    assert is_fine(caller.resync())


def test_an_expired_ticket_over_soap(sandbox):
    caller, other = SoapCaller(sandbox), SoapCaller(sandbox)
    caller.log_in()
    other.log_in()
    sandbox.faults.add(FaultRule(kind="expired_ticket", count=1))
    for _ in range(2):
        refused = caller.call("GetEngineStatus")
        assert refused.status_code == 200
        assert texts(refused, "Succeeded") == ["false"]
        assert texts(refused, "ExceptionType") == ["SuperOffice.Exceptions.SoSessionException"]
    assert [call.faults for call in sandbox.received[-2:]] == [("expired_ticket",), ()]
    assert texts(other.call("GetEngineStatus"), "Succeeded") == ["true"]
    caller.log_in()
    assert texts(caller.call("GetEngineStatus"), "Succeeded") == ["true"]
    caller.session.close()
    other.session.close()


def test_an_expired_ticket_over_rest(sandbox):
    soap, caller = SoapCaller(sandbox), RestCaller(sandbox)
    sandbox.faults.add(FaultRule(kind="expired_ticket", count=2))
    assert caller.call("GetEngineStatus").status_code == 200  # with user and password there is no ticket
    caller.authorization = f"SOTicket {soap.log_in()}"
    cookie, token = sandbox.open_cookie_session("tje0")
    url = f"{sandbox.rest_url}/v1/Agents/ErpSync/GetEngineStatus"
    for _ in range(2):
        refused = caller.call("GetEngineStatus")
        assert refused.status_code == 401
        assert refused.json()["ErrorType"] == "SoSessionException"
        headers = {"Cookie": cookie, "X-XSRF-TOKEN": token}
        assert requests.post(url, headers=headers, timeout=10).status_code == 401
    assert sandbox.faults.rules[0].struck == 2
    caller.authorization = f"SOTicket {soap.log_in()}"
    assert caller.call("GetEngineStatus").status_code == 200
    soap.session.close()
    caller.session.close()


def test_logins_are_struck_too(sandbox):
    caller = SoapCaller(sandbox)
    sandbox.faults.add(FaultRule(kind="lost_answer", service="SoPrincipal", count=1))
    with pytest.raises(CUT):
        caller.log_in()
    assert sandbox.logins == 1
    assert caller.log_in()
    assert sandbox.logins == 2
    caller.session.close()


def test_only_calls_are_struck(sandbox):
    sandbox.faults.add(FaultRule(kind="drop"))
    assert requests.get(f"{sandbox.url}/ErpSync.svc?wsdl", timeout=10).ok
    assert requests.get(f"{sandbox.rest_url}/v1/Agents/ErpSync", timeout=10).ok
    caller = SoapCaller(sandbox)
    assert caller.post("Nothing", b"x").status_code == 400
    assert caller.post("ForceResync", b"x", **{"Content-Type": "application/json"}).status_code == 415
    assert caller.post("ForceResync", b" " * 70_000).status_code == 413
    assert sandbox.faults.rules[0].matched == 0
    caller.session.close()


def test_faults_from_the_beginning_and_over_a_new_start():
    sandbox = Sandbox(faults=[FaultRule(kind="unavailable", wire="rest", count=2)])
    with sandbox:
        caller = RestCaller(sandbox)
        assert caller.resync().status_code == 503
        caller.session.close()
    with sandbox:
        caller = RestCaller(sandbox)
        assert caller.resync().status_code == 503
        assert caller.resync().status_code == 200
        caller.session.close()


def test_nothing_is_logged_where_a_connection_is_cut(sandbox, caller, caplog):
    sandbox.faults.add(*(FaultRule(kind=kind, count=1) for kind in ("drop", "lost_answer", "cut_answer")))
    with caplog.at_level("INFO"):
        for _ in range(3):
            exchange(sandbox, caller.resync_bytes())
        assert is_fine(caller.resync())
    assert [record for record in caplog.records if record.name.startswith(("uvicorn", "asyncio"))] == []


def test_a_stop_does_not_wait_for_those_who_were_cut_off():
    sandbox = Sandbox(faults=[FaultRule(kind="drop")]).start()
    caller = RestCaller(sandbox)
    with connect(sandbox) as connection:
        connection.sendall(caller.resync_bytes())
        connection.shutdown(socket.SHUT_WR)
        assert read_all(connection) == b""
        began = time.perf_counter()
        sandbox.stop()
        # One that is waited for costs the second that running answers are given.
        assert time.perf_counter() - began < 0.9
    caller.session.close()
