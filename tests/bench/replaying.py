"""A server that plays back two messages, in a process of its own so that its work is nobody's.

Run as a script it prints its port and serves until its standard input ends, which happens when its parent is gone. It
imports nothing of the project.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOGIN_ENDPOINT = b"SoPrincipal.svc"


@contextmanager
def replaying(answer: Path, *, login: Path | None = None, latency: float = 0.0) -> Iterator[str]:
    """A running server.

    Args:
        answer: File with the body of every answer.
        login: File with the body of answers of SoPrincipal, None where nobody logs in.
        latency: Seconds between a request and its answer.

    Yields:
        The folder of its services.
    """
    command = [sys.executable, "-I", "-S", __file__, str(answer), "--latency", str(latency)]
    if login is not None:
        command += ["--login", str(login)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = process.stdout.readline().strip()
        if not port:
            raise RuntimeError("the replaying server did not start")
        yield f"http://127.0.0.1:{port}/Remote/Services86"
    finally:
        process.stdin.close()
        process.wait(timeout=10)
        process.stdout.close()


def _response(body: bytes) -> bytes:
    kind = b"application/json" if body.lstrip()[:1] == b"{" else b"text/xml"
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: %s; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % (kind, len(body))
    ) + body


def _serve(connection: socket.socket, answer: bytes, login: bytes, latency: float) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection, suppress(ConnectionError):
        pending = b""
        while True:
            head, end, rest = pending.partition(b"\r\n\r\n")
            length = _content_length(head) if end else 0
            if end and len(rest) >= length:
                pending = rest[length:]
                time.sleep(latency)
                connection.sendall(login if LOGIN_ENDPOINT in head else answer)
                continue
            received = connection.recv(65_536)
            if not received:
                return
            pending += received


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("answer", type=Path)
    parser.add_argument("--login", type=Path)
    parser.add_argument("--latency", type=float, default=0.0)
    given = parser.parse_args()
    answer = _response(given.answer.read_bytes())
    login = _response(given.login.read_bytes()) if given.login else answer
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_serve, args=(connection, answer, login, given.latency), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    _main()
