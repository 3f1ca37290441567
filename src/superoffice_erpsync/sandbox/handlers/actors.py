"""Actors: what they are counterparts of, their values beside the CRM's, and new ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from superoffice_erpsync.sandbox.handlers.fields import actor_field
from superoffice_erpsync.sandbox.handlers.links import linked_actor
from superoffice_erpsync.sandbox.notation import shown, why_malformed
from superoffice_erpsync.sandbox.refusals import argument_wrong, erp_unreachable, malformed_value
from superoffice_erpsync.sandbox.state import State
from superoffice_erpsync.sandbox.state.connections import Connection
from superoffice_erpsync.sandbox.state.crm import TABLE_OF_CRM_ACTOR, CrmRecord
from superoffice_erpsync.sandbox.state.crm_fields import CrmField, crm_fields
from superoffice_erpsync.sandbox.state.mappings import ActorMapping, FieldMapping
from superoffice_erpsync.sandbox.translating import crm_value, erp_value


def get_crm_actor_type(state: State, arguments: Mapping[str, Any]) -> str:
    """What a kind of actor is the counterpart of; Unknown where the connection has no such kind."""
    mapping = state.mapping(arguments["ErpConnectionId"], arguments["ErpActorType"])
    return "Unknown" if mapping is None else mapping.crm_actor_type


def supports_advanced_search(state: State, arguments: Mapping[str, Any]) -> bool:
    """Whether the connector searches a kind of actor by single fields."""
    connection = state.connection(arguments["ErpConnectionId"])
    site = None if connection is None else state.site_of(connection.connector_id)
    actor = None if site is None else site.actors.get(arguments["ErpActorType"])
    return actor is not None and actor.advanced_search


def get_erp_field_values(state: State, arguments: Mapping[str, Any]) -> list[str | None] | None:
    """The linked actor's values in the order of the keys, nil for unknown ones; None where nothing is linked."""
    connection = state.connection(arguments["ErpConnectionId"])
    external = linked_actor(state, arguments["ErpConnectionId"], arguments["CrmActorType"], arguments["EntityId"])
    if connection is None or external is None:
        return None
    _check_reachable(state, connection)
    actor = connection.erp.find(external.actor_type, external.key)
    if actor is None:
        return None
    fields = connection.mappings[external.actor_type].fields
    known = {field.erp_field_key for field in fields if not field.missing_in_erp}
    return [actor.values.get(key, "") if key in known else None for key in arguments["FieldKeys"] or ()]


