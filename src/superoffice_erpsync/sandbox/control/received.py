"""The calls that the sandbox received."""

from __future__ import annotations

import base64
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final

from superoffice_erpsync.sandbox.control.errors import bad_request
from superoffice_erpsync.sandbox.control.requests import ControlRequest, Route, Routes
from superoffice_erpsync.sandbox.received import MASK, ReceivedCall


def get_received(request: ControlRequest) -> dict[str, Any]:
    """The calls with their numbers, those of one operation or since a number or time only, what is secret masked."""
    log = request.installation.received
    operation = request.query.get("operation", "").lower()
    number, time = _since(request.query.get("since", "0"))
    return {
        "calls": [
            {"number": at, **_shown(call)}
            for at, call in log.numbered()
            if at > number and (time is None or call.at > time) and operation in ("", call.operation.lower())
        ],
        "last": log.last_number,
    }


def forget_received(request: ControlRequest) -> None:
    """Forget all calls; the numbers go on."""
    request.members()
    request.installation.received.clear()


def _since(text: str) -> tuple[int, datetime | None]:
    if text.isascii() and text.isdigit() and len(text) < 20:
        return int(text), None
    try:
        # A plus sign means a blank in a query, and few remember to write it as %2B.
        time = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise bad_request("since: the number of a call is wanted, or a time such as 2026-03-01T08:00:00+00:00.")
    return 0, time


def _shown(call: ReceivedCall) -> dict[str, Any]:
    shown = {field.name: _plain(getattr(call, field.name)) for field in fields(call)}
    if call.application_token is not None:
        shown["application_token"] = MASK
    return shown


def _plain(value: Any) -> Any:
    """An argument as JSON; values that JSON has no form for become texts."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds():f}"
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value if value is None or isinstance(value, str | int | float) else str(value)


ROUTES: Final[Routes] = {
    "/received": {"GET": Route(get_received, ("operation", "since")), "DELETE": Route(forget_received)}
}
