"""Connectors: storing and deleting them, whether they answer, and what they want to know for a connection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from superoffice_erpsync.sandbox.handlers.fields import config_field
from superoffice_erpsync.sandbox.refusals import argument_missing, connector_silent, not_found, not_now
from superoffice_erpsync.sandbox.state import State
from superoffice_erpsync.sandbox.state.connections import Connector


def create_default_erp_sync_connector_entity(_state: State, _arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A blank connector, which is not stored."""
    return {"ErpConnectorId": 0, "DisplayName": "", "URL": "", "Deleted": False}


def get_erp_sync_connector_entity(state: State, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """The connector of that id, a deleted one too; None where there never was one."""
    connector = state.connectors.get(arguments["ErpSyncConnectorEntityId"])
    return None if connector is None else _entity(connector)


def save_erp_sync_connector_entity(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Store a connector, a new one where the id is 0; whether it is deleted is not for the caller to say."""
    entity = arguments["ErpSyncConnectorEntity"]
    if entity is None:
        raise argument_missing("ErpSyncConnectorEntity")
    connector_id = entity["ErpConnectorId"]
    if connector_id == 0:
        connector_id = max(state.connectors, default=0) + 1
        state.connectors[connector_id] = Connector(connector_id=connector_id, display_name="", url="")
    connector = state.connectors.get(connector_id)
    if connector is None:
        raise not_found("connector", connector_id)
    connector.display_name = entity["DisplayName"] or ""
    connector.url = entity["URL"] or ""
    return _entity(connector)


def delete_erp_sync_connector_entity(state: State, arguments: Mapping[str, Any]) -> None:
    """Mark a connector as deleted, which it may be already; not while connections use it."""
    connector_id = arguments["ErpSyncConnectorEntityId"]
    connector = state.connectors.get(connector_id)
    if connector is None:
        raise not_found("connector", connector_id)
    users = state.connections_of(connector_id)
    if users:
        raise not_now(f"Connector {connector_id} still has {len(users)} connections and cannot be deleted")
    connector.deleted = True


def can_delete_erp_sync_connector_entity(state: State, arguments: Mapping[str, Any]) -> str:
    """What stands in the way of deleting a connector, if anything."""
    connector_id = arguments["ErpSyncConnectorId"]
    if state.connector(connector_id) is None:
        return "ErrorNotFound"
    return "ErrorConnectorHasConnections" if state.connections_of(connector_id) else "NoError"


def test_connector_url(state: State, arguments: Mapping[str, Any]) -> str:
    """Whether a connector answers at an address, stored or not."""
    return "ErrorNotFound" if state.site_at(arguments["Url"]) is None else "NoError"


def get_configuration_fields(state: State, arguments: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """What a connector wants to know for a connection, as it says itself; None where there is no such connector."""
    connector = state.connector(arguments["ErpConnectorId"])
    if connector is None:
        return None
    site = state.site_at(connector.url)
    if site is None:
        raise connector_silent(connector.connector_id, connector.url)
    return [config_field(field, rank) for rank, field in enumerate(site.config_fields, 1)]


def _entity(connector: Connector) -> dict[str, Any]:
    return {
        "ErpConnectorId": connector.connector_id,
        "DisplayName": connector.display_name,
        "URL": connector.url,
        "Deleted": connector.deleted,
    }
