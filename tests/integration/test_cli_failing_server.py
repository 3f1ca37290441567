"""Exit codes of the real command where a server does not answer as it should."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from typer.testing import CliRunner, Result

from superoffice_erpsync.cli.app import app

Answer = Callable[[socket.socket], None]

_FAULT = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
    b"<faultcode>s:Server</faultcode><faultstring>It broke over there</faultstring></s:Fault></s:Body></s:Envelope>"
)


def _http(status: str, content_type: str, body: bytes) -> Answer:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return lambda connection: connection.sendall(head.encode() + body)


def _silent(connection: socket.socket) -> None:
    """Nothing, until who asked has hung up."""
    connection.settimeout(20)
    with suppress(ConnectionError):
        connection.recv(1)


def _cut(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1000\r\n\r\n<s:Env")


ANSWERS: dict[str, Answer] = {
    "html": _http("200 OK", "text/html", b"<html><title>Log in</title></html>"),
    "nonsense": _http("200 OK", "text/xml", b"<a"),
    "fault": _http("500 Internal Server Error", "text/xml", _FAULT),
    "busy": _http("503 Service Unavailable", "text/html", b"<html/>"),
    "gateway": _http("502 Bad Gateway", "text/html", b"<html/>"),
    "forbidden": _http("403 Forbidden", "text/html", b"<html/>"),
    "redirect": _http("302 Found", "text/html", b""),
    "closed": lambda _: None,
    "cut": _cut,
    "silent": _silent,
}


@contextmanager
def server(answer: Answer) -> Iterator[str]:
    """A server that reads a request and then does as it likes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)

        def serve() -> None:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                _read_request(connection)
                answer(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/Remote/Services86"
    thread.join(5)


def _read_request(connection: socket.socket) -> None:
    """All of it: a connection that is closed with something unread is reset, which is another failure."""
    found = b""
    while b"\r\n\r\n" not in found:
        found += connection.recv(65536)
    head, _, body = found.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while len(body) < int(lengths[0]):
        body += connection.recv(65536)


def erpsync(answer: str, *arguments: str, **variables: str) -> Result:
    environment = {name: None for name in os.environ if name.startswith("ERPSYNC_")}
    with server(ANSWERS[answer]) as url:
        return CliRunner().invoke(
            app,
            list(arguments),
            env=environment
            | {"ERPSYNC_URL": url, "ERPSYNC_TICKET": "7T:hush-hush", "ERPSYNC_TIMEOUT": "0.5"}
            # The server answers once.
            | {"ERPSYNC_NO_RETRY": "1"},
        )


READ = ("call", "GetEngineStatus")
LOGIN_FREE = ("ping",)
WRITE = ("sync",)


@pytest.mark.parametrize(
    ("answer", "arguments", "code"),
    [
        ("html", READ, 6),
        ("html", LOGIN_FREE, 6),
        ("html", WRITE, 7),
        ("nonsense", READ, 6),
        ("nonsense", WRITE, 7),
        ("fault", READ, 5),
        ("fault", WRITE, 5),
        ("busy", WRITE, 5),
        ("gateway", READ, 5),
        ("gateway", WRITE, 7),
        ("forbidden", WRITE, 3),
        ("redirect", READ, 2),
        ("closed", READ, 4),
        ("closed", WRITE, 7),
        ("cut", READ, 4),
        ("cut", WRITE, 7),
        ("silent", READ, 4),
        ("silent", WRITE, 7),
        ("silent", ("call", "DeleteConnection", '{"ErpConnectionId": 1}'), 7),
        ("silent", ("resync", "--connection", "0", "501"), 7),
    ],
)
def test_each_failure_of_the_server_has_its_exit_code(answer: str, arguments: tuple[str, ...], code: int) -> None:
    result = erpsync(answer, *arguments)
    assert result.exit_code == code, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert "hush-hush" not in result.output
    assert ("may have acted" in result.stderr) == (code == 7)
