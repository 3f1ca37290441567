"""What a key must be, and where keys that come one by one have their place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import index
from typing import Protocol, SupportsIndex, TypeAlias, runtime_checkable

from superoffice_erpsync.errors import InvalidRequest

LONGEST_KEY = 500
"""Characters. Keys of ERPs are far shorter; a longer one is another column, or a line that lost its end."""

_INT_MAX = 2**31 - 1
_DIGITS = re.compile(r"[0-9]{1,20}")
_SHOWN = 80
# Besides the control characters, XML carries neither halves of a character nor these.
_NEVER = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is to be a key, as it was found.

    Attributes:
        value: The text or number.
        line: Its line in a file, or its place among keys that were handed over, from 1.
        problem: Why there is no key to be had from this line; None where there is one.
    """

    value: object
    line: int
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class BadKey:
    """A key that cannot be sent.

    Attributes:
        line: Where it stands, see `Found`.
        text: The beginning of it.
        reason: What is wrong with it.
    """

    line: int
    text: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@runtime_checkable
class KeySource(Protocol):
    """Where keys come from, one by one."""

    @property
    def name(self) -> str:
        """What messages call it."""

    def read(self) -> Iterator[Found]:
        """What is there, in its order.

        Raises:
            InvalidRequest: It cannot be read.
        """


Keys: TypeAlias = KeySource | Iterable[str | int]
Check: TypeAlias = Callable[[object], str]
"""Gives the key as text, or raises ValueError with what is wrong."""


@dataclass(frozen=True, slots=True)
class GivenKeys:
    """Keys that the caller hands over."""

    keys: Iterable[str | int]
    name: str = "the keys given"

    def read(self) -> Iterator[Found]:
        """The keys with their places, see `KeySource.read`."""
        return (Found(key, place) for place, key in enumerate(self.keys, 1))


def source_of(keys: Keys) -> KeySource:
    """The source that keys are read from.

    Raises:
        InvalidRequest: These are no keys one by one.
    """
    if hasattr(keys, "readline"):
        # A stream has a name and can be read as well, but not in this way.
        raise InvalidRequest("an open file is not a source of keys by itself", hint="wrap it, as in TextKeys(file)")
    if isinstance(keys, KeySource):
        return keys
    if isinstance(keys, str | bytes | dict) or not isinstance(keys, Iterable):
        raise InvalidRequest(f"keys must be a source of keys or a list, not {type(keys).__name__}")
    return GivenKeys(keys)


def external_key(value: object) -> str:
    """A key of an ERP, as it is.

    Raises:
        ValueError: It cannot be one.
    """
    if not isinstance(value, str):
        raise ValueError(f"the key is no text but {type(value).__name__}")
    if not value.strip():
        raise ValueError("the key is blank")
    if len(value) > LONGEST_KEY:
        raise ValueError(f"the key has {len(value)} characters, which is more than {LONGEST_KEY}")
    if value.isprintable():
        return value
    for place, character in enumerate(value):
        if unicodedata.category(character) == "Cc" or _NEVER.match(character):
            raise ValueError(f"the key has the character U+{ord(character):04X} at position {place}")
    return value


def internal_key_id(value: object) -> str:
    """The id of an internal key, in its shortest form.

    Raises:
        ValueError: It is no number that can be one.
    """
    if isinstance(value, str) and not value.strip():
        raise ValueError("the id is blank")
    number = _number(value)
    if number is None or not 1 <= number <= _INT_MAX:
        raise ValueError(f"{shown(value)!r} is no id of an internal key, a whole number from 1 to {_INT_MAX}")
    return str(number)


def _number(value: object) -> int | None:
    if isinstance(value, str):
        return int(value) if _DIGITS.fullmatch(value) else None
    # Numbers of other libraries will do, True and False will not.
    return index(value) if isinstance(value, SupportsIndex) and not isinstance(value, bool) else None


def shown(value: object) -> str:
    """The beginning of something as a text that any file can hold."""
    try:
        text = value if isinstance(value, str) else repr(value)
    except ValueError:
        text = "a number with more digits than Python writes"
    text = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return spelled_out(text)


def spelled_out(text: str) -> str:
    """A text that any file can hold, unlike the halves of characters that a file's name may have."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
