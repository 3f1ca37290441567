"""A line on standard error for each call that is made again: silence would look like a standstill.

Where a log is kept, it has a record of each anyway.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from superoffice_erpsync.cli.logs import current_log
from superoffice_erpsync.cli.output import note
from superoffice_erpsync.redaction import Secret, scrub


class _Notes(logging.Handler):
    def __init__(self, secrets: list[Secret]) -> None:
        super().__init__(logging.INFO)
        self._secrets = secrets

    def emit(self, record: logging.LogRecord) -> None:
        note(f"note: {scrub(record.getMessage(), self._secrets)}")


@contextmanager
def repeats_told(secrets: list[Secret]) -> Iterator[None]:
    """Tell of repeats while it lasts.

    Args:
        secrets: What must not be shown; more may be added meanwhile.
    """
    ours, theirs = logging.getLogger("superoffice_erpsync.retry"), logging.getLogger("stamina")
    notes = _Notes(secrets)
    level, propagate = ours.level, theirs.propagate
    if current_log() is None:
        ours.addHandler(notes)
        ours.setLevel(logging.INFO)
    # stamina's own line says neither what failed nor why.
    theirs.propagate = False
    theirs.addHandler(nothing := logging.NullHandler())
    try:
        yield
    finally:
        ours.removeHandler(notes)
        ours.setLevel(level)
        theirs.removeHandler(nothing)
        theirs.propagate = propagate
