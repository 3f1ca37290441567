"""A web server that demands a Windows login and treats its connections as badly as real ones may."""

from __future__ import annotations

import socket
import ssl
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from integration.served import Served
from superoffice_erpsync.sandbox.front.acceptor import Acceptor

DEMANDED = b"the account's own answer"
PAGE = b"<html><title>401</title></html>"


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came, and the status it was answered with."""

    method: str
    scheme: str
    body: bytes
    status: int


@dataclass(slots=True, kw_only=True)
class Behaviour:
    """How the server is."""

    schemes: Sequence[str] = ("Negotiate", "NTLM")
    close_with_offers: bool = False
    """The connection ends after the 401 that a request without a login gets."""
    close_with_challenge: bool = False
    """It ends after the 401 in the middle of a login, as announced."""
    hang_up_on_token: bool = False
    """It ends without an answer to the first token."""
    stall_on_token: float = 0
    """Seconds without an answer to the first token."""
    refuse_head: bool = False
    """HEAD is no method here, and no login changes that."""
    every_request: bool = False
    """A login is good for one request."""
    challenge: str | None = None
    """What is said in place of a real challenge."""


@dataclass(slots=True)
class _Line:
    """What is known of one connection."""

    login: str = field(default_factory=lambda: uuid.uuid4().hex)
    account: str | None = None


class NtlmServer(Served):
    """The server, to be used as a context manager.

    Args:
        accounts: Passwords by account.
        tls: Makes its connections secure.
        channel_bindings: What logins must be tied to.
        behaviour: How it treats its callers.
    """

    def __init__(
        self,
        accounts: Mapping[str, str],
        *,
        tls: ssl.SSLContext | None = None,
        channel_bindings: bytes | None = None,
        **behaviour: Any,
    ) -> None:
        self.behaviour = Behaviour(**behaviour)
        self.acceptor = Acceptor(accounts, channel_bindings)
        self.seen: list[Seen] = []
        self.authorizations: list[str] = []
        self.connections = 0
        self.judged = 0
        self.open: list[socket.socket] = []
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"front": self}))
        # So that closing waits for them.
        server.daemon_threads = False
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        super().__init__(server, "http" if tls is None else "https")

    @property
    def url(self) -> str:
        return f"{self.root}/Remote/Services86"

    def hang_up(self) -> None:
        """End all connections without a word."""
        for one in self.open:
            one.shutdown(socket.SHUT_RDWR)
        self.open.clear()

    def __exit__(self, *exception: object) -> None:
        super().__exit__()
        self.acceptor.close()


class _Handler(BaseHTTPRequestHandler):
    front: NtlmServer
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    timeout = 10

    def setup(self) -> None:
        super().setup()
        self.front.connections += 1
        self.front.open.append(self.connection)
        self.line = _Line()

    def log_message(self, *_: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        how = self.front.behaviour
        if self.command == "HEAD" and how.refuse_head:
            self._answer(405, body, {})
            return
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if scheme:
            self.front.authorizations.append(token)
            self._judge(scheme, token, body)
        elif self.line.account is not None:
            self._admit(body)
        else:
            self._demand(body, close=how.close_with_offers)

    def _judge(self, scheme: str, token: str, body: bytes) -> None:
        how = self.front.behaviour
        judged = self.front.acceptor.step(self.line.login, scheme.lower(), token)
        if judged.account is not None:
            self.front.judged += 1
            self.line.account = judged.account
            self._admit(body)
        elif judged.refused:
            self.front.judged += 1
            self.line = _Line()
            self._demand(body)
        elif how.hang_up_on_token:
            self.close_connection = True
        else:
            time.sleep(how.stall_on_token)
            said = f"{scheme} {judged.token if how.challenge is None else how.challenge}"
            self._answer(401, body, {"WWW-Authenticate": said}, close=how.close_with_challenge)

    def _admit(self, body: bytes) -> None:
        self._answer(200, body, {})
        if self.front.behaviour.every_request:
            self.line = _Line()

    def _demand(self, body: bytes, *, close: bool = False) -> None:
        self._answer(401, body, {"WWW-Authenticate": ", ".join(self.front.behaviour.schemes)}, close=close)

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str], *, close: bool = False) -> None:
        scheme = self.headers.get("Authorization", "").partition(" ")[0]
        self.front.seen.append(Seen(self.command, scheme, body, status))
        page = DEMANDED if status == 200 else PAGE
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(page)))
        if close:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)
