"""Packed answers: good ones, broken ones, and bombs."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

from integration.hostile.scenarios import (
    BROKEN,
    GARBLED,
    RIGHT,
    RIGHT_OR_GARBLED,
    UNKNOWN,
    Fails,
    row,
)
from integration.hostile.steps import CLOSE, Answer
from superoffice_erpsync import ProtocolError, ServerFault
from superoffice_erpsync.options import Limits

Change = Callable[[bytes], bytes]


def bare_deflate(data: bytes) -> bytes:
    """Deflate without zlib's frame, as some servers send it."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def blanks(count: int) -> Change:
    """Puts that many blanks before the end of a message, where they mean nothing, and packs it."""
    return lambda data: gzip.compress(data + b" " * count)


def layers(count: int) -> Change:
    """Packs as often as that."""

    def change(data: bytes) -> bytes:
        for _ in range(count):
            data = gzip.compress(data)
        return data

    return change


def packed(encoding: str, change: Change, **more: object) -> Answer:
    """An answer with a Content-Encoding."""
    return Answer(headers={"Content-Encoding": encoding}, change=change, **more)  # type: ignore[arg-type]


SMALL = {"limits": Limits(answer_bytes=100_000)}
TOO_MUCH = Fails(ProtocolError, UNKNOWN, "limit")

ROWS = (
    row("gzip", packed("gzip", gzip.compress), must=RIGHT),
    row("gzip in capitals", packed("GZIP", gzip.compress), must=RIGHT),
    row("gzip by its old name", packed("x-gzip", gzip.compress), must=RIGHT),
    row("gzip in chunks of one byte", packed("gzip", gzip.compress, chunked=1), must=RIGHT),
    row("gzip in several members",
        packed("gzip", lambda data: gzip.compress(data[:90]) + gzip.compress(b"") + gzip.compress(data[90:])),
        must=RIGHT),
    row("deflate as the standard says", packed("deflate", zlib.compress), must=RIGHT),
    row("deflate as the standard says, in chunks of one byte", packed("deflate", zlib.compress, chunked=1), must=RIGHT),
    row("deflate without its frame", packed("deflate", bare_deflate), must=RIGHT),
    row("deflate without its frame, in chunks of one byte", packed("deflate", bare_deflate, chunked=1), must=RIGHT),
    row("not packed and said to be so", packed("identity", bytes), must=RIGHT),
    row("gzip with trailing junk", packed("gzip", lambda data: gzip.compress(data) + b"junk"), must=RIGHT_OR_GARBLED),
    row("gzip with trailing NUL bytes, as tapes have them",
        packed("gzip", lambda data: gzip.compress(data) + b"\0" * 10), must=RIGHT_OR_GARBLED),
    row("gzip whose second member is cut",
        packed("gzip", lambda data: gzip.compress(data) + gzip.compress(b"   ")[:-4]), must=GARBLED),
    row("gzip without its check sum at the end", packed("gzip", lambda data: gzip.compress(data)[:-8]), must=GARBLED),
    row("gzip cut in half", packed("gzip", lambda data: gzip.compress(data)[:60]), must=GARBLED),
    row("gzip cut within its head", packed("gzip", lambda data: gzip.compress(data)[:5]), must=GARBLED),
    row("gzip with a wrong check sum",
        packed("gzip", lambda data: gzip.compress(data)[:-8] + b"\1\2\3\4" + gzip.compress(data)[-4:]), must=GARBLED),
    row("gzip broken inside", packed("gzip", lambda data: gzip.compress(data)[:30] + b"\xff" * 99), must=GARBLED),
    row("gzip said and not done", packed("gzip", bytes), must=GARBLED),
    row("deflate said and not done", packed("deflate", bytes), must=GARBLED),
    row("deflate said and gzip done", packed("deflate", gzip.compress), must=RIGHT_OR_GARBLED),
    row("deflate cut", packed("deflate", lambda data: zlib.compress(data)[:-6]), must=GARBLED),
    row("deflate that needs a dictionary", packed("deflate", lambda _: b"\x78\xbb\x00\x00\x00\x00abc"), must=GARBLED),
    row("gzip said and nothing there", packed("gzip", lambda _: b""), must=GARBLED),
    row("gzip done and not said", Answer(change=gzip.compress), must=GARBLED),
    row("gzip twice over", packed("gzip, gzip", layers(2)), must=RIGHT_OR_GARBLED),
    row("gzip thirty times over", packed(", ".join(["gzip"] * 30), layers(30)), must=RIGHT_OR_GARBLED),
    row("brotli, which was not asked for", packed("br", bytes), must=Fails(ProtocolError, UNKNOWN, "br")),
    row("zstandard, which was not asked for", packed("zstd", bytes), must=GARBLED),
    row("compress, which was not asked for", packed("compress", bytes), must=GARBLED),
    row("a packing that there is not", packed("made-up", bytes), must=Fails(ProtocolError, UNKNOWN, "made-up")),
    row("an empty packing", packed("", bytes), must=RIGHT_OR_GARBLED),
    row("an answer of half a megabyte of blanks, packed tightly and fine", packed("gzip", blanks(500_000)), must=RIGHT),
    row("a bomb by its ratio, far below the limit of size", packed("gzip", blanks(20_000_000)), must=TOO_MUCH),
    row("a bomb by its ratio where the user allows less",
        packed("gzip", blanks(5_000_000)), must=TOO_MUCH, options={"limits": Limits(ratio=20)}),
    row("a bomb by its size where the user allows little", packed("gzip", blanks(200_000)), must=TOO_MUCH,
        options=SMALL),
    row("a bomb in deflate", packed("deflate", lambda data: zlib.compress(data + b" " * 20_000_000)), must=TOO_MUCH),
    row("a bomb that drips in small chunks", packed("gzip", blanks(20_000_000), chunked=50), must=TOO_MUCH),
    row("a bomb in many members",
        packed("gzip", lambda data: gzip.compress(data) + gzip.compress(b" " * 100_000) * 300), must=TOO_MUCH),
    row("a bomb in a bomb, of which only the outer one was unpacked",
        packed("gzip", lambda data: gzip.compress(gzip.compress(data + b" " * 10_000_000))), must=GARBLED),
    row("a bomb that comes with an error",
        Answer(status=500, headers={"Content-Encoding": "gzip"}, change=blanks(20_000_000)),
        must=Fails((ProtocolError, ServerFault), UNKNOWN)),
    row("an answer as long as the limit allows",
        Answer(change=lambda data: data.ljust(100_000)), must=RIGHT, options=SMALL),
    row("an answer one byte longer than the limit",
        Answer(change=lambda data: data.ljust(100_001)), must=TOO_MUCH, options=SMALL),
    row("a packed answer cut by the network as well",
        Answer(headers={"Content-Encoding": "gzip", "Content-Length": "99999", "Connection": "close"},
               change=gzip.compress), CLOSE, must=BROKEN),
)  # fmt: skip
