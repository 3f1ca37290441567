"""One request and its answer over HTTP, told to whoever watches: redacted, to an observer and to the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from superoffice_erpsync.errors import ErpSyncError
from superoffice_erpsync.options import EffectiveOptions
from superoffice_erpsync.redaction import Secret, redact_headers
from superoffice_erpsync.transports.base import Exchange, Observer
from superoffice_erpsync.transports.http import HttpAnswer, HttpSession

_log = logging.getLogger("superoffice_erpsync.exchanges")

Redact = Callable[[str, Sequence[Secret]], str]
"""Masks what is secret in a body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request that is ready to go.

    Attributes:
        operation: The vendor's operation name.
        method: GET or POST.
        url: Where it goes.
        headers: HTTP headers beside those of the session.
        body: None for no body.
        secrets: Texts in it that must not be shown.
        redact: Masks what else is secret in it and in its answer.
    """

    operation: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    secrets: Sequence[Secret]
    redact: Redact


class Exchanges:
    """Sends requests over one session and tells what came of them.

    Args:
        http: Connections to the installation.
        observer: Gets an account of every exchange, None for nobody.
    """

    def __init__(self, http: HttpSession, observer: Observer | None) -> None:
        self._http = http
        self._observer = observer

    def send(self, request: HttpRequest, options: EffectiveOptions) -> HttpAnswer:
        """Send a request and read its answer to the end.

        Raises:
            ErpSyncError: No complete answer came.
        """
        started = time.perf_counter()
        answer: HttpAnswer | None = None
        error: ErpSyncError | None = None
        try:
            answer = self._http.send(
                request.method,
                request.url,
                body=request.body,
                headers=request.headers,
                timeout=(options.connect_timeout, options.read_timeout),
                operation=request.operation,
            )
        except ErpSyncError as problem:
            error = problem
            raise
        finally:
            if self._observer is not None or _log.isEnabledFor(logging.DEBUG):
                self._tell(_account(request, answer, error, time.perf_counter() - started))
        return answer

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def _tell(self, exchange: Exchange) -> None:
        _log.debug(
            "%s %s -> %s\n%s\n%s",
            exchange.operation,
            exchange.url,
            exchange.status or exchange.error,
            exchange.request,
            exchange.response,
        )
        if self._observer is not None:
            self._observer(exchange)


def _account(request: HttpRequest, answer: HttpAnswer | None, error: ErpSyncError | None, seconds: float) -> Exchange:
    def shown(body: bytes | None) -> str:
        return request.redact((body or b"").decode("utf-8", "replace"), request.secrets)

    return Exchange(
        operation=request.operation,
        url=request.url,
        request_headers=redact_headers(request.headers.items(), request.secrets),
        request=shown(request.body),
        status=answer.status if answer else None,
        response_headers=redact_headers(answer.headers.items(), request.secrets) if answer else {},
        response=shown(answer.body) if answer else "",
        seconds=seconds,
        error=str(error) if error else None,
    )
