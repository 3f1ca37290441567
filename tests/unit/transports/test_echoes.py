"""A server that repeats what it was sent: a password that was read just for this request is masked as well."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from integration.served import Served
from superoffice_erpsync import (
    EnvironmentSecret,
    ErpSyncClient,
    ErpSyncError,
    Exchange,
    HttpBasic,
    TicketCredentials,
)

VARIABLE, PASSWORD = "ECHOES_PASSWORD", "not-a-real-password"


class _Echo(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        said = f'{{"Message": "{self.headers["Authorization"]} or {PASSWORD}"}}'.encode()
        self.send_response(500, f"no {self.headers['Authorization']}")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    with Served(HTTPServer(("127.0.0.1", 0), _Echo)) as server:
        yield server.root


def test_a_password_that_is_read_for_the_request_is_masked(echo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    seen: list[Exchange] = []
    basic = HttpBasic("web", EnvironmentSecret(VARIABLE))
    how: dict[str, Any] = {"web_login": basic, "retry": None, "on_exchange": seen.append}
    client = ErpSyncClient.soap(f"{echo}/Services86", TicketCredentials("7T:x"), **how)
    with client, pytest.raises(ErpSyncError) as caught:
        client.get_engine_status()
    (exchange,) = seen
    shown = f"{caught.value} {caught.value.args} {exchange}"
    assert "HTTP 500" in shown
    assert len(basic.secrets) == 2
    for secret in basic.secrets:
        assert secret.reveal() not in shown


class _EchoingProxy(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        said = f'{{"Message": "{self.headers["Proxy-Authorization"]}"}}'.encode()
        self.send_response(502, f"no {self.headers['Proxy-Authorization']}")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_the_login_to_a_proxy_that_repeats_it_is_masked() -> None:
    seen: list[Exchange] = []
    with Served(HTTPServer(("127.0.0.1", 0), _EchoingProxy)) as proxy:
        address = proxy.root.replace("//", f"//me:{PASSWORD}@")
        how: dict[str, Any] = {"proxies": {"http": address}, "retry": None, "on_exchange": seen.append}
        client = ErpSyncClient.soap("http://127.0.0.1:9/Services86", TicketCredentials("7T:x"), **how)
        with client, pytest.raises(ErpSyncError) as caught:
            client.get_engine_status()
    shown = f"{caught.value} {caught.value.args} {seen}"
    assert "HTTP 502 no Basic ***" in shown
    assert b64encode(f"me:{PASSWORD}".encode()).decode() not in shown
