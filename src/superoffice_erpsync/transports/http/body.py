"""The body of an answer, read to its end: framed, packed and sized as it may be, or refused."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from superoffice_erpsync.options import Limits

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_PIECE = 65536
_UNSUSPICIOUS = 1024 * 1024
"""Bytes up to which an answer may be packed as tightly as it likes."""

ACCEPTED = "gzip, deflate"
"""Packings that are asked for, as in the header Accept-Encoding."""


class BadBody(Exception):
    """The answer's body cannot be trusted; the message says why."""


def read_body(response: BaseHTTPResponse, limits: Limits) -> bytes:
    """The body of an answer, unpacked.

    Raises:
        BadBody: It is framed in a contradictory way, broken, or longer than allowed.
    """
    _check_framing(response)
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    pieces = _pieces(response)
    if packing not in ("", "identity"):
        pieces = _unpacked(pieces, packing, limits)
    found: list[bytes] = []
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > limits.answer_bytes:
            raise BadBody(f"the answer is longer than {limits.answer_bytes} bytes, which is the limit")
        found.append(piece)
    return b"".join(found)


def _check_framing(response: BaseHTTPResponse) -> None:
    """Refuse what two readers could understand in two ways."""
    lengths = set(response.headers.getlist("Content-Length"))
    transfer = response.headers.getlist("Transfer-Encoding")
    if len(lengths) > 1:
        raise BadBody("the answer has two Content-Length headers that differ")
    for length in lengths:
        if not (length.strip().isascii() and length.strip().isdigit()):
            raise BadBody("the answer's Content-Length is no number")
    if transfer and lengths:
        raise BadBody("the answer has both Content-Length and Transfer-Encoding")
    if transfer and [one.strip().lower() for one in transfer] != ["chunked"]:
        raise BadBody("the answer's Transfer-Encoding is another than chunked")


def _pieces(response: BaseHTTPResponse) -> Iterator[bytes]:
    while piece := response.read(_PIECE, decode_content=False):
        yield piece


def _unpacked(pieces: Iterator[bytes], packing: str, limits: Limits) -> Iterator[bytes]:
    unpacker = _Unpacker(packing)
    for piece in pieces:
        for part in unpacker.feed(piece):
            if unpacker.length > max(_UNSUSPICIOUS, limits.ratio * unpacker.packed_length):
                raise BadBody(f"the answer is packed more than {limits.ratio} times, which is the limit")
            yield part
    yield unpacker.rest()


class _Unpacker:
    """Undoes gzip or deflate piece by piece, so that a small answer cannot fill the memory.

    Attributes:
        length: Bytes that came out so far.
        packed_length: Bytes that went in so far.
    """

    def __init__(self, packing: str) -> None:
        if packing not in ("gzip", "x-gzip", "deflate"):
            raise BadBody(f"the answer is packed as {packing[:40]!r}, which was not asked for")
        self._gzip = packing != "deflate"
        self._inner = zlib.decompressobj(zlib.MAX_WBITS | 16 if self._gzip else zlib.MAX_WBITS)
        self.length = 0
        self.packed_length = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self.packed_length == 0 and not self._gzip and not _has_zlib_header(data):
            # Deflate means zlib's format, and some servers send it bare.
            self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
        self.packed_length += len(data)
        while data:
            if self._inner.eof:
                if not self._gzip:
                    raise BadBody("something follows the packed answer")
                # A gzip file may have several members.
                self._inner = zlib.decompressobj(zlib.MAX_WBITS | 16)
            try:
                part = self._inner.decompress(data, _PIECE)
            except zlib.error:
                raise BadBody("the answer's compression is broken") from None
            data = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail
            self.length += len(part)
            if part:
                yield part

    def rest(self) -> bytes:
        try:
            rest = self._inner.flush()
        except zlib.error:
            raise BadBody("the answer's compression is broken") from None
        if self.packed_length and not self._inner.eof:
            raise BadBody("the answer's compression is broken: its end is missing")
        return rest


def _has_zlib_header(data: bytes) -> bool:
    return len(data) > 1 and data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
