"""Answers as HTTP/1.1 frames them, with an end to everything that the standard library reads without one."""

from __future__ import annotations

import re
from email.errors import FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect
from http.client import HTTPException, HTTPResponse, LineTooLong, parse_headers

_MOST_INTERIM = 20
"""Answers before the answer, such as 100 Continue and 103 Early Hints."""
_MOST_TRAILERS = 100
_LONGEST_LINE = 65536

_BROKEN = (FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect)
_CHUNK = rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n"


class FramedAnswer(HTTPResponse):
    """An answer whose interim answers are passed over, and whose chunks and trailers are checked."""

    def begin(self) -> None:
        super().begin()
        broken = any(isinstance(defect, _BROKEN) for defect in self.msg.defects)
        if broken or (not self.msg.is_multipart() and self.msg.get_payload()):
            # What follows such a line is no header any more, the length of the answer maybe.
            raise HTTPException("a header line that is none")

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(_MOST_INTERIM):
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if status == 101 or not 100 <= status < 200:
                return version, status, reason
            parse_headers(self.fp)
        raise HTTPException(f"more than {_MOST_INTERIM} interim answers")

    def _get_chunk_left(self) -> int | None:
        if self.chunk_left == 0:
            # The standard library passes over two bytes here, whatever they are.
            if self._safe_read(2) != b"\r\n":  # type: ignore[attr-defined]
                self._close_conn()  # type: ignore[attr-defined]
                raise HTTPException("a chunk that is longer than its size")
            self.chunk_left: int | None = None
        left: int | None = super()._get_chunk_left()  # type: ignore[misc]
        return left

    def _read_next_chunk_size(self) -> int:
        size = re.fullmatch(_CHUNK, self._line("chunk size"))
        if size is None:
            self._close_conn()  # type: ignore[attr-defined]
            raise ValueError("a chunk without a size")
        return int(size[1], 16)

    def _read_and_discard_trailer(self) -> None:
        for _ in range(_MOST_TRAILERS):
            if self._line("trailer") in (b"\r\n", b"\n", b""):
                return
        raise HTTPException(f"more than {_MOST_TRAILERS} trailers")

    def _line(self, what: str) -> bytes:
        line: bytes = self.fp.readline(_LONGEST_LINE + 1)
        if len(line) > _LONGEST_LINE:
            raise LineTooLong(what)
        return line
