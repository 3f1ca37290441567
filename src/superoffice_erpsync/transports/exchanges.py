"""One request and its answer over HTTP, told to whoever watches: redacted, to an observer and to the log."""

from __future__ import annotations

import codecs
import logging
import re
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from superoffice_erpsync.errors import ErpSyncError
from superoffice_erpsync.options import EffectiveOptions
from superoffice_erpsync.redaction import Secret, redact_headers
from superoffice_erpsync.transports.base import scrubbed
from superoffice_erpsync.transports.http import HttpAnswer, HttpRequest, HttpSession

if TYPE_CHECKING:
    from superoffice_erpsync.transports.exchange import Exchange, Observer

_log = logging.getLogger("superoffice_erpsync.exchanges")

Redact = Callable[[str, Sequence[Secret]], str]
"""Masks what is secret in a body."""


class Exchanges:
    """Sends requests over one session and tells what came of them.

    Args:
        http: Connections to the installation.
        observer: Gets an account of every exchange, None for nobody.
    """

    def __init__(self, http: HttpSession, observer: Observer | None) -> None:
        self._http = http
        self._observer = observer

    def send(
        self, request: HttpRequest, options: EffectiveOptions, secrets: Sequence[Secret], redact: Redact
    ) -> HttpAnswer:
        """Send a request and read its answer to the end.

        Args:
            request: The request.
            options: What holds for this call.
            secrets: Texts in the request that must not be shown, beside those of the way.
            redact: Masks what else is secret in the bodies.

        Raises:
            ErpSyncError: No complete answer came.
        """
        started = time.perf_counter()
        answer: HttpAnswer | None = None
        error: ErpSyncError | None = None
        try:
            answer = self._http.send(
                request, connect=options.connect_timeout, read=options.read_timeout, deadline=options.deadline
            )
        except ErpSyncError as problem:
            error = scrubbed(problem, [*secrets, *self.secrets])
            raise
        finally:
            if self._observer is not None or _log.isEnabledFor(logging.DEBUG):
                seconds = time.perf_counter() - started
                self._tell(_account(request, answer, error, seconds, [*secrets, *self.secrets], redact))
        return answer

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What the way to the server needs and must not be shown; a password may be read with the request it is for."""
        return self._http.secrets

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
            extra={
                "operation": exchange.operation,
                "status": exchange.status,
                "seconds": round(exchange.seconds, 3),
            },
        )
        if self._observer is not None:
            try:
                self._observer(exchange)
            except Exception:
                # The server may have acted: what the call gives, or why it failed, must not be lost over this.
                _log.warning("the observer of exchanges failed", exc_info=True)


_DECLARED = rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,40})[\"']"
# The mark of UTF-32 begins like that of UTF-16.
_MARKED = (
    ((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE), "utf-32"),
    ((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), "utf-16"),
)
_READABLE = frozenset({"utf-8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"})


def _text(body: bytes) -> str:
    """A body as text in which what is secret can be found, or a word on why it is not shown."""
    for marks, encoding in _MARKED:
        if body.startswith(marks):
            return body.decode(encoding, "replace")
    declared = re.match(_DECLARED, body.lstrip()[:300])
    if b"\0" in body or (declared and declared[1].decode("ascii", "replace").lower() not in _READABLE):
        return f"[{len(body)} bytes in another encoding]"
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("iso-8859-1")


def _account(
    request: HttpRequest,
    answer: HttpAnswer | None,
    error: ErpSyncError | None,
    seconds: float,
    secrets: Sequence[Secret],
    redact: Redact,
) -> Exchange:
    from superoffice_erpsync.transports.exchange import Exchange  # noqa: PLC0415 - most calls are watched by nobody

    def shown(body: bytes | None) -> str:
        return redact(_text(body or b""), secrets)

    return Exchange(
        operation=request.operation,
        url=request.url,
        request_headers=redact_headers(request.headers.items(), secrets),
        request=shown(request.body),
        status=answer.status if answer else None,
        response_headers=redact_headers(answer.headers.items(), secrets) if answer else {},
        response=shown(answer.body) if answer else "",
        seconds=seconds,
        error=str(error) if error else None,
    )
