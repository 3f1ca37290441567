"""What a web server asks for: the header WWW-Authenticate, taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

# A comma separates challenges as well as the parameters of one; within quotation marks it separates nothing.
_ELEMENT = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*"?)+')
_CHALLENGE = re.compile(r"(?P<scheme>[!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \t]+(?P<rest>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Challenge:
    """One way to log in that the server offers.

    Attributes:
        scheme: Its name, as the server writes it.
        token: What follows the name, empty where nothing does.
    """

    scheme: str
    token: str = field(default="", repr=False)


def challenges(values: Iterable[str]) -> list[Challenge]:
    """The challenges in all headers WWW-Authenticate of an answer, in the server's order."""
    found = []
    for value in values:
        for element in _ELEMENT.findall(value):
            # An element such as `charset="UTF-8"` belongs to the challenge before it.
            match = _CHALLENGE.fullmatch(element.strip())
            if match and not (match["rest"] or "").startswith("="):
                found.append(Challenge(match["scheme"], (match["rest"] or "").strip()))
    return found
