"""TCP: whether anything listens where the name leads."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Iterator
from typing import Any

from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.finding import Fault, Finding, failed, ok, warning

TCP = "tcp"
_EACH_SECONDS = 10.0
_NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH})


def look(chart: Chart) -> Iterator[Finding]:
    """Connect to the addresses of the name, one after the other, until one answers."""
    limit, port = chart.limit(), chart.door.port
    problems: list[tuple[str, OSError]] = []
    for place, one in enumerate(chart.found):
        address = str(one[4][0])
        started = time.monotonic()
        try:
            connected(one, _share(limit, len(chart.found) - place)).close()
        except OSError as problem:
            problems.append((address, problem))
            continue
        chart.reached = one
        seconds = round(time.monotonic() - started, 3)
        facts = {"address": address, "port": port, "seconds": seconds}
        if not problems:
            yield ok(TCP, f"port {port} of {address} answers", **facts)
            return
        silent = ", ".join(address for address, _ in problems)
        yield warning(
            TCP,
            f"port {port} of {address} answers, but not that of {silent}",
            "take the addresses that do not answer out of DNS, or see why they do not: each call tries them first",
            **facts,
            silent=[address for address, _ in problems],
        )
        return
    yield _unreached(chart, problems)


def connected(found: tuple[Any, ...], limit: Deadline) -> socket.socket:
    """A connection to an address, as `socket.getaddrinfo` gives it.

    Raises:
        OSError: There is none within the limit.
    """
    family, kind, protocol, _, address = found
    sock = socket.socket(family, kind, protocol)
    try:
        sock.settimeout(seconds_left(limit))
        sock.connect(address)
    except OSError:
        sock.close()
        raise
    return sock


def seconds_left(limit: Deadline) -> float | None:
    """What a socket may still take.

    Raises:
        TimeoutError: Nothing.
    """
    left = limit.left()
    if left is not None and left <= 0:
        raise TimeoutError("the time limit has passed")
    return left


def _share(limit: Deadline, waiting: int) -> Deadline:
    left = limit.left()
    return limit.within(min(_EACH_SECONDS, _EACH_SECONDS if left is None else left / waiting))


def _unreached(chart: Chart, problems: list[tuple[str, OSError]]) -> Finding:
    port = chart.door.port
    address, problem = problems[-1] if problems else (chart.door.host, OSError("the name has no address"))
    where = chart.door_name if chart.door_name == address else f"{chart.door_name} ({address})"
    if isinstance(problem, ConnectionRefusedError):
        text = f"nothing listens on port {port} of {where}"
        fix = "check the port in " + ("the proxy's address" if chart.proxy else "--url")
        fix += ", and that the web server (IIS: the site and its binding) is started"
    elif isinstance(problem, TimeoutError):
        text = f"port {port} of {where} does not answer at all"
        fix = "a firewall drops the connection, or the machine is down: have the way opened, or the machine started"
    elif problem.errno in _NO_WAY:
        text = f"there is no way from here to {where}"
        fix = "check this machine's network: the VPN, the route, the cable"
    else:
        text = f"no connection to port {port} of {where}: {problem.strerror or problem}"
        fix = "check this machine's network and its firewall"
    if chart.idle_proxy:
        fix += f"; if the way out is a proxy, {chart.idle_proxy} counts with --trust-environment only"
    return failed(TCP, Fault.UNREACHED, text, fix, port=port, tried=[address for address, _ in problems])
