"""How the HTTP server treats its callers: how much it reads of a request, and how long it lets them wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.requests import Request

_DRAINED_BYTES: Final = 32 * 1024 * 1024
"""How much more than allowed is read and thrown away, so that the sender of it gets to read the answer."""


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """What is allowed, and how long it takes."""

    max_request_bytes: int | None = 65_536
    """A larger SOAP request is refused with 413, as WCF does; None for no limit."""
    max_rest_request_bytes: int | None = 30_000_000
    """A larger REST request is refused with 413: the measure is that of IIS; None for no limit."""
    latency: timedelta = timedelta(0)
    """Waited before every answer to a POST."""
    gzip: bool = False
    """Whether answers are packed for callers who take that."""


async def read_body(request: Request, limit: int | None) -> bytes | None:
    """The whole body, or None when it is larger than allowed.

    Raises:
        ClientDisconnect: The connection ended before the body did.
    """
    stated = request.headers.get("content-length", "")
    waiting = request.headers.get("expect", "").lower() == "100-continue"
    if limit is not None and waiting and stated.isdecimal() and int(stated) > limit:
        return None  # Its sender holds the body back until told to go on, so there is nothing to drain.
    body = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if limit is None or size <= limit:
            body += chunk
        elif size > limit + _DRAINED_BYTES:
            break
    return bytes(body) if limit is None or size <= limit else None
