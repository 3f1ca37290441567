"""How the items of long arrays are spelled in XML, see `runs`."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from superoffice_erpsync.codec.runs import LONGEST, SMALLEST, Item, Runs, find_spelling
from superoffice_erpsync.codec.shapes import models_in_arrays, shape_of

_BETWEEN = re.compile(rb"[ \t\r\n]*")

# References, the end of a CDATA section, line ends that would be folded and what XML cannot carry are for the parser.
_TEXT = rb"[^<>&\r\x00-\x08\x0b\x0c\x0e-\x1f]{0,%d}" % LONGEST

_MEMBER = re.compile(
    rb"[ \t\r\n]*<(?P<tag>[^\s<>/!?&]+)(?:[ \t\r\n][^<>]*?)?(?:/>|>(?P<text>%s)</(?P=tag)>)" % _TEXT,
)
_MOST_MEMBERS = 100

_UTF_8 = re.compile(rb"(?:\xef\xbb\xbf)?<(?!\?xml[^>]*\bencoding\s*=(?!\s*[\"']utf-8[\"']))", re.IGNORECASE)

_MARK = b'<%b xmlns="" run="%b"/>'
RUN = "run"
"""Attribute of a mark that has its run's number."""


def take_out_runs(data: bytes, result: Any) -> tuple[bytes, Runs] | None:
    """A message without its runs, and those; None where it has none.

    Args:
        data: The message.
        result: Type of the result that it carries, None where it carries none.
    """
    # What is said of bytes here holds for UTF-8, which no byte of another character can be mistaken in.
    if len(data) < SMALLEST or result is None or not _UTF_8.match(data):
        return None
    names = frozenset(model.cls.__name__ for model in models_in_arrays(shape_of(result)))
    if not names:
        return None
    spelling = find_spelling(data, _starts(names), _item_at, _BETWEEN)
    if spelling is None:
        return None
    runs = Runs(data, spelling)
    return runs.take_out(_MARK), runs


@cache
def _starts(names: frozenset[str]) -> re.Pattern[bytes]:
    return re.compile(rb"<(?:[^\s<>/!?&:]+:)?(?:%s)>" % "|".join(sorted(names)).encode())


def _item_at(data: bytes, start: int) -> Item | None:
    opening = data.index(b">", start) + 1
    closing = b"</" + data[start + 1 : opening]
    literals, texts, captured = [], [], []
    written = start
    place = opening
    members = 0
    while members < _MOST_MEMBERS and (found := _MEMBER.match(data, place)):
        place = found.end()
        # A blank one may belong to a nil element, which has no text to be read.
        if (found["text"] or b"").strip():
            literals.append(data[written : found.start("text")])
            texts.append(_TEXT)
            captured.append(members)
            written = found.end("text")
        members += 1
    gap = _BETWEEN.match(data, place)
    assert gap is not None
    end = gap.end() + len(closing)
    if data[gap.end() : end] != closing:
        return None
    literals.append(data[written:end])
    return Item(tuple(literals), tuple(texts), tuple(captured), members, end)
