"""The trace: requests and answers, without secrets, appended to a file as they happen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from superoffice_erpsync.cli.output import note
from superoffice_erpsync.cli.private_files import open_for_owner
from superoffice_erpsync.errors import ConfigurationError

if TYPE_CHECKING:
    from superoffice_erpsync.transports.exchange import Exchange, Observer


@contextmanager
def tracing(path: Path | None) -> Iterator[Observer | None]:
    """An observer that writes to the file, None where no trace is wanted.

    Raises:
        ConfigurationError: The file cannot be opened for writing.
    """
    if path is None:
        yield None
        return
    try:
        file = open_for_owner(path)
    except OSError as problem:
        raise ConfigurationError(f"the trace cannot be written to {path}: {problem.strerror}") from None
    trace = Trace(file)
    try:
        yield trace.write
    finally:
        trace.close()


class Trace:
    """Writes exchanges one after the other. A full disk ends the trace, not the call that it is about."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._works = True

    def write(self, exchange: Exchange) -> None:
        """Append one exchange."""
        if not self._works:
            return
        try:
            self._file.write(as_text(exchange, datetime.now(UTC)))
            self._file.flush()
        except OSError as problem:
            self._works = False
            note(f"note: the trace ends here, it cannot be written: {problem.strerror}")

    def close(self) -> None:
        """Close the file."""
        try:
            self._file.close()
        except OSError:
            # What could not be written was told about by `write`.
            self._works = False


def as_text(exchange: Exchange, moment: datetime) -> str:
    """An exchange as the trace shows it."""
    answer = "no answer" if exchange.status is None else f"HTTP {exchange.status}"
    reason = f", {exchange.error}" if exchange.error else ""
    return "\n".join(
        [
            f"==== {moment.isoformat(timespec='milliseconds')} {exchange.operation} to {exchange.url}",
            *_headers(exchange.request_headers),
            "",
            exchange.request,
            f"---- {answer} after {exchange.seconds:.3f} s{reason}",
            *_headers(exchange.response_headers),
            "",
            exchange.response,
            "",
            "",
        ]
    )


def _headers(headers: Mapping[str, str]) -> list[str]:
    return [f"{name}: {value}" for name, value in headers.items()]
