"""Callers of a sandbox that know nothing of the package: SOAP and REST by requests, and both by raw bytes."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

import requests
from lxml import etree

from superoffice_erpsync.sandbox import Sandbox

NS = "http://www.superoffice.net/ws/crm/NetServer/Services86"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
LOGIN = "<UserName>tje0</UserName><Password>Tje0</Password>"
BASIC = "Basic dGplMDpUamUw"
RESYNC = f'<ErpConnectionId>1</ErpConnectionId><InternalKeyIds><int xmlns="{ARRAYS}">501</int></InternalKeyIds>'
RESYNC_JSON = {"ErpConnectionId": 1, "InternalKeyIds": [501]}


class SoapCaller:
    """Speaks Services86."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False
        self.ticket = ""

    @staticmethod
    def message(operation: str, inner: str = "", ticket: str = "") -> bytes:
        headers = f'<Credentials xmlns="{NS}"><Ticket>{ticket}</Ticket></Credentials>' if ticket else ""
        return (
            f'<s:Envelope xmlns:s="{SOAP11}"><s:Header>{headers}</s:Header><s:Body>'
            f'<{operation} xmlns="{NS}">{inner}</{operation}></s:Body></s:Envelope>'
        ).encode()

    def headers(self, operation: str, service: str = "ErpSync") -> dict[str, str]:
        return {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{NS}/{service}/{operation}"'}

    def post(
        self, operation: str, body: bytes | Iterable[bytes], service: str = "ErpSync", **headers: str
    ) -> requests.Response:
        return self.session.post(
            f"{self.sandbox.url}/{service}.svc",
            data=body,
            headers={**self.headers(operation, service), **headers},
            timeout=10,
        )

    def log_in(self) -> str:
        operation = "AuthenticateUsernamePassword"
        answer = self.post(operation, self.message(operation, LOGIN), "SoPrincipal")
        self.ticket = answer.text.partition("<Ticket>")[2].partition("<")[0]
        return self.ticket

    def call(self, operation: str, inner: str = "") -> requests.Response:
        return self.post(operation, self.message(operation, inner, self.ticket))

    def resync(self) -> requests.Response:
        return self.call("ForceResync", RESYNC)

    def resync_bytes(self, *more: str) -> bytes:
        """The whole request of a resync, with header lines of its own."""
        body = self.message("ForceResync", RESYNC, self.ticket)
        return _request("/Remote/Services86/ErpSync.svc", self.headers("ForceResync"), body, more)


class RestCaller:
    """Speaks the REST API, with user and password."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False
        self.authorization = BASIC

    def post(self, operation: str, body: bytes, **headers: str) -> requests.Response:
        return self.session.post(
            f"{self.sandbox.rest_url}/v1/Agents/ErpSync/{operation}",
            data=body,
            headers={"Authorization": self.authorization, "Content-Type": "application/json", **headers},
            timeout=10,
        )

    def call(self, operation: str, arguments: dict[str, object] | None = None) -> requests.Response:
        return self.post(operation, json.dumps(arguments).encode() if arguments else b"")

    def resync(self) -> requests.Response:
        return self.call("ForceResync", RESYNC_JSON)

    def resync_bytes(self, *more: str) -> bytes:
        """The whole request of a resync, with header lines of its own."""
        headers = {"Authorization": self.authorization, "Content-Type": "application/json"}
        return _request("/api/v1/Agents/ErpSync/ForceResync", headers, json.dumps(RESYNC_JSON).encode(), more)


def texts(answer: requests.Response, name: str) -> list[str | None]:
    """The texts of all elements of that name in an answer over SOAP."""
    return [element.text for element in etree.fromstring(answer.content).iter(f"{{{NS}}}{name}")]


def _request(path: str, headers: dict[str, str], body: bytes, more: tuple[str, ...]) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: sandbox", f"Content-Length: {len(body)}", *more]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def connect(sandbox: Sandbox) -> socket.socket:
    parts = urlsplit(sandbox.url)
    assert parts.hostname is not None
    return socket.create_connection((parts.hostname, parts.port or 80), timeout=10)


def exchange(sandbox: Sandbox, request: bytes) -> bytes:
    """Everything the server says to these bytes until it closes; the end of a connection cut off counts as such."""
    with connect(sandbox) as connection:
        connection.sendall(request)
        return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    said = b""
    try:
        while chunk := connection.recv(65536):
            said += chunk
    except ConnectionError:
        pass
    return said


def city(sandbox: Sandbox) -> str:
    """What a resync of internal key 501 writes."""
    return str(sandbox.state.crm.record("contact", 11).values["city"])


def move_in_the_erp(sandbox: Sandbox, to: str = "Moved") -> None:
    """Give a resync of internal key 501 something to write."""
    with sandbox.lock:
        sandbox.state.connections[1].erp.change("Customer", "C1001", {"CITY": to})


def wait_for_strike(sandbox: Sandbox) -> None:
    """Wait until a call has met the one fault that there is."""
    (rule,) = sandbox.faults.rules
    until = time.monotonic() + 20
    while not sandbox.faults.rules[0].struck:
        assert time.monotonic() < until, f"no call met {rule.rule}"
        time.sleep(0.01)
