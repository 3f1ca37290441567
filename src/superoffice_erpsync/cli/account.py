"""What there is to tell of a command: in each of its records, and in its last word."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from superoffice_erpsync.cli.exit_codes import MEANINGS, OUTCOMES, ExitCode
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import ErpSyncError

if TYPE_CHECKING:
    import logging

    from superoffice_erpsync.batch import ResyncReport

COMMAND_LOG = "superoffice_erpsync.command"
"""The logger of what the command itself says."""

_ALWAYS_COUNTED = ("done", "failed", "unknown")
_LEVELS = {ExitCode.OK: "INFO", ExitCode.REFUSED: "WARNING", ExitCode.INCOMPLETE: "WARNING"}


@dataclass(slots=True, kw_only=True)
class Account:
    """What is known of a command while it runs. The command adds to it."""

    command: str = ""
    connection: int | None = None
    """The ERP connection, or 0 for the CRM, where the command is about one."""
    deadline: Deadline = field(default_factory=Deadline)
    """When the whole command must have ended."""
    calling: bool = False
    """Whether calls can have been made."""
    ends_by_itself: bool = False
    """Whether what is left to do needs nobody who cuts it off: a batch whose calls are made."""
    began: float = field(default_factory=time.monotonic)
    facts: dict[str, Any] = field(default_factory=dict)
    """What only the last word tells: what went wrong, by the names of its fields, and numbers of keys."""

    @property
    def constant(self) -> dict[str, Any]:
        """What every record tells."""
        known = {"command": self.command or None, "connection": self.connection}
        return {name: value for name, value in known.items() if value is not None}

    def note_error(self, error: Exception) -> None:
        """Keep what is known of an error that ends the command."""
        self.facts |= facts_of(error)

    def note_report(self, report: ResyncReport) -> None:
        """Keep the numbers of a batch."""
        self.connection = report.terms.connection_id
        self.facts["operation"] = report.terms.operation
        self.facts["keys"] = {
            str(state): count for state, count in report.keys.items() if count or state in _ALWAYS_COUNTED
        }
        if report.stopped_because is not None:
            self.facts["stopped_because"] = str(report.stopped_because)

    def last_word(self, code: ExitCode) -> logging.LogRecord:
        """The one line that says how the command ended."""
        import logging  # loaded with a log; most commands have none

        seconds = time.monotonic() - self.began
        keys: Mapping[str, int] = self.facts.get("keys", {})
        counts = ", ".join(f"{count:,} {state}" for state, count in keys.items())
        text = f"erpsync {self.command}: {MEANINGS[code]}, exit code {code:d}, {seconds:.1f} s"
        level = _LEVELS.get(code, "ERROR")
        return logging.makeLogRecord(
            {
                "name": COMMAND_LOG,
                "levelno": getattr(logging, level),
                "levelname": level,
                "msg": f"{text}: {counts}" if counts else text,
                "exit_code": int(code),
                "meaning": MEANINGS[code],
                "seconds": round(seconds, 3),
                "outcome": OUTCOMES[code],
                **self.facts,
            }
        )


def facts_of(error: Exception) -> dict[str, Any]:
    """What an error says beside its text, by the names that fields of records have."""
    facts: dict[str, Any] = {"error": type(error).__name__}
    if isinstance(error, ErpSyncError):
        facts |= {
            "operation": error.operation,
            "outcome": str(error.outcome),
            "status": error.status,
            "code": error.code,
            "attempt": error.attempts,
        }
    return {name: value for name, value in facts.items() if value is not None}
