"""What Services88 and the REST API offer beside the operations of Services86."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from superoffice_erpsync.sandbox.handlers.connections import get_connection
from superoffice_erpsync.sandbox.handlers.links import connect_actor
from superoffice_erpsync.sandbox.refusals import Refusal
from superoffice_erpsync.sandbox.state import State


def try_connect_actor(state: State, arguments: Mapping[str, Any]) -> bool:
    """As `connect_actor`; False, and nothing done, where that would refuse."""
    try:
        connect_actor(state, arguments)
    except Refusal:
        return False
    return True


def get_all_connections(state: State, arguments: Mapping[str, Any]) -> list[dict[str, Any] | None]:
    """Every connection, active or not, by id; the deleted ones only when asked for."""
    return [
        get_connection(state, {"ErpConnectionId": connection_id})
        for connection_id, connection in sorted(state.connections.items())
        if arguments["IncludeDeleted"] or not connection.deleted
    ]


def get_all_connectors(state: State, _arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The connectors that are not deleted, by id, as items of a list to choose from."""
    return [
        {"Id": connector_id, "Name": connector.display_name, "ToolTip": connector.url}
        for connector_id, connector in sorted(state.connectors.items())
        if not connector.deleted
    ]
