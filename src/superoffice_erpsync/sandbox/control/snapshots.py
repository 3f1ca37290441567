"""The state of the installation: looked at, begun anew, added to, taken and put back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from superoffice_erpsync.sandbox.control.errors import bad_request
from superoffice_erpsync.sandbox.control.requests import ControlRequest, Route, Routes
from superoffice_erpsync.sandbox.errors import SnapshotError
from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.received import MASK

PARTS: Final = ("connections", "crm", "engine", "erps", "links", "log")


def get_state(request: ControlRequest) -> Any:
    """An overview, or one part of the state in full but for what is secret."""
    part = request.query.get("part")
    if part is None:
        return _overview(request.installation)
    if part not in PARTS:
        raise bad_request(f"There is no part {part[:100]!r}; there are: {', '.join(PARTS)}.")
    found = request.installation.snapshot()[part]
    if part == "connections":
        return [{**each, "config_fields": dict.fromkeys(each["config_fields"], MASK)} for each in found]
    return found


def reset(request: ControlRequest) -> None:
    """Begin anew."""
    request.members()
    request.installation.reset()


def seed(request: ControlRequest) -> dict[str, Any]:
    """Add data, all of it or nothing."""
    members = request.members("companies", "connection_id", "records", "actors", "links")
    for name in ("companies", "connection_id"):
        if type(members.get(name, 0)) is not int:
            raise bad_request(f"{name}: a whole number is wanted.")
    for name in ("records", "actors", "links"):
        if type(members.get(name, [])) is not list:
            raise bad_request(f"{name}: a list is wanted.")
    try:
        return asdict(request.installation.seed(**members))
    except ValueError as problem:
        raise bad_request(f"{problem}.") from None


def get_snapshot(request: ControlRequest) -> dict[str, Any]:
    """The whole state, what is secret included: only so can it be put back."""
    return request.installation.snapshot()


def put_snapshot(request: ControlRequest) -> None:
    """Go back to a snapshot."""
    try:
        request.installation.restore(request.content)
    except SnapshotError as problem:
        raise bad_request(str(problem)) from None


def _overview(installation: Installation) -> dict[str, Any]:
    state = installation.state
    engine = state.engine
    tables = [record.table for record in state.crm]
    return {
        "engine": {
            "running": engine.running,
            "message": engine.message,
            "interval_seconds": engine.interval.total_seconds(),
            "last_sync": None if engine.last_sync is None else engine.last_sync.isoformat(),
        },
        "connectors": [
            {"connector_id": one.connector_id, "display_name": one.display_name, "url": one.url, "deleted": one.deleted}
            for one in state.connectors.values()
        ],
        "connections": [
            {
                "connection_id": one.connection_id,
                "connector_id": one.connector_id,
                "display_name": one.display_name,
                "active": one.active,
                "deleted": one.deleted,
                "priority": one.priority,
                "actors": sum(1 for _ in one.erp),
                "links": len(state.links.externals_in(one.connection_id)),
            }
            for one in state.connections.values()
        ],
        "crm": {table: tables.count(table) for table in sorted(set(tables))},
        "links": sum(1 for _ in state.links),
        "queue": len(state.queue),
        "log": len(state.log),
        "received": len(installation.received),
        "logins": state.sessions.logins,
    }


ROUTES: Final[Routes] = {
    "/state": {"GET": Route(get_state, ("part",))},
    "/reset": {"POST": Route(reset)},
    "/seed": {"POST": Route(seed)},
    "/snapshot": {"GET": Route(get_snapshot), "PUT": Route(put_snapshot)},
}
