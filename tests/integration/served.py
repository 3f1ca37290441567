"""Servers of the standard library, each run by a thread of its own."""

from __future__ import annotations

import socket
import threading
from socketserver import BaseServer
from typing import Any, Self


class Served:
    """A server for as long as a context lasts.

    Args:
        server: Listens already. Its end waits for the threads of its connections, unless they are daemons.
        scheme: How it is spoken to.
    """

    def __init__(self, server: BaseServer, scheme: str = "http") -> None:
        self._server = server
        self._scheme = scheme
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def port(self) -> int:
        address: Any = self._server.server_address
        return int(address[1])

    @property
    def root(self) -> str:
        """Scheme, host and port."""
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
