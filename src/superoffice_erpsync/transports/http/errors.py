"""What goes wrong on the way, in this package's errors: the only place that knows the exceptions of urllib3 and ssl."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from http.client import HTTPException, IncompleteRead, LineTooLong

import urllib3.exceptions as foreign

from superoffice_erpsync.errors import (
    ConfigurationError,
    ErpSyncError,
    Outcome,
    ProtocolError,
    RequestTimeout,
    TlsError,
    TransportError,
)
from superoffice_erpsync.transports.http.progress import Progress, Step


def mapped(problem: Exception, operation: str, progress: Progress) -> ErpSyncError:
    """This package's error for an exception of urllib3, http.client, ssl or the socket.

    Args:
        problem: The exception.
        operation: The vendor's operation name.
        progress: How far the request had got.
    """
    if isinstance(problem, ErpSyncError):
        return problem
    text = _reason(problem)
    # The server cannot act on a request whose last byte never left.
    outcome = Outcome.UNKNOWN if progress.has_left else Outcome.NOT_SENT
    again = not progress.has_left
    match problem:
        case foreign.InvalidHeader() | foreign.HeaderParsingError() | foreign.DecodeError():
            return ProtocolError(f"the answer cannot be understood: {text}", operation=operation, outcome=outcome)
        case foreign.ClosedPoolError():
            return ConfigurationError(
                "the client is closed", operation=operation, outcome=outcome, hint="make a new one"
            )
        case foreign.LocationValueError() | foreign.URLSchemeUnknown() | foreign.ProxySchemeUnknown():
            return ConfigurationError("the address cannot be used", operation=operation)
        case ValueError() if not (progress.has_left or isinstance(problem, ssl.SSLError)):
            # Its text quotes the header, which may hold a secret.
            return ConfigurationError("the address or a header cannot be sent", operation=operation)
    # In urllib3 a refused connection is a kind of timeout.
    unreached = _made_of(problem, foreign.NewConnectionError)
    if not unreached and _made_of(problem, TimeoutError, foreign.TimeoutError):
        return RequestTimeout(_LATE[progress.step], operation=operation, outcome=outcome, can_repeat=again)
    if _made_of(problem, ssl.SSLError, foreign.SSLError):
        return _tls_error(problem, operation, text, progress)
    refused = next((found for one in _chain(problem) if (found := re.search(_TUNNEL, str(one)))), None)
    if refused:
        status = int(refused[1])
        return TransportError(
            f"the proxy refuses the way: HTTP {status}",
            operation=operation,
            outcome=Outcome.NOT_SENT,
            # A login that it wants, or a prohibition, will be the same the next time.
            can_repeat=status >= 500,
            hint="check the proxy's address, and the user and password in it" if status == 407 else None,
        )
    if not progress.has_left:
        where = "the proxy cannot be used" if _made_of(problem, foreign.ProxyError) else _NOT_SENT[progress.step]
        return TransportError(f"{where}: {text}", operation=operation, outcome=outcome, can_repeat=True)
    if _is_no_http(problem):
        return TransportError(f"what came is no HTTP answer{_detail(problem)}", operation=operation, outcome=outcome)
    return TransportError(
        f"the connection was lost before the answer was complete: {text}", operation=operation, outcome=outcome
    )


_LATE = {
    Step.CONNECTING: "the connection was not made in time",
    Step.SENDING: "the server did not take the request in time",
    Step.ANSWERING: "no complete answer came in time; the server may still be at work",
}
_TUNNEL = r"\ATunnel connection failed: (\d{3})"
_NOT_SENT = {
    Step.CONNECTING: "the server cannot be reached",
    Step.SENDING: "the connection was lost before the request had left",
}


def _is_no_http(problem: BaseException) -> bool:
    broken = _made_of(problem, ValueError, HTTPException)
    return broken and not _made_of(problem, ConnectionError, IncompleteRead)


def _detail(problem: BaseException) -> str:
    """The library's words on what is wrong with an answer, where they do not quote what came."""
    said = next((one for one in _chain(problem) if isinstance(one, HTTPException)), None)
    return f": {said}" if type(said) in (HTTPException, LineTooLong) else ""


# Parts of OpenSSL's reasons that mean: with these settings, never. A server may tell so after the request was handed
# over, since in TLS 1.3 it judges the client's certificate last, and then it has not read the request.
_HANDSHAKE = (
    "CERTIFICATE",
    "HANDSHAKE_FAILURE",
    "HTTP_REQUEST",
    "NO_PROTOCOLS_AVAILABLE",
    "NO_SHARED_CIPHER",
    "PROTOCOL_VERSION",
    "UNKNOWN_CA",
    "UNKNOWN_PROTOCOL",
    "UNRECOGNIZED_NAME",
    "UNSUPPORTED_PROTOCOL",
    "WRONG_VERSION_NUMBER",
)


def _tls_error(problem: BaseException, operation: str, text: str, progress: Progress) -> TlsError:
    hint = None
    refused = False
    for one in _chain(problem):
        if isinstance(one, ssl.SSLCertVerificationError):
            refused, text = True, getattr(one, "verify_message", None) or text
            hint = "name the authority's certificate with verify=PATH (--ca-bundle), or correct the address"
        elif isinstance(one, ssl.SSLError) and getattr(one, "reason", None):
            text = one.reason.replace("_", " ").lower()
            refused = refused or any(sign in one.reason for sign in _HANDSHAKE)
    sent = progress.has_left and not refused
    return TlsError(
        f"the secure connection failed: {text}",
        operation=operation,
        outcome=Outcome.UNKNOWN if sent else Outcome.NOT_SENT,
        can_repeat=not (sent or refused),
        hint=hint,
    )


def _chain(problem: BaseException | None) -> Iterator[BaseException]:
    """An exception with those that it was made of, which urllib3 keeps in several places."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [problem]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        # An ssl.SSLError's reason is a text.
        waiting += [part for part in (getattr(one, "reason", None), *one.args) if isinstance(part, BaseException)]


def _made_of(problem: BaseException, *kinds: type[BaseException]) -> bool:
    return any(isinstance(one, kinds) for one in _chain(problem))


def _reason(problem: BaseException) -> str:
    """The innermost reason in words: outer ones repeat the whole address and object representations."""
    reason = problem
    for one in _chain(problem):
        if isinstance(one, OSError) and one.strerror:
            return str(one.strerror)
        if str(one) and len(str(one)) < len(str(reason)):
            reason = one
    return str(reason) or type(problem).__name__
