"""Connections that give up in time, whatever the other side does: slow names, slow handshakes, slow drips.

A socket's own timeout begins anew with every byte. Here each wait gets what is left of the request's time.
"""

from __future__ import annotations

import io
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from superoffice_erpsync.transports.http.framing import FramedAnswer
from superoffice_erpsync.transports.http.progress import Progress, current

_IDLE_SECONDS = 55.0
"""A connection that was not used for longer is not used again: web servers close it after two minutes, and firewalls
forget it without telling either side."""

Found = Sequence[tuple[Any, ...]]
"""Addresses of a name, as `socket.getaddrinfo` gives them."""


def _keep_alive() -> list[tuple[int, int, int]]:
    """Socket options that let a connection live through half an hour of silence, while the server works."""
    wanted = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    for name, seconds in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 30)):
        if hasattr(socket, name):
            wanted.append((socket.IPPROTO_TCP, getattr(socket, name), seconds))
    return wanted


class _TimedReader(io.RawIOBase):
    """The bytes of an answer, each wait within the time that is left."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(current().left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class TimedSocket:
    """A connected socket, each wait within the time that is left; all else is the socket's own."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def settimeout(self, _seconds: float | None) -> None:
        """Nothing: the time that is left counts, not what urllib3 says."""

    def sendall(self, data: Any) -> None:
        rest = memoryview(data).cast("B")
        while rest:
            self._sock.settimeout(current().left())
            rest = rest[self._sock.send(rest) :]

    def makefile(self, *_args: Any, **_more: Any) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._sock), 65536)


if TYPE_CHECKING:
    _Base = HTTPConnection
else:
    _Base = object


class _Timed(_Base):
    """What plain and secure connections do alike."""

    _last_used = 0.0
    response_class = FramedAnswer

    def connect(self) -> None:
        super().connect()
        self.sock: Any = TimedSocket(self.sock)

    def request(self, *args: Any, **more: Any) -> None:
        if self.sock is None:
            self.connect()
        progress = current()
        progress.connected()
        progress.left()
        super().request(*args, **more)
        progress.sent()

    def getresponse(self) -> Any:
        response = super().getresponse()
        self._last_used = time.monotonic()
        return response

    @property
    def is_connected(self) -> bool:
        return super().is_connected and time.monotonic() - self._last_used < _IDLE_SECONDS

    def _new_conn(self) -> socket.socket:
        progress = current()
        try:
            return _connected(addresses_of(self._dns_host.strip("[]"), self.port, progress.left()), progress)
        except socket.gaierror as problem:
            raise NameResolutionError(self.host, self, problem) from problem
        except TimeoutError as problem:
            raise ConnectTimeoutError(self, "the connection was not made in time") from problem
        except OSError as problem:
            raise NewConnectionError(self, str(problem)) from problem

    def _tunnel(self) -> None:
        # A proxy's answer to CONNECT comes before there is a connection to speak of.
        bare = self.sock
        self.sock = TimedSocket(bare)
        try:
            super()._tunnel()
        finally:
            if self.sock is not None:
                self.sock = bare


class _PlainConnection(_Timed, HTTPConnection):
    pass


class _SecureConnection(_Timed, HTTPSConnection):
    pass


class PlainPool(HTTPConnectionPool):
    """Connections over http."""

    ConnectionCls = _PlainConnection


class SecurePool(HTTPSConnectionPool):
    """Connections over https."""

    ConnectionCls = _SecureConnection

    def _validate_conn(self, conn: Any) -> None:
        # Without urllib3's warning at each call: that certificates are not checked is logged once, and was allowed.
        if conn.is_closed:
            conn.connect()


def _connected(addresses: Found, progress: Progress) -> socket.socket:
    """A socket that is connected to the first address that answers; each gets its share of the time."""
    problem: OSError = OSError("the name has no address")
    for place, (family, kind, protocol, _, address) in enumerate(addresses):
        left = progress.left()
        sock = socket.socket(family, kind, protocol)
        try:
            for option in (*HTTPConnection.default_socket_options, *_keep_alive()):
                sock.setsockopt(*option)
            sock.settimeout(None if left is None else left / (len(addresses) - place))
            sock.connect(address)
            # For a handshake, which takes it as a limit for the whole.
            sock.settimeout(progress.left())
        except OSError as one:
            sock.close()
            problem = one
        else:
            return sock
    raise problem


def resolve(host: str, port: int) -> Found:
    """The addresses of a host, as the system knows them."""
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def addresses_of(host: str, port: int, seconds: float | None, resolve: Callable[[str, int], Found] = resolve) -> Found:
    """The addresses of a host. Asking for them cannot be interrupted, so a thread of its own asks.

    Args:
        host: A name, or an address without brackets.
        port: The port that is meant.
        seconds: How long that may take; None for no limit.
        resolve: Whom to ask.

    Raises:
        TimeoutError: Nobody answered in time.
        OSError: The name is not known.
    """
    if _is_address(host):
        return resolve(host, port)
    from concurrent.futures import Future  # noqa: PLC0415 - brings much along, and many addresses have no name in them

    found: Future[Found] = Future()

    def ask() -> None:
        try:
            found.set_result(resolve(host, port))
        except Exception as problem:
            found.set_exception(problem)

    threading.Thread(target=ask, name="erpsync-name", daemon=True).start()
    return found.result(seconds)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
