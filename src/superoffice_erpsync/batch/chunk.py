"""What a worker does: one call with the keys of one chunk. All of it is plain and can be pickled."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from superoffice_erpsync.batch.keys import spelled_out
from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.errors import (
    AuthenticationError,
    ConfigurationError,
    ErpSyncError,
    InvalidRequest,
    OperationNotAvailable,
    OperationRefused,
    Outcome,
    ServerFault,
)
from superoffice_erpsync.models import ChangedData, ErpActorType, PluginResponse
from superoffice_erpsync.operations import OPERATIONS

_GATEWAY = frozenset({429, 502, 503, 504})
"""Statuses by which a server, or what stands before it, says that it is not there for anybody."""
_ABOUT_THE_REQUEST = frozenset({200, 400, 422, 500})
"""Statuses with which a server refuses this very call; with others it speaks of the address or of itself."""
_LONGEST_EXPLANATION = 4_000


class Verdict(StrEnum):
    """What an attempt at a chunk means for the batch."""

    DONE = "done"
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    STOP_LOGIN = "login"
    STOP_CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkCall:
    """One chunk to send.

    Attributes:
        number: The chunk's number in the journal.
        operation: The vendor's name of the operation.
        connection_id: The source.
        actor_type: Kind of the actors; None where the keys are ids of internal keys.
        keys: The keys, ids as digits.
    """

    number: int
    operation: str
    connection_id: int
    actor_type: str | None
    keys: tuple[str, ...]

    def arguments(self) -> dict[str, Any]:
        """The arguments of the operation, by Python name."""
        if self.actor_type is None:
            return {"erp_connection_id": self.connection_id, "internal_key_ids": [int(key) for key in self.keys]}
        return {
            "erp_connection_id": self.connection_id,
            "erp_actor_type": ErpActorType(self.actor_type),
            "external_keys": self.keys,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkAnswer:
    """What came of a chunk.

    Attributes:
        number: The chunk's number.
        verdict: What it means.
        explanation: The server's words, or the error's.
        code: The server's own code.
        error: Class of the error, None where an answer came.
        outcome: What is known about the server's side, None where an answer came.
        changes: Numbers of changed records by table and kind.
        seconds: How long it took.
    """

    number: int
    verdict: Verdict
    explanation: str | None = None
    code: str | None = None
    error: str | None = None
    outcome: str | None = None
    changes: dict[str, dict[str, int]] = field(default_factory=dict)
    seconds: float = 0.0


def send_chunk(client: ErpSyncClient, call: ChunkCall) -> ChunkAnswer:
    """Send one chunk.

    Args:
        client: Makes the call.
        call: What to send.

    Returns:
        What came of it; errors of the call are told in it and not raised.
    """
    if not client.telemetry:
        return _sent(client, call)
    from superoffice_erpsync.telemetry import OUTCOME, chunk_span  # noqa: PLC0415 # an extra, which the client has

    with chunk_span(call.number, len(call.keys)) as ended:
        answer = _sent(client, call)
        ended[OUTCOME] = str(answer.verdict)
    return answer


def _sent(client: ErpSyncClient, call: ChunkCall) -> ChunkAnswer:
    started = time.monotonic()
    try:
        response: PluginResponse = getattr(client, OPERATIONS[call.operation].name)(**call.arguments())
    except ErpSyncError as error:
        return answer_of_error(call.number, error, time.monotonic() - started, operation=call.operation)
    return _answer(call.number, response, time.monotonic() - started, client.masked)


def answer_of_error(
    number: int, error: ErpSyncError, seconds: float = 0.0, *, operation: str | None = None
) -> ChunkAnswer:
    """What an error means for a chunk, which was to be sent by an operation; None where it did not come that far."""
    return ChunkAnswer(
        number=number,
        verdict=_verdict(error, on_the_way=error.operation not in (None, operation)),
        explanation=_short(str(error)),
        code=error.code,
        error=type(error).__name__,
        outcome=str(error.outcome),
        seconds=seconds,
    )


def _answer(number: int, response: PluginResponse, seconds: float, masked: Callable[[str], str]) -> ChunkAnswer:
    try:
        response.raise_if_failed()
    except OperationRefused:
        verdict = Verdict.REFUSED
    else:
        verdict = Verdict.DONE
    texts = [text for text in (response.user_explanation, response.tech_explanation) if text]
    return ChunkAnswer(
        number=number,
        verdict=verdict,
        # A server may quote what it was sent, and this goes to a file.
        explanation=_short(masked(" / ".join(texts))) or None,
        code=masked(response.error_code or "") or None,
        changes=_counted(response.changes),
        seconds=seconds,
    )


def _verdict(error: ErpSyncError, *, on_the_way: bool) -> Verdict:
    if isinstance(error, AuthenticationError):
        return Verdict.STOP_LOGIN
    if isinstance(error, ConfigurationError | OperationNotAvailable):
        return Verdict.STOP_CONFIGURATION
    if isinstance(error, InvalidRequest):
        # Some key of it cannot be written on this wire; which one, smaller chunks will tell.
        return Verdict.STOP_CONFIGURATION if on_the_way else Verdict.REFUSED
    if on_the_way:
        # A login that fails, or a WSDL, says nothing of the keys, which have not left.
        return Verdict.NOT_SENT
    if error.outcome is Outcome.UNKNOWN:
        return Verdict.UNKNOWN
    if isinstance(error, ServerFault) and error.too_large:
        return Verdict.TOO_LARGE
    if isinstance(error, ServerFault) and error.outcome is Outcome.REJECTED:
        return Verdict.REFUSED if _is_about_the_keys(error) else Verdict.NOT_SENT
    return Verdict.NOT_SENT


def _is_about_the_keys(error: ServerFault) -> bool:
    if error.can_repeat or error.status in _GATEWAY:
        return False
    return error.status in _ABOUT_THE_REQUEST or error.exception_info is not None


def _counted(changes: ChangedData | None) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    if changes is None:
        return counted
    kinds = (
        ("added", changes.added_records),
        ("updated", changes.updated_records),
        ("deleted", changes.deleted_records),
    )
    for kind, records in kinds:
        for record in records or ():
            if record is not None:
                of_table = counted.setdefault(record.tablename or "", {})
                of_table[kind] = of_table.get(kind, 0) + 1
    return counted


def _short(text: str) -> str:
    return spelled_out(text if len(text) <= _LONGEST_EXPLANATION else f"{text[:_LONGEST_EXPLANATION]}…")
