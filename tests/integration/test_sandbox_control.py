"""The control API over HTTP, and whom it lets in."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from integration.conftest import MakeClient
from superoffice_erpsync import ErpActorType, ErpSyncError, TicketCredentials, UsernamePassword
from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.sandbox.control.errors import ControlError
from superoffice_erpsync.sandbox.control.guard import Guard

LOGIN = UsernamePassword("tje0", "Tje0")
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    """For tests that leave nothing behind."""
    with Sandbox() as running:
        yield running


def ask(sandbox: Sandbox, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Any:
    """Status, headers and JSON of an answer to a request that holds just these headers."""
    address = urlsplit(sandbox.control_url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=5)
    try:
        connection.putrequest(method, f"/_sandbox{path}", skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": address.netloc, "Content-Length": str(len(body)), **(headers or {})}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        text = answer.read().decode()
        return answer.status, answer.headers, json.loads(text) if text else None
    finally:
        connection.close()


def port(sandbox: Sandbox) -> int:
    return urlsplit(sandbox.url).port or 0


@pytest.mark.parametrize("host", ["127.0.0.1:{}", "localhost:{}", "LocalHost", "127.0.0.1", "localhost:1"])
def test_its_own_names_are_let_in(shared: Sandbox, host: str) -> None:
    status, headers, value = ask(shared, "GET", "/state", {"Host": host.format(port(shared))})
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in headers
    assert value["connections"][0]["display_name"] == "Nordic Ledger Norway"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{}",
        "127.0.0.1.evil.example",
        "localhost.",
        "user@localhost",
        "127.0.0.2",
        "[::1]",
        "",
    ],
)
def test_a_foreign_name_for_this_machine_is_refused(shared: Sandbox, host: str) -> None:
    for method, path in (("GET", "/state"), ("GET", "/nothing"), ("POST", "/reset"), ("OPTIONS", "/reset")):
        status, _, value = ask(shared, method, path, {"Host": host.format(port(shared)), **JSON})
        assert status == 403
        assert list(value) == ["error"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "https://127.0.0.1:{}"},
        {"Origin": "http://localhost:{}"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:{}", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_foreign_pages_are_refused(shared: Sandbox, headers: dict[str, str]) -> None:
    stated = {name: value.format(port(shared)) for name, value in headers.items()}
    for method, path in (("GET", "/snapshot"), ("POST", "/reset"), ("DELETE", "/received"), ("OPTIONS", "/reset")):
        assert ask(shared, method, path, {**stated, **JSON})[0] == 403
    assert "Access-Control-Allow-Origin" not in ask(shared, "OPTIONS", "/reset", stated)[1]


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://127.0.0.1:{}"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {}]
)
def test_its_own_pages_and_programs_are_let_in(shared: Sandbox, headers: dict[str, str]) -> None:
    stated = {name: value.format(port(shared)) for name, value in headers.items()}
    assert ask(shared, "POST", "/expire-tickets", {**stated, **JSON})[0] == 204


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "x/json"]
)
def test_changes_must_be_json(shared: Sandbox, content_type: str) -> None:
    for method, path in (("POST", "/reset"), ("PUT", "/snapshot"), ("DELETE", "/received")):
        status, _, value = ask(shared, method, path, {"Content-Type": content_type} if content_type else {})
        assert (status, value) == (
            400,
            {"error": "Send this with the header Content-Type: application/json, in UTF-8."},
        )


def test_a_form_needs_the_page_and_its_token(shared: Sandbox) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    own = {**form, "Origin": f"http://127.0.0.1:{port(shared)}"}
    assert ask(shared, "POST", "/reset", form, b"token=x")[0] == 403
    for body in (b"", b"token=", b"token=x", b"a=1", b"token=%ff", b"token=x&token=y"):
        status, _, value = ask(shared, "POST", "/reset", own, body)
        assert status in (400, 403)
        assert list(value) == ["error"]


def test_the_fields_of_a_form_with_the_token() -> None:
    guard = Guard("127.0.0.1")
    assert guard.form_token != Guard("127.0.0.1").form_token
    body = f"token={guard.form_token}&name=%C3%98l&empty=".encode()
    assert guard.read_form(body) == {"name": "Øl", "empty": ""}
    with pytest.raises(ControlError, match="twice"):
        guard.read_form(body + b"&name=x")


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"companies": NaN}', b"\xff", b'{"more": 1}', b"[" * 100_000, b"1"])
def test_a_body_that_makes_no_sense_is_400(shared: Sandbox, body: bytes) -> None:
    for path in ("/reset", "/seed", "/expire-tickets"):
        status, _, value = ask(shared, "POST", path, JSON, body)
        assert status == 400
        assert list(value) == ["error"]


@pytest.mark.parametrize(
    ("method", "path", "status", "told"),
    [
        ("GET", "/nothing", 404, "/_sandbox/state"),
        ("GET", "/reset", 405, "GET is not possible here, only POST."),
        ("PATCH", "/snapshot", 405, "only GET, PUT."),
        ("GET", "/state?part=users", 400, "There is no part 'users'; there are: connections, crm, "),
        ("GET", "/state?part=crm&part=log", 400, "twice"),
        ("GET", "/state?parts=crm", 400, "'parts' is unknown in the query; known are: part."),
        ("GET", "/received?since=yesterday", 400, "since: "),
        ("GET", "/received?since=2026-03-01T08:00:00", 400, "since: "),
    ],
)
def test_requests_that_go_wrong(shared: Sandbox, method: str, path: str, status: int, told: str) -> None:
    got, headers, value = ask(shared, method, path, JSON)
    assert got == status
    assert told in value["error"]
    assert (headers["Allow"] is not None) is (status == 405)


def test_it_tells_what_there_is(shared: Sandbox) -> None:
    _, _, value = ask(shared, "GET", "")
    assert value["routes"]["/_sandbox/snapshot"] == ["GET", "PUT"]
    assert ask(shared, "GET", "/", {})[2] == value
    assert ask(shared, "HEAD", "/state")[0] == 200


def test_it_answers_while_the_rest_is_slow_and_narrow() -> None:
    with Sandbox(latency=timedelta(seconds=30), max_request_bytes=10, max_rest_request_bytes=10) as sandbox:
        assert (
            requests.post(f"{sandbox.control_url}/seed", json={"companies": 5}, timeout=5).json()["last_key"]
            == "C100005"
        )
        assert sandbox.received == []


def test_a_sandbox_on_another_address_answers_to_its_names() -> None:
    try:
        with Sandbox(host="::1") as sandbox:
            assert requests.get(f"{sandbox.control_url}/state", timeout=5).ok
            assert ask(sandbox, "GET", "/state", {"Host": f"localhost:{port(sandbox)}"})[0] == 200
            assert ask(sandbox, "GET", "/state", {"Host": f"127.0.0.1:{port(sandbox)}"})[0] == 403
    except OSError:
        pytest.skip("no IPv6 here")


def test_snapshot_and_restore(sandbox: Sandbox, make_client: MakeClient) -> None:
    client = make_client(sandbox.url, LOGIN)
    taken = requests.get(f"{sandbox.control_url}/snapshot", timeout=5)
    assert (taken.json()["format"], taken.json()["version"]) == ("superoffice-erpsync-sandbox", 1)
    assert "Tromsø".encode() in taken.content
    client.delete_connection(erp_connection_id=3)
    client.force_sync_all()
    assert sandbox.snapshot() != taken.json()
    restored = requests.put(f"{sandbox.control_url}/snapshot", data=taken.content, headers=JSON, timeout=5)
    assert restored.status_code == 204
    assert requests.get(f"{sandbox.control_url}/snapshot", timeout=5).json() == taken.json()
    assert sandbox.logins == 1
    connection = client.get_connection(erp_connection_id=3)
    assert connection is not None
    assert not connection.deleted
    assert sandbox.logins == 1
    refused = requests.put(f"{sandbox.control_url}/snapshot", json={**taken.json(), "crm": 1}, timeout=5)
    assert (refused.status_code, "broken at crm" in refused.json()["error"]) == (400, True)


def test_half_a_surrogate_pair_survives(sandbox: Sandbox) -> None:
    sandbox.state.crm.change("contact", 11, {"name": "\ud83d"})
    taken = requests.get(f"{sandbox.control_url}/snapshot", timeout=5).content
    sandbox.reset()
    assert requests.put(f"{sandbox.control_url}/snapshot", data=taken, headers=JSON, timeout=5).status_code == 204
    assert sandbox.state.crm.record("contact", 11).values["name"] == "\ud83d"


def test_reset_and_expired_tickets(sandbox: Sandbox, make_client: MakeClient) -> None:
    fresh = sandbox.snapshot()
    ticket = sandbox.state.sessions.log_in("tje0", "Tje0")[1]  # type: ignore[index]
    client = make_client(sandbox.url, TicketCredentials(ticket))
    client.delete_connection(erp_connection_id=3)
    assert requests.post(f"{sandbox.control_url}/expire-tickets", json={}, timeout=5).status_code == 204
    with pytest.raises(ErpSyncError, match="ticket"):
        client.get_engine_status()
    assert sandbox.received
    assert requests.post(f"{sandbox.control_url}/reset", json={}, timeout=5).status_code == 204
    assert (sandbox.received, sandbox.logins) == ([], 0)
    again = sandbox.snapshot()
    for part in ("engine", "connections"):
        fresh[part], again[part] = (
            re.sub("202[0-9-]+T[0-9:.]+", "", str(fresh[part])),
            re.sub("202[0-9-]+T[0-9:.]+", "", str(again[part])),
        )
    assert again == fresh


def test_seeding_for_a_batch(sandbox: Sandbox, make_client: MakeClient) -> None:
    seeded = requests.post(f"{sandbox.control_url}/seed", json={"companies": 1000}, timeout=10).json()
    assert (seeded["first_key"], seeded["last_key"], seeded["first_internal_key_id"]) == ("C100001", "C101000", 500_001)
    answer = make_client(sandbox.url, LOGIN).force_resync_external(
        erp_connection_id=1,
        erp_actor_type=ErpActorType.CUSTOMER,
        external_keys=[f"C{number}" for number in range(100_001, 100_501)],
    )
    assert answer.is_ok
    for wrong in ({"companies": "5"}, {"companies": True}, {"companies": -1}, {"records": {}}, {"links": [1]}):
        refused = requests.post(f"{sandbox.control_url}/seed", json=wrong, timeout=5)
        assert refused.status_code == 400
        assert next(iter(wrong)) in refused.json()["error"]


@pytest.mark.parametrize("part", ["connections", "links", "crm", "erps", "engine", "log"])
def test_the_parts_of_the_state_hold_no_secret(shared: Sandbox, part: str) -> None:
    status, _, value = ask(shared, "GET", f"/state?part={part}")
    assert status == 200
    assert "made-up" not in json.dumps(value)
    if part == "connections":
        assert value[0]["config_fields"] == {"Company": "***", "User": "***", "Password": "***"}
    else:
        assert value == shared.snapshot()[part]


def test_received_calls(sandbox: Sandbox, make_client: MakeClient) -> None:
    client = make_client(sandbox.url, LOGIN, application_token="app-t0ken")
    client.get_engine_status()
    client.force_resync_external(erp_connection_id=1, erp_actor_type=ErpActorType.CUSTOMER, external_keys=["C1003"])
    received = requests.get(f"{sandbox.control_url}/received", timeout=5)
    for secret in ("Tje0", "app-t0ken", "7T:"):
        assert secret not in received.text
    calls = received.json()["calls"]
    assert [(one["number"], one["operation"]) for one in calls] == [
        (1, "AuthenticateUsernamePassword"),
        (2, "GetEngineStatus"),
        (3, "ForceResyncExternal"),
    ]
    assert received.json()["last"] == 3
    assert calls[2]["arguments"]["ExternalKeys"] == ["C1003"]
    assert (calls[2]["application_token"], calls[2]["status"], calls[2]["failure"]) == ("***", 200, None)

    def numbers(**query: Any) -> list[int]:
        answer = requests.get(f"{sandbox.control_url}/received", params=query, timeout=5)
        return [one["number"] for one in answer.json()["calls"]]

    assert numbers(operation="forceResyncExternal") == [3]
    assert numbers(since=2) == [3]
    assert numbers(since=calls[1]["at"]) == [3]
    assert numbers(since=1, operation="GetEngineStatus") == [2]
    bare = requests.get(f"{sandbox.control_url}/received?since={calls[0]['at']}", timeout=5)
    assert len(bare.json()["calls"]) == 2
    assert requests.delete(f"{sandbox.control_url}/received", headers=JSON, timeout=5).status_code == 204
    assert numbers() == []
    client.get_engine_status()
    assert numbers() == [4]


def test_a_failure_of_its_own_is_an_answer_too(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    sandbox.state.log.append(object())  # type: ignore[arg-type]
    answer = requests.get(f"{sandbox.control_url}/snapshot", timeout=5)
    assert (answer.status_code, list(answer.json())) == (500, ["error"])
    assert "could not carry out GET /_sandbox/snapshot" in caplog.text
