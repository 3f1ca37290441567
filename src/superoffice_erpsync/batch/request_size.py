"""How large a request with given keys is at most, on either wire."""

from __future__ import annotations

import json

FRAME = 4_096
"""Bytes kept for all that is not keys: envelope, ticket, application token, time zone."""

_ELEMENT = 24
"""Bytes around a key: `<a:string></a:string>` in SOAP, and some to spare; quotes and comma in JSON."""
_ESCAPED = {"&": 4, "<": 3, ">": 3}


def bytes_of_key(key: str) -> int:
    """Bytes that a key takes in a request at most."""
    if key.isascii() and key.isalnum():
        return len(key) + _ELEMENT
    xml = len(key.encode()) + sum(more * key.count(character) for character, more in _ESCAPED.items())
    return max(xml, len(json.dumps(key))) + _ELEMENT
