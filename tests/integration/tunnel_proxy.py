"""A proxy that does nothing but tunnel: CONNECT, and then bytes both ways."""

from __future__ import annotations

import selectors
import socket
import threading
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Self


class TunnelProxy:
    """The proxy, to be used as a context manager."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._server = ThreadingTCPServer(("127.0.0.1", 0), type("Bound", (_Tunnel,), {"proxy": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


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
