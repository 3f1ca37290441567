"""Before a resync on services that cannot keep filled values: which keys would have some blanked in the CRM."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Future
from dataclasses import dataclass
from itertools import islice

from superoffice_erpsync.batch.courtesy import Pace
from superoffice_erpsync.batch.workers import Workers
from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.errors import ConfigurationError, InvalidRequest, Outcome, ServerFault, TransportError
from superoffice_erpsync.models import CrmActorType, ErpActorType, ErpSyncFieldValue

_PAGE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """Compares the values of CRM and ERP for each key, and leaves out keys that would have filled values blanked.

    It takes two calls a key. Only the CRM is looked at, not the other ERPs that a resync writes to as well. A key whose
    values cannot be had is left out too.

    Attributes:
        crm_ids: The CRM's record id, for example the contact id, of each key: a mapping, or something to call that
            gives None where there is none. No operation of ErpSync tells it.
    """

    crm_ids: Mapping[str, int] | Callable[[str], int | None]

    def crm_id(self, key: str) -> int | None:
        """The record id of a key.

        Args:
            key: The key in the ERP.

        Returns:
            The id in the CRM; None where it is not known.

        Raises:
            InvalidRequest: It is no number above zero.
        """
        found = self.crm_ids(key) if callable(self.crm_ids) else self.crm_ids.get(key)
        if found is not None and (isinstance(found, bool) or not isinstance(found, int) or found < 1):
            raise InvalidRequest(f"the CRM record id of a key is {found!r}, which is no number above zero")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One key to look at. Attributes as in the operations GetFieldValuesFromCrm and GetFieldValuesFromErp."""

    number: int
    key: str
    record_id: int
    connection_id: int
    actor_type_erp: ErpActorType
    actor_type_crm: CrmActorType


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What is to be said against a resync of a key.

    Attributes:
        number: The key's number.
        fields: Filled fields of the CRM that would be blanked.
        problem: Why the values cannot be compared; None where they were.
    """

    number: int
    fields: tuple[str, ...] = ()
    problem: str | None = None


def compare(client: ErpSyncClient, what: Comparison) -> Compared:
    """Look at the values of one key on both sides.

    Raises:
        ErpSyncError: The installation cannot be asked. What it says against a single key is an answer.
    """
    try:
        in_crm = client.get_field_values_from_crm(record_id=what.record_id, actor_type_crm=what.actor_type_crm)
        in_erp = client.get_field_values_from_erp(
            erp_connection_id=what.connection_id, actor_type_erp=what.actor_type_erp, erp_key=what.key
        )
    except ServerFault as fault:
        if fault.can_repeat or fault.outcome is not Outcome.REJECTED or fault.exception_info is None:
            raise
        return Compared(number=what.number, problem=f"its values cannot be compared: {fault.message}")
    if in_crm is None or in_erp is None:
        side = f"CRM record {what.record_id}" if in_crm is None else "the key in the ERP"
        return Compared(number=what.number, problem=f"its values cannot be compared: the server has none for {side}")
    return Compared(number=what.number, fields=_blanked(in_crm, in_erp))


def leave_out(
    connection: sqlite3.Connection,
    preflight: Preflight,
    workers: Workers,
    pace: Pace,
    *,
    connection_id: int,
    actor_type: ErpActorType,
    client: ErpSyncClient,
) -> None:
    """Mark the keys of a plan that must not be sent.

    Args:
        connection: The journal's, in a transaction.
        preflight: Knows the CRM records.
        workers: Make the calls.
        pace: Says how fast.
        connection_id: The source.
        actor_type: Kind of the actors.
        client: Tells the kind of the CRM's records.

    Raises:
        ConfigurationError: These actors have no counterpart in the CRM.
        ErpSyncError: The installation cannot be asked.
    """
    crm_type = client.get_crm_actor_type(erp_connection_id=connection_id, erp_actor_type=actor_type)
    if crm_type == CrmActorType.UNKNOWN:
        raise ConfigurationError(f"connection {connection_id} has no counterpart of {actor_type} in the CRM")
    asked: list[Comparison] = []
    for number, key in _keys(connection):
        record_id = preflight.crm_id(key)
        if record_id is None:
            _mark(connection, Compared(number=number, problem="its CRM record is not known"))
            continue
        asked.append(
            Comparison(
                number=number,
                key=key,
                record_id=record_id,
                connection_id=connection_id,
                actor_type_erp=actor_type,
                actor_type_crm=crm_type,
            )
        )
        if len(asked) == _PAGE:
            _ask(connection, asked, workers, pace)
            asked = []
    _ask(connection, asked, workers, pace)


def _ask(connection: sqlite3.Connection, asked: list[Comparison], workers: Workers, pace: Pace) -> None:
    waiting: list[Future[Compared]] = []
    rest = iter(asked)
    try:
        while True:
            for what in islice(rest, workers.most - len(waiting)):
                pace.go(2)
                waiting.append(workers.submit(compare, what))
            if not waiting:
                return
            _mark(connection, waiting.pop(0).result())
    except (BrokenExecutor, CancelledError) as problem:
        raise TransportError(
            f"a worker was lost while values were compared: {str(problem) or type(problem).__name__}",
            outcome=Outcome.NOT_SENT,
            can_repeat=True,
            hint="no resync was sent; start it again",
        ) from None
    finally:
        for future in waiting:
            future.cancel()


def _keys(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    last = 0
    while page := connection.execute(
        "SELECT number, key FROM key WHERE number > ? ORDER BY number LIMIT ?", (last, _PAGE)
    ).fetchall():
        yield from page
        last = page[-1][0]


def _mark(connection: sqlite3.Connection, compared: Compared) -> None:
    reason = compared.problem
    if compared.fields:
        reason = f"filled values in the CRM would be blanked: {', '.join(compared.fields)}"
    if reason is not None:
        connection.execute(
            "UPDATE key SET state = 'left_out', explanation = ?, fields = ? WHERE number = ?",
            (reason, json.dumps(compared.fields), compared.number),
        )


def _blanked(in_crm: list[ErpSyncFieldValue | None], in_erp: list[ErpSyncFieldValue | None]) -> tuple[str, ...]:
    """Fields that are filled in the CRM, blank in the ERP, and carried to the CRM as either side says.

    A field that the ERP's side does not name is not mapped in this connection, so that nothing of it is carried. Of
    several fields of the ERP for one of the CRM, each may be the one that is carried last.
    """
    carried: dict[str, bool] = {}
    for field in in_erp:
        if field is not None and field.crm_field_key and _is_blank(field):
            carried[field.crm_field_key] = field.sync_to_crm or carried.get(field.crm_field_key, False)
    return tuple(
        field.crm_field_key
        for field in in_crm
        if field is not None
        and field.crm_field_key in carried
        and not _is_blank(field)
        and (field.sync_to_crm or carried[field.crm_field_key])
    )


def _is_blank(field: ErpSyncFieldValue) -> bool:
    return not (field.value or "").strip()
