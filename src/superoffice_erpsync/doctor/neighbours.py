"""Which versions of the services answer beside the address, and whether the REST API does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.finding import Finding, note, ok
from superoffice_erpsync.doctor.pages import Kind, page_of
from superoffice_erpsync.errors import ErpSyncError
from superoffice_erpsync.transports.http.origin import origin_of
from superoffice_erpsync.transports.rest import agent_address

VERSIONS = "versions"
_KNOWN = ("Services86", "Services87", "Services88")
REST = "REST"


def look(chart: Chart) -> Iterator[Finding]:
    """Ask for the page of each version, and of the REST API, at the same server."""
    limit, origin = chart.limit(), origin_of(chart.page)
    services = chart.services
    beside = services is not None and origin_of(services.folder) == origin
    folder = services.folder if services is not None and beside else f"{origin}/Remote/Services86"
    parent = re.sub(r"(?i)/services[0-9]+\Z", "", folder)
    places = {version: f"{parent}/{version}/ErpSync.svc" for version in _KNOWN}
    places[REST] = chart.page if chart.setup.rest else agent_address(f"{origin}/api")
    try:
        chart.neighbours = {name: url for name, url in places.items() if _answers(chart, name, url, limit)}
    except ErpSyncError as error:
        yield note(VERSIONS, f"not all could be asked: {error.message}")
        return
    facts: dict[str, Any] = {"answer": list(chart.neighbours), "asked": places}
    if not chart.neighbours:
        yield note(VERSIONS, "none of the usual places shows a page of its own", **facts)
        return
    names = list(chart.neighbours)
    said = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
    yield ok(VERSIONS, f"{said} answer{'s' if len(names) == 1 else ''} on this server", **facts)


def _answers(chart: Chart, name: str, url: str, limit: Deadline) -> bool:
    answer = chart.get(url, limit)
    if answer.status in (401, 405):
        # A web server that wants a login before it looks would say so of anything.
        return name == REST or not chart.wants_login
    if answer.status != 200:
        return False
    kind = page_of(answer).kind
    return kind is Kind.DATA if name == REST else kind is Kind.SERVICE
