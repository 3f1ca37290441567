"""A server of raw sockets that does to its clients what a script says. It reads requests well and answers badly."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from integration.hostile.steps import Step, Tokens, Wire

Turn = Sequence[Step]
"""What is done about one request, or with one new connection."""

_PATIENCE = 20.0
"""Seconds that the server waits for anything, so that no thread stays behind whatever happens."""


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request that arrived wholly."""

    connection: int
    method: str
    target: str
    headers: Sequence[tuple[str, str]] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def operation(self) -> str:
        """The SOAPAction's last part; without one the last part of the path."""
        action = self.header("SOAPAction")
        path = action.strip('"') if action else self.target.partition("?")[0]
        return path.rpartition("/")[2]

    def header(self, name: str) -> str:
        """The value of a header, an empty text where there is none."""
        return next((value for one, value in self.headers if one.lower() == name.lower()), "")


@dataclass(frozen=True, kw_only=True)
class Script:
    """What a server does.

    Attributes:
        turns: For each operation, what is done about its first request, its second and so on; the last one goes on.
        otherwise: The same for operations that are not named.
        connecting: What is done with the first connection before anything is read, the second and so on; connections
            beyond are served.
        accepting: The same before connections are made secure.
        tokens: The tokens for answers to an operation.
        tls: Makes the connections secure.
    """

    turns: Mapping[str, Sequence[Turn]] = field(default_factory=dict)
    otherwise: Sequence[Turn] = ()
    connecting: Sequence[Turn] = ()
    accepting: Sequence[Turn] = ()
    tokens: Callable[[str], Tokens] = field(default=lambda _: {})
    tls: ssl.SSLContext | None = None


class HostileServer:
    """Listens on a port of the loopback address while its `with` block lasts.

    Attributes:
        received: Requests that arrived wholly, in order.
        connections: How many connections were made.
    """

    def __init__(self, script: Script) -> None:
        self._script = script
        self.received: list[Received] = []
        self.connections = 0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._ended = False
        self._threads: list[threading.Thread] = []
        self._wires: list[Wire] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        # What the server leaves unread must not all fit into the system's buffers.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopping.set()
        # The accepting thread is woken by a connection, on every platform.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        with self._lock:
            self._ended = True
            waiting = list(self._wires)
        for wire in waiting:
            wire.close()
        # The accepting thread is the first; once it has ended, no more are added.
        for thread in self._threads:
            thread.join(_PATIENCE)
        self._listener.close()
        assert not any(thread.is_alive() for thread in self._threads)

    def count(self, operation: str) -> int:
        """How many requests for an operation arrived wholly."""
        with self._lock:
            return sum(one.operation == operation for one in self.received)

    def is_left(self, seconds: float) -> bool:
        """Serve nobody any more, and tell whether the client closes all its connections within that time."""
        self._stopping.set()
        end = time.monotonic() + seconds
        serving = self._threads[1:]
        for thread in serving:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in serving)

    # -- the server's side ---------------------------------------------------------------------------------------------

    def _begin(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name="hostile server", daemon=True)
        thread.start()
        self._threads.append(thread)

    def _accept(self) -> None:
        while True:
            connected, _ = self._listener.accept()
            if self._stopping.is_set():
                connected.close()
                return
            with self._lock:
                number = self.connections
                self.connections += 1
            connected.settimeout(_PATIENCE)
            self._begin(lambda number=number, connected=connected: self._serve(number, connected))  # type: ignore[misc]

    def _serve(self, number: int, connected: socket.socket) -> None:
        wire = Wire(connected, self._script.tokens(""), self._stopping)
        with self._lock:
            self._wires.append(wire)
            if self._ended:
                wire.close()
        # Clients that go away in the middle of anything are what this server is for.
        with contextlib.suppress(OSError, EOFError, ValueError):
            self._begin_with(self._script.accepting, number, wire)
            # The socket is wrapped first and shakes hands after, so that a stop finds the one that is in use.
            if self._script.tls is not None and not wire.closed:
                wire.socket = self._script.tls.wrap_socket(
                    connected, server_side=True, do_handshake_on_connect=False, suppress_ragged_eofs=True
                )
                wire.socket.do_handshake()
            self._begin_with(self._script.connecting, number, wire)
            while not wire.closed and not self._stopping.is_set():
                request = _read_request(wire.socket, number)
                if request is None:
                    break
                self._play(self._turn(request), wire, request.operation)
            if self._stopping.is_set() and not wire.closed:
                wire.wait_for_end()
        wire.close()

    def _begin_with(self, turns: Sequence[Turn], number: int, wire: Wire) -> None:
        if number < len(turns):
            self._play(turns[number], wire)

    def _turn(self, request: Received) -> Turn:
        with self._lock:
            before = sum(one.operation == request.operation for one in self.received)
            self.received.append(request)
        turns = self._script.turns.get(request.operation, self._script.otherwise)
        return turns[min(before, len(turns) - 1)] if turns else ()

    def _play(self, turn: Turn, wire: Wire, operation: str = "") -> None:
        wire.tokens = self._script.tokens(operation)
        for step in turn:
            if wire.closed or self._stopping.is_set():
                return
            step.run(wire)


def _read_request(connected: socket.socket, connection: int) -> Received | None:
    """The next request of a connection, None where it has ended."""
    reader = connected.makefile("rb", buffering=0)
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        byte = reader.read(1)
        if not byte:
            return None
        data += byte
    first, *lines = data.decode("latin-1").split("\r\n")[:-2]
    method, target, _ = first.split(" ")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    request = Received(connection=connection, method=method, target=target, headers=headers, body=b"")
    left = int(request.header("Content-Length") or 0)
    parts = []
    while left:
        part = reader.read(min(left, 65536))
        if not part:
            return None
        parts.append(part)
        left -= len(part)
    return Received(connection=connection, method=method, target=target, headers=headers, body=b"".join(parts))
