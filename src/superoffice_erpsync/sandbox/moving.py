"""How values move between the CRM and the ERPs, along the directions of the mappings.

The rules of the box: a value that moves overwrites what it finds, blank or not, unless the caller wants blanks to
stay where they are; where both sides changed the same field since the last sync, the ERP's value wins, because the
sync reads all ERPs before it writes to any. The first sync of a link carries all its values, changed or not. A default
value fills a field of the ERP for which the CRM has nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from superoffice_erpsync.sandbox.explanations import in_two_languages
from superoffice_erpsync.sandbox.state.connections import Connection
from superoffice_erpsync.sandbox.state.crm import CrmRecord
from superoffice_erpsync.sandbox.state.erp import ErpActor
from superoffice_erpsync.sandbox.state.installed import State
from superoffice_erpsync.sandbox.state.links import ExternalKey, InternalKey
from superoffice_erpsync.sandbox.state.mappings import ActorMapping
from superoffice_erpsync.sandbox.translating import Translated, for_crm, for_erp


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that did not go well, while the rest went on."""

    tech_explanation: str
    user_explanation: str
    error_code: str | None = None


@dataclass(slots=True)
class Outcome:
    """What one sync did, and how it was to do it."""

    cause: str
    blanks_overwrite: bool = True
    """Whether a blank value takes the place of a filled one."""
    added: dict[tuple[str, int], None] = field(default_factory=dict)
    updated: dict[tuple[str, int], None] = field(default_factory=dict)
    """Table and id of records of the CRM that were written, in order, each once."""
    deleted: dict[tuple[str, int], None] = field(default_factory=dict)
    actors_written: int = 0
    problems: list[Problem] = field(default_factory=list)


def sync_changes(state: State, outcome: Outcome) -> None:
    """Carry everything that changed since the last sync, for all active connections in their order."""
    serving = []
    for connection in state.active_connections():
        if not _has_trouble(state, connection, outcome):
            serving.append(connection)
    for connection in serving:
        for external in state.links.externals_in(connection.connection_id):
            if not external.synced:
                _fill_first_sync_defaults(state, connection, external, outcome)
            actor = connection.erp.find(external.actor_type, external.key)
            if actor is None or not external.synced or actor.modified > connection.seen_in_erp:
                _pull(state, connection, external, outcome, always_named=False)
    now = state.clock()
    for connection in serving:
        for external in state.links.externals_in(connection.connection_id):
            record = _record_of(state, external)
            if record is not None and (not external.synced or record.modified > connection.seen_in_crm):
                _push(state, connection, external, outcome)
            _call_synced(state, connection, external, outcome)
        connection.seen_in_erp = connection.erp.changes
        connection.seen_in_crm = state.crm.changes
        connection.last_sync = now
    state.engine.last_sync = now


def resync_from_erp(state: State, source: Connection, externals: Iterable[ExternalKey], outcome: Outcome) -> None:
    """Write actors of one connection over the CRM, and from there over all other active connections."""
    if _has_trouble(state, source, outcome):
        return
    read = [external for external in externals if _pull(state, source, external, outcome, always_named=True)]
    for internal_key_id in dict.fromkeys(external.internal_key_id for external in read):
        _push_to_all(state, internal_key_id, outcome, but=source)


def resync_from_crm(state: State, internals: Iterable[InternalKey], outcome: Outcome) -> None:
    """Write records of the CRM over all active connections."""
    for internal in internals:
        _push_to_all(state, internal.internal_key_id, outcome)


def _push_to_all(state: State, internal_key_id: int, outcome: Outcome, but: Connection | None = None) -> None:
    for connection in state.active_connections():
        if connection is but:
            continue
        externals = state.links.externals_of(internal_key_id, connection.connection_id)
        if externals and _has_trouble(state, connection, outcome):
            continue
        for external in externals:
            _push(state, connection, external, outcome)


def _pull(state: State, connection: Connection, external: ExternalKey, outcome: Outcome, *, always_named: bool) -> bool:
    """Write an actor's values over its record; True when there were both.

    A resync names every record it wrote over, whether a value differed or not; a sync only those that changed.
    """
    actor = connection.erp.find(external.actor_type, external.key)
    if actor is None:
        _break_link(state, connection, external, outcome)
        return False
    record, mapping = _record_of(state, external), _mapping_of(connection, external)
    if record is None or mapping is None:
        return False
    wanted = for_crm(mapping, mapping.to_crm(), actor.values)
    _tell_unmapped_items(connection, wanted, "CRM", outcome)
    changed = _differing(record.values, wanted.values, outcome)
    if changed:
        state.crm.change(record.table, record.record_id, changed)
        state.note(outcome.cause, "crm", f"{record.table} {record.record_id}", changed)
    if changed or always_named:
        outcome.updated[record.table, record.record_id] = None
    return True


