"""How a record looks: as a line for people, or as a JSON object. What is secret is masked in both."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from superoffice_erpsync.cli.output import plain

Masked = Callable[[str], str]


class TextLines(logging.Formatter):
    """A line a record. Further lines of a text are indented, so that none can be taken for a record.

    Args:
        masked: Masks what is secret in a text.
    """

    def __init__(self, masked: Masked) -> None:
        super().__init__()
        self._masked = masked

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        text = record.getMessage()
        if record.exc_info:
            text = f"{text}\n{self.formatException(record.exc_info)}"
        shown = plain(self._masked(text)).replace("\n", "\n    ")
        return f"{_moment(record.created)} {record.levelname} {record.name}: {shown}"


class JsonLines(JsonFormatter):
    """An object a line: time, level, logger, message, and whatever else the record says.

    Args:
        masked: Masks what is secret in a text.
    """

    def __init__(self, masked: Masked) -> None:
        super().__init__(
            "%(created)s %(levelname)s %(name)s %(message)s",
            rename_fields={"created": "time", "levelname": "level", "name": "logger", "exc_info": "exception"},
            json_ensure_ascii=False,
        )
        self._masked = masked

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """The record's fields, with secrets masked."""
        fixed = {"time": _moment(log_data.pop("time")), "level": log_data.pop("level")}
        return fixed | {name: self._value(value) for name, value in log_data.items() if value is not None}

    def _value(self, value: Any) -> Any:
        match value:
            case bool() | int() | float() | None:
                return value
            case dict():
                return {str(name): self._value(one) for name, one in value.items()}
            case list() | tuple():
                return [self._value(one) for one in value]
        return self._masked(str(value))


def _moment(created: float) -> str:
    return datetime.fromtimestamp(created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
