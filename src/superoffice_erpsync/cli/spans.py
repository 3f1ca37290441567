"""Telemetry of the command: whether it is wanted, and the span around all that it does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.errors import ConfigurationError

if TYPE_CHECKING:
    from superoffice_erpsync.cli.options import GlobalOptions

_EXPORTERS = (
    "OTEL_TRACES_EXPORTER",
    "OTEL_METRICS_EXPORTER",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
)
"""Standard variables that somebody sets who collects telemetry. What is done with it is up to whoever does."""


def telemetry_wanted(options: GlobalOptions) -> bool:
    """Whether OpenTelemetry is to be told.

    Raises:
        ConfigurationError: It is, and is not installed.
    """
    if options.otel is None:
        disabled = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
        named = any(os.environ.get(name, "none") not in ("", "none") for name in _EXPORTERS)
        return named and not disabled and _installed()
    if options.otel and not _installed():
        raise ConfigurationError(
            f"{options.called('otel')} needs OpenTelemetry",
            hint="pip install 'superoffice-erpsync[otel]', and the SDK with an exporter",
        )
    return options.otel


@contextmanager
def command_span(command: str) -> Iterator[Callable[[ExitCode], None]]:
    """A span around the command, of which its calls are parts.

    Yields what to tell the exit code to.
    """
    from superoffice_erpsync.telemetry import Telemetry

    with Telemetry().span(f"erpsync {command}") as span:

        def end(code: ExitCode) -> None:
            span.set_attribute("process.exit.code", int(code))

        yield end


def _installed() -> bool:
    from importlib.util import find_spec  # loaded where somebody asks

    # The package above it is there with any of its parts.
    return find_spec("opentelemetry") is not None and find_spec("opentelemetry.trace") is not None
