"""The connections: whether each answers, and whether fields have vanished on either side."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.fields import look_at_fields
from superoffice_erpsync.doctor.finding import Fault, Finding, failed, note, of_error, ok, skipped, warning
from superoffice_erpsync.errors import ErpSyncError, OperationNotAvailable
from superoffice_erpsync.models import ErpSyncConnectionSummary

CONNECTIONS = "connections"


def look(chart: Chart) -> Iterator[Finding]:
    """List the connections, and look at each."""
    client = chart.client
    assert client is not None, "the login is looked at first"
    wanted = tuple(dict.fromkeys(chart.setup.connections))
    if not wanted:
        try:
            wanted = _listed(chart, client)
        except OperationNotAvailable:
            yield _not_listed(chart)
            return
        except ErpSyncError as error:
            yield of_error(CONNECTIONS, error)
            return
        if not wanted:
            fix = "make one in SuperOffice's administration: without it nothing is synced"
            yield warning(CONNECTIONS, "there is no connection to an ERP", fix)
            return
    yield ok(CONNECTIONS, f"to look at: {', '.join(map(str, wanted))}", ids=list(wanted))
    for number in wanted:
        yield from _connection(chart, client, number)


def _listed(chart: Chart, client: ErpSyncClient) -> tuple[int, ...]:
    found = client.get_all_connections(include_deleted=False, **chart.call_limit()) or ()
    return tuple(one.erp_connection_id for one in found if one is not None)


def _not_listed(chart: Chart) -> Finding:
    services = chart.services.services if chart.services else "this API"
    fix = "name the connections to look at, as in --connection 1 --connection 2"
    if "Services88" in chart.neighbours:
        fix += "; or use the address of Services88, which answers on this server and lists them"
    return skipped(CONNECTIONS, f"{services} cannot list the connections", fix)


def _connection(chart: Chart, client: ErpSyncClient, number: int) -> Iterator[Finding]:
    step = f"connection {number}"
    try:
        summary = client.get_erp_sync_connection_summary(erp_sync_connection_id=number, **chart.call_limit())
        if summary is None or summary.deleted:
            yield _gone(step, number, summary)
            return
        started = time.monotonic()
        answers = client.test_connection_by_id(erp_connection_id=number, **chart.call_limit())
    except ErpSyncError as error:
        yield of_error(step, error)
        return
    facts = {
        "name": summary.display_name,
        "active": summary.active,
        "answers": answers,
        "seconds": round(time.monotonic() - started, 3),
        "last_sync": summary.last_sync and summary.last_sync.isoformat(),
    }
    yield _tested(step, number, summary, answers, facts)
    yield from look_at_fields(chart, client, number, summary)


def _gone(step: str, number: int, summary: ErpSyncConnectionSummary | None) -> Finding:
    text = f"there is no connection {number}" if summary is None else f"{summary.display_name} is deleted"
    return failed(step, Fault.REFUSED, text, "check the number given with --connection")


def _tested(step: str, number: int, summary: ErpSyncConnectionSummary, answers: bool, facts: dict[str, Any]) -> Finding:
    name = summary.display_name or "without a name"
    if answers and summary.active:
        synced = "never synced" if summary.last_sync is None else f"last synced {summary.last_sync:%Y-%m-%d %H:%M}"
        return ok(step, f"{name} answers; {synced}", **facts)
    if answers:
        fix = f"if it is to be synced, switch it on: erpsync connections activate {number}"
        return note(step, f"{name} answers, and is not active", fix, **facts)
    fix = (
        "from the server, see whether the connector's web service and the ERP are up, and whether the connection's "
        "user and password for the ERP are still good"
    )
    if not summary.active:
        return warning(step, f"{name} is not active, and its test fails", fix, **facts)
    return failed(step, Fault.REFUSED, f"{name} does not answer: the test of the connection fails", fix, **facts)
