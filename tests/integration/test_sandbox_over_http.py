"""The sandbox over a real socket, spoken to by hand."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from lxml import etree

from integration.sandbox_callers import LOGIN, NS, RESYNC, SoapCaller, texts
from superoffice_erpsync.sandbox import FaultRule, Sandbox
from superoffice_erpsync.sandbox.handlers.catalogue import HANDLERS


@pytest.fixture
def caller(sandbox):
    caller = SoapCaller(sandbox)
    yield caller
    caller.session.close()


def address(sandbox: Sandbox) -> tuple[str, int]:
    parts = urlsplit(sandbox.url)
    return parts.hostname, parts.port


def exchange(sandbox: Sandbox, request: bytes, *, more: bytes = b"") -> bytes:
    """Everything the server says to these bytes until it closes."""
    with socket.create_connection(address(sandbox), timeout=10) as connection:
        connection.sendall(request)
        said = connection.recv(65536) if more else b""
        connection.sendall(more)
        while chunk := connection.recv(65536):
            said += chunk
    return said


def test_login_and_force_sync_all(sandbox, caller):
    caller.log_in()
    answer = caller.call("ForceSyncAll")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert texts(answer, "IsOk") == ["true"]
    assert texts(answer, "RecordId") == ["13", "15", "32", "14"]
    assert sandbox.logins == 1
    assert [call.operation for call in sandbox.received] == ["AuthenticateUsernamePassword", "ForceSyncAll"]
    assert sandbox.received[-1].ticket_known
    assert sandbox.received[-1].at.tzinfo is not None


def test_expired_tickets_are_refused_and_a_new_login_helps(sandbox, caller):
    caller.log_in()
    assert texts(caller.call("GetEngineStatus"), "Succeeded") == ["true"]
    sandbox.expire_tickets()
    refused = caller.call("GetEngineStatus")
    assert refused.status_code == 200
    assert texts(refused, "Succeeded") == ["false"]
    assert texts(refused, "ExceptionType") == ["SuperOffice.Exceptions.SoSessionException"]
    caller.log_in()
    assert texts(caller.call("GetEngineStatus"), "Succeeded") == ["true"]
    assert sandbox.logins == 2


def test_ticket_lifetime_and_users_are_adjustable():
    with Sandbox(ticket_lifetime=timedelta(0), users={"tje0": "Tje0"}) as sandbox:
        caller = SoapCaller(sandbox)
        caller.log_in()
        assert texts(caller.call("GetEngineStatus"), "Succeeded") == ["false"]
        caller.session.close()
    with Sandbox(users={"ann": "b"}) as sandbox:
        operation = "AuthenticateUsernamePassword"
        caller = SoapCaller(sandbox)
        answer = caller.post(operation, caller.message(operation, LOGIN), "SoPrincipal")
        assert texts(answer, "AuthenticationSucceeded") == ["false"]
        assert texts(answer, "Succeeded") == ["true"]
        caller.session.close()


def test_batch_task_does_its_work_a_little_later(sandbox, caller):
    sandbox.state.connections[1].erp.actor("Customer", "C1001").values["CITY"] = "Later"
    caller.log_in()
    answer = caller.call("ForceResyncBatchTask", RESYNC)
    assert texts(answer, "Succeeded") == ["true"]
    contact = sandbox.state.crm.record("contact", 11)
    assert contact.values["city"] == "Bergen"
    patience = time.monotonic() + 5
    while contact.values["city"] == "Bergen" and time.monotonic() < patience:
        time.sleep(0.02)
    assert contact.values["city"] == "Later"


@pytest.mark.parametrize("query", ["wsdl", "WSDL", "singleWsdl", "singlewsdl", "wsdl="])
@pytest.mark.parametrize("service", ["ErpSync", "SoPrincipal"])
def test_wsdl_has_the_address_it_was_asked_under(sandbox, query, service):
    answer = requests.get(f"{sandbox.url}/{service}.svc?{query}", timeout=10)
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    root = etree.fromstring(answer.content)
    (location,) = root.iter("{http://schemas.xmlsoap.org/wsdl/soap/}address")
    assert location.get("location") == f"{sandbox.url}/{service}.svc"
    assert b"localhost" not in answer.content
    named = requests.get(f"{sandbox.url}/{service}.svc?{query}", headers={"Host": "erp.example:99"}, timeout=10)
    assert b'"http://erp.example:99/Remote/Services86/' in named.content


def test_page_other_methods_and_unknown_paths(sandbox):
    page = requests.get(f"{sandbox.url}/ErpSync.svc", timeout=10)
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    assert "?wsdl" in page.text
    assert requests.head(f"{sandbox.url}/ErpSync.svc", timeout=10).status_code == 200
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = requests.request(method, f"{sandbox.url}/ErpSync.svc", timeout=10)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
    for path in ("/Other.svc", "", "/ErpSync.svc/x", "/../Services85/ErpSync.svc"):
        assert requests.get(sandbox.url + path, timeout=10).status_code == 404
        assert requests.post(sandbox.url + path, data=b"x", timeout=10).status_code == 404


def test_path_is_found_in_any_case(sandbox):
    lower = sandbox.url.lower() + "/erpsync.svc"
    assert requests.get(lower, timeout=10).status_code == 200
    assert f"{lower}?wsdl" in requests.get(lower, timeout=10).text


def test_wrong_content_type_is_told_in_the_reason_phrase(caller):
    for content_type in ("application/soap+xml; charset=utf-8", "application/json"):
        answer = caller.post("ForceSyncAll", b"x", **{"Content-Type": content_type})
        assert answer.status_code == 415
        assert content_type in answer.reason
        assert "text/xml; charset=utf-8" in answer.reason
        assert answer.content == b""
        assert not [name for name in answer.headers if "reason" in name.lower()]
    assert caller.post("ForceSyncAll", b"").reason == "Bad Request"


def test_reason_phrase_is_one_line_of_ascii(sandbox):
    head = "POST /Remote/Services86/ErpSync.svc HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n"
    said = exchange(sandbox, (head + "Content-Type: a\u00e9b\r\n\r\n").encode("latin-1"))
    assert said.startswith(b"HTTP/1.1 415 ")
    assert b"'a?b'" in said.split(b"\r\n")[0]


def test_unreadable_request_is_refused_at_once(caller):
    for body in (b"<broken", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b""):
        answer = caller.post("ForceSyncAll", body)
        assert answer.status_code == 400
        assert b"Fault" in answer.content


def test_faults_are_500(caller, monkeypatch):
    wrong_action = caller.post("Nothing", caller.message("Nothing"))
    assert (wrong_action.status_code, b"a:ActionNotSupported" in wrong_action.content) == (500, True)
    caller.log_in()
    broken = caller.call("ForceResync", "<ErpConnectionId/>")
    assert (broken.status_code, b"a:DeserializationFailed" in broken.content) == (500, True)
    monkeypatch.delitem(HANDLERS["ErpSync"], "SaveConnection")
    missing = caller.call("SaveConnection")
    assert (missing.status_code, b"not in the sandbox yet" in missing.content) == (500, True)


def padded(size: int) -> bytes:
    short = SoapCaller.message("GetEngineStatus")
    return short + b" " * (size - len(short))


def test_size_limit_is_wcfs(sandbox, caller):
    assert caller.post("GetEngineStatus", padded(65_536)).status_code == 200
    assert caller.post("GetEngineStatus", padded(65_537)).status_code == 413
    assert len(sandbox.received) == 1


def test_size_limit_counts_chunks(caller):
    def chunks():
        for _ in range(7):
            yield padded(10_000)

    assert caller.post("GetEngineStatus", chunks()).status_code == 413
    assert caller.post("GetEngineStatus", iter([padded(1_000), b" " * 1_000])).status_code == 200


def test_a_very_large_request_still_gets_its_answer(caller):
    assert caller.post("GetEngineStatus", padded(20_000_000)).status_code == 413


def test_size_limit_is_adjustable_and_can_be_switched_off():
    for limit, size, status in ((1_000, 1_001, 413), (1_000, 1_000, 200), (None, 5_000_000, 200)):
        with Sandbox(max_request_bytes=limit) as sandbox:
            caller = SoapCaller(sandbox)
            assert caller.post("GetEngineStatus", padded(size)).status_code == status
            caller.session.close()


def test_expect_100_continue(sandbox):
    body = SoapCaller.message("GetEngineStatus")

    def head(size: int) -> bytes:
        return (
            f"POST /Remote/Services86/ErpSync.svc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            f'Content-Type: text/xml; charset=utf-8\r\nSOAPAction: "{NS}/ErpSync/GetEngineStatus"\r\n'
            f"Expect: 100-continue\r\nContent-Length: {size}\r\n\r\n"
        ).encode()

    said = exchange(sandbox, head(len(body)), more=body)
    assert said.startswith(b"HTTP/1.1 100 ")
    assert b"HTTP/1.1 200 " in said
    assert exchange(sandbox, head(70_000)).startswith(b"HTTP/1.1 413 ")


def test_latency_is_waited_by_each_and_by_all_at_once():
    with Sandbox(latency=timedelta(seconds=0.3)) as sandbox:
        began = time.perf_counter()
        threads = [threading.Thread(target=lambda: SoapCaller(sandbox).log_in()) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - began
        assert 0.3 <= took < 1.4
        assert sandbox.logins == 5


def test_many_threads_at_once(sandbox):
    problems: list[str] = []

    def work() -> None:
        caller = SoapCaller(sandbox)
        caller.log_in()
        for _ in range(20):
            answer = caller.call("ForceSyncAll")
            if texts(answer, "IsOk") != ["true"]:
                problems.append(answer.text)
        caller.session.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert sandbox.logins == 8
    assert len(sandbox.received) == 8 * 21


def test_answers_do_not_wait_for_the_clients_acknowledgement(caller):
    caller.log_in()
    began = time.perf_counter()
    for _ in range(50):
        caller.call("GetEngineStatus")
    # With Nagle's delay each would take 40 ms: 2 seconds.
    assert time.perf_counter() - began < 1.5


def test_a_client_that_goes_away_in_the_middle_hurts_nobody(sandbox, caller):
    connection = http.client.HTTPConnection(*address(sandbox), timeout=10)
    connection.putrequest("POST", "/Remote/Services86/ErpSync.svc")
    connection.putheader("Content-Type", "text/xml; charset=utf-8")
    connection.putheader("Content-Length", "1000")
    connection.endheaders(b"<half")
    connection.close()
    caller.log_in()
    assert texts(caller.call("GetEngineStatus"), "Succeeded") == ["true"]


def test_a_login_before_the_services_that_is_no_base64_is_refused():
    with Sandbox(basic_users={"Åse": "x"}) as sandbox:
        headers = {"Authorization": "Basic é".encode("latin-1")}
        assert requests.post(f"{sandbox.url}/ErpSync.svc", data=b"x", headers=headers, timeout=10).status_code == 401


@pytest.mark.parametrize("rest_of_it", ["Content-Length: 100\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\nzz\r\n"])
@pytest.mark.parametrize(
    "path", ["/api/v1/Agents/ErpSync/DeleteErpSyncConnectorEntity?erpSyncConnectorEntityId=1", "/_sandbox/reset"]
)
def test_half_a_request_is_not_carried_out(sandbox, caplog, path, rest_of_it):
    sandbox.state.connections[1].deleted = sandbox.state.connections[2].deleted = True
    sandbox.faults.add(FaultRule(kind="drop", count=1))
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Basic dGplMDpUamUw\r\n{rest_of_it}"
    )
    with socket.create_connection(address(sandbox), timeout=10) as connection:
        connection.sendall(head.encode())
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1000):
            pass
    assert not sandbox.state.connectors[1].deleted
    assert sandbox.state.connections[1].deleted
    assert [rule.matched for rule in sandbox.faults.rules] == [0]
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_nothing_secret_and_no_access_is_logged(sandbox, caller, caplog, capfd):
    with caplog.at_level("DEBUG", "superoffice_erpsync"), caplog.at_level("DEBUG", "uvicorn"):
        ticket = caller.log_in()
        caller.call("ForceSyncAll")
    for text in (caplog.text, "".join(capfd.readouterr()), repr(sandbox.received), repr(sandbox.state)):
        assert ticket not in text
        assert "Tje0" not in text
        assert "POST" not in text