def get_field_values_from_crm(state: State, arguments: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """A record's values of the fields that any connection maps; None for an unknown record."""
    crm_actor_type = arguments["ActorTypeCrm"]
    record = state.crm.find(TABLE_OF_CRM_ACTOR.get(crm_actor_type, ""), arguments["RecordId"])
    if record is None:
        return None
    mapped = [
        field
        for connection in state.connections.values()
        if not connection.deleted
        for mapping in connection.mappings.values()
        if mapping.crm_actor_type == crm_actor_type
        for field in mapping.fields
    ]
    values = []
    for crm_field in crm_fields(crm_actor_type):
        fields = [field for field in mapped if field.crm_field_key == crm_field.key]
        if fields:
            value = record.values.get(crm_field.key, "")
            values.append(_field_value(state, crm_field.display_name, crm_field, value, fields))
    return values


def get_field_values_from_erp(state: State, arguments: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """An actor's values of the fields that are mapped, as the CRM would have them; None for an unknown actor.

    An item of a list that has no counterpart in the CRM is nil.
    """
    connection = state.connection(arguments["ErpConnectionId"])
    mapping = state.mapping(arguments["ErpConnectionId"], arguments["ActorTypeErp"])
    if connection is None or mapping is None:
        return None
    _check_reachable(state, connection)
    actor = connection.erp.find(mapping.actor_type, arguments["ErpKey"] or "")
    if actor is None:
        return None
    values = []
    for field in mapping.fields:
        crm_field = mapping.crm_field_of(field)
        if crm_field is not None and not field.missing_in_erp:
            value = crm_value(mapping, field, actor.values.get(field.erp_field_key, ""))
            values.append(_field_value(state, field.display_name, crm_field, value, [field]))
    return values


def get_fields_for_new_erp_actor(state: State, arguments: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The fields to ask for before an actor is made, with the values they would get; None for an unknown kind."""
    mapping = state.mapping(arguments["ErpConnectionId"], arguments["ErpActorType"])
    if mapping is None:
        return None
    return [
        {
            **actor_field(field),
            "DefaultValue": _default_of(field),
            "Access": "Mandatory" if field.is_mandatory else field.access,
        }
        for field in mapping.fields
        if field.is_writable and (field.is_mandatory or field.prompt_user)
    ]


def create_erp_actor_from_crm(state: State, arguments: Mapping[str, Any]) -> bool:
    """Make an actor of a record's values and the given ones, and link the two.

    A given value goes before the CRM's, and the default values fill what is still blank. False where a mandatory value
    is missing, the record is unknown or linked, or the connection is unknown, inactive or out of reach.
    """
    connection = state.connection(arguments["ConnectionId"])
    mapping = None if connection is None else connection.mappings.get(arguments["ErpActorType"])
    if connection is None or mapping is None or not _may_create(state, connection, mapping, arguments):
        return False
    record = state.crm.find(TABLE_OF_CRM_ACTOR[mapping.crm_actor_type], arguments["CrmEntityId"])
    if record is None:
        return False
    given = _given_values(mapping, arguments["ErpFieldKeyValues"] or {})
    values = {field.erp_field_key: _new_value(mapping, field, given, record) for field in mapping.fields}
    if any(
        field.is_mandatory and not field.missing_in_erp and not values[field.erp_field_key].strip()
        for field in mapping.fields
    ):
        return False
    key = connection.erp.next_key(mapping.actor_type)
    connection.erp.add(mapping.actor_type, key, values)
    external = state.links.link(
        record.table,
        record.record_id,
        connection_id=connection.connection_id,
        actor_type=mapping.actor_type,
        key=key,
    )
    where = f"erp {external.connection_id}"
    state.note("CreateErpActorFromCrm", where, f"{mapping.actor_type} {key}", [name for name in values if values[name]])
    return True


def _check_reachable(state: State, connection: Connection) -> None:
    trouble = state.trouble_with(connection)
    if trouble is not None:
        raise erp_unreachable(connection.connection_id, trouble.tech_explanation, trouble.user_explanation)


def _field_value(
    state: State, display_name: str, crm_field: CrmField, value: str | None, fields: list[FieldMapping]
) -> dict[str, Any]:
    return {
        "DisplayName": display_name,
        "CrmFieldKey": crm_field.key,
        "Value": value,
        "DisplayValue": _display_value(state, crm_field, value or ""),
        "SyncToCrm": any(field.sync_to_crm for field in fields),
        "SyncToErp": any(field.sync_to_erp for field in fields),
    }


def _display_value(state: State, crm_field: CrmField, value: str) -> str:
    for number, name in state.crm.lists.get(crm_field.list_name, {}).items():
        if str(number) == value:
            return name
    return shown(value)


def _may_create(state: State, connection: Connection, mapping: ActorMapping, arguments: Mapping[str, Any]) -> bool:
    return (
        connection.active
        and mapping.is_active
        and mapping.crm_actor_type == arguments["CrmActorType"]
        and state.trouble_with(connection) is None
        and linked_actor(state, connection.connection_id, mapping.crm_actor_type, arguments["CrmEntityId"]) is None
    )


def _given_values(mapping: ActorMapping, given: Mapping[str, str | None]) -> dict[str, str]:
    known = {field.erp_field_key: field for field in mapping.fields}
    for key, value in given.items():
        if key not in known:
            raise argument_wrong("ErpFieldKeyValues", f"{mapping.actor_type} has no field {key!r}")
        if not known[key].is_writable:
            raise argument_wrong("ErpFieldKeyValues", f"{key} cannot be written")
        why = why_malformed(known[key].field_type, value or "")
        if why is not None:
            raise malformed_value(key, why)
    return {key: value or "" for key, value in given.items()}


def _new_value(mapping: ActorMapping, field: FieldMapping, given: Mapping[str, str], record: CrmRecord) -> str:
    if not field.is_writable:
        return ""
    value = given.get(field.erp_field_key, "")
    if not value and field.has_direction:
        value = erp_value(mapping, field, record.values.get(field.crm_field_key, "")) or ""
    return value or _default_of(field)


def _default_of(field: FieldMapping) -> str:
    return field.first_sync_default_value or field.default_value
