"""Sync and resync: the operations that answer with a PluginResponse, and the queued one that answers nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from superoffice_erpsync.sandbox.explanations import in_two_languages
from superoffice_erpsync.sandbox.moving import Outcome, Problem, resync_from_crm, resync_from_erp, sync_changes
from superoffice_erpsync.sandbox.state import BatchTask, State
from superoffice_erpsync.sandbox.state.connections import Connection
from superoffice_erpsync.sandbox.state.links import ExternalKey, InternalKey


def sync_all(state: State, _arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Carry what changed, but only while automatic sync is on."""
    outcome = Outcome("SyncAll")
    if state.engine.running:
        sync_changes(state, outcome)
    else:
        outcome.problems.append(
            Problem(
                tech_explanation="The sync engine is stopped. Start it with ChangeEngineStatus, or call ForceSyncAll.",
                user_explanation=in_two_languages(
                    us="Automatic sync is turned off.", no="Automatisk synkronisering er slått av."
                ),
            )
        )
    return plugin_response(outcome)


def force_sync_all(state: State, _arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Carry what changed, whether automatic sync is on or off."""
    outcome = Outcome("ForceSyncAll")
    sync_changes(state, outcome)
    return plugin_response(outcome)


def force_resync(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Write records over all other sides, named by the ids of their internal keys; none named means all."""
    outcome = Outcome("ForceResync")
    _resync(state, arguments["ErpConnectionId"], arguments["InternalKeyIds"] or (), outcome)
    return plugin_response(outcome)


def force_resync_no_blank_values(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """As `force_resync`, but what is blank at the source stays as it is on the other sides."""
    outcome = Outcome("ForceResyncNoBlankValues", blanks_overwrite=False)
    _resync(state, arguments["ErpConnectionId"], arguments["InternalKeyIds"] or (), outcome)
    return plugin_response(outcome)


def force_resync_external(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Write actors of one ERP over all other sides, named by their keys in that ERP; none named means all."""
    return _resync_external(state, arguments, Outcome("ForceResyncExternal"))


def force_resync_external_no_blank_values(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """As `force_resync_external`, but what is blank at the source stays as it is on the other sides."""
    return _resync_external(state, arguments, Outcome("ForceResyncExternalNoBlankValues", blanks_overwrite=False))


def force_resync_batch_task(state: State, arguments: Mapping[str, Any]) -> None:
    """Queue what `force_resync` does at once."""
    state.queue.append(
        BatchTask(
            due_at=state.clock() + state.batch_delay,
            connection_id=arguments["ErpConnectionId"],
            internal_key_ids=tuple(arguments["InternalKeyIds"] or ()),
        )
    )


def carry_out_queue(state: State, until: datetime | None = None) -> bool:
    """Do the queued resyncs that are due at the given time, or all of them; whether there were any."""
    due = [task for task in state.queue if until is None or task.due_at <= until]
    state.queue[:] = [task for task in state.queue if task not in due]
    for task in due:
        _resync(state, task.connection_id, task.internal_key_ids, Outcome("batch"))
    return bool(due)


def sync_by_itself(state: State, now: datetime) -> bool:
    """What the engine does when its interval has passed; whether it had."""
    if not state.engine.is_due(now):
        return False
    sync_changes(state, Outcome("engine"))
    return True


def plugin_response(outcome: Outcome) -> dict[str, Any]:
    """The answer that tells what was done."""
    problems, written = outcome.problems, len(outcome.updated)
    done = f"{written} records of the CRM and {outcome.actors_written} actors of ERPs were written."
    user = in_two_languages(us=f"{written} records are up to date.", no=f"{written} poster er oppdatert.")
    return {
        "IsOk": not problems,
        "UserExplanation": problems[0].user_explanation if problems else user,
        "TechExplanation": " ".join([*(problem.tech_explanation for problem in problems), done]),
        "ErrorCode": next((problem.error_code for problem in problems if problem.error_code), None),
        "Changes": _changes(outcome),
        "Status": _status(outcome),
    }


def _status(outcome: Outcome) -> str:
    if outcome.problems:
        return "Error"
    # The caller asked for something to be done and nothing was: that is worth reading.
    return "Ok" if outcome.updated or outcome.actors_written else "OkWithInfo"


def _changes(outcome: Outcome) -> dict[str, Any] | None:
    if not outcome.added and not outcome.updated and not outcome.deleted:
        return None
    return {
        "AddedRecords": _items(outcome.added),
        "UpdatedRecords": _items(outcome.updated),
        "DeletedRecords": _items(outcome.deleted),
    }


def _items(records: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"Tablename": table, "RecordId": record_id} for table, record_id in records]


def _resync_external(state: State, arguments: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    connection_id, actor_type = arguments["ErpConnectionId"], arguments["ErpActorType"]
    source = _source(state, connection_id, outcome)
    if source is None:
        return plugin_response(outcome)
    if actor_type not in source.mappings:
        outcome.problems.append(_no_such_actors(source, actor_type))
        return plugin_response(outcome)
    wanted = list(dict.fromkeys(arguments["ExternalKeys"] or ()))
    if not wanted:
        resync_from_erp(state, source, state.links.externals_in(connection_id, actor_type), outcome)
        return plugin_response(outcome)
    found: list[ExternalKey] = []
    unknown: list[str] = []
    for key in wanted:
        external = state.links.external(connection_id, actor_type, key or "")
        if external is None:
            unknown.append(key or "(none)")
        else:
            found.append(external)
    resync_from_erp(state, source, found, outcome)
    if unknown:
        outcome.problems.append(_unknown(unknown, len(wanted), f"{actor_type} keys", f"connection {connection_id}"))
    return plugin_response(outcome)


def _resync(state: State, connection_id: int, internal_key_ids: Iterable[int], outcome: Outcome) -> None:
    """Resync internal keys from a connection's ERP, or from the CRM where the connection's id is 0."""
    source = None if connection_id == 0 else _source(state, connection_id, outcome)
    if connection_id != 0 and source is None:
        return
    internals, unknown, asked = _internal_keys(state, internal_key_ids, connection_id)
    if source is None:
        resync_from_crm(state, internals, outcome)
    else:
        externals = [
            external
            for internal in internals
            for external in state.links.externals_of(internal.internal_key_id, connection_id)
        ]
        resync_from_erp(state, source, externals, outcome)
    if unknown:
        where = "the CRM" if source is None else f"connection {connection_id}"
        outcome.problems.append(_unknown([str(number) for number in unknown], asked, "internal key ids", where))


def _internal_keys(state: State, wanted: Iterable[int], connection_id: int) -> tuple[list[InternalKey], list[int], int]:
    """The keys that the source knows, the ids it does not know, and how many were asked for."""
    source_id = connection_id or None
    ids = list(dict.fromkeys(wanted))
    if not ids:
        everything = state.links.internal_keys()
        known = [key for key in everything if state.links.externals_of(key.internal_key_id, source_id)]
        return known, [], len(known)
    known, unknown = [], []
    for number in ids:
        internal = state.links.internal(number)
        if internal is None or not state.links.externals_of(number, source_id):
            unknown.append(number)
        else:
            known.append(internal)
    return known, unknown, len(ids)


def _source(state: State, connection_id: int, outcome: Outcome) -> Connection | None:
    """The connection to read from; None, and a problem noted, where it cannot serve."""
    connection = state.connection(connection_id)
    if connection is None:
        outcome.problems.append(
            Problem(
                tech_explanation=f"There is no connection {connection_id}.",
                user_explanation=in_two_languages(
                    us="The ERP connection does not exist.", no="ERP-forbindelsen finnes ikke."
                ),
                error_code="UNKNOWN_CONNECTION_ID",
            )
        )
        return None
    if not connection.active:
        outcome.problems.append(
            Problem(
                tech_explanation=f"Connection {connection_id} is not active, so nothing is synced from it.",
                user_explanation=in_two_languages(
                    us=f"{connection.display_name} is not active.", no=f"{connection.display_name} er ikke aktiv."
                ),
            )
        )
        return None
    return connection


def _no_such_actors(connection: Connection, actor_type: str) -> Problem:
    return Problem(
        tech_explanation=f"Connection {connection.connection_id} has no mapping for the actor type {actor_type}.",
        user_explanation=in_two_languages(
            us=f"{connection.display_name} does not sync {actor_type}.",
            no=f"{connection.display_name} synkroniserer ikke {actor_type}.",
        ),
    )


def _unknown(keys: list[str], asked: int, kind: str, where: str) -> Problem:
    return Problem(
        tech_explanation=f"{len(keys)} of {asked} {kind} are unknown to {where} and were skipped: {', '.join(keys)}.",
        user_explanation=in_two_languages(
            us=f"{len(keys)} of {asked} records were not found.", no=f"{len(keys)} av {asked} poster ble ikke funnet."
        ),
    )
