"""The proxy: whether there is one, and whether it lets calls through."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.finding import Fault, Finding, failed, note, ok
from superoffice_erpsync.doctor.ways import ProxyRefused, way

PROXY = "proxy"


def look(chart: Chart) -> Iterator[Finding]:
    """Ask the proxy for the way to the installation."""
    if chart.proxy is None:
        yield _none(chart)
        return
    shown = f"{chart.door.host}:{chart.door.port}"
    if urlsplit(chart.proxy).scheme == "https":
        text = f"calls go through {shown}, which is spoken to over TLS itself: the next answer tells whether it works"
        yield note(PROXY, text, proxy=shown)
        return
    if chart.tls is None:
        yield ok(PROXY, f"calls are handed to {shown}, plain http as they are", proxy=shown)
        return
    try:
        way(chart, chart.limit()).close()
    except ProxyRefused as refusal:
        yield _refused(chart, shown, refusal)
    except OSError as problem:
        reason = "it does not answer in time" if isinstance(problem, TimeoutError) else problem.strerror or str(problem)
        fix = "check --proxy (ERPSYNC_PROXY): the address, the port, and that it is an HTTP proxy"
        yield failed(PROXY, Fault.UNREACHED, f"the proxy {shown} cannot be used: {reason}", fix, proxy=shown)
    else:
        yield ok(PROXY, f"{shown} lets calls through to {chart.target.host}", proxy=shown)


def _none(chart: Chart) -> Finding:
    if chart.idle_proxy is None:
        return ok(PROXY, "none is used")
    return note(
        PROXY,
        f"none is used; {chart.idle_proxy} is set, and counts with --trust-environment only",
        variable=chart.idle_proxy,
    )


def _refused(chart: Chart, shown: str, refusal: ProxyRefused) -> Finding:
    text = f"the proxy {shown} refuses the way to {chart.target.host}: {refusal}"
    if refusal.status == 407:
        offered = f" (it offers {', '.join(refusal.schemes)})" if refusal.schemes else ""
        fix = f"it wants a login{offered}: put user and password into ERPSYNC_PROXY, as in http://user:password@{shown}"
    elif refusal.status >= 500:
        fix = f"the proxy itself does not reach {chart.target.host}: ask its administrator, or go without --proxy"
    else:
        fix = f"have {chart.target.host} allowed on the proxy, or go without --proxy where there is a straight way"
    return failed(PROXY, Fault.UNREACHED, text, fix, proxy=shown, status=refusal.status, schemes=refusal.schemes)
