"""Answers out of bytes, without a connection."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from superoffice_erpsync.transports.http.framing import FramedAnswer


class _Wire:
    """A connection on which all has come that will come."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, *_: Any) -> BytesIO:
        return BytesIO(self._data)


def framed(data: bytes) -> FramedAnswer:
    """An answer that came as these bytes, begun to be read."""
    answer = FramedAnswer(_Wire(data), method="POST")  # type: ignore[arg-type]
    answer.begin()
    return answer
