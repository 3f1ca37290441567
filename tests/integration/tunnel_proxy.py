"""A proxy that does nothing but tunnel: CONNECT, and then bytes both ways."""

from __future__ import annotations

import selectors
import socket
from socketserver import StreamRequestHandler, ThreadingTCPServer

from integration.served import Served


class TunnelProxy(Served):
    """The proxy, to be used as a context manager."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(ThreadingTCPServer(("127.0.0.1", 0), type("Bound", (_Tunnel,), {"proxy": self})))


class _Tunnel(StreamRequestHandler):
    proxy: TunnelProxy
    # Nothing of the tunnel's bytes may be read ahead with the request's head.
    rbufsize = 0

    def handle(self) -> None:
        method, target, _ = self.rfile.readline().decode("ascii").split(" ")
        self.proxy.asked.append(f"{method} {target}")
        while self.rfile.readline() not in (b"\r\n", b""):
            pass
        host, _, port = target.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=10) as there:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            _relay(self.connection, there)


def _relay(one: socket.socket, other: socket.socket) -> None:
    with selectors.DefaultSelector() as ready:
        ready.register(one, selectors.EVENT_READ, other)
        ready.register(other, selectors.EVENT_READ, one)
        while True:
            for key, _ in ready.select():
                data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                if not data:
                    return
                key.data.sendall(data)