def _push(state: State, connection: Connection, external: ExternalKey, outcome: Outcome) -> None:
    record, mapping = _record_of(state, external), _mapping_of(connection, external)
    actor: ErpActor | None = connection.erp.find(external.actor_type, external.key)
    if actor is None:
        _break_link(state, connection, external, outcome)
        return
    if record is None or mapping is None:
        return
    wanted = for_erp(mapping, mapping.to_erp(), record.values)
    _tell_unmapped_items(connection, wanted, "ERP", outcome)
    for mapped in mapping.to_erp():
        if not wanted.values.get(mapped.erp_field_key, "unmapped").strip():
            first = None if external.synced else mapped.first_sync_default_value
            wanted.values[mapped.erp_field_key] = first or mapped.default_value
    changed = _differing(actor.values, wanted.values, outcome)
    if changed:
        connection.erp.change(actor.actor_type, actor.key, changed)
        outcome.actors_written += 1
        state.note(outcome.cause, f"erp {connection.connection_id}", f"{actor.actor_type} {actor.key}", changed)


def _differing(target: dict[str, str], wanted: dict[str, str], outcome: Outcome) -> dict[str, str]:
    """The values to write: those that are not there already."""
    return {
        key: value
        for key, value in wanted.items()
        if target.get(key, "") != value and (outcome.blanks_overwrite or value.strip())
    }


def _fill_first_sync_defaults(state: State, connection: Connection, external: ExternalKey, outcome: Outcome) -> None:
    """Give a newly linked actor the values meant for its first sync, where nothing else fills the field."""
    record, mapping = _record_of(state, external), _mapping_of(connection, external)
    actor = connection.erp.find(external.actor_type, external.key)
    if actor is None or record is None or mapping is None:
        return
    carried = mapping.to_erp()
    filled = {
        mapped.erp_field_key: mapped.first_sync_default_value
        for mapped in mapping.fields
        if mapped.first_sync_default_value and mapped.is_writable and not actor.values.get(mapped.erp_field_key)
        if mapped not in carried or not record.values.get(mapped.crm_field_key)
    }
    if filled:
        connection.erp.change(actor.actor_type, actor.key, filled)
        outcome.actors_written += 1
        state.note(outcome.cause, f"erp {connection.connection_id}", f"{actor.actor_type} {actor.key}", filled)


def _call_synced(state: State, connection: Connection, external: ExternalKey, outcome: Outcome) -> None:
    if not external.synced and _mapping_of(connection, external) is not None:
        state.links.call_synced(external)
        outcome.added["erpexternalkey", external.external_key_id] = None


def _tell_unmapped_items(connection: Connection, translated: Translated, where: str, outcome: Outcome) -> None:
    for mapped, item in translated.unmapped:
        problem = Problem(
            tech_explanation=f"The {where}'s list has no counterpart for the item {item!r} of {mapped.erp_field_key} "
            f"in connection {connection.connection_id}; the field was left as it was.",
            user_explanation=in_two_languages(
                us=f"{mapped.display_name} has a value that is not mapped.",
                no=f"{mapped.display_name} har en verdi som ikke er koblet.",
            ),
            error_code="UNKOWN_LISTITEM_ID",
        )
        if problem not in outcome.problems:
            outcome.problems.append(problem)


def _record_of(state: State, external: ExternalKey) -> CrmRecord | None:
    internal = state.links.internal(external.internal_key_id)
    return None if internal is None else state.crm.find(internal.table, internal.record_id)


def _mapping_of(connection: Connection, external: ExternalKey) -> ActorMapping | None:
    mapping = connection.mappings.get(external.actor_type)
    return mapping if mapping is not None and mapping.is_active else None


def _break_link(state: State, connection: Connection, external: ExternalKey, outcome: Outcome) -> None:
    state.links.part(external)
    outcome.deleted["erpexternalkey", external.external_key_id] = None
    state.note(outcome.cause, f"erp {connection.connection_id}", f"{external.actor_type} {external.key}", ())
    outcome.problems.append(
        Problem(
            tech_explanation=f"The ERP of connection {connection.connection_id} no longer has the "
            f"{external.actor_type} {external.key}; its link was broken.",
            user_explanation=in_two_languages(
                us=f"{external.key} no longer exists in {connection.display_name}.",
                no=f"{external.key} finnes ikke lenger i {connection.display_name}.",
            ),
        )
    )


def _has_trouble(state: State, connection: Connection, outcome: Outcome) -> bool:
    """Whether a connection cannot serve, which is noted once."""
    failure = state.trouble_with(connection)
    if failure is None:
        return False
    problem = Problem(
        tech_explanation=f"Connection {connection.connection_id} failed: {failure.tech_explanation}",
        user_explanation=failure.user_explanation,
        error_code=failure.error_code,
    )
    if problem not in outcome.problems:
        outcome.problems.append(problem)
    return True
