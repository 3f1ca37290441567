"""The sandbox's REST API over a real socket, with the requests of the vendor's public pages among others."""

from __future__ import annotations

import http.client
import json
import threading
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests

from superoffice_erpsync.sandbox import Sandbox, SandboxError

JSON = "application/json; charset=utf-8"
BASIC = "Basic dGplMDpUamUw"
PRINCIPAL = "http://www.superoffice.net/ws/crm/NetServer/Services86"


@pytest.fixture
def session():
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def post(sandbox, session):
    def post(path: str, body: str | bytes | None = None, **headers: str | None) -> requests.Response:
        sent = {"Authorization": BASIC, "Content-Type": None if body is None else JSON}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return session.post(
            f"{sandbox.rest_url}/v1/Agents/ErpSync/{path}",
            data=body,
            headers={name: value for name, value in sent.items() if value is not None},
            timeout=10,
        )

    return post


@pytest.mark.parametrize(
    ("operation", "languages", "body", "is_ok"),
    [
        ("ForceSyncAll", "fr,de,ru,zh", None, True),
        (
            "ForceResyncExternal",
            "fr,de,ru,zh",
            '{\n  "ErpConnectionId": 277,\n  "ErpActorType": "Customer",\n  "ExternalKeys": [\n    "aut",\n'
            '    "consectetur"\n  ]\n}',
            False,
        ),
        ("ForceResync", "*", '{\n  "ErpConnectionId": 612,\n  "InternalKeyIds": [\n    386,\n    230\n  ]\n}', False),
        (
            "ForceResyncExternalNoBlankValues",
            "sv",
            '{\n  "ErpConnectionId": 863,\n  "ErpActorType": "Customer",\n  "ExternalKeys": [\n    "libero",\n'
            '    "nulla"\n  ]\n}',
            False,
        ),
    ],
)
def test_the_requests_of_the_public_pages(sandbox, operation, languages, body, is_ok):
    parts = urlsplit(sandbox.rest_url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    headers = {"Authorization": BASIC, "Accept": JSON, "Accept-Language": languages}
    if body is not None:
        headers["Content-Type"] = JSON
    connection.request("POST", f"/api/v1/Agents/ErpSync/{operation}", body, headers)
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    assert (answer.status, answer.getheader("Content-Type")) == (200, JSON)
    assert told["IsOk"] is is_ok
    assert told["ErrorCode"] == (None if is_ok else "UNKNOWN_CONNECTION_ID")
    assert told["Status"] == ("Ok" if is_ok else "Error")
    assert set(told) == {
        "IsOk", "UserExplanation", "TechExplanation", "ErrorCode", "Changes", "Status", "TableRight",
        "FieldProperties",
    }  # fmt: skip
    assert sandbox.received[-1].operation == operation


def test_the_pages_own_select_is_accepted(post):
    told = post("ForceSyncAll?$select=name,department,category/id").json()
    assert set(told.values()) == {None}
    told = post("ForceResync?%24select=IsOk,Changes/UpdatedRecords", '{"ErpConnectionId":1,"InternalKeyIds":[501]}')
    assert told.json()["Changes"]["UpdatedRecords"][0]["RecordId"] == 11
    assert told.json()["Changes"]["AddedRecords"] is None
    assert told.json()["TechExplanation"] is None


def test_one_ticket_is_good_on_all_wires(sandbox, session, post):
    envelope = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><AuthenticateUsernamePassword xmlns="'
        f'{PRINCIPAL}"><UserName>tje0</UserName><Password>Tje0</Password></AuthenticateUsernamePassword></s:Body>'
        "</s:Envelope>"
    )
    login = session.post(
        f"{sandbox.url}/SoPrincipal.svc",
        data=envelope,
        headers={"Content-Type": "text/xml", "SOAPAction": f"{PRINCIPAL}/SoPrincipal/AuthenticateUsernamePassword"},
        timeout=10,
    )
    ticket = login.text.partition("<Ticket>")[2].partition("<")[0]
    for scheme in ("SOTicket", "SoTicket", "SOTICKET", "soticket"):
        assert post("GetEngineStatus", Authorization=f"{scheme} {ticket}").status_code == 200
    assert sandbox.logins == 1
    sandbox.expire_tickets()
    refused = post("GetEngineStatus", Authorization=f"SOTicket {ticket}")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Basic ")
    assert refused.headers["Content-Type"] == JSON
    assert refused.json()["Error"] is True


def test_only_the_access_token_of_a_user_is_taken(session):
    with Sandbox(access_tokens={"8A:mine": "ann"}, users={"ann": "b"}) as sandbox:
        url = f"{sandbox.rest_url}/v1/Agents/ErpSync/GetEngineStatus"
        for token, status in (("8A:mine", 200), ("8A:Sandbox.tje0", 401)):
            assert session.post(url, headers={"Authorization": f"Bearer {token}"}, timeout=10).status_code == status
    with Sandbox(users={"ann": "b"}) as sandbox:
        url = f"{sandbox.rest_url}/v1/Agents/ErpSync/GetEngineStatus"
        headers = {"Authorization": "Bearer 8A:Sandbox.tje0"}
        assert session.post(url, headers=headers, timeout=10).status_code == 401


