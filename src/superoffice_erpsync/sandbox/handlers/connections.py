"""Connections to ERPs: storing and deleting them, whether they answer, turning them on and off, and their order."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from superoffice_erpsync.sandbox.handlers.fields import actor_field
from superoffice_erpsync.sandbox.notation import shown
from superoffice_erpsync.sandbox.refusals import (
    argument_missing,
    argument_wrong,
    connector_silent,
    not_found,
    not_now,
)
from superoffice_erpsync.sandbox.state import State
from superoffice_erpsync.sandbox.state.connections import Connection, Connector
from superoffice_erpsync.sandbox.state.crm import TABLE_OF_CRM_ACTOR
from superoffice_erpsync.sandbox.state.erp import Erp
from superoffice_erpsync.sandbox.state.mappings import ActorMapping
from superoffice_erpsync.sandbox.state.reading_fields import read_fields
from superoffice_erpsync.sandbox.state.sites import ConnectorSite


def get_connection(state: State, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """The connection of that id, a deleted one too; None where there never was one."""
    connection = state.connections.get(arguments["ErpConnectionId"])
    if connection is None:
        return None
    return {
        "TableRight": {"Mask": ["Select", "Update", "Insert", "Delete"], "Reason": ""},
        "FieldProperties": {
            "DisplayName": _property("System.String", 254, "Read", "Write", "UIHintMandatory"),
            "ConnectionId": _property("System.Guid", 0, "Read", "UIHintReadOnly"),
        },
        "ErpConnectionId": connection.connection_id,
        "ErpConnectorId": connection.connector_id,
        "DisplayName": connection.display_name,
        "DisplayDescription": connection.display_description,
        "Active": connection.active,
        "ConnectionId": connection.guid,
        "MostRecentTimestamp": connection.most_recent_timestamp,
        "ConfigFields": dict(connection.config_fields),
        "Deleted": connection.deleted,
        "AllAccess": connection.all_access,
        "UserGroupAccessIds": list(connection.user_group_access_ids),
        "AssociateAccessIds": list(connection.associate_access_ids),
    }


def save_connection(state: State, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """Store a connection, a new one where the id is 0.

    A new one gets a GUID, starts inactive, and its connector's fields are read. Of an old one the configuration may
    change only while it is inactive. Whether it is active or deleted, its GUID and how far the sync has come are not
    for the caller to say.
    """
    saved = arguments["Connection"]
    if saved is None:
        raise argument_missing("Connection")
    connection_id = saved["ErpConnectionId"]
    old = state.connections.get(connection_id)
    if old is None and connection_id != 0:
        raise not_found("connection", connection_id)
    connector_id = saved["ErpConnectorId"]
    config_fields = {key: value or "" for key, value in (saved["ConfigFields"] or {}).items()}
    if old is None:
        connection = _new_connection(state, connector_id, config_fields)
    else:
        connection = old
        _configure(state, connection, connector_id, config_fields)
    connection.display_name = saved["DisplayName"] or ""
    connection.display_description = saved["DisplayDescription"] or ""
    connection.all_access = saved["AllAccess"]
    connection.user_group_access_ids = list(saved["UserGroupAccessIds"] or ())
    connection.associate_access_ids = list(saved["AssociateAccessIds"] or ())
    return get_connection(state, {"ErpConnectionId": connection.connection_id})


def delete_connection(state: State, arguments: Mapping[str, Any]) -> None:
    """Mark a connection as deleted, which it may be already; it is no longer active then."""
    connection = state.connections.get(arguments["ErpConnectionId"])
    if connection is None:
        raise not_found("connection", arguments["ErpConnectionId"])
    connection.deleted, connection.active = True, False


def get_erp_connection_config_fields(state: State, arguments: Mapping[str, Any]) -> dict[str, str] | None:
    """The configuration with all its secrets; None where there never was such a connection."""
    connection = state.connections.get(arguments["ErpConnectionId"])
    return None if connection is None else dict(connection.config_fields)


def get_erp_sync_connection_summary(state: State, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is set up for each kind of actor, in words; None where there never was such a connection."""
    connection = state.connections.get(arguments["ErpSyncConnectionId"])
    if connection is None:
        return None
    last_sync = connection.last_sync
    return {
        "DisplayName": connection.display_name,
        "DisplayDescription": connection.display_description,
        "Active": connection.active,
        "Deleted": connection.deleted,
        # Without a zone: the time of the installation's own, which is UTC here.
        "LastSync": None if last_sync is None else last_sync.astimezone(UTC).replace(tzinfo=None, microsecond=0),
        "Actors": [_actor_summary(mapping) for mapping in connection.mappings.values() if mapping.is_active],
    }


