"""A socket that listens, and a thread that answers on it."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
import threading

import uvicorn

from superoffice_erpsync.sandbox.app import create_app
from superoffice_erpsync.sandbox.errors import SandboxError
from superoffice_erpsync.sandbox.front.connection import ConnectionProtocol
from superoffice_erpsync.sandbox.front.door import FrontDoor
from superoffice_erpsync.sandbox.http.limits import HttpLimits
from superoffice_erpsync.sandbox.http.prompt_server import PromptServer
from superoffice_erpsync.sandbox.installation import Installation

_PATIENCE_SECONDS = 10.0


def open_socket(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes any free one.

    Raises:
        SandboxError: The port is taken, or the host is not one of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio turns Nagle's delay off only where it is; each answer would wait 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # There SO_REUSEADDR would let a second server take over a port in use.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError, TypeError) as problem:
        # Python's word for a host that cannot be a name on any network is TypeError.
        listener.close()
        raise SandboxError(_why_not(problem, host, port)) from problem
    return listener


def _why_not(problem: Exception, host: str, port: int) -> str:
    if isinstance(problem, OSError) and problem.errno in (errno.EADDRINUSE, errno.EACCES):
        if problem.errno == errno.EADDRINUSE or os.name == "nt":
            return (
                f"Port {port} on {host} is in use, perhaps by another sandbox; choose another, or 0 for any free one."
            )
        return f"Port {port} on {host} may not be used by this user; choose one above 1023, or 0 for any free one."
    return f"The sandbox cannot listen on {host}, port {port}: {problem}"


class ServerThread:
    """Serves one installation on one socket until it is stopped."""

    def __init__(
        self, installation: Installation, limits: HttpLimits, door: FrontDoor, listener: socket.socket, host: str
    ) -> None:
        config = uvicorn.Config(
            create_app(installation, limits, door, host),
            http=ConnectionProtocol,
            loop="asyncio",
            ws="none",
            lifespan="on",
            interface="asgi3",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_keep_alive=120,
            timeout_graceful_shutdown=1,
        )
        self._listener = listener
        self._server = PromptServer(config)
        self._thread = threading.Thread(target=self._run, name="superoffice-erpsync-sandbox", daemon=True)
        self._over = threading.Event()
        self._problem: BaseException | None = None

    def start(self) -> None:
        """Return when requests are answered.

        Raises:
            SandboxError: The server did not come up.
        """
        self._thread.start()
        up = self._server.up.wait(_PATIENCE_SECONDS)
        if not up or not self._server.started:
            self.stop()
            raise SandboxError("The sandbox's HTTP server did not start.") from self._problem

    def stop(self) -> None:
        """Let running answers finish, close everything and wait for the thread to end."""
        self._server.end()
        if self._over.wait(_PATIENCE_SECONDS):
            self._thread.join(_PATIENCE_SECONDS)
        self._listener.close()

    def wait(self, seconds: float) -> bool:
        """Whether the thread has ended within the time."""
        # Not by `join`: one that Ctrl-C interrupts leaves Python 3.11 believing that the thread has ended.
        return self._over.wait(seconds)

    def _run(self) -> None:
        try:
            asyncio.run(self._server.serve(sockets=[self._listener]))
        except BaseException as problem:
            # Kept for start(), which waits in another thread; uvicorn ends with SystemExit when it cannot begin.
            self._problem = problem
        finally:
            self._over.set()
            self._server.up.set()
