"""The messages that are broken on purpose: the fixtures, and long ones made of them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from superoffice_erpsync.operations import OPERATIONS

FIXTURES = Path(__file__).parents[2] / "fixtures"
NAMESPACE = "http://www.superoffice.net/ws/crm/NetServer/{}"
LONG = 20_000
"""Bytes from which the readers of long arrays go another way; long messages are made longer than that."""

_ITEM = re.compile(
    rb"<(?P<tag>(?:\w+:)?(?:ChangedDataItem|ListItem|ErpConnection|ErpSyncFieldValue|ErpSyncConnectionSummary"
    rb"|FieldMapping|string|StringKeyValuePair))(?:\s[^<>]*)?(?<!/)>.*?</(?P=tag)>",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Message:
    """An answer on the wire.

    Attributes:
        operation: What it answers, by the vendor's name.
        services: `Services86` or `Services88`; `REST` for JSON.
        data: Its body.
        status: Its HTTP status.
    """

    operation: str
    services: str
    data: bytes
    status: int = 200

    def __repr__(self) -> str:
        return f"Message({self.operation!r}, {self.services!r}, {self.data!r}, status={self.status})"


@cache
def messages(wire: str) -> tuple[Message, ...]:
    """All answers among the fixtures, and a long one for each that has an array of records.

    Args:
        wire: `soap` or `rest`.
    """
    found = []
    for path in sorted((FIXTURES / wire).glob("*/*.expected.json")):
        case = path.name.removesuffix(".expected.json")
        expected = json.loads(path.read_text(encoding="utf-8"))
        if case.startswith("request") or path.parent.name not in OPERATIONS:
            continue
        sources = (path.with_name(case + suffix) for suffix in (".xml", ".html", ".json", ".txt"))
        source = next((one for one in sources if one.exists()), None)
        if source is not None:
            services = "REST" if wire == "rest" else expected.get("services", "Services86")
            found.append(Message(path.parent.name, services, source.read_bytes(), expected.get("status", 200)))
    long = [lengthened(one) for one in found]
    return (*found, *(one for one in long if one is not None))


def lengthened(message: Message) -> Message | None:
    """The message with the first record of an array many times over, None where it has none."""
    if message.services == "REST":
        return _lengthened_json(message)
    item = _ITEM.search(message.data)
    if item is None:
        return None
    times = LONG // len(item[0]) + 2
    data = message.data[: item.start()] + item[0] * times + message.data[item.end() :]
    return Message(message.operation, message.services, data, message.status)


def _lengthened_json(message: Message) -> Message | None:
    try:
        value = json.loads(message.data)
    except (ValueError, RecursionError):
        return None
    array = value if isinstance(value, list) else _first_array(value)
    if not array or not isinstance(array[0], dict):
        return None
    array[:] = array[:1] * (LONG // len(json.dumps(array[0])) + 2) + array
    return Message(message.operation, message.services, json.dumps(value).encode(), message.status)


def _first_array(value: object) -> list[object] | None:
    if not isinstance(value, dict):
        return None
    for one in value.values():
        found = one if isinstance(one, list) and one else _first_array(one)
        if found:
            return found
    return None
