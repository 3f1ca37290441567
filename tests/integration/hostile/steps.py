"""What a hostile server can do on a connection, one small step after the other. Scenarios are made of these.

Bytes may hold tokens for the good answer of the call at hand: `{body}`, `{half}` (its first half), `{rest}` (the
other one), `{length}`, `{more}` (the length and one), `{less}` (the length less one), `{chunk}` (the length as a chunk
says it) and `{type}` (the content type). `{ticket}` and `{password}` (`{password_xml}` as XML writes it) stand for
what the client logs in with, and places for themselves, as in `{elsewhere}`.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

Tokens = Mapping[bytes, bytes]


def good_tokens(body: bytes, content_type: str) -> Tokens:
    """The tokens for a good answer."""
    middle = len(body) // 2
    numbers = {b"{length}": len(body), b"{more}": len(body) + 1, b"{less}": len(body) - 1}
    return {
        b"{body}": body,
        b"{half}": body[:middle],
        b"{rest}": body[middle:],
        b"{chunk}": b"%x" % len(body),
        b"{type}": content_type.encode(),
        **{name: b"%d" % number for name, number in numbers.items()},
    }


def filled(template: bytes, tokens: Tokens) -> bytes:
    """A template with its tokens replaced."""
    for name, value in tokens.items():
        template = template.replace(name, value)
    return template


@dataclass(eq=False)
class Wire:
    """A connection as the server holds it.

    Attributes:
        socket: The connected socket, within TLS where there is any.
        tokens: What the tokens stand for.
        stopping: Set when the server is to end.
        closed: The server has closed the connection.
    """

    socket: socket.socket
    tokens: Tokens
    stopping: threading.Event
    closed: bool = False

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def wait_for_end(self) -> None:
        """Read and drop what the client sends until it closes, then close as well."""
        with contextlib.suppress(OSError):
            while self.socket.recv(65536):
                pass
        self.close()

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            # A shutdown first wakes whoever reads in another thread; a close alone does not.
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)
            self.socket.close()


class Step(Protocol):
    """One thing to do. Raises OSError when the client has gone, which ends the script."""

    def run(self, wire: Wire) -> None:
        """Do it."""


@dataclass(frozen=True)
class Send:
    """Send bytes as they are."""

    data: bytes = field(repr=False)

    def run(self, wire: Wire) -> None:
        wire.send(filled(self.data, wire.tokens))


Body = bytes | str | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Send a proper HTTP answer.

    Attributes:
        body: None for the good one.
        change: What becomes of the body before it goes out: packed, cut, replaced in part.
        status: The status code.
        reason: The reason phrase.
        headers: More headers; one of None takes a usual one away.
        chunked: Send the body in chunks of that many bytes.
    """

    body: Body = field(default=None, repr=False)
    change: Callable[[bytes], bytes] = field(default=bytes, repr=False)
    status: int = 200
    reason: str = "OK"
    headers: Mapping[str, str | None] = field(default_factory=dict)
    chunked: int = 0

    def run(self, wire: Wire) -> None:
        body = b"{body}" if self.body is None else self.body.encode() if isinstance(self.body, str) else self.body
        body = self.change(filled(body, wire.tokens))
        usual: dict[str, str | None] = {"Content-Type": "{type}"}
        usual |= {"Transfer-Encoding": "chunked"} if self.chunked else {"Content-Length": str(len(body))}
        lines = [f"{name}: {value}\r\n" for name, value in {**usual, **self.headers}.items() if value is not None]
        head = f"HTTP/1.1 {self.status} {self.reason}\r\n{''.join(lines)}\r\n"
        if self.chunked:
            body = in_chunks(body, self.chunked)
        wire.send(filled(head.encode(), wire.tokens) + body)


def in_chunks(body: bytes, size: int) -> bytes:
    """A body in HTTP's chunks, with the last one."""
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@dataclass(frozen=True)
class Drip:
    """Send bytes one after the other.

    Attributes:
        data: What to send.
        gap: Seconds before each byte.
        over: Begin again when all is sent, until the client goes.
    """

    data: bytes = field(repr=False)
    gap: float
    over: bool = False

    def run(self, wire: Wire) -> None:
        data = filled(self.data, wire.tokens)
        while True:
            for place in range(len(data)):
                if wire.stopping.wait(self.gap):
                    return
                wire.send(data[place : place + 1])
            if not self.over:
                return


@dataclass(frozen=True)
class Flood:
    """Send the same bytes again and again until the client goes.

    Attributes:
        data: What to send.
        most: Seconds after which the server tires of it and closes, so that a client that never goes is found out.
    """

    data: bytes = field(repr=False)
    most: float = 8.0

    def run(self, wire: Wire) -> None:
        data = filled(self.data, wire.tokens)
        data *= max(1, 4096 // len(data))
        end = time.monotonic() + self.most
        while not wire.stopping.is_set() and time.monotonic() < end:
            wire.send(data)
        wire.close()


@dataclass(frozen=True)
class Wait:
    """Do nothing for some seconds."""

    seconds: float

    def run(self, wire: Wire) -> None:
        wire.stopping.wait(self.seconds)


@dataclass(frozen=True)
class ReadHead:
    """Read what came of the request up to the end of its head, and leave the body in the buffers."""

    def run(self, wire: Wire) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = wire.socket.recv(1)
            if not byte:
                raise ConnectionResetError
            head += byte


@dataclass(frozen=True)
class ReadAtLeast:
    """Read that many bytes of the request or a few more, whatever they are."""

    count: int

    def run(self, wire: Wire) -> None:
        left = self.count
        while left > 0:
            data = wire.socket.recv(min(left, 65536))
            if not data:
                raise ConnectionResetError
            left -= len(data)


@dataclass(frozen=True)
class Hold:
    """Do nothing until the client goes, and read what it sends meanwhile."""

    def run(self, wire: Wire) -> None:
        wire.wait_for_end()


@dataclass(frozen=True)
class HoldUnread:
    """Do nothing at all, and read nothing, until the server ends."""

    def run(self, wire: Wire) -> None:
        wire.stopping.wait()


@dataclass(frozen=True)
class Close:
    """Close the connection in good order."""

    def run(self, wire: Wire) -> None:
        if isinstance(wire.socket, ssl.SSLSocket):
            with contextlib.suppress(OSError):
                wire.socket.unwrap()
        wire.close()


@dataclass(frozen=True)
class Drop:
    """Close the connection without TLS's word of farewell, where there is TLS."""

    def run(self, wire: Wire) -> None:
        wire.close()


@dataclass(frozen=True)
class HalfClose:
    """Send no more, and read on until the client goes."""

    def run(self, wire: Wire) -> None:
        wire.socket.shutdown(socket.SHUT_WR)
        wire.wait_for_end()


@dataclass(frozen=True)
class Reset:
    """Tear the connection down, so that the client gets a reset and not an end."""

    def run(self, wire: Wire) -> None:
        wire.socket.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        )
        wire.closed = True
        wire.socket.close()


HOLD = Hold()
HOLD_UNREAD = HoldUnread()
CLOSE = Close()
DROP = Drop()
HALF_CLOSE = HalfClose()
RESET = Reset()
READ_HEAD = ReadHead()
GOOD = Answer()
