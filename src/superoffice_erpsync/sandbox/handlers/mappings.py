"""Mappings of fields and lists, the default values that fill gaps, and the order of fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from superoffice_erpsync.sandbox.notation import why_malformed
from superoffice_erpsync.sandbox.refusals import argument_missing, argument_wrong, malformed_value, not_found
from superoffice_erpsync.sandbox.state import State
from superoffice_erpsync.sandbox.state.connections import Connection
from superoffice_erpsync.sandbox.state.mappings import ActorMapping, FieldMapping
from superoffice_erpsync.sandbox.translating import joins_lists


def get_actor_type_mapping(state: State, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """How the fields of one kind of actor are mapped; None for an unknown connection or a kind it does not have."""
    connection_id, actor_type = arguments["ErpConnectionId"], arguments["ActorType"]
    mapping = state.mapping(connection_id, actor_type)
    if mapping is None:
        return None
    elsewhere = _crm_fields_mapped_elsewhere(state, connection_id, mapping.crm_actor_type)
    return {
        "ErpConnectionId": connection_id,
        "IsActive": mapping.is_active,
        "FieldMappings": [_field_mapping(mapping, field, elsewhere) for field in mapping.fields],
        "ActorTypeErp": mapping.actor_type,
        "ActorTypeCrm": mapping.crm_actor_type,
    }


def save_actor_type_mapping(state: State, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """Store fields, directions and flags by connection and actor type; fields that are not named stay as they are.

    Fields are known by their ids, or by their keys where the id is 0. What the connector or the CRM says about a field
    is not for the caller to say.
    """
    saved = arguments["Mapping"]
    if saved is None:
        raise argument_missing("Mapping")
    connection_id, actor_type = saved["ErpConnectionId"], saved["ActorTypeErp"]
    if state.connection(connection_id) is None:
        raise not_found("connection", connection_id)
    mapping = state.mapping(connection_id, actor_type)
    if mapping is None:
        raise not_found(f"mapping of connection {connection_id} for", actor_type)
    if saved["ActorTypeCrm"] not in ("Unknown", mapping.crm_actor_type):
        raise argument_wrong("ActorTypeCrm", f"{actor_type} is a counterpart of {mapping.crm_actor_type}")
    # All are looked at before any is changed: a refused mapping leaves no half of itself behind.
    changes = [(_known_field(mapping, item), item) for item in saved["FieldMappings"] or () if item is not None]
    for field, item in changes:
        _check_directions(field, item)
    for field, item in changes:
        _map_field(field, item)
    mapping.is_active = saved["IsActive"]
    return get_actor_type_mapping(state, {"ErpConnectionId": connection_id, "ActorType": actor_type})


def get_connection_list_mappings(state: State, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """The items of all lists that are mapped to lists of the CRM; None for an unknown connection."""
    connection = state.connection(arguments["ErpConnectionId"])
    if connection is None:
        return None
    return {
        "ErpListItemMappings": [
            _list_mapping(state, connection, mapping, field)
            for mapping in connection.mappings.values()
            for field in mapping.fields
            if joins_lists(mapping, field)
        ],
        "ErpConnectionId": connection.connection_id,
        "ErpConnectionName": connection.display_name,
    }


def save_connection_list_mappings(state: State, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """Store the counterparts of the named items; a named item without one is no longer mapped."""
    saved = arguments["ListMapping"]
    if saved is None:
        raise argument_missing("ListMapping")
    connection = state.connection(saved["ErpConnectionId"])
    if connection is None:
        raise not_found("connection", saved["ErpConnectionId"])
    changes = [
        _changed_items(state, connection, item) for item in saved["ErpListItemMappings"] or () if item is not None
    ]
    for field, items in changes:
        field.list_items = items
    return get_connection_list_mappings(state, {"ErpConnectionId": connection.connection_id})


def get_default_value_info(state: State, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """The values that fill gaps in a field; None for an unknown one."""
    field = _find_field(state, arguments["ErpFieldId"])
    if field is None:
        return None
    first = field.first_sync_default_value
    return {
        "ErpFieldId": field.field_id,
        "DefaultValue": field.default_value,
        "HasFirstSyncDefaultValue": first is not None,
        "FirstSyncDefaultValue": first or "",
        "PromptUser": field.prompt_user,
        "Mandatory": field.is_mandatory,
        "ErpFieldKey": field.erp_field_key,
        "FieldType": field.field_type,
        "ListName": field.list_name,
        "Access": field.access,
    }


def save_default_value_info(state: State, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """Store the values that fill gaps in a field; what the ERP itself demands stays mandatory."""
    saved = arguments["ErpSyncDefaultValue"]
    if saved is None:
        raise argument_missing("ErpSyncDefaultValue")
    field = _find_field(state, saved["ErpFieldId"])
    if field is None:
        raise not_found("field", saved["ErpFieldId"])
    default, first = saved["DefaultValue"] or "", saved["FirstSyncDefaultValue"] or ""
    for value in (default, first):
        why = why_malformed(field.field_type, value)
        if why is not None:
            raise malformed_value(field.erp_field_key, why)
    field.default_value = default
    field.first_sync_default_value = first if saved["HasFirstSyncDefaultValue"] else None
    field.prompt_user = saved["PromptUser"]
    field.demanded = saved["Mandatory"] and field.access != "Mandatory"
    return get_default_value_info(state, {"ErpFieldId": field.field_id})


def move_erp_field_item(state: State, arguments: Mapping[str, Any]) -> None:
    """Move a field one place: a positive direction to a higher rank, which is further down, a negative one up."""
    connection_id, actor_type = arguments["ErpConnectionId"], arguments["ErpActorType"]
    if state.connection(connection_id) is None:
        raise not_found("connection", connection_id)
    mapping = state.mapping(connection_id, actor_type)
    if mapping is None:
        raise not_found(f"mapping of connection {connection_id} for", actor_type)
    field = next((found for found in mapping.fields if found.field_id == arguments["ErpFieldId"]), None)
    if field is None:
        raise not_found(f"field of {actor_type}", arguments["ErpFieldId"])
    direction: int = arguments["Direction"]
    mapping.move(field, (direction > 0) - (direction < 0))


def _crm_fields_mapped_elsewhere(state: State, connection_id: int, crm_actor_type: str) -> set[str]:
    return {
        field.crm_field_key
        for connection in state.connections.values()
        if connection.connection_id != connection_id and not connection.deleted
        for mapping in connection.mappings.values()
        if mapping.crm_actor_type == crm_actor_type
        for field in mapping.fields
    }


def _field_mapping(mapping: ActorMapping, field: FieldMapping, elsewhere: set[str]) -> dict[str, Any]:
    crm_field = mapping.crm_field_of(field)
    is_mapped = bool(field.crm_field_key)
    return {
        "ErpFieldId": field.field_id,
        "CrmFieldKey": field.crm_field_key,
        "CrmDisplayName": crm_field.display_name if crm_field else "",
        "CrmDisplayTooltip": crm_field.tooltip if crm_field else "",
        "ErpFieldKey": field.erp_field_key,
        "FieldType": field.field_type,
        "ErpDisplayName": field.display_name,
        "ErpDisplayTooltip": field.description,
        "SyncToCrm": field.sync_to_crm,
        "SyncToErp": field.sync_to_erp,
        "ShowInGui": field.show_in_gui,
        "ShowInSearch": field.show_in_search,
        "AlreadyMapped": is_mapped and field.crm_field_key in elsewhere,
        "MissingInERP": field.missing_in_erp,
        "MissingInCRM": is_mapped and crm_field is None,
        "Access": field.access,
        "ListReference": crm_field.list_reference if crm_field else None,
    }


def _known_field(mapping: ActorMapping, item: Mapping[str, Any]) -> FieldMapping:
    field_id, key = item["ErpFieldId"], item["ErpFieldKey"]
    for field in mapping.fields:
        if field.field_id == field_id or (field_id == 0 and field.erp_field_key == key):
            return field
    raise not_found(f"field of {mapping.actor_type}", field_id or repr(key))


def _check_directions(field: FieldMapping, item: Mapping[str, Any]) -> None:
    if not item["CrmFieldKey"] and (item["SyncToCrm"] or item["SyncToErp"]):
        raise argument_wrong("FieldMappings", f"{field.erp_field_key} has a direction and no field of the CRM")
    if item["SyncToErp"] and not field.sync_to_erp and field.access == "ReadOnly":
        raise argument_wrong("FieldMappings", f"{field.erp_field_key} is read-only, so it cannot be synced to the ERP")


def _map_field(field: FieldMapping, item: Mapping[str, Any]) -> None:
    crm_field_key = item["CrmFieldKey"] or ""
    if crm_field_key != field.crm_field_key:
        field.list_items = {}  # They belonged to the list of another field.
    field.crm_field_key = crm_field_key
    field.sync_to_crm = item["SyncToCrm"]
    field.sync_to_erp = item["SyncToErp"]
    field.show_in_gui = item["ShowInGui"]
    field.show_in_search = item["ShowInSearch"]


def _list_mapping(state: State, connection: Connection, mapping: ActorMapping, field: FieldMapping) -> dict[str, Any]:
    crm_field = mapping.crm_field_of(field)
    assert crm_field is not None
    names = state.crm.lists.get(crm_field.list_name, {})
    rank_of = {number: rank for rank, number in enumerate(names, 1)}
    items = []
    for erp_id, erp_name in connection.erp.lists.get(field.list_name, {}).items():
        number = field.list_items.get(erp_id)
        counterpart = _list_item(number, names[number], rank_of[number]) if number in names else None
        items.append({"ErpListItemId": erp_id, "ErpListItemName": erp_name, "CrmListItem": counterpart})
    return {
        "CrmList": {
            **_list_item(0, crm_field.display_name, 0),
            "Type": crm_field.list_name,
            "ChildItems": [_list_item(number, name, rank_of[number]) for number, name in names.items()],
        },
        "ErpListName": field.list_name,
        "ErpCrmListItemMappings": items,
        "ErpActorTypeName": mapping.actor_type,
        "ErpFieldId": field.field_id,
    }


def _list_item(number: int, name: str, rank: int) -> dict[str, Any]:
    return {"Id": number, "Name": name, "ToolTip": "", "Deleted": False, "Rank": rank, "FullName": name}


def _changed_items(
    state: State, connection: Connection, saved: Mapping[str, Any]
) -> tuple[FieldMapping, dict[str, int]]:
    """The field that one list mapping is for, and the counterparts it has then."""
    found = connection.find_field(saved["ErpFieldId"])
    crm_field = None if found is None or not joins_lists(*found) else found[0].crm_field_of(found[1])
    if found is None or crm_field is None:
        raise not_found(f"mapped list of connection {connection.connection_id} for field", saved["ErpFieldId"])
    field = found[1]
    erp_items = connection.erp.lists.get(field.list_name, {})
    crm_items = state.crm.lists.get(crm_field.list_name, {})
    items = dict(field.list_items)
    for pair in saved["ErpCrmListItemMappings"] or ():
        if pair is None:
            continue
        erp_id, crm_item = pair["ErpListItemId"] or "", pair["CrmListItem"]
        if erp_id not in erp_items:
            raise not_found(f"item of the ERP's list {field.list_name}", repr(erp_id))
        items.pop(erp_id, None)
        if crm_item is not None and crm_item["Id"] != 0:
            if crm_item["Id"] not in crm_items:
                raise not_found(f"item of the CRM's list {crm_field.list_name}", crm_item["Id"])
            items[erp_id] = crm_item["Id"]
    if len(set(items.values())) < len(items):
        raise argument_wrong("ListMapping", f"an item of {crm_field.list_name} has two counterparts")
    return field, items


def _find_field(state: State, field_id: int) -> FieldMapping | None:
    for connection in state.connections.values():
        found = None if connection.deleted else connection.find_field(field_id)
        if found is not None:
            return found[1]
    return None