def get_connections_and_display_fields(state: State, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The active connections that sync this kind of CRM entity, with the fields to show, and whether it is linked."""
    crm_actor_type = arguments["CrmActorType"]
    return [
        _connection_data(state, connection, mappings, crm_actor_type, arguments["EntityId"])
        for connection in state.active_connections()
        if (mappings := _mappings_to(connection, crm_actor_type))
    ]


def test_connection_by_id(state: State, arguments: Mapping[str, Any]) -> bool:
    """Whether the connector answers for the connection; an unknown connection never does."""
    connection = state.connection(arguments["ErpConnectionId"])
    return connection is not None and state.trouble_with(connection) is None


def test_connection_by_config(state: State, arguments: Mapping[str, Any]) -> bool:
    """Whether a configuration opens the ERP of a connector, whose id the argument holds in spite of its name."""
    site = state.site_of(arguments["ErpConnectionId"])
    return site is not None and site.open(arguments["ConfigFields"] or {}) is not None


def toggle_erp_connection_active(state: State, arguments: Mapping[str, Any]) -> list[str]:
    """Turn an active connection off and an inactive one on; the reasons why not, an empty list for done."""
    connection = state.connection(arguments["ErpConnectionId"])
    if connection is None:
        return [f"There is no connection {arguments['ErpConnectionId']}."]
    if not connection.active:
        reasons = connection.reasons_against_activation()
        if reasons:
            return reasons
    connection.active = not connection.active
    return []


def update_connection_fields(state: State, arguments: Mapping[str, Any]) -> bool:
    """Ask the connector again for its fields; False where it does not answer or there is no such connection."""
    connection = state.connection(arguments["ErpConnectionId"])
    site = None if connection is None else state.site_of(connection.connector_id)
    if connection is None or site is None:
        return False
    read_fields(connection, site, state.new_field_ids())
    return True


def save_erp_connection_sync_priorities(state: State, arguments: Mapping[str, Any]) -> bool:
    """Sync the named connections first, in that order, and then the others as before; False where none is named.

    The CRM itself, 0, may be among them; its place makes no difference here.
    """
    named = [number for number in arguments["ErpConnectionIds"] or () if number != 0]
    for number in named:
        if state.connection(number) is None:
            raise not_found("connection", number)
    if len(set(named)) < len(named):
        raise argument_wrong("ErpConnectionIds", "a connection is named twice")
    others = sorted(
        (found for found in state.connections.values() if found.connection_id not in named),
        key=lambda found: (found.priority, found.connection_id),
    )
    for priority, number in enumerate([*named, *(found.connection_id for found in others)], 1):
        state.connections[number].priority = priority
    return bool(named)


def validate_archive_column_config(state: State, arguments: Mapping[str, Any]) -> None:
    """Give an archive list the columns of the fields that a connection shows in searches, and no others."""
    owner, connection_id = arguments["ListOwner"], arguments["ErpConnectionId"]
    if not owner:
        raise argument_missing("ListOwner")
    connection = state.connection(connection_id)
    if connection is None:
        raise not_found("connection", connection_id)
    state.archive_columns[owner, connection_id] = [
        field.erp_field_key
        for mapping in connection.mappings.values()
        for field in mapping.fields
        if field.show_in_search and not field.missing_in_erp
    ]


def _new_connection(state: State, connector_id: int, config_fields: dict[str, str]) -> Connection:
    site = _answering_site(state, connector_id)
    connection = Connection(
        connection_id=max(state.connections, default=0) + 1,
        connector_id=connector_id,
        guid=str(uuid.uuid4()),
        display_name="",
        config_fields=config_fields,
        priority=max((other.priority for other in state.connections.values()), default=0) + 1,
        erp=site.open(config_fields) or Erp(),
    )
    read_fields(connection, site, state.new_field_ids())
    state.connections[connection.connection_id] = connection
    return connection


def _configure(state: State, connection: Connection, connector_id: int, config_fields: dict[str, str]) -> None:
    """Point a connection at another ERP, where its connector or its configuration differs from what they were."""
    other_connector = connection.connector_id != connector_id
    if not other_connector and connection.config_fields == config_fields:
        return
    if connection.active:
        raise not_now(
            f"Connection {connection.connection_id} is active, so its configuration cannot be changed; "
            "turn it off with ToggleErpConnectionActive first"
        )
    site = _answering_site(state, connector_id)
    connection.connector_id, connection.config_fields = connector_id, config_fields
    connection.erp = site.open(config_fields) or Erp()
    connection.seen_in_erp = 0
    if other_connector:
        read_fields(connection, site, state.new_field_ids())


def _answering_site(state: State, connector_id: int) -> ConnectorSite:
    connector: Connector | None = state.connector(connector_id)
    if connector is None:
        raise not_found("connector", connector_id)
    site = state.site_at(connector.url)
    if site is None:
        raise connector_silent(connector_id, connector.url)
    return site


def _actor_summary(mapping: ActorMapping) -> dict[str, Any]:
    arrows = {(True, True): "<>", (True, False): ">", (False, True): "<", (False, False): "-"}
    mapped = [field for field in mapping.fields if field.crm_field_key]
    defaults = {field.erp_field_key: field.first_sync_default_value or field.default_value for field in mapping.fields}
    return {
        "ActorType": mapping.actor_type,
        "HasMappings": bool(mapped),
        "Defaults": ", ".join(f"{key} = {shown(value)}" for key, value in defaults.items() if value),
        "Mappings": ", ".join(
            f"{field.erp_field_key} {arrows[field.sync_to_crm, field.sync_to_erp]} {field.crm_field_key}"
            for field in mapped
        ),
    }


def _property(field_type: str, length: int, *rights: str) -> dict[str, Any]:
    return {"FieldRight": {"Mask": list(rights), "Reason": ""}, "FieldType": field_type, "FieldLength": length}


def _mappings_to(connection: Connection, crm_actor_type: str) -> list[ActorMapping]:
    return [
        mapping
        for mapping in connection.mappings.values()
        if mapping.is_active and mapping.crm_actor_type == crm_actor_type
    ]


def _connection_data(
    state: State, connection: Connection, mappings: list[ActorMapping], crm_actor_type: str, entity_id: int
) -> dict[str, Any]:
    internal = state.links.of_record(TABLE_OF_CRM_ACTOR[crm_actor_type], entity_id)
    linked = [] if internal is None else state.links.externals_of(internal.internal_key_id, connection.connection_id)
    displayed = connection.mappings[linked[0].actor_type] if linked else mappings[0]
    return {
        "ErpConnectionId": connection.connection_id,
        "ConnectionName": connection.display_name,
        "Connected": bool(linked),
        "ErpFields": [
            actor_field(field) for field in displayed.fields if field.show_in_gui and not field.missing_in_erp
        ],
        "CrmActorType": crm_actor_type,
        "ErpActorType": displayed.actor_type,
        "ErpActorTypes": [mapping.actor_type for mapping in mappings],
    }