def test_a_browsers_cookie_needs_its_token_beside_it(sandbox, post):
    cookie, token = sandbox.open_cookie_session("tje0")
    assert post("GetEngineStatus", Authorization=None, Cookie=cookie, X_XSRF_TOKEN=token).status_code == 200
    assert post("GetEngineStatus", Authorization=None, Cookie=cookie).status_code == 403
    assert post("GetEngineStatus", Authorization=None).status_code == 401
    with pytest.raises(ValueError, match="nobody"):
        sandbox.open_cookie_session("nobody")


def test_204_has_no_content(post):
    answer = post("ForceResyncBatchTask", '{"ErpConnectionId":1,"InternalKeyIds":[501]}')
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert "Content-Length" not in answer.headers


def test_umlauts_go_raw_in_utf8(sandbox, post):
    sandbox.state.connections[1].display_name = "Blåbær ☃"
    answer = post("GetConnection", '{"ErpConnectionId":1}')
    assert "Blåbær ☃".encode() in answer.content


def test_paths_in_any_case_and_nothing_elsewhere(sandbox, session):
    for path in ("/V1/agents/ERPSYNC/getenginestatus", "/v1/Agents/ErpSync/GetEngineStatus/"):
        answer = session.post(sandbox.rest_url + path, headers={"Authorization": BASIC}, timeout=10)
        assert answer.status_code == 200
    for path in ("", "/", "/v1", "/v1/Agents/ErpSync/Nothing", "/v1/Agents/Other/SyncAll", "/v1/Contact/1",
                 "/v1/Agents/ErpSync/SyncAll/more"):  # fmt: skip
        for method in ("GET", "POST"):
            answer = session.request(method, sandbox.rest_url + path, headers={"Authorization": BASIC}, timeout=10)
            assert (answer.status_code, answer.headers["Content-Type"]) == (404, JSON)
            assert answer.json()["ErrorType"] == "SoNotFoundException"


def test_get_describes_and_other_methods_are_refused(sandbox, session):
    agent = f"{sandbox.rest_url}/v1/Agents/ErpSync"
    told = session.get(f"{agent}/forceresync", timeout=10).json()
    assert told["Url"] == f"{agent}/ForceResync"
    assert told["Body"] == {"ErpConnectionId": "int32", "InternalKeyIds": "int32[]"}
    assert len(session.get(agent, timeout=10).json()["Operations"]) == 49
    assert session.head(f"{agent}/ForceResync", timeout=10).status_code == 200
    answer = session.put(f"{agent}/ForceResync", timeout=10)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert sandbox.received == []


def test_size_limit_is_not_that_of_soap(sandbox, post):
    keys = json.dumps({"ErpConnectionId": 99, "InternalKeyIds": list(range(100_000, 150_000))})
    assert len(keys) > 65_536
    assert post("ForceResync", keys).status_code == 200
    just = b'{"ErpConnectionId":99}'
    assert post("ForceResync", just + b" " * (30_000_000 - len(just))).status_code == 200
    assert post("ForceResync", just + b" " * (30_000_001 - len(just))).status_code == 413
    assert len(sandbox.received) == 2


def test_size_limit_is_adjustable(session):
    with Sandbox(max_rest_request_bytes=10) as sandbox:
        url = f"{sandbox.rest_url}/v1/Agents/ErpSync/SyncAll"
        answer = session.post(url, data=b"{}" + b" " * 9, headers={"Authorization": BASIC}, timeout=10)
        assert answer.status_code == 413


def test_latency_holds_for_rest_too(session):
    with Sandbox(latency=timedelta(seconds=0.3)) as sandbox:
        began = time.perf_counter()
        session.post(f"{sandbox.rest_url}/v1/Agents/ErpSync/SyncAll", timeout=10)
        assert time.perf_counter() - began >= 0.3


def test_many_threads_at_once(sandbox):
    problems: list[str] = []

    def work() -> None:
        with requests.Session() as session:
            for _ in range(20):
                answer = session.post(
                    f"{sandbox.rest_url}/v1/Agents/ErpSync/ForceSyncAll", headers={"Authorization": BASIC}, timeout=10
                )
                if answer.json().get("IsOk") is not True:
                    problems.append(answer.text)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(sandbox.received) == 160


def test_nothing_secret_is_logged(sandbox, post, caplog, capfd):
    with caplog.at_level("DEBUG", "superoffice_erpsync"), caplog.at_level("DEBUG", "uvicorn"):
        post("TestConnectionByConfig", '{"ErpConnectionId":1,"ConfigFields":{"Password":"made-up-7"}}')
        post("ForceSyncAll", Authorization="Bearer 8A:made-up-8")
    for text in (caplog.text, "".join(capfd.readouterr()), repr(sandbox.received)):
        assert "made-up" not in text
        assert "dGplMDpUamUw" not in text


def test_addresses_need_a_port_that_is_known():
    sandbox = Sandbox(port=8086, host="::1")
    assert sandbox.rest_url == "http://[::1]:8086/api"
    assert sandbox.services88_url == "http://[::1]:8086/Remote/Services88"
    for name in ("rest_url", "services88_url"):
        with pytest.raises(SandboxError, match="has not started"):
            getattr(Sandbox(), name)
