"""Links between actors and CRM entities: made, broken, and made together with chosen values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from superoffice_erpsync.sandbox.notation import why_malformed
from superoffice_erpsync.sandbox.refusals import Refusal, argument_wrong, malformed_value, not_found, not_now
from superoffice_erpsync.sandbox.state import State
from superoffice_erpsync.sandbox.state.connections import Connection
from superoffice_erpsync.sandbox.state.crm import TABLE_OF_CRM_ACTOR, CrmRecord
from superoffice_erpsync.sandbox.state.crm_fields import crm_field
from superoffice_erpsync.sandbox.state.erp import ErpActor
from superoffice_erpsync.sandbox.state.links import ExternalKey
from superoffice_erpsync.sandbox.state.mappings import ActorMapping
from superoffice_erpsync.sandbox.translating import Translated, for_erp


def create_actor_link(state: State, arguments: Mapping[str, Any]) -> bool:
    """Link an actor and a record of the CRM; False where either is unknown or linked, or the connection is inactive."""
    try:
        _link(state, arguments, "CreateActorLink")
    except Refusal:
        return False
    return True


def break_actor_link(state: State, arguments: Mapping[str, Any]) -> bool:
    """Delete the external key that joins a record to an actor of the connection; False where there is none."""
    external = linked_actor(state, arguments["ErpConnectionId"], arguments["CrmActorType"], arguments["CrmRecordId"])
    if external is None:
        return False
    state.links.part(external)
    state.note("BreakActorLink", f"erp {external.connection_id}", f"{external.actor_type} {external.key}", ())
    return True


def connect_actor(state: State, arguments: Mapping[str, Any]) -> None:
    """Link an actor and a record of the CRM, and write the chosen values to both.

    The values are those of the CRM's fields, as GetFieldValuesFromCrm and GetFieldValuesFromErp give them. Values of
    fields that this connection does not sync are passed over.

    Raises:
        Refusal: The link cannot be made, or a value not be written; then nothing is done.
    """
    chosen = _chosen_values(arguments)
    connection, record, actor, mapping = _linkable(state, arguments)
    to_erp = _for_actor(mapping, chosen)
    if to_erp.unmapped:
        field, item = to_erp.unmapped[0]
        raise argument_wrong("FieldValues", f"the item {item!r} of {field.crm_field_key} has no counterpart in the ERP")
    _link(state, arguments, "ConnectActor")
    synced = {field.crm_field_key for field in mapping.fields if field.has_direction}
    for_record = {key: value for key, value in chosen.items() if key in synced and record.values.get(key, "") != value}
    if for_record:
        state.crm.change(record.table, record.record_id, for_record)
        state.note("ConnectActor", "crm", f"{record.table} {record.record_id}", for_record)
    for_actor = {key: value for key, value in to_erp.values.items() if actor.values.get(key, "") != value}
    if for_actor:
        connection.erp.change(actor.actor_type, actor.key, for_actor)
        state.note("ConnectActor", f"erp {connection.connection_id}", f"{actor.actor_type} {actor.key}", for_actor)


def linked_actor(state: State, connection_id: int, crm_actor_type: str, record_id: int) -> ExternalKey | None:
    """What joins a record to an actor of one connection; None where nothing does."""
    internal = state.links.of_record(TABLE_OF_CRM_ACTOR.get(crm_actor_type, ""), record_id)
    if internal is None or state.connection(connection_id) is None:
        return None
    return next(iter(state.links.externals_of(internal.internal_key_id, connection_id)), None)


def _link(state: State, arguments: Mapping[str, Any], cause: str) -> None:
    connection, record, actor, _ = _linkable(state, arguments)
    state.links.link(
        record.table,
        record.record_id,
        connection_id=connection.connection_id,
        actor_type=actor.actor_type,
        key=actor.key,
    )
    state.note(cause, f"erp {connection.connection_id}", f"{actor.actor_type} {actor.key}", ())


def _linkable(state: State, arguments: Mapping[str, Any]) -> tuple[Connection, CrmRecord, ErpActor, ActorMapping]:
    """What is to be linked.

    Raises:
        Refusal: Something of it is unknown, inactive, out of reach or linked already.
    """
    connection_id, actor_type = arguments["ErpConnectionId"], arguments["ErpActorType"]
    connection = state.connection(connection_id)
    if connection is None:
        raise not_found("connection", connection_id)
    if not connection.active:
        raise not_now(f"Connection {connection_id} is not active")
    trouble = state.trouble_with(connection)
    if trouble is not None:
        raise not_now(f"Connection {connection_id} failed: {trouble.tech_explanation}")
    mapping = connection.mappings.get(actor_type)
    if mapping is None or not mapping.is_active:
        raise not_found(f"active mapping of connection {connection_id} for", actor_type)
    if mapping.crm_actor_type != arguments["CrmActorType"]:
        raise argument_wrong("CrmActorType", f"{actor_type} is a counterpart of {mapping.crm_actor_type}")
    record = state.crm.find(TABLE_OF_CRM_ACTOR[mapping.crm_actor_type], arguments["CrmRecordId"])
    if record is None:
        raise not_found(mapping.crm_actor_type, arguments["CrmRecordId"])
    actor = connection.erp.find(actor_type, arguments["ErpKey"] or "")
    if actor is None:
        raise not_found(actor_type, repr(arguments["ErpKey"]))
    if state.links.external(connection_id, actor_type, actor.key) is not None:
        raise not_now(f"{actor_type} {actor.key} is linked already")
    if linked_actor(state, connection_id, mapping.crm_actor_type, record.record_id) is not None:
        raise not_now(f"{mapping.crm_actor_type} {record.record_id} is linked already in connection {connection_id}")
    return connection, record, actor, mapping


def _chosen_values(arguments: Mapping[str, Any]) -> dict[str, str]:
    """Chosen values by CRM field key; a nil one is blank."""
    chosen: dict[str, str] = {}
    for item in arguments["FieldValues"] or ():
        if item is None:
            continue
        key, value = item["CrmFieldKey"] or "", item["Value"] or ""
        field = crm_field(arguments["CrmActorType"], key)
        if field is None:
            raise argument_wrong("FieldValues", f"the CRM's {arguments['CrmActorType']} has no field {key!r}")
        why = why_malformed(field.field_type, value)
        if why is not None:
            raise malformed_value(key, why)
        chosen[key] = value
    return chosen


def _for_actor(mapping: ActorMapping, chosen: Mapping[str, str]) -> Translated:
    fields = [
        field for field in mapping.fields if field.has_direction and field.is_writable and field.crm_field_key in chosen
    ]
    return for_erp(mapping, fields, chosen)
