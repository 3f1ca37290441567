"""What OpenTelemetry's own SDK gets of real calls, and what it must never get."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from integration.command_apart import environment
from integration.conftest import QUICK, MakeClient
from superoffice_erpsync import (
    EnvironmentSecret,
    ErpActorType,
    ErpSyncClient,
    ErpSyncError,
    Retry,
    UsernamePassword,
)
from superoffice_erpsync.batch import resync
from superoffice_erpsync.cli.options import GlobalOptions
from superoffice_erpsync.cli.spans import telemetry_wanted
from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.sandbox.faults import FaultRule

sdk = pytest.importorskip("opentelemetry.sdk.trace", reason="the SDK of OpenTelemetry is not installed")

from opentelemetry import metrics, trace  # noqa: E402
from opentelemetry.sdk.metrics import MeterProvider  # noqa: E402
from opentelemetry.sdk.metrics.export import InMemoryMetricReader  # noqa: E402
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider  # noqa: E402
from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: E402
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter  # noqa: E402
from opentelemetry.trace import SpanKind, StatusCode  # noqa: E402

WHO = UsernamePassword("tje0", "Tje0")


class Collected:
    """What was told since it was cleared."""

    def __init__(self) -> None:
        self._spans = InMemorySpanExporter()
        self._numbers = InMemoryMetricReader()
        tracers = TracerProvider(shutdown_on_exit=False)
        tracers.add_span_processor(SimpleSpanProcessor(self._spans))
        trace.set_tracer_provider(tracers)
        metrics.set_meter_provider(MeterProvider([self._numbers], shutdown_on_exit=False))

    def clear(self) -> None:
        self._spans.clear()

    def spans(self, name: str = "") -> list[ReadableSpan]:
        return [one for one in self._spans.get_finished_spans() if name in one.name]

    def points(self, name: str) -> list[Any]:
        """The points of a metric, with all that was told in this process."""
        data = self._numbers.get_metrics_data()
        found = [
            metric.data.data_points
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name
        ]
        return [point for points in found for point in points]


@pytest.fixture(scope="session")
def _collected() -> Collected:
    # A process has its providers once and for all.
    return Collected()


@pytest.fixture
def told(_collected: Collected) -> Iterator[Collected]:
    _collected.clear()
    yield _collected
    _collected.clear()


def count(told: Collected, box: Sandbox, outcome: str) -> int:
    """Calls of the box that ended so."""
    port = int(box.url.split(":")[2].split("/")[0])
    points = told.points("erpsync.client.calls")
    return sum(
        one.value
        for one in points
        if (one.attributes["server.port"], one.attributes["erpsync.outcome"]) == (port, outcome)
    )


def all_attributes(spans: list[ReadableSpan]) -> str:
    return repr([(one.name, dict(one.attributes or {}), one.events, one.status.description) for one in spans])


@pytest.mark.parametrize("system", ["soap", "rest"])
def test_a_call_is_a_span_and_a_number(sandbox: Sandbox, told: Collected, system: str) -> None:
    make, url = (ErpSyncClient.soap, sandbox.url) if system == "soap" else (ErpSyncClient.rest, sandbox.rest_url)
    with make(url, WHO, telemetry=True) as client:
        client.get_engine_status()
    (span,) = told.spans()
    assert (span.name, span.kind, span.status.status_code) == (
        "ErpSync/GetEngineStatus",
        SpanKind.CLIENT,
        StatusCode.UNSET,
    )
    port = int(url.split(":")[2].split("/")[0])
    assert dict(span.attributes or {}) == {
        "rpc.system": system,
        "rpc.service": "ErpSync",
        "rpc.method": "GetEngineStatus",
        "server.address": "127.0.0.1",
        "server.port": port,
        "erpsync.outcome": "done",
    }
    assert count(told, sandbox, "done") == 1
    durations = [one for one in told.points("rpc.client.duration") if one.attributes["server.port"] == port]
    assert [(one.count, 0 < one.sum < 60_000) for one in durations] == [(1, True)]


def test_failures_tell_their_outcome_and_each_attempt(
    sandbox: Sandbox, told: Collected, make_client: MakeClient
) -> None:
    client = make_client(sandbox.url, WHO, telemetry=True)
    sandbox.faults.add(FaultRule(kind="unavailable", seconds=0, operation="GetEngineStatus", count=1))
    client.get_engine_status()
    (repeated,) = told.spans()
    assert [(one.name, dict(one.attributes or {})) for one in repeated.events] == [
        (
            "attempt failed",
            {"erpsync.outcome": "rejected", "error.type": "ServerFault", "http.response.status_code": 503},
        )
    ]
    told.clear()
    sandbox.faults.add(FaultRule(kind="lost_answer", operation="ForceResyncExternal", count=1))
    with pytest.raises(ErpSyncError):
        client.force_resync_external(
            erp_connection_id=1, erp_actor_type=ErpActorType.CUSTOMER, external_keys=["planted-key"]
        )
    (lost,) = told.spans()
    attributes = dict(lost.attributes or {})
    assert lost.status.status_code is StatusCode.ERROR
    assert (attributes["erpsync.outcome"], attributes["error.type"]) == ("unknown", "TransportError")
    assert count(told, sandbox, "unknown") == 1


def test_an_answer_that_is_no_is_refused_and_no_error(sandbox: Sandbox, told: Collected) -> None:
    with ErpSyncClient.soap(sandbox.url, WHO, telemetry=True) as client:
        answer = client.force_resync_external(
            erp_connection_id=1, erp_actor_type=ErpActorType.CUSTOMER, external_keys=["planted-key"]
        )
    assert not answer.is_ok
    (span,) = told.spans()
    assert (span.attributes or {})["erpsync.outcome"] == "refused"
    assert span.status.status_code is StatusCode.UNSET


def test_no_secret_and_no_key_is_told(sandbox: Sandbox, told: Collected) -> None:
    wrong = UsernamePassword("tje0", "planted-pw")
    with ErpSyncClient.soap(sandbox.url, wrong, telemetry=True, retry=QUICK) as client, pytest.raises(ErpSyncError):
        client.get_engine_status()
    with ErpSyncClient.soap(sandbox.url, WHO, telemetry=True) as client:
        report = resync(client, connection_id=1, keys=["planted-key", "C1001"], actor_type=ErpActorType.CUSTOMER)
        report.close()
    shown = all_attributes(told.spans())
    for secret in ("planted", "C1001", "Tje0", "7T:"):
        assert secret not in shown


def test_the_chunks_of_a_run_are_spans_around_their_calls(sandbox: Sandbox, told: Collected) -> None:
    keys = [*sandbox.seed(companies=40).keys, "NOPE"]
    tracer = trace.get_tracer("the caller's own")
    with ErpSyncClient.soap(sandbox.url, WHO, telemetry=True) as client, tracer.start_as_current_span("job") as job:
        report = resync(client, connection_id=1, keys=keys, actor_type=ErpActorType.CUSTOMER, chunk_size=20)
        report.close()
    chunks, calls = told.spans("erpsync chunk"), told.spans("ErpSync/ForceResyncExternal")
    assert len(chunks) == len(calls) == report.calls
    assert {one.parent.span_id for one in chunks if one.parent} == {job.get_span_context().span_id}
    assert {one.parent.span_id for one in calls if one.parent} == {one.context.span_id for one in chunks if one.context}
    verdicts = {(one.attributes or {})["erpsync.outcome"] for one in chunks}
    assert verdicts == {"done", "refused"}
    sent = {one.attributes["erpsync.outcome"]: one.value for one in told.points("erpsync.chunk.keys")}
    assert sent["done"] >= 40


def test_a_client_that_tells_can_be_pickled(sandbox: Sandbox, told: Collected, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERPSYNC_PASSWORD", "Tje0")
    who = UsernamePassword("tje0", EnvironmentSecret("ERPSYNC_PASSWORD"))
    with ErpSyncClient.soap(sandbox.url, who, telemetry=True, retry=Retry()) as client:
        parcel = pickle.dumps(client)
    with pickle.loads(parcel) as other:
        other.get_engine_status()
        assert other.telemetry
    assert len(told.spans()) == 1


def test_who_does_not_ask_loads_and_tells_nothing(sandbox: Sandbox, told: Collected) -> None:
    with ErpSyncClient.soap(sandbox.url, WHO) as client:
        client.get_engine_status()
    assert told.spans() == []
    script = "import sys, superoffice_erpsync as s; s.ErpSyncClient.soap('http://127.0.0.1:9/Remote/Services86');"
    script += "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    shown = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60)
    assert shown.stdout.strip() == "[]"


PROGRAM = """
import sys
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

