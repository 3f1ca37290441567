"""What the page must not show: names of elements, members, headers and query values that hold a secret."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

MASK: Final = "***"

DICTIONARIES: Final = frozenset({"configfields", "authenticationdata"})
"""Names, in small letters, of what holds secrets by keys; the keys themselves are not secret."""

_HIDDEN: Final = DICTIONARIES | {"geterpconnectionconfigfieldsresponse"}
_ENDINGS: Final = ("password", "ticket", "token", "secret")
_SECRET_ANSWERS: Final = frozenset({"geterpconnectionconfigfields"})
_TEXTS_OF_FAILURES: Final = frozenset({"faultstring", "message", "messagedetail", "errormessage", "friendlytext"})
_SHOWN_HEADERS: Final = frozenset(
    {
        "accept", "accept-encoding", "accept-language", "allow", "cache-control", "connection", "content-encoding",
        "content-length", "content-type", "date", "expect", "host", "keep-alive", "retry-after", "so-culture",
        "so-language", "so-timezone", "soapaction", "transfer-encoding", "user-agent", "www-authenticate",
    }
)  # fmt: skip
_SCHEMES: Final = {name.lower(): name for name in ("Basic", "Bearer", "Negotiate", "NTLM", "SOTicket")}
_SHORTEST: Final = 3
"""Shorter secrets are not looked for in texts: they would be found everywhere."""

Scrub = Callable[[str], str]
"""Gives a text back without the secrets that are known."""


def unchanged(text: str) -> str:
    """The `Scrub` that knows no secrets."""
    return text


@dataclass(slots=True)
class Shown:
    """What of a message may be seen."""

    text: str = ""
    note: str = ""
    """Why it is not all; empty where it is."""
    secrets: set[str] = field(default_factory=set, repr=False)
    """What was masked; the other half of the exchange may repeat it in a text."""
    facts: dict[str, str] = field(default_factory=dict)
    """The first text of each name that was watched for."""
    sound: bool = True
    """Whether it could be read, as far as there was anything to read."""


def is_secret(name: str, more: frozenset[str] = frozenset()) -> bool:
    """Whether everything within an element or member of that local name is secret."""
    small = name.lower()
    return small in _HIDDEN or small in more or small.endswith(_ENDINGS)


def holds_secrets(name: str) -> bool:
    """Whether the texts within an element are secret, but not what elements are in it."""
    return name.lower() == "credentials"


def is_secret_answer(operation: str) -> bool:
    """Whether all that an operation answers over REST is secret, whatever it is called there."""
    return operation.lower() in _SECRET_ANSWERS


def texts_of_failures(request: Shown) -> frozenset[str]:
    """Names, in small letters, of what must not be shown of the answer to a request.

    Parsers quote what they cannot read, which is a piece of a password where that was not escaped.
    """
    return frozenset() if request.sound else _TEXTS_OF_FAILURES


def scrubber(secrets: Iterable[str]) -> Scrub:
    """What masks the given secrets wherever they stand in a text."""
    known = sorted({secret.strip() for secret in secrets}, key=len, reverse=True)
    pattern = "|".join(re.escape(secret) for secret in known if len(secret) >= _SHORTEST)
    if not pattern:
        return unchanged
    found = re.compile(pattern)
    return lambda text: found.sub(MASK, text)


def shown_header(name: str, value: str, secrets: set[str]) -> str:
    """The value of an HTTP header, masked unless it is one that holds nothing secret.

    Args:
        name: In any letters.
        value: As it came.
        secrets: What is masked is put in here.
    """
    small = name.lower()
    if small in _SHOWN_HEADERS:
        return value
    if small != "authorization":
        secrets.add(value)
        return MASK
    scheme, _, rest = value.strip().partition(" ")
    known = _SCHEMES.get(scheme.lower())
    # Somebody who forgets the scheme sends the secret in its place.
    secrets.add(rest if known else value)
    if known == "Basic":
        secrets.add(_password(rest))
    return f"{known} {MASK}" if known else MASK


def _password(basic: str) -> str:
    try:
        return base64.b64decode(basic.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
