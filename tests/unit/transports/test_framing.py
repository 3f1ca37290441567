"""Answers before the answer, chunks and trailers: all of it has an end, and what is no HTTP is refused."""

from __future__ import annotations

from http.client import HTTPException

import pytest

from unit.transports.framed import framed

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nContent-Length: 7\r\n\r\n"


@pytest.mark.parametrize("times", [0, 1, 19])
@pytest.mark.parametrize("interim", [b"HTTP/1.1 100 Continue\r\n\r\n", INTERIM], ids=["100", "103"])
def test_answers_before_the_answer_are_passed_over(interim: bytes, times: int) -> None:
    answer = framed(interim * times + GOOD)
    assert (answer.status, answer.headers["Link"], answer.read()) == (200, None, b"hello")


def test_answers_before_the_answer_have_an_end() -> None:
    with pytest.raises(HTTPException, match="more than 20 interim answers"):
        framed(INTERIM * 20 + GOOD)


def test_another_protocol_is_an_answer_like_any_other() -> None:
    assert framed(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n").status == 101


@pytest.mark.parametrize(
    "body",
    [
        b"5\r\nhello\r\n0\r\n\r\n",
        b"2\r\nhe\r\n03\r\nllo\r\n000\r\n\r\n",
        b"5;name=value\r\nhello\r\n0;last\r\n\r\n",
        b"5 \t\r\nhello\r\n0\r\n\r\n",
        b"5\nhello\r\n0\n\n",
        b"5\r\nhello\r\n0\r\nServer-Timing: a\r\nOther: b\r\n\r\n",
        b"5\r\nhello\r\n0\r\n" + b"A: b\r\n" * 99 + b"\r\n",
        b"5\r\nhello\r\n0\r\n",
    ],
)
def test_chunks_as_http_has_them(body: bytes) -> None:
    assert framed(CHUNKED + body).read() == b"hello"


@pytest.mark.parametrize(
    "size", [b"", b"zz", b"-5", b"+5", b"0x5", b"5_0", b" 5", b"5 hello", b"\xd9\xa5", b"0" * 17, b"5" * 70_000, b"\r"]
)
def test_a_chunk_without_a_size_is_no_chunk(size: bytes) -> None:
    with pytest.raises(HTTPException):
        framed(CHUNKED + size + b"\r\nhello\r\n0\r\n\r\n").read()


@pytest.mark.parametrize(
    "body", [b"3\r\nhello\r\n0\r\n\r\n", b"3\r\nhel12\r\nlo\r\n0\r\n\r\n", b"5\r\nhello\n\n0\r\n\r\n"]
)
def test_a_chunk_longer_than_its_size_is_no_chunk(body: bytes) -> None:
    with pytest.raises(HTTPException, match="longer than its size"):
        framed(CHUNKED + body).read()


@pytest.mark.parametrize("trailers", [b"A: b\r\n" * 100 + b"\r\n", b"A: " + b"b" * 70_000 + b"\r\n\r\n"])
def test_trailers_have_an_end(trailers: bytes) -> None:
    with pytest.raises(HTTPException):
        framed(CHUNKED + b"5\r\nhello\r\n0\r\n" + trailers).read()


@pytest.mark.parametrize(
    "headers",
    [
        b" Folded: before all others\r\nContent-Length: 5\r\n",
        b"A: b\r\nno header\r\nContent-Length: 5\r\n",
        b"no header\r\n",
    ],
)
def test_a_header_line_that_is_none_spoils_the_answer(headers: bytes) -> None:
    with pytest.raises(HTTPException, match="header line"):
        framed(b"HTTP/1.1 200 OK\r\n" + headers + b"\r\nhello")
