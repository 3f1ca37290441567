"""DNS: whether the name leads anywhere."""

from __future__ import annotations

import socket
from collections.abc import Iterator

from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.finding import Fault, Finding, failed, ok
from superoffice_erpsync.transports.http.connection import addresses_of

DNS = "dns"
_NAME_SECONDS = 15.0


def look(chart: Chart) -> Iterator[Finding]:
    """Look up the name of the server, or of the proxy on the way to it."""
    host, port = chart.door
    try:
        chart.found = list(addresses_of(host, port, min(_NAME_SECONDS, chart.setup.seconds), chart.setup.resolve))
    except TimeoutError:
        text = f"no name server answers in time for {host}"
        yield failed(DNS, Fault.UNREACHED, text, "check this machine's network and its name servers", host=host)
        return
    except (OSError, UnicodeError) as problem:
        yield _unknown(chart, host, problem)
        return
    addresses = list(dict.fromkeys(str(one[4][0]) for one in chart.found))
    text = f"{host} is an address" if addresses == [host] else f"{chart.door_name} is {', '.join(addresses)}"
    yield ok(DNS, text, host=host, addresses=addresses)


def _unknown(chart: Chart, host: str, problem: Exception) -> Finding:
    if isinstance(problem, socket.gaierror) and problem.errno == getattr(socket, "EAI_AGAIN", None):
        text = f"the name servers cannot tell now whether there is a {host}"
        fix = "check this machine's network and its name servers, then try again"
    else:
        text = f"the name {host} is not known here"
        fix = f"check the spelling in {'the proxy' if chart.proxy else '--url'}; if it is right, ask for the name from "
        fix += "inside the company's network, or have it entered in DNS"
    if chart.idle_proxy:
        fix += f"; if the way out is a proxy, {chart.idle_proxy} counts with --trust-environment only"
    reason = getattr(problem, "strerror", None) or str(problem)
    return failed(DNS, Fault.UNREACHED, text, fix, host=host, reason=reason)