tracers = TracerProvider()
line = lambda span: f"{span.name} {dict(span.attributes)} {span.parent is not None}\\n"
tracers.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(out=sys.stderr, formatter=line)))
trace.set_tracer_provider(tracers)
from superoffice_erpsync.cli import main

main()
"""


@pytest.mark.parametrize(
    ("otel", "variables", "wanted"),
    [
        (True, {}, True),
        (None, {}, False),
        (None, {"OTEL_TRACES_EXPORTER": "otlp"}, True),
        (None, {"OTEL_TRACES_EXPORTER": "none"}, False),
        (False, {"OTEL_TRACES_EXPORTER": "otlp"}, False),
        (None, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}, True),
        (None, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_the_command_tells_where_it_is_asked_or_somebody_collects(
    monkeypatch: pytest.MonkeyPatch, otel: bool | None, variables: dict[str, str], wanted: bool
) -> None:
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert telemetry_wanted(GlobalOptions(otel=otel)) is wanted


def test_the_command_has_a_span_around_its_calls(sandbox: Sandbox) -> None:
    login = {"ERPSYNC_URL": sandbox.url, "ERPSYNC_USERNAME": "tje0", "ERPSYNC_PASSWORD": "Tje0"}
    variables = {name: value for name, value in environment(**login).items() if not name.startswith("OTEL_")}
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, "call", "GetEngineStatus"],
        env=variables | {"OTEL_TRACES_EXPORTER": "otlp"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    call, command = result.stderr.splitlines()
    assert call.startswith("ErpSync/GetEngineStatus {")
    assert call.endswith(" True")
    assert command == "erpsync call {'process.exit.code': 0} False"
