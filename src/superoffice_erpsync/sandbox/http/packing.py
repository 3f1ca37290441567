"""Bodies packed with gzip: those of requests unpacked, those of answers packed for callers who take it."""

from __future__ import annotations

import gzip
import re
import zlib
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from superoffice_erpsync.sandbox.http.limits import read_body

_GZIP: Final = ("gzip", "x-gzip")
_WRAPPED_IN_GZIP: Final = 16 + zlib.MAX_WBITS
_HEADER_BYTES: Final = 1024
"""More than a gzip header takes, with a file's name in it."""
_WORTH_BYTES: Final = 200
_NOT_AT_ALL: Final = re.compile(r"q=0(\.0*)?")


class PackingError(Exception):
    """A request's body cannot be unpacked.

    Args:
        status: Of the HTTP answer.
        message: Why.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


async def read_unpacked_body(request: Request, limit: int | None) -> bytes | None:
    """The whole body, unpacked where it comes packed, or None when it is then larger than allowed.

    Raises:
        PackingError: The body is broken, or packed by other means than gzip.
        ClientDisconnect: The connection ended before the body did.
    """
    coding = request.headers.get("content-encoding", "").strip().lower()
    if coding in ("", "identity"):
        return await read_body(request, limit)
    if coding not in _GZIP:
        # Read all the same, so that its sender gets to read the answer.
        await read_body(request, limit)
        raise PackingError(415, "A body may be packed with gzip, and with nothing else.")
    # What cannot be packed grows by some bytes in the attempt.
    packed = await read_body(request, None if limit is None else limit + limit // 1000 + _HEADER_BYTES)
    return None if packed is None else unpacked(packed, limit)


def unpacked(packed: bytes, limit: int | None) -> bytes | None:
    """The content of a gzip file; None as soon as it is larger than allowed, so that a bomb does not go off.

    Raises:
        PackingError: It is no such file, or not all of it.
    """
    content = bytearray()
    while True:
        member = zlib.decompressobj(_WRAPPED_IN_GZIP)
        try:
            # One byte more than allowed tells too large from just right; 0 would mean no limit.
            content += member.decompress(packed, 0 if limit is None else limit - len(content) + 1)
        except zlib.error:
            raise PackingError(400, "The body is not what its Content-Encoding says: it is no gzip.") from None
        if limit is not None and len(content) > limit:
            return None
        if not member.eof:
            raise PackingError(400, "The body ends before its gzip does.")
        packed = member.unused_data
        if not packed:
            return bytes(content)


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether an Accept-Encoding header lets gzip in."""
    weights = {}
    for part in accept_encoding.lower().split(","):
        coding, _, weight = part.partition(";")
        weights[coding.strip()] = weight.replace(" ", "")
    stated = next((weights[coding] for coding in (*_GZIP, "*") if coding in weights), "q=0")
    return _NOT_AT_ALL.fullmatch(stated) is None


def pack(response: Response, request: Request) -> None:
    """Pack a response's body if its caller takes that and it is worth it."""
    if len(response.body) < _WORTH_BYTES:
        return
    response.headers["Vary"] = "Accept-Encoding"
    if not accepts_gzip(request.headers.get("accept-encoding", "")):
        return
    # Without the time of day the same answer has the same bytes.
    response.body = gzip.compress(bytes(response.body), mtime=0)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.body))
