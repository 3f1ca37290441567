"""How the items of long arrays are spelled in XML, see `runs`."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from superoffice_erpsync.codec.runs import LONGEST, Item, Runs, find_spelling
from superoffice_erpsync.codec.shapes import models_in_arrays, shape_of

_BLANKS = b" \t\r\n"
_BETWEEN = re.compile(rb"[ \t\r\n]*")

# References, the end of a CDATA section, line ends that would be folded and what XML cannot carry are for the parser.
_TEXT = rb"[^<>&\r\x00-\x08\x0b\x0c\x0e-\x1f]{0,%d}" % LONGEST

# A text and the tag behind it. Only long answers need it, so it is compiled with the first of them.
_TAG = (
    rb"(?P<text>%s)<(?:/(?P<end>[^\s<>/!?&]+)[ \t\r\n]*|(?P<start>[^\s<>/!?&]+)(?:[ \t\r\n][^<>]*?)?(?P<empty>/)?)>"
    % rb"[^<>&\x00-\x08\x0b\x0c\x0e-\x1f]{0,%d}"
    % LONGEST
)
_MOST_TAGS = 400

_UTF_8 = rb"(?i)(?:\xef\xbb\xbf)?<(?!\?xml[^>]*\bencoding\s*=(?!\s*[\"']utf-8[\"']))"

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
    if result is None or not re.match(_UTF_8, data):
        return None
    names = frozenset(model.cls.__name__ for model in models_in_arrays(shape_of(result)))
    if not names:
        return None
    spelling = find_spelling(data, _starts(names), _item_at, _BETWEEN)
    if spelling is None:
        return None
    runs = Runs(data, spelling)
    return runs.take_out(b"", _MARK), runs


@cache
def _starts(names: frozenset[str]) -> re.Pattern[bytes]:
    return re.compile(rb"<(?:[^\s<>/!?&:]+:)?(?:%s)>" % "|".join(sorted(names)).encode())


def _item_at(data: bytes, start: int) -> Item | None:
    literals, texts, captured = [], [], []
    written = place = start
    open_tags: list[bytes] = []
    path = [0]
    size = 0
    is_leaf = False
    tag = re.compile(_TAG)
    for _ in range(_MOST_TAGS):
        found = tag.match(data, place)
        if found is None:
            return None
        before, place = place, found.end()
        text, end = found["text"], found["end"]
        if text.strip(_BLANKS):
            if not end or not is_leaf or b"\r" in text:
                return None
            literals.append(data[written:before])
            texts.append(_TEXT)
            captured.append(tuple(path[1:-1]))
            written = found.end("text")
        is_leaf = end is None and found["empty"] is None
        if end is None:
            size += 1
            path[-1] += 1
            if is_leaf:
                open_tags.append(found["start"])
                path.append(0)
        else:
            if not open_tags or open_tags.pop() != end:
                return None
            path.pop()
            if not open_tags:
                literals.append(data[written:place])
                return Item(tuple(literals), tuple(texts), tuple(captured), size, place)
    return None
