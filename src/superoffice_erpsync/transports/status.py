"""What an HTTP status means where the body has no word of its own on it."""

from __future__ import annotations

import re
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
from superoffice_erpsync.transports.http import HttpAnswer, HttpRequest

_SMALLER = "send fewer keys in one call"
_LOGIN = "the web server wants another kind of login, or none helps"
_SOAP_HINTS = {
    401: _LOGIN,
    403: _LOGIN,
    404: "check the address: it should name the folder of the services, as in https://crm.example.com/Remote/Services86",
    405: "check the address: something else answers there",
    415: "check the address: the service there does not speak SOAP 1.1",
}
_WCF_REQUEST_BYTES = 65_536
"""What WCF takes of a request by default. Older ones refuse a longer one with a bare 400."""
_IIS_REQUEST_BYTES = 30_000_000

# As WCF's readers and ASP.NET name what a request was too large for.
_QUOTA = (
    r"(?i)QuotaExceeded|MaxReceivedMessageSize|MaxItemsInObjectGraph|in an object graph|maximum request length exceeded"
    r"|\bmaximum \w+(?: \w+){0,3} quota\b"
)
# By all other statuses from 500 on, a server or a proxy may mean that something was begun and lost.
_NOT_DONE = frozenset({501, 503, 505, 511})
_BUSY = frozenset({429, 503})


def status_error(
    answer: HttpAnswer, request: HttpRequest, said: str | None, hints: Mapping[int, str] = _SOAP_HINTS
) -> ErpSyncError | None:
    """The error that an HTTP status alone stands for, None for 200.

    Args:
        answer: The answer.
        request: What was sent.
        said: What the body seems to be, for example "an HTML page titled 'Login'".
        hints: What the user can do, by status.
    """
    status, operation = answer.status, request.operation
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
    fault = ServerFault(
        text,
        operation=operation,
        outcome=Outcome.REJECTED if 400 <= status < 500 or status in _NOT_DONE else Outcome.UNKNOWN,
        status=status,
        can_repeat=status in _BUSY,
        hint=hints.get(status),
    )
    fault.retry_after = retry_after(answer.headers.get("Retry-After"))
    if _too_large(answer, len(request.body or b"")):
        say_too_large(fault)
    return fault


def say_too_large(fault: ServerFault) -> None:
    """Make the fault one that only a smaller request can avoid."""
    fault.too_large, fault.can_repeat, fault.hint = True, False, _SMALLER
    fault.outcome = Outcome.REJECTED


def is_quota(fault: ServerFault) -> bool:
    """Whether a server's own words mean that the request was too large for it."""
    info = fault.exception_info
    texts = (fault.message, fault.code, info and info.exception_type, info and info.message)
    return any(text and re.search(_QUOTA, text) for text in texts)


def _too_large(answer: HttpAnswer, sent: int) -> bool:
    match answer.status:
        case 400:
            return sent > _WCF_REQUEST_BYTES
        case 404:
            # IIS shows its own number in the detailed page only.
            return sent > _IIS_REQUEST_BYTES or b"404.13" in answer.body[:8192] or "404.13" in answer.reason
        case 413:
            return True
        case 500:
            return bool(re.search(_QUOTA, answer.body[:8192].decode("utf-8", "replace")))
    return False


def retry_after(header: str | None) -> float | None:
    """Seconds that a Retry-After header asks for, as a number or a date; None where it says neither."""
    if not header:
        return None
    header = header.strip()
    if header.isascii() and header.isdigit():
        return float(header[:9])
    try:
        moment = parsedate_to_datetime(header)
    except (TypeError, ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
