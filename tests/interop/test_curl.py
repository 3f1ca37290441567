"""curl as a client of the sandbox: plain requests as the documentation shows them, with all that curl adds to them."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from interop import foreign
from superoffice_erpsync.sandbox import Sandbox

pytestmark = pytest.mark.interop

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "soap"
NAMESPACE = "http://www.superoffice.net/ws/crm/NetServer/Services86"
XML, JSON = "Content-Type: text/xml; charset=utf-8", "Content-Type: application/json"
PRINCIPAL = {path.name for path in FIXTURES.iterdir() if path.name.startswith("Authenticate")} | {"GetSystemInfo"}
OPERATIONS = sorted(path.parent.name for path in FIXTURES.glob("*/request.xml"))
STALE = "7T:Zml4dHVyZSB0aWNrZXQsIG9wZW5zIG5vdGhpbmc="
"""The ticket in the fixtures."""
BASIC = "Authorization: Basic dGplMDpUamUw"


@dataclass(frozen=True)
class Answer:
    status: int
    head: str
    """Everything before the body, an interim answer as well."""
    body: str

    @property
    def value(self):
        return json.loads(self.body)


@pytest.fixture(scope="module")
def curl():
    return foreign.tool("curl")


@pytest.fixture(params=[False, True], ids=["plain", "gzip"])
def any_sandbox(request):
    with Sandbox(gzip=request.param) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def running():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running):
    running.reset()
    return running


@pytest.fixture
def post(curl, tmp_path):
    def posted(address, *headers, body=None, options=()):
        head, sent, answer = tmp_path / "head.txt", tmp_path / "sent", tmp_path / "answer"
        if body is not None:
            sent.write_bytes(body)
        data = ["--data-binary", f"@{sent}"] if body is not None else ["--data-raw", ""]
        given = [part for header in headers for part in ("-H", header)]
        command = [curl, "-q", "-sS", "--noproxy", "*", "--max-time", "15", "-D", str(head), "-o", str(answer)]
        status = foreign.run([*command, "-w", "%{http_code}", *data, *given, *options, address])
        content = answer.read_bytes().decode() if answer.exists() else ""
        return Answer(int(status), head.read_text("iso-8859-1"), content)

    return posted


def ticket_of(sandbox):
    with sandbox.lock:
        return sandbox.state.sessions.log_in("tje0", "Tje0")[1]


def request_of(operation, ticket):
    return (FIXTURES / operation / "request.xml").read_bytes().replace(STALE.encode(), ticket.encode())


def service_of(operation):
    return "SoPrincipal" if operation in PRINCIPAL else "ErpSync"


def action_of(operation):
    return f"{NAMESPACE}/{service_of(operation)}/{operation}"


def padded_sync(ticket, size):
    """A request of exactly so many bytes."""
    envelope = request_of("ForceSyncAll", ticket)
    return envelope + b"\n" * (size - len(envelope))


def text_of(name, envelope):
    found = re.search(rf"<(?:\w+:)?{name}(?: [^>]*)?>([^<]*)<", envelope)
    return found and found[1]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_requests_of_the_fixtures(operation, sandbox, post):
    """All that they name is unknown to this installation; what counts is that it reads them."""
    service, sent = service_of(operation), request_of(operation, ticket_of(sandbox))
    services, address = "Services86", sandbox.url
    if b"/Services88" in sent:
        services, address = "Services88", sandbox.services88_url
    action = action_of(operation).replace("Services86", services)
    answer = post(f"{address}/{service}.svc", XML, f'SOAPAction: "{action}"', body=sent)
    assert answer.status == 200, answer.body
    assert text_of("Succeeded", answer.body) in ("true", "false")
    assert text_of("ExceptionType", answer.body) != "SuperOffice.Exceptions.SoSessionException"
    (received,) = sandbox.received
    assert (received.operation, received.services, received.status) == (operation, services, 200)
    assert received.ticket_known is (service == "ErpSync")
    expected = json.loads((FIXTURES / operation / "request.expected.json").read_text("utf-8"))
    assert set(received.arguments) == set(expected["arguments"])


@pytest.mark.parametrize("quote", ['"', ""], ids=["quoted", "bare"])
@pytest.mark.parametrize("options", [(), ("--compressed",)], ids=["identity", "compressed"])
def test_action_and_packing(quote, options, any_sandbox, post):
    sandbox, envelope = any_sandbox, request_of("GetConnection", ticket_of(any_sandbox)).replace(b">104<", b">1<")
    action = f"SOAPAction: {quote}{action_of('GetConnection')}{quote}"
    answer = post(f"{sandbox.url}/ErpSync.svc", XML, action, body=envelope, options=options)
    assert answer.status == 200
    assert text_of("Succeeded", answer.body) == "true"
    with sandbox.lock:
        assert text_of("DisplayName", answer.body) == sandbox.state.connections[1].display_name


def test_no_action(sandbox, post):
    answer = post(f"{sandbox.url}/ErpSync.svc", XML, body=request_of("ForceSyncAll", ticket_of(sandbox)))
    assert answer.status == 500
    assert "ActionNotSupported" in answer.body
    assert sandbox.received == []


def test_stale_ticket(sandbox, post):
    action = f"SOAPAction: {action_of('ForceSyncAll')}"
    answer = post(f"{sandbox.url}/ErpSync.svc", XML, action, body=request_of("ForceSyncAll", STALE))
    assert (answer.status, text_of("Succeeded", answer.body)) == (200, "false")
    assert text_of("ExceptionType", answer.body) == "SuperOffice.Exceptions.SoSessionException"


@pytest.mark.parametrize("expects", [True, False], ids=["expect", "at-once"])
def test_large_request(expects, sandbox, post):
    body = padded_sync(ticket_of(sandbox), 65_536)
    headers = [XML, f'SOAPAction: "{action_of("ForceSyncAll")}"', "Expect: 100-continue" if expects else "Expect:"]
    answer = post(f"{sandbox.url}/ErpSync.svc", *headers, body=body, options=["--http1.1"])
    assert (answer.status, text_of("IsOk", answer.body)) == (200, "true")
    assert ("HTTP/1.1 100" in answer.head) is expects


@pytest.mark.parametrize("expects", [True, False], ids=["expect", "at-once"])
def test_too_large_request(expects, sandbox, post):
    body = padded_sync(ticket_of(sandbox), 65_537)
    headers = [XML, f'SOAPAction: "{action_of("ForceSyncAll")}"', "Expect: 100-continue" if expects else "Expect:"]
    answer = post(f"{sandbox.url}/ErpSync.svc", *headers, body=body, options=["--http1.1"])
    assert answer.status == 413
    assert "HTTP/1.1 100" not in answer.head
    assert sandbox.received == []


def test_soap_12(sandbox, post):
    envelope = request_of("ForceSyncAll", ticket_of(sandbox)).replace(
        b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope"
    )
    content_type = f'Content-Type: application/soap+xml; charset=utf-8; action="{action_of("ForceSyncAll")}"'
    answer = post(f"{sandbox.url}/ErpSync.svc", content_type, body=envelope)
    assert answer.status == 415
    assert "application/soap+xml" in answer.head
    assert sandbox.received == []


@pytest.mark.parametrize("operation", ["ForceSyncAll", "SyncAll"])
def test_rest_sync(operation, sandbox, post):
    address = f"{sandbox.rest_url}/v1/Agents/ErpSync/{operation}"
    answer = post(address, BASIC, "Accept: application/json", options=["--compressed"])
    assert answer.status == 200
    assert answer.value["IsOk"] is True
    assert [call.operation for call in sandbox.received] == [operation]


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("ForceResync", {"ErpConnectionId": 104, "InternalKeyIds": [1, 2]}),
        ("ForceResyncNoBlankValues", {"ErpConnectionId": 104, "InternalKeyIds": [1, 2]}),
        ("ForceResyncExternal", {"ErpConnectionId": 277, "ErpActorType": "Customer", "ExternalKeys": ["10001"]}),
        (
            "ForceResyncExternalNoBlankValues",
            {"ErpConnectionId": 277, "ErpActorType": "Customer", "ExternalKeys": ["10001"]},
        ),
    ],
)
def test_rest_with_unknown_connection(operation, arguments, sandbox, post):
    address = f"{sandbox.rest_url}/v1/Agents/ErpSync/{operation}"
    headers = [BASIC, "Accept: application/json", f"{JSON}; charset=utf-8", "Accept-Language: sv"]
    answer = post(address, *headers, body=json.dumps(arguments).encode())
    assert answer.status == 200
    assert (answer.value["IsOk"], answer.value["ErrorCode"]) == (False, "UNKNOWN_CONNECTION_ID")
    assert answer.value["UserExplanation"]


def test_rest_without_a_result(sandbox, post):
    address = f"{sandbox.rest_url}/v1/Agents/ErpSync/ForceResyncBatchTask"
    answer = post(address, BASIC, JSON, body=b'{"ErpConnectionId": 1, "InternalKeyIds": [1]}')
    assert (answer.status, answer.body) == (204, "")


def test_rest_with_a_ticket(sandbox, post):
    address = f"{sandbox.rest_url}/v1/Agents/ErpSync/GetConnection"
    answer = post(address, f"Authorization: SOTicket {ticket_of(sandbox)}", JSON, body=b'{"ErpConnectionId": 3}')
    assert (answer.status, answer.value["DisplayName"]) == (200, "Harbour Trading")


@pytest.mark.parametrize("header", ["Authorization: Basic dGplMDp3cm9uZw==", "Authorization:"], ids=["wrong", "none"])
def test_rest_refuses_strangers(header, sandbox, post):
    answer = post(f"{sandbox.rest_url}/v1/Agents/ErpSync/ForceSyncAll", header)
    assert (answer.status, answer.value["Error"]) == (401, True)
    assert "www-authenticate:" in answer.head.lower()
