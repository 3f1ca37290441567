"""The engine that syncs by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.finding import Finding, note, of_error, ok, warning

ENGINE = "engine"
_START = "erpsync engine start"
_INTERVAL = "erpsync engine interval 00:15:00"


def look(chart: Chart) -> Iterator[Finding]:
    """Say whether the engine runs, from what it told when the login was tried."""
    if chart.engine_error is not None:
        yield of_error(ENGINE, chart.engine_error)
        return
    status = chart.engine
    if status is None:
        yield note(ENGINE, "the server says nothing about it")
        return
    said = f"; it says: {status.status_message}" if status.status_message else ""
    facts: dict[str, Any] = {
        "running": status.is_running,
        "interval_seconds": status.interval.total_seconds(),
        "message": status.status_message,
    }
    if not status.is_running:
        text = f"the engine is stopped: nothing is synced by itself{said}"
        yield warning(ENGINE, text, f"if that is not on purpose, start it: {_START}", **facts)
    elif not status.interval:
        text = f"the engine runs, but at no interval: nothing is synced by itself{said}"
        yield warning(ENGINE, text, f"set one: {_INTERVAL}", **facts)
    else:
        yield ok(ENGINE, f"it runs, every {status.interval}", **facts)
