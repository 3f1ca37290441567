"""A REST server that knows nothing but messages: it keeps each request as it came and plays back an answer.

It shares no code with the client and judges nothing: that is for the tests to do.
"""

from __future__ import annotations

import http.server
import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from integration.served import Served

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "rest"
JSON = {"Content-Type": "application/json; charset=utf-8"}
PAGE = {"Content-Type": "text/html; charset=utf-8"}


@dataclass(frozen=True, kw_only=True)
class Received:
    """One request, as it came. Names of headers are as they were sent."""

    method: str
    target: str
    headers: Mapping[str, str]
    header_names: tuple[str, ...]
    body: bytes
    connection: int
    """Which of the accepted connections it came over."""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def operation(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What goes back."""

    body: bytes = b""
    status: int = 200
    reason: str | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)
    late: bytes = b""
    """Sent a moment after the rest, and not counted in Content-Length."""
    raw: bytes | None = None
    """Sent instead of all the above; the connection is closed after it."""
    hold: bool = False
    """After what is sent, nothing: no end and no close until the server is stopped."""


Answering = Answer | Callable[[Received], Answer]


def answer(value: Any, status: int = 200, **headers: str) -> Answer:
    """A JSON value as an answer."""
    return Answer(body=json.dumps(value).encode(), status=status, headers={**JSON, **headers})


def fixture(operation: str, case: str = "full", *, status: int = 200) -> Answer:
    """A message of the fixtures as an answer."""
    path = next(
        one for suffix in (".json", ".html", ".txt") if (one := FIXTURES / operation / (case + suffix)).exists()
    )
    return Answer(body=path.read_bytes(), status=status, headers=PAGE if path.suffix == ".html" else JSON)


def expected(operation: str, case: str = "full") -> Any:
    """What a message of the fixtures means."""
    return json.loads((FIXTURES / operation / f"{case}.expected.json").read_text(encoding="utf-8"))


def default_answer(operation: str) -> Answer:
    """The fixture `full`; 204 where the operation has no result."""
    if (FIXTURES / operation / "full.json").exists():
        return fixture(operation)
    assert (FIXTURES / operation).is_dir(), f"no operation: {operation}"
    return Answer(status=204, headers={})


class RestServer(Served):
    """Listens on the loopback address until it is stopped."""

    def __init__(self, folder: str = "/api") -> None:
        self.folder = folder
        self.received: list[Received] = []
        self.complaints: list[str] = []
        self.connections = 0
        """How many were accepted, whatever came over them."""
        self._always: dict[str, Answering] = {}
        self._next: dict[str, list[Answering]] = defaultdict(list)
        self._lock = threading.Lock()
        self.stopping = threading.Event()
        server = _Server(("127.0.0.1", 0), _handler(self))
        server.owner = self
        super().__init__(server)

    def __exit__(self, *exception: object) -> None:
        self.stopping.set()
        super().__exit__()

    @property
    def url(self) -> str:
        return f"{self.root}{self.folder}"

    def always(self, operation: str, answer: Answering) -> None:
        """Answer an operation like this from now on."""
        self._always[operation] = answer

    def script(self, operation: str, *answers: Answering) -> None:
        """Answer the next calls of an operation like this, one after the other."""
        self._next[operation].extend(answers)

    def forget(self) -> None:
        """Drop scripts and records, as if new."""
        with self._lock:
            self.received.clear()
            self.complaints.clear()
            self._always.clear()
            self._next.clear()

    @property
    def operations(self) -> list[str]:
        """Names of all operations called, in order."""
        with self._lock:
            return [one.operation for one in self.received]

    @property
    def only(self) -> Received:
        """The one request that came."""
        (received,) = self.received
        return received

    def answer(self, received: Received) -> Answer:
        with self._lock:
            self.received.append(received)
            scripted = self._next[received.operation]
            answering = scripted.pop(0) if scripted else self._always.get(received.operation)
        if answering is None:
            answering = default_answer(received.operation)
        return answering(received) if callable(answering) else answering


class _Server(http.server.ThreadingHTTPServer):
    owner: RestServer
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        problem = sys.exc_info()[1]
        # A client that hangs up early is what some tests are about.
        if not isinstance(problem, ConnectionError):
            self.owner.complaints.append(f"the server itself failed: {problem!r}")


def _handler(owner: RestServer) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            owner.connections += 1
            self.number = owner.connections

        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            received = Received(
                method=self.command,
                target=self.path,
                headers=self.headers,  # type: ignore[arg-type] # names without case, as HTTP has them
                header_names=tuple(self.headers.keys()),
                body=self.rfile.read(int(self.headers["Content-Length"])),
                connection=self.number,
            )
            self._write(owner.answer(received))

        def _write(self, answer: Answer) -> None:
            if answer.raw is not None:
                self.wfile.write(answer.raw)
                self.close_connection = True
            else:
                self.send_response(answer.status, answer.reason)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.status != 204 and "Content-Length" not in answer.headers:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)
            self.wfile.flush()
            if answer.late:
                time.sleep(0.05)
                self.wfile.write(answer.late)
                self.wfile.flush()
            if answer.hold:
                owner.stopping.wait(20)
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Nothing is printed."""

    return Handler
