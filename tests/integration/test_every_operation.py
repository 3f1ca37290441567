"""Every operation, over HTTP, by each of the three ways to call it, with the answers of two foreign servers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree
from typer.testing import CliRunner

from integration.replaying_server import (
    FIXTURES,
    LOGIN,
    NAMESPACE,
    TICKET,
    Received,
    ReplayingServer,
    fixture,
    judge,
)
from strategies.messages import canonical
from superoffice_erpsync import ErpSyncClient, UsernamePassword
from superoffice_erpsync.cli.app import app
from superoffice_erpsync.codec.rest import arguments_from_json, to_json
from superoffice_erpsync.operations import OPERATIONS

USER, PASSWORD, TOKEN = "DEMO", "not-a-real-password", "fixture-application-token"
NAMES = [*judge("ErpSync").operations, "GetSystemInfo"]


def expected(operation: str, case: str) -> Any:
    return json.loads((FIXTURES / operation / f"{case}.expected.json").read_text(encoding="utf-8"))


def refusals() -> list[Any]:
    """The answers that are a no: `IsOk` is false."""
    found = []
    for path in sorted(FIXTURES.glob("*/*.expected.json")):
        result = json.loads(path.read_text(encoding="utf-8")).get("result")
        operation, case = path.parent.name, path.name.removesuffix(".expected.json")
        refused = isinstance(result, dict) and result.get("IsOk") is False
        # Answers of other versions are not for this client.
        if refused and NAMESPACE.encode() in fixture(operation, case).body:
            found.append((operation, case))
    assert found
    return found


@pytest.fixture(scope="module")
def shared_server() -> Iterator[ReplayingServer]:
    with ReplayingServer() as server:
        yield server


@pytest.fixture(scope="module")
def shared_client(shared_server: ReplayingServer) -> Iterator[ErpSyncClient]:
    with ErpSyncClient.soap(
        shared_server.url, UsernamePassword(USER, PASSWORD), application_token=TOKEN, time_zone="NO", timeout=10
    ) as client:
        yield client


@pytest.fixture
def replay(shared_server: ReplayingServer) -> Iterator[Callable[[str, str], None]]:
    shared_server.forget()

    def play(operation: str, case: str) -> None:
        shared_server.always(operation, fixture(operation, case))

    yield play
    assert shared_server.complaints == []


def check_request(server: ReplayingServer, operation: str) -> None:
    """One request went out, and it is the one that a foreign client writes, header for header."""
    (received,) = server.calls(operation)
    theirs = etree.parse(FIXTURES / operation / "request.xml").getroot()
    assert canonical(received.envelope) == canonical(theirs)
    service = OPERATIONS[operation].service
    assert received.header_names == judge(service).operations[operation][1]
    if service == "ErpSync":
        assert received.header_names == ["ApplicationToken", "Credentials", "TimeZone"]
        assert received.ticket == TICKET
    assert set(server.operations) <= {operation, LOGIN}


def test_there_are_forty_five_of_them() -> None:
    assert len(set(NAMES)) == 45


@pytest.mark.parametrize("case", ["wcf", "php"])
@pytest.mark.parametrize("operation", NAMES)
def test_through_its_method(
    operation: str, case: str, shared_server: ReplayingServer, shared_client: ErpSyncClient, replay: Any
) -> None:
    replay(operation, case)
    declared = OPERATIONS[operation]
    arguments = arguments_from_json(declared, expected(operation, "request")["arguments"])
    result = getattr(shared_client, declared.name)(**arguments)
    assert to_json(result) == expected(operation, case)["result"]
    check_request(shared_server, operation)


@pytest.mark.parametrize("case", ["wcf", "php"])
@pytest.mark.parametrize("operation", NAMES)
def test_through_call_with_json(
    operation: str, case: str, shared_server: ReplayingServer, shared_client: ErpSyncClient, replay: Any
) -> None:
    replay(operation, case)
    result = shared_client.call(operation, expected(operation, "request")["arguments"])
    assert to_json(result) == expected(operation, case)["result"]
    check_request(shared_server, operation)


def command(server: ReplayingServer, *arguments: str) -> Any:
    environment = {
        "ERPSYNC_URL": server.url,
        "ERPSYNC_USERNAME": USER,
        "ERPSYNC_PASSWORD": PASSWORD,
        "ERPSYNC_APPLICATION_TOKEN": TOKEN,
        "ERPSYNC_TIME_ZONE": "NO",
    }
    return CliRunner().invoke(app, [*arguments], env=environment)


@pytest.mark.parametrize("case", ["wcf", "php"])
@pytest.mark.parametrize("operation", NAMES)
def test_through_the_command(operation: str, case: str, shared_server: ReplayingServer, replay: Any) -> None:
    replay(operation, case)
    ended = command(shared_server, "call", operation, json.dumps(expected(operation, "request")["arguments"]))
    assert ended.exit_code == 0, ended.stderr
    assert json.loads(ended.stdout) == expected(operation, case)["result"]
    check_request(shared_server, operation)


@pytest.mark.parametrize(("operation", "case"), refusals())
def test_an_answer_that_is_no_ends_the_command_with_1(
    operation: str, case: str, shared_server: ReplayingServer, replay: Any
) -> None:
    replay(operation, case)
    ended = command(shared_server, "call", operation, json.dumps(expected(operation, "request")["arguments"]))
    assert ended.exit_code == 1, ended.stderr
    assert json.loads(ended.stdout) == expected(operation, case)["result"]


def spoiled(received: Received, old: str, new: str) -> Received:
    assert old.encode() in received.body
    return replace(received, body=received.body.replace(old.encode(), new.encode()))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("104", "x104", "not a valid value"),
        ("ErpConnectionId", "ErpConnectionID", "not expected"),
        ("n:ApplicationToken", "n:Unknown", "the headers are"),
        ("<s:Header>", "<s:Header><n:TimeZone/>", "the headers are"),
        ("n:Credentials", "n:Other", "no Credentials"),
        (f'"{NAMESPACE}"', '"urn:other"', "No matching global declaration"),
        ("schemas.xmlsoap.org/soap/envelope", "www.w3.org/2003/05/soap-envelope", "not a SOAP 1.1 envelope"),
        ("<s:Header>", "<s:Header><!-- http://www.w3.org/2005/08/addressing -->", "WS-Addressing"),
    ],
)
def test_the_server_notices_what_the_contract_does_not_allow(
    old: str, new: str, complaint: str, shared_server: ReplayingServer, shared_client: ErpSyncClient, replay: Any
) -> None:
    shared_client.call("DeleteConnection", {"ErpConnectionId": 104})
    (good,) = shared_server.calls("DeleteConnection")
    assert judge("ErpSync").complaints(good) == []
    assert complaint in "; ".join(judge("ErpSync").complaints(spoiled(good, old, new)))


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Content-Type", "application/soap+xml; charset=utf-8"),
        ("SOAPAction", f"{NAMESPACE}/ErpSync/DeleteConnection"),
        ("SOAPAction", f'"{NAMESPACE}/ErpSync/GetConnection"'),
    ],
)
def test_the_server_notices_wrong_http_headers(
    header: str, value: str, shared_server: ReplayingServer, shared_client: ErpSyncClient, replay: Any
) -> None:
    shared_client.call("DeleteConnection", {"ErpConnectionId": 104})
    (good,) = shared_server.calls("DeleteConnection")
    (complaint,) = judge("ErpSync").complaints(replace(good, headers={**good.headers, header: value}))
    assert value in complaint
