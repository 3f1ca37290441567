"""What an HTTP status means where the body has no word of its own on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from superoffice_erpsync.errors import (
    AuthenticationError,
    ConfigurationError,
    ErpSyncError,
    Outcome,
    ServerFault,
    TransportError,
)
from superoffice_erpsync.transports.http import HttpAnswer

SMALLER = "send fewer keys in one call"
_LOGIN = "the web server wants another kind of login, or none helps"
_SOAP_HINTS = {
    401: _LOGIN,
    403: _LOGIN,
    404: "check the address: it should name the folder of the services, as in https://crm.example.com/Remote/Services86",
    405: "check the address: something else answers there",
    413: SMALLER,
    415: "check the address: the service there does not speak SOAP 1.1",
}
# Statuses by which a server or proxy says that it passed the request on and lost what came of it.
_LOST = frozenset({500, 502, 504, 520, 521, 522, 523, 524})
_BUSY = frozenset({429, 503})


def status_error(
    answer: HttpAnswer, operation: str, said: str | None, hints: Mapping[int, str] = _SOAP_HINTS
) -> ErpSyncError | None:
    """The error that an HTTP status alone stands for, None for 200.

    Args:
        answer: The answer.
        operation: The vendor's operation name.
        said: What the body seems to be, for example "an HTML page titled 'Login'".
        hints: What the user can do, by status.
    """
    status = answer.status
    if status == 200:
        return None
    text = f"the server answers HTTP {status} {answer.reason}".rstrip() + (f" with {said}" if said else "")
    if 300 <= status < 400:
        target = answer.headers.get("Location", "").partition("?")[0]
        return ConfigurationError(
            f"{text}, a redirect{f' to {target}' if target else ''}",
            operation=operation,
            outcome=Outcome.REJECTED,
            status=status,
            hint="redirects are not followed with credentials; set the address to where the services really are",
        )
    if status in (401, 403):
        return AuthenticationError(text, operation=operation, status=status, hint=hints.get(status))
    if status == 407:
        return TransportError(
            f"the proxy wants a login: {text}", operation=operation, outcome=Outcome.NOT_SENT, status=status
        )
    hint = hints.get(status)
    if status == 404 and "404.13" in (answer.reason + (said or "")):
        hint = SMALLER
    fault = ServerFault(
        text,
        operation=operation,
        outcome=Outcome.UNKNOWN if status in _LOST or status < 300 else Outcome.REJECTED,
        status=status,
        can_repeat=status in _BUSY,
        hint=hint,
    )
    fault.retry_after = retry_after(answer.headers.get("Retry-After"))
    return fault


def retry_after(header: str | None) -> float | None:
    """Seconds that a Retry-After header asks for, as a number or a date; None where it says neither."""
    if not header:
        return None
    header = header.strip()
    if header.isascii() and header.isdigit():
        return float(header[:9])
    try:
        moment = parsedate_to_datetime(header)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
