"""The last exchanges, as they went over the wire, for the page that shows them.

They are kept as they came, because to mask costs more than many a call, and masked when they are looked at. So they
hold secrets: they live in memory only, and neither show themselves nor let themselves be pickled.
"""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEPT_EXCHANGES: Final = 50
KEPT_BYTES: Final = 64 * 1024
"""Of each request and of each answer."""

FAULTS_KEY: Final = "superoffice_erpsync.faults"
"""Where in a request's ASGI scope the kinds of the faults on demand stand that struck it."""


class _Unpicklable:
    __slots__ = ()

    def __reduce__(self) -> NoReturn:
        raise TypeError("what went over the wire holds secrets and cannot be pickled or copied")


@dataclass(slots=True, repr=False)
class Content(_Unpicklable):
    """The beginning of a body, and how much there was."""

    kept: bytearray = field(default_factory=bytearray)
    size: int = 0

    def __repr__(self) -> str:
        return f"Content(size={self.size})"

    @property
    def cut(self) -> bool:
        """Whether there was more than is kept."""
        return self.size > len(self.kept)

    def add(self, chunk: bytes) -> None:
        """Note the next part."""
        room = KEPT_BYTES - len(self.kept)
        if room > 0:
            self.kept += chunk[:room]
        self.size += len(chunk)


@dataclass(slots=True, kw_only=True, repr=False)
class HttpExchange(_Unpicklable):
    """One request and what became of it."""

    number: int
    """Counts from 1."""
    at: datetime
    """When the request had come; with its zone."""
    method: str
    path: str
    query: bytes = b""
    request_headers: tuple[tuple[bytes, bytes], ...] = ()
    request: Content = field(default_factory=Content)
    status: int | None = None
    """None: no answer went back, or not yet."""
    answer_headers: tuple[tuple[bytes, bytes], ...] = ()
    answer: Content = field(default_factory=Content)
    seconds: float | None = None
    """From the request's head to the end of the answer; None while it is under way."""
    faults: tuple[str, ...] = ()
    """Kinds of the faults on demand that struck it."""

    def __repr__(self) -> str:
        return f"HttpExchange(number={self.number}, method={self.method!r}, status={self.status})"


class ExchangeLog(_Unpicklable):
    """The last exchanges, oldest first. Any thread may look; the server's own thread writes."""

    def __init__(self) -> None:
        self._kept: deque[HttpExchange] = deque(maxlen=KEPT_EXCHANGES)
        self._numbers = itertools.count(1)

    def __repr__(self) -> str:
        return f"ExchangeLog({len(self._kept)} exchanges)"

    def __len__(self) -> int:
        return len(self._kept)

    def begin(self, at: datetime, scope: Scope) -> HttpExchange:
        """Note that a request has come."""
        exchange = HttpExchange(
            number=next(self._numbers),
            at=at,
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"],
            request_headers=tuple(scope["headers"]),
        )
        self._kept.append(exchange)
        return exchange

    def latest(self) -> list[HttpExchange]:
        """All that are kept, the latest first."""
        return list(self._kept)[::-1]

    def clear(self) -> None:
        """Forget them; the numbers go on."""
        self._kept.clear()


class RecordExchanges:
    """ASGI middleware that notes the calls among the requests: what is posted outside the sandbox's own addresses.

    Args:
        app: What answers.
        log: Where they are noted.
        clock: Gives the time, with its zone.
        but: Beginnings of paths, in small letters, whose requests are not noted.
    """

    def __init__(self, app: ASGIApp, log: ExchangeLog, clock: Callable[[], datetime], but: Iterable[str]) -> None:
        self._app = app
        self._log = log
        self._clock = clock
        self._but = tuple(but)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does, and listen."""
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"].lower().startswith(self._but):
            await self._app(scope, receive, send)
            return
        exchange = self._log.begin(self._clock(), scope)
        began = time.perf_counter()

        async def listening_receive() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                exchange.request.add(message.get("body", b""))
            return message

        async def listening_send(message: Any) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                exchange.answer_headers = tuple(message.get("headers", ()))
            elif message["type"] == "http.response.body":
                exchange.answer.add(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, listening_receive, listening_send)
        finally:
            exchange.faults = tuple(scope.get(FAULTS_KEY, ()))
            exchange.seconds = time.perf_counter() - began
