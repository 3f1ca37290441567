"""A body is read to its end, whatever its framing, packing and size; what cannot be trusted is refused."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.exceptions import InvalidHeader
from urllib3.exceptions import ProtocolError as ConnectionLost

from superoffice_erpsync.options import Limits
from superoffice_erpsync.transports.http.body import ACCEPTED, BadBody, read_body
from unit.transports.framed import framed

TEXT = b"<Envelope>" + b"".join(b"<a>%d</a>" % number for number in range(400)) + b"</Envelope>"


def received(data: bytes) -> HTTPResponse:
    """An answer as urllib3 hands it out when these bytes came over a connection."""
    answer = framed(data)
    return HTTPResponse(
        body=answer,
        headers=HTTPHeaderDict(answer.msg.items()),
        status=answer.status,
        reason=answer.reason,
        preload_content=False,
        decode_content=False,
        original_response=answer,
        request_method="POST",
    )


def read(body: bytes, *headers: str, limits: Limits | None = None) -> bytes:
    head = "".join(f"{header}\r\n" for header in ("HTTP/1.1 200 OK", *headers))
    return read_body(received(f"{head}\r\n".encode() + body), limits or Limits())


def counted(body: bytes, *headers: str, limits: Limits | None = None) -> bytes:
    return read(body, f"Content-Length: {len(body)}", *headers, limits=limits)


def chunks(body: bytes, size: int) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def raw_deflate(data: bytes, level: int = -1) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "gzip, hardly packed": ("gzip", lambda data: gzip.compress(data, 0)),
    "gzip by its old name": ("x-gzip", gzip.compress),
    "gzip in capitals": (" GZip ", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "deflate, hardly packed": ("deflate", lambda data: zlib.compress(data, 0)),
    "deflate, bare": ("deflate", raw_deflate),
    "deflate, bare and hardly packed": ("deflate", lambda data: raw_deflate(data, 0)),
    "nothing": ("identity", lambda data: data),
    "nothing, unnamed": ("", lambda data: data),
}
packing_by_packing = pytest.mark.parametrize(("name", "pack"), PACKINGS.values(), ids=PACKINGS)


# -- framing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 7, 1000, 100_000])
def test_chunks_of_any_size_are_put_together(size: int) -> None:
    assert read(chunks(TEXT, size), "Transfer-Encoding: Chunked") == TEXT


def test_a_body_may_end_with_its_connection() -> None:
    assert read(TEXT) == TEXT


def test_what_follows_the_announced_length_is_not_read() -> None:
    assert read(TEXT + b"HTTP/1.1 200 OK", f"Content-Length: {len(TEXT)}") == TEXT


def test_one_length_said_twice_is_one_length() -> None:
    assert read(TEXT, *[f"Content-Length: {len(TEXT)}"] * 2) == TEXT


@packing_by_packing
def test_nothing_at_all_is_an_empty_body(name: str, pack: object) -> None:
    assert counted(b"", f"Content-Encoding: {name}") == b""


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        (("Content-Length: 5", "Content-Length: 6"), "Content-Length"),
        (("Content-Length: 5", "Content-Length: 05"), "two Content-Length"),
        (("Content-Length: +5",), "no number"),
        (("Content-Length: -5",), "no number"),
        (("Content-Length: 5, 5",), "no number"),
        (("Content-Length: five",), "no number"),
        (("Content-Length:",), "no number"),
        (("Content-Length: 0x5",), "no number"),
        (("Content-Length: \u0665",), "no number"),
        (("Transfer-Encoding: chunked", "Content-Length: 5"), "both"),
        (("Content-Length: 5", "Transfer-Encoding: identity"), "both"),
        (("Transfer-Encoding: gzip, chunked",), "another than chunked"),
        (("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), "another than chunked"),
        (("Transfer-Encoding: identity",), "another than chunked"),
        (("Transfer-Encoding: xchunked",), "another than chunked"),
    ],
)
def test_a_framing_that_can_be_read_in_two_ways_is_refused(headers: tuple[str, ...], text: str) -> None:
    # Some of it is refused by urllib3 already.
    with pytest.raises((BadBody, InvalidHeader), match=text):
        read(chunks(b"hello", 5), *headers)


@pytest.mark.parametrize("packing", ["br", "zstd", "compress", "gzip, gzip", "gzip, deflate", "*", "x" * 500])
def test_a_packing_that_was_not_asked_for_is_refused(packing: str) -> None:
    with pytest.raises(BadBody, match="not asked for") as caught:
        counted(TEXT, f"Content-Encoding: {packing}")
    assert len(str(caught.value)) < 120
    assert packing not in ACCEPTED.split(", ")


# -- packing -----------------------------------------------------------------------------------------------------------


@packing_by_packing
@pytest.mark.parametrize("chunk", [None, 1, 17, 4096])
def test_every_packing_is_undone(name: str, pack: Callable[[bytes], bytes], chunk: int | None) -> None:
    packing = f"Content-Encoding: {name}"
    if chunk is None:
        assert counted(pack(TEXT), packing) == TEXT
    else:
        assert read(chunks(pack(TEXT), chunk), packing, "Transfer-Encoding: chunked") == TEXT


@pytest.mark.parametrize("packing", ["gzip", "deflate", "deflate, bare", "nothing"])
def test_answers_of_many_sizes_come_out_whole(packing: str) -> None:
    name, pack = PACKINGS[packing]
    noise, piece = random.Random(7).randbytes(300_000), 65536
    sizes = {1, 2, 3, 257, 258, 259, 32767, 32768, 99_999}
    sizes |= {
        times * piece + more for times in (1, 2, 4) for more in (-259, -258, -257, -2, -1, 0, 1, 2, 257, 258, 259)
    }
    for size in sorted(sizes):
        # All three ways: packed hardly, packed well, and so well that little packed stands for whole pieces.
        for body in (noise[:size], (TEXT * (size // len(TEXT) + 1))[:size], b"\0" * size):
            assert counted(pack(body), f"Content-Encoding: {name}") == body


@pytest.mark.parametrize("at", [0, 1, 65535, 65536, 65537, 131072])
def test_members_of_a_gzip_file_follow_each_other(at: int) -> None:
    noise = random.Random(1).randbytes(140_000)
    for body in (noise, b"\0" * len(noise)):
        packed = b"".join(gzip.compress(part) for part in (body[:at], b"", body[at:], body[:10]))
        assert counted(packed, "Content-Encoding: gzip") == body + body[:10]


@pytest.mark.parametrize("end", range(-3, 4))
def test_a_member_may_end_where_a_piece_ends(end: int) -> None:
    # Stored as it is, so that the packed form has the length that is wanted.
    head = gzip.compress(b"", 0)
    stored = 65536 + end - len(head) - 5
    first = gzip.compress(b"x" * stored, 0)
    assert abs(len(first) - 65536 - end) < 12
    padding = 65536 + end - len(first)
    first = gzip.compress(b"x" * (stored + padding), 0)
    assert len(first) == 65536 + end
    assert counted(first + gzip.compress(TEXT), "Content-Encoding: gzip") == b"x" * (stored + padding) + TEXT


@pytest.mark.parametrize(
    ("name", "body"),
    [
        pytest.param("gzip", TEXT, id="gzip that is none"),
        pytest.param("gzip", zlib.compress(TEXT), id="gzip that is deflate"),
        pytest.param("deflate", TEXT, id="deflate that is none"),
        pytest.param("deflate", gzip.compress(TEXT), id="deflate that is gzip"),
        pytest.param("gzip", gzip.compress(TEXT) + b"more", id="gzip with something after it"),
        pytest.param("gzip", gzip.compress(TEXT) + bytes(8), id="gzip with padding"),
        pytest.param("deflate", zlib.compress(TEXT) * 2, id="deflate with something after it"),
        pytest.param("deflate", raw_deflate(TEXT) * 2, id="bare deflate with something after it"),
        pytest.param("gzip", gzip.compress(TEXT)[:-8] + bytes(8), id="gzip with a wrong checksum"),
        pytest.param("deflate", zlib.compress(TEXT)[:-4] + bytes(4), id="deflate with a wrong checksum"),
        pytest.param("gzip", gzip.compress(TEXT) + gzip.compress(TEXT)[:-9], id="second member cut off"),
    ],
)
def test_broken_packing_is_refused(name: str, body: bytes) -> None:
    with pytest.raises(BadBody):
        counted(body, f"Content-Encoding: {name}")
    with pytest.raises(BadBody):
        read(chunks(body, 9), f"Content-Encoding: {name}", "Transfer-Encoding: chunked")


# -- cut off -----------------------------------------------------------------------------------------------------------

CUT = TEXT[:300]


@pytest.mark.parametrize("name", ["identity", "gzip", "deflate"])
def test_a_body_that_is_cut_off_anywhere_is_no_body(name: str) -> None:
    body = PACKINGS[name][1](CUT) if name in PACKINGS else CUT
    packing = f"Content-Encoding: {name}"
    framed = chunks(body, 40)
    for end in range(len(body)):
        with pytest.raises((ConnectionLost, BadBody)):
            read(body[:end], packing, f"Content-Length: {len(body)}")
    for end in range(len(framed) - len(b"\r\n")):
        with pytest.raises((ConnectionLost, BadBody)):
            read(framed[:end], packing, "Transfer-Encoding: chunked")


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, raw_deflate], ids=["gzip", "deflate", "bare deflate"])
def test_a_packed_body_tells_its_own_end_where_the_connection_is_all_that_ends_it(
    pack: Callable[[bytes], bytes],
) -> None:
    body = pack(CUT)
    packing = f"Content-Encoding: {'gzip' if pack is gzip.compress else 'deflate'}"
    assert read(body, packing) == CUT
    for end in range(1, len(body)):
        with pytest.raises(BadBody):
            read(body[:end], packing)


# -- limits ------------------------------------------------------------------------------------------------------------


@packing_by_packing
def test_the_longest_answer_is_taken_and_one_byte_more_is_not(name: str, pack: Callable[[bytes], bytes]) -> None:
    for length in (1, 100, 65536, 65537, 200_000):
        limits = Limits(answer_bytes=length, ratio=10_000)
        packing = f"Content-Encoding: {name}"
        assert counted(pack(b"a" * length), packing, limits=limits) == b"a" * length
        with pytest.raises(BadBody, match=f"longer than {length} bytes"):
            counted(pack(b"a" * (length + 1)), packing, limits=limits)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, raw_deflate], ids=["gzip", "deflate", "bare deflate"])
def test_a_bomb_is_refused_before_it_fills_the_memory(pack: Callable[[bytes], bytes]) -> None:
    packed = pack(bytes(30_000_000))
    packing = f"Content-Encoding: {'gzip' if pack is gzip.compress else 'deflate'}"
    tracemalloc.start()
    try:
        with pytest.raises(BadBody, match="more than 200 times"):
            counted(packed, packing)
        assert tracemalloc.get_traced_memory()[1] < 16_000_000
    finally:
        tracemalloc.stop()


def test_a_bomb_of_many_members_is_refused_too() -> None:
    with pytest.raises(BadBody, match="more than 200 times"):
        counted(gzip.compress(bytes(1_000_000)) * 5, "Content-Encoding: gzip")


def test_a_short_answer_may_be_packed_as_tightly_as_it_likes() -> None:
    body = bytes(1024 * 1024)
    packed = gzip.compress(body)
    assert len(body) > 200 * len(packed)
    assert counted(packed, "Content-Encoding: gzip") == body
    with pytest.raises(BadBody, match="more than 200 times"):
        counted(gzip.compress(body + b"\0" * 65536), "Content-Encoding: gzip")
    assert len(counted(gzip.compress(body * 2), "Content-Encoding: gzip", limits=Limits(ratio=2000))) == 2 * len(body)
