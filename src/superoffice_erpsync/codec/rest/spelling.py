"""How the items of long arrays are spelled in JSON, see `runs`."""

from __future__ import annotations

import json
import re
from typing import Any

from superoffice_erpsync.codec.runs import LONGEST, Item, Runs, find_spelling
from superoffice_erpsync.codec.shapes import models_in_arrays, shape_of

_STARTS = re.compile(rb'\{(?=[ \t\r\n]*")')
_BETWEEN = re.compile(rb"[ \t\r\n]*,[ \t\r\n]*")

# Escapes and what JSON cannot carry are for the parser.
_TEXT = rb'[^"\\\x00-\x1f]{0,%d}' % LONGEST
_NUMBER = rb"(?:0|-?[1-9][0-9]{0,8})"

_MEMBER = re.compile(
    rb'[ \t\r\n]*"(?P<key>[^"\\\x00-\x1f]*)"[ \t\r\n]*:[ \t\r\n]*'
    rb'(?:null|true|false|(?P<number>%b)(?=[ \t\r\n,}])|"(?P<text>%b)"|(?P<start>\{)[ \t\r\n]*(?P<empty>\})?)'
    % (_NUMBER, _TEXT)
)
_THEN = re.compile(rb"[ \t\r\n]*([,}])")
_MOST_MEMBERS = 400

_MARK = b'{"%b":"%b"}'


def take_out_runs(data: bytes, result: Any) -> tuple[bytes, Runs] | None:
    """An answer without its runs, and those; None where it has none.

    Args:
        data: The answer.
        result: Type of the result that it carries, None where it carries none.
    """
    if result is None or not models_in_arrays(shape_of(result)):
        return None
    # What is said of bytes here holds for UTF-8, which no byte of another character can be mistaken in.
    if not json.detect_encoding(data).startswith("utf-8"):
        return None
    spelling = find_spelling(data, _STARTS, _item_at, _BETWEEN)
    if spelling is None:
        return None
    runs = Runs(data, spelling)
    return runs.take_out(b",", _MARK), runs


def _item_at(data: bytes, start: int) -> Item | None:
    literals, texts, captured = [], [], []
    written, place = start, start + 1
    path: list[str] = []
    for _ in range(_MOST_MEMBERS):
        found = _MEMBER.match(data, place)
        if found is None:
            return None
        place = found.end()
        key = found["key"].decode("utf-8", "replace")
        for group, text in (("number", _NUMBER), ("text", _TEXT)):
            if found[group] is not None:
                literals.append(data[written : found.start(group)])
                texts.append(text)
                captured.append((*path, key))
                written = found.end(group)
        if found["start"] and not found["empty"]:
            path.append(key)
            continue
        then = _THEN.match(data, place)
        while then and then[1] == b"}":
            place = then.end()
            if not path:
                literals.append(data[written:place])
                return Item(tuple(literals), tuple(texts), tuple(captured), 0, place)
            path.pop()
            then = _THEN.match(data, place)
        if then is None:
            return None
        place = then.end()
    return None
