"""HTTP over requests: one session a client, nothing taken from the environment, every foreign exception mapped."""

from __future__ import annotations

import http.cookiejar
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import BadStatusLine
from pathlib import Path

import requests
import urllib3.exceptions as inner
from requests import exceptions as outer
from requests.adapters import HTTPAdapter

from superoffice_erpsync.errors import (
    ConfigurationError,
    ErpSyncError,
    Outcome,
    ProtocolError,
    RequestTimeout,
    TlsError,
    TransportError,
)
from superoffice_erpsync.version import user_agent

_POOL = 64
"""Connections kept open for reuse by a client's threads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOptions:
    """How a client's connections are made.

    Attributes:
        verify: True checks the server's certificate against the known authorities, a path names a bundle of
            authorities to check against instead, False does not check.
        client_certificate: Path of a certificate with its key, or the two paths.
        proxies: Proxy address by scheme, as in `{"https": "http://proxy.example.com:8080"}`.
    """

    verify: bool | str | Path = True
    client_certificate: str | Path | tuple[str | Path, str | Path] | None = None
    proxies: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request that is ready to go. Its repr leaves out what can hold secrets.

    Attributes:
        operation: The vendor's operation name, for errors.
        method: GET or POST.
        url: The user's address.
        headers: HTTP headers beside those of the session.
        body: None for no body.
    """

    operation: str
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """An HTTP answer, read to its end. Its repr leaves out what can hold secrets."""

    status: int
    reason: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class HttpSession:
    """Connections to one installation, shared by all threads of a client."""

    def __init__(self, options: HttpOptions) -> None:
        session = requests.Session()
        # Neither a .netrc nor a proxy variable may send credentials elsewhere than the user said.
        session.trust_env = False
        session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        session.headers["User-Agent"] = user_agent()
        session.verify = options.verify if isinstance(options.verify, bool) else str(options.verify)
        match options.client_certificate:
            case None:
                pass
            case (certificate, key):
                session.cert = (str(certificate), str(key))
            case certificate:
                session.cert = str(certificate)
        session.proxies.update(options.proxies or {})
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(pool_connections=4, pool_maxsize=_POOL))
        self._session = session

    def send(self, request: HttpRequest, timeout: tuple[float | None, float | None]) -> HttpAnswer:
        """Send one request and read its answer to the end. Redirects are answers like any other.

        Args:
            request: The request.
            timeout: Seconds to connect, and to wait for the next bytes of the answer.

        Raises:
            ErpSyncError: No complete answer came.
        """
        try:
            response = self._session.request(
                request.method,
                request.url,
                data=request.body,
                headers=request.headers,
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            )
            body = _body(response)
        except Exception as problem:
            error = mapped(problem, request.operation)
        else:
            return HttpAnswer(
                status=response.status_code,
                reason=response.reason or "",
                headers=response.headers,
                body=body,
            )
        # Raised out here, the error does not drag along the frames of requests, which hold the whole request.
        raise error

    def close(self) -> None:
        """Close all connections."""
        self._session.close()


def _body(response: requests.Response) -> bytes:
    if response.status_code == 204 and _announces_body(response.headers):
        # HTTP has none here: what comes all the same would be taken for the beginning of the next answer.
        response.close()
        return b""
    return response.content


def _announces_body(headers: Mapping[str, str]) -> bool:
    return headers.get("Content-Length", "0").strip() != "0" or "Transfer-Encoding" in headers


def mapped(problem: Exception, operation: str) -> ErpSyncError:
    """This package's error for an exception of requests, urllib3 or ssl; the only place that knows them."""
    text = _reason(problem)
    unknown, not_sent = Outcome.UNKNOWN, Outcome.NOT_SENT
    match problem:
        case outer.ConnectionError() | inner.HTTPError() if _made_of(
            problem, inner.NewConnectionError
        ) and not _made_of(problem, inner.ProxyError):
            return TransportError(
                f"the server cannot be reached: {text}", operation=operation, outcome=not_sent, can_repeat=True
            )
        case outer.ConnectTimeout() | inner.ConnectTimeoutError():
            return RequestTimeout(
                "the connection was not made in time", operation=operation, outcome=not_sent, can_repeat=True
            )
        case outer.SSLError() | inner.SSLError() | ssl.SSLError():
            return _tls_error(problem, operation, text)
        case outer.ProxyError() | inner.ProxyError():
            return TransportError(
                f"the proxy cannot be used: {text}", operation=operation, outcome=not_sent, can_repeat=True
            )
        # While the answer's body is read, requests calls a time limit a lost connection.
        case outer.Timeout() | outer.ConnectionError() | inner.HTTPError() if _made_of(
            problem, outer.Timeout, inner.TimeoutError
        ):
            return RequestTimeout(
                "no answer came in time; the server may still be at work", operation=operation, outcome=unknown
            )
        case (
            outer.InvalidURL()
            | outer.URLRequired()
            | outer.MissingSchema()
            | outer.InvalidSchema()
            | outer.InvalidHeader()
            | inner.LocationValueError()
            | inner.ProxySchemeUnsupported()
        ):
            return ConfigurationError(f"the address or a header cannot be used: {text}", operation=operation)
        case outer.ContentDecodingError() | inner.DecodeError():
            return ProtocolError("the answer's compression is broken", operation=operation)
        case outer.ChunkedEncodingError() | inner.ProtocolError():
            return TransportError(
                f"the connection was lost before the answer was complete: {_lost(problem, text)}",
                operation=operation,
                outcome=unknown,
            )
        case outer.ConnectionError():
            return TransportError(
                f"the connection was lost before an answer came: {_lost(problem, text)}",
                operation=operation,
                outcome=unknown,
            )
        case outer.RequestException() | inner.HTTPError():
            return TransportError(f"the call failed: {text}", operation=operation, outcome=unknown)
        case OSError():
            # requests raises it before anything is sent where a certificate file is missing or unreadable.
            return ConfigurationError(f"a certificate file cannot be used: {text}", operation=operation)
    return TransportError(f"the call failed: {text}", operation=operation, outcome=unknown)


def _lost(problem: BaseException, text: str) -> str:
    if _made_of(problem, ValueError, BadStatusLine) and not _made_of(problem, ConnectionError):
        # The exception quotes what came, which may be anything.
        return "what came is no HTTP"
    return text


# Parts of OpenSSL's reasons that belong to the handshake alone, so that no request got through. All others can come
# in the middle of an answer as well.
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


def _tls_error(problem: BaseException, operation: str, text: str) -> TlsError:
    hint = None
    outcome = Outcome.UNKNOWN
    for one in _chain(problem):
        if isinstance(one, ssl.SSLCertVerificationError):
            outcome, text = Outcome.NOT_SENT, one.verify_message or text
            hint = "name the authority's certificate with verify=PATH (--ca-bundle), or correct the address"
        elif isinstance(one, ssl.SSLError) and one.reason:
            text = one.reason.replace("_", " ").lower()
            if any(sign in one.reason for sign in _HANDSHAKE):
                outcome = Outcome.NOT_SENT
    return TlsError(f"the secure connection failed: {text}", operation=operation, outcome=outcome, hint=hint)


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
