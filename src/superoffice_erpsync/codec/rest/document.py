"""From bytes to JSON values, with everything refused that no answer may have."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import Any, NoReturn

from superoffice_erpsync.codec import values
from superoffice_erpsync.codec.problems import Unreadable, nested_deeper


def parse(data: bytes, depth: int) -> Any:
    """The JSON value in an answer.

    Args:
        data: The answer.
        depth: How many values may stand in each other.

    Raises:
        Unreadable: It is not JSON, has a name twice in one object, a number that JSON does not know, or is nested too
            deep.
    """
    if not data.strip():
        raise Unreadable("nothing came where JSON is due")
    try:
        text = data.decode(json.detect_encoding(data))
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except ValueError as problem:
        raise Unreadable(f"not JSON: {problem}") from None
    except RecursionError:
        raise Unreadable(nested_deeper(depth)) from None
    if _is_deeper(value, depth):
        raise Unreadable(nested_deeper(depth))
    try:
        values.check_text(text)
    except ValueError as problem:
        raise Unreadable(f"a text {problem}") from None
    if _ESCAPES.search(text):
        _check_texts(value)
    return value


def _is_deeper(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [
            inner
            for one in level
            if one.__class__ in _CONTAINERS
            for inner in (one.values() if one.__class__ is dict else one)
        ]
        if not level:
            return False
    return True


_CONTAINERS = frozenset({dict, list})

# Escapes that may stand for a character which no CRM can keep, looked for once instead of in every text.
_ESCAPES = re.compile(r"\\(?:[bf]|u(?:00[01]|[dD][89a-fA-F]|[fF]{3}[eEfF]))")


def _check_texts(value: Any) -> None:
    match value:
        case str():
            try:
                values.check_text(value)
            except ValueError as problem:
                raise Unreadable(f"a text {problem}") from None
        case list():
            for one in value:
                _check_texts(one)
        case dict():
            for key, one in value.items():
                _check_texts(key)
                _check_texts(one)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        ((name, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise Unreadable(f"{name!r} stands twice in one object")
    return found


def kind_of(value: Any) -> str:
    """What a JSON value is, in words."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "an array"
    return "an object"


def check_finite(value: Any) -> None:
    """Raise Unreadable for a number too large for a double: Python's infinity would be written back as no JSON."""
    match value:
        case float() if math.isinf(value):
            raise Unreadable("a number that is too large")
        case list():
            for one in value:
                check_finite(one)
        case dict():
            for one in value.values():
                check_finite(one)


def _no_constant(name: str) -> NoReturn:
    raise Unreadable(f"{name} is no number of JSON")
