"""The way to the installation's own port: straight, or through the tunnel of a proxy."""

from __future__ import annotations

import base64
import socket
from http.client import HTTPException, HTTPResponse
from typing import Any, cast

from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.reaching import connected, seconds_left
from superoffice_erpsync.transports.http.connection import TimedSocket
from superoffice_erpsync.transports.http.progress import Progress, under_way
from superoffice_erpsync.transports.http.proxies import login_of
from superoffice_erpsync.version import USER_AGENT


class ProxyRefused(Exception):
    """The proxy does not make the tunnel.

    Attributes:
        status: Its HTTP status.
        reason: What it says beside it.
        schemes: The logins that it offers.
    """

    def __init__(self, status: int, reason: str, schemes: list[str]) -> None:
        super().__init__(f"HTTP {status} {reason}".rstrip())
        self.status = status
        self.reason = reason
        self.schemes = schemes


def way(chart: Chart, limit: Deadline) -> socket.socket:
    """A bare connection to the installation, on which TLS may begin.

    Raises:
        ProxyRefused: The proxy says no.
        OSError: There is no connection, or what answers is no proxy.
    """
    assert chart.reached is not None, "TCP is looked at first"
    sock = connected(chart.reached, limit)
    try:
        if chart.proxy is not None:
            _tunnel(sock, chart, chart.proxy, limit)
        sock.settimeout(seconds_left(limit))
    except BaseException:
        sock.close()
        raise
    return sock


def _tunnel(sock: socket.socket, chart: Chart, proxy: str, limit: Deadline) -> None:
    """Ask the proxy for a tunnel. Only its own login goes along, where its address has one."""
    host, port = chart.target
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}", f"User-Agent: {USER_AGENT}"]
    login = login_of(proxy)
    if login is not None:
        packed = base64.b64encode(f"{login[0]}:{login[1].reveal()}".encode()).decode("ascii")
        lines.append(f"Proxy-Authorization: Basic {packed}")
    with under_way(Progress(None, None, limit)):
        timed = TimedSocket(sock)
        timed.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
        answer = HTTPResponse(cast("Any", timed), method="CONNECT")
        try:
            answer.begin()
        except (HTTPException, ValueError) as problem:
            raise OSError("what answers there is no HTTP proxy") from problem
    if answer.status != 200:
        offered = answer.headers.get_all("Proxy-Authenticate") or []
        raise ProxyRefused(answer.status, answer.reason, [one.split(" ")[0] for one in offered])
