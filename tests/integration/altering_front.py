"""A web server in front of an installation: hands requests on, and changes what comes back as a test wants."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from integration.served import Served

_NOT_HANDED_ON = frozenset({"connection", "content-length", "transfer-encoding", "keep-alive"})


@dataclass(kw_only=True)
class Answer:
    """What goes back."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Alter = Callable[[Asked, Answer], Answer | None]
"""Changes an answer, or gives another; it is called for every request."""


class AlteringFront(Served):
    """The server, to be used as a context manager.

    Args:
        behind: Address of the installation, of which scheme, host and port count.
        alter: Changes the answers; None for nothing.
        tls: Makes it speak TLS.
    """

    def __init__(self, behind: str, alter: Alter | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.behind = urlsplit(behind).netloc
        self.alter = alter
        self.asked: list[Asked] = []
        server = _Server(("127.0.0.1", 0), type("Bound", (_Handler,), {"front": self}))
        if tls is not None:
            # Each handshake is made by the thread of its connection, so that a failed one does not stop the others.
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        super().__init__(server, "http" if tls is None else "https")


class _Server(ThreadingHTTPServer):
    # Closing waits for the connections' threads, so that none outlives its test.
    daemon_threads = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: clients that refuse a certificate are what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    # Head and body in one piece: apart, the second would wait for the client to acknowledge the first.
    wbufsize = -1
    front: AlteringFront

    def do_GET(self) -> None:
        self._answer(b"")

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _answer(self, body: bytes) -> None:
        asked = Asked(method=self.command, path=self.path, headers=dict(self.headers.items()), body=body)
        self.front.asked.append(asked)
        answer = _handed_on(self.front.behind, asked)
        if self.front.alter is not None:
            answer = self.front.alter(asked, answer) or answer
        self.send_response_only(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(answer.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if asked.method != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def _handed_on(netloc: str, asked: Asked) -> Answer:
    connection = http.client.HTTPConnection(netloc, timeout=10)
    try:
        kept = {name: value for name, value in asked.headers.items() if name.lower() not in _NOT_HANDED_ON}
        connection.request(asked.method, asked.path, asked.body or None, kept)
        answer = connection.getresponse()
        headers = {name: value for name, value in answer.getheaders() if name.lower() not in _NOT_HANDED_ON}
        return Answer(status=answer.status, headers=headers, body=answer.read())
    finally:
        connection.close()
