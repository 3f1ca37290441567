"""What OpenTelemetry is told of calls: spans, their duration, and how they ended.

It knows neither keys nor secrets: of arguments, answers and the texts of errors nothing goes into it. Where spans and
numbers go is up to the program, by the providers of OpenTelemetry's API; without any they go nowhere.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from opentelemetry import metrics, trace
from opentelemetry.trace import Span, SpanKind, StatusCode

from superoffice_erpsync.errors import ErpSyncError
from superoffice_erpsync.transports.base import TransportAround
from superoffice_erpsync.version import VERSION

if TYPE_CHECKING:
    from superoffice_erpsync.operations import Operation
    from superoffice_erpsync.options import EffectiveOptions
    from superoffice_erpsync.transports.base import Transport

T = TypeVar("T")

_NAME = "superoffice_erpsync"
_PORTS = {"http": 80, "https": 443}
OUTCOME = "erpsync.outcome"
"""Attribute: `done`, `refused` where the answer is no (IsOk=false), else what is known of the server's side."""


class Telemetry:
    """Tracer and instruments of this package, from the providers that the program has set."""

    def __init__(self) -> None:
        self.tracer = trace.get_tracer(_NAME, VERSION)
        meter = metrics.get_meter(_NAME, VERSION)
        self.duration = meter.create_histogram(
            "rpc.client.duration", unit="ms", description="Calls with their login, repeats and waiting."
        )
        self.calls = meter.create_counter("erpsync.client.calls", unit="{call}", description="Calls by outcome.")
        self.chunk_duration = meter.create_histogram(
            "erpsync.chunk.duration", unit="ms", description="Chunks of a batch."
        )
        self.keys = meter.create_counter("erpsync.chunk.keys", unit="{key}", description="Keys sent, by outcome.")

    @contextmanager
    def span(
        self, name: str, attributes: Mapping[str, Any] | None = None, kind: SpanKind = SpanKind.INTERNAL
    ) -> Iterator[Span]:
        """A span that is current while it lasts. The texts of errors stay out of it: they may quote keys."""
        with self.tracer.start_as_current_span(
            name, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except BaseException as problem:
                span.set_attribute("error.type", type(problem).__name__)
                span.set_status(StatusCode.ERROR)
                raise


class ToldTransport(TransportAround):
    """A transport around a transport: a span a call, with an event for each attempt that failed.

    Args:
        inner: Makes the calls, with their repeats.
        telemetry: Tracer and instruments.
        system: `soap` or `rest`.
        address: The installation's address.
    """

    def __init__(self, inner: Transport, telemetry: Telemetry, system: str, address: str) -> None:
        super().__init__(inner)
        self._telemetry = telemetry
        self._constant = {"rpc.system": system, **_server(address)}

    def call(self, operation: Operation[T], arguments: Mapping[str, Any], options: EffectiveOptions) -> T:
        """Carry out an operation, see `Transport.call`."""
        attributes = {**self._constant, "rpc.service": operation.service, "rpc.method": operation.wire}
        ended: dict[str, Any] = {OUTCOME: "unknown"}
        started = time.perf_counter()
        name = f"{operation.service}/{operation.wire}"
        try:
            with self._telemetry.span(name, attributes, SpanKind.CLIENT) as span:
                try:
                    result = self._inner.call(operation, arguments, options)
                    ended = {OUTCOME: _outcome_of(result)}
                except ErpSyncError as error:
                    ended = _facts_of(error)
                    raise
                finally:
                    span.set_attributes(ended)
        finally:
            told = {**attributes, **ended}
            self._telemetry.duration.record(1000 * (time.perf_counter() - started), told)
            self._telemetry.calls.add(1, told)
        return result


class ToldAttempts(TransportAround):
    """A transport within the repeats: each attempt that fails is an event of the call's span.

    Args:
        inner: Makes the attempts.
    """

    def call(self, operation: Operation[T], arguments: Mapping[str, Any], options: EffectiveOptions) -> T:
        """Make one attempt, see `Transport.call`."""
        try:
            return self._inner.call(operation, arguments, options)
        except ErpSyncError as error:
            trace.get_current_span().add_event("attempt failed", _facts_of(error))
            raise


@contextmanager
def chunk_span(number: int, keys: int) -> Iterator[dict[str, Any]]:
    """A span around a chunk of a batch, of which its call is a part.

    Args:
        number: The chunk's number in the journal.
        keys: How many keys it has.

    Yields:
        Where to put the verdict.
    """
    telemetry = Telemetry()
    ended = {OUTCOME: "unknown"}
    started = time.perf_counter()
    try:
        with telemetry.span("erpsync chunk", {"erpsync.chunk.number": number, "erpsync.chunk.size": keys}) as span:
            try:
                yield ended
            finally:
                span.set_attributes(ended)
    finally:
        telemetry.chunk_duration.record(1000 * (time.perf_counter() - started), ended)
        telemetry.keys.add(keys, ended)


def _outcome_of(result: object) -> str:
    return "refused" if getattr(result, "is_ok", None) is False else "done"


def _facts_of(error: ErpSyncError) -> dict[str, Any]:
    facts: dict[str, Any] = {OUTCOME: str(error.outcome), "error.type": type(error).__name__}
    return facts if error.status is None else {**facts, "http.response.status_code": error.status}


def _server(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    port = parts.port or _PORTS.get(parts.scheme)
    return {"server.address": parts.hostname or "", **({} if port is None else {"server.port": port})}
