"""Connections to ERPs: what they are, whether they answer, and turning them on and off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from superoffice_erpsync.sandbox.state import State
from superoffice_erpsync.sandbox.state.connections import Connection
from superoffice_erpsync.sandbox.state.crm import TABLE_OF_CRM_ACTOR
from superoffice_erpsync.sandbox.state.mappings import ActorMapping, FieldMapping


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
    return connection is not None and connection.failure is None


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
    shown = connection.mappings[linked[0].actor_type] if linked else mappings[0]
    return {
        "ErpConnectionId": connection.connection_id,
        "ConnectionName": connection.display_name,
        "Connected": bool(linked),
        "ErpFields": [_metadata(field) for field in shown.fields if field.show_in_gui],
        "CrmActorType": crm_actor_type,
        "ErpActorType": shown.actor_type,
        "ErpActorTypes": [mapping.actor_type for mapping in mappings],
    }


def _metadata(field: FieldMapping) -> dict[str, Any]:
    return {
        "FieldKey": field.erp_field_key,
        "Rank": field.rank,
        "DisplayName": field.display_name,
        "DisplayDescription": field.description,
        "FieldType": field.field_type,
        "ListName": field.list_name,
        "DefaultValue": field.default_value,
        "MaxLength": field.max_length,
        "Access": field.access,
        "ShowInSearch": field.show_in_search,
    }
