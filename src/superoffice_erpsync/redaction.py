"""The one list of what is secret, and the ways to keep it out of sight.

Used by the repr of credentials and carriers, by logs and traces, and by the texts of errors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Generic, NoReturn, Self, TypeVar, final
from urllib.parse import quote, quote_plus

MASK = "***"

SECRET_ELEMENTS = frozenset(
    {"Password", "Ticket", "AccessToken", "ApplicationToken", "ConfigFields", "AuthenticationData"}
)
"""Names of arguments, members and header elements whose whole content is secret, on every wire."""

SECRET_ANSWERS = frozenset({"GetErpConnectionConfigFieldsResponse"})
"""Response elements whose whole content is secret, and what the same operations answer over REST."""

SECRET_HTTP_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "so-apptoken", "x-xsrf-token"}
)
"""HTTP header names (lower case) whose value is secret."""

# A closing tag inside a comment or a CDATA section closes nothing.
_ELEMENT = (
    r"(?is)<(?P<tag>(?:[^\s<>/:\"'=&]+:)?(?:" + "|".join(sorted(SECRET_ELEMENTS | SECRET_ANSWERS)) + r"))"
    r"(?P<attributes>(?:\s[^<>]*)?)(?<!/)>"
    r"[^<]*+(?:(?:<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)|<(?!/(?P=tag)\s*>))[^<]*+)*+(?:</(?P=tag)\s*>|\Z)"
)


@final
class Secret:
    """A text that does not show itself: its repr, str and format are a mask, and it refuses to be pickled."""

    __slots__ = ("_spellings", "_value")

    def __init__(self, value: str) -> None:
        self._value = value
        self._spellings: frozenset[str] | None = None

    @property
    def spellings(self) -> frozenset[str]:
        """The ways that servers and libraries may write the text."""
        if self._spellings is None:
            self._spellings = frozenset(_spellings(self._value))
        return self._spellings

    def reveal(self) -> str:
        """The text itself, for the one place that sends it."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __str__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled or copied")


V = TypeVar("V", str, str | None)


class MaskedValues(dict[str, V], Generic[V]):
    """A dictionary of texts whose repr shows the keys and masks the values."""

    def __repr__(self) -> str:
        return "{" + ", ".join(f"{key!r}: {MASK!r}" for key in self) + "}"

    __str__ = __repr__

    def copy(self) -> Self:
        """A copy that masks its values as well."""
        return type(self)(self)

    def __or__(self, other: Mapping[str, V]) -> Self:  # type: ignore[override]
        return type(self)({**self, **other})

    def __ror__(self, other: Mapping[str, V]) -> Self:  # type: ignore[override]
        return type(self)({**other, **self})


def scrub(text: str, secrets: Iterable[Secret]) -> str:
    """The text with every occurrence of a secret masked, in the ways that it may be written."""
    spellings = {spelling for secret in secrets for spelling in secret.spellings}
    for spelling in sorted(spellings, key=len, reverse=True):
        text = text.replace(spelling, MASK)
    return text


def _spellings(secret: str) -> set[str]:
    """The ways that servers and libraries write a text: in XML, HTML, JSON, addresses, reprs, with blanks folded."""
    if not secret:
        return set()
    found = {secret, json.dumps(secret)[1:-1]}
    if secret.isascii() and secret.isalnum():
        return found
    for text in (secret, " ".join(secret.split())):
        element = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        quoted = element.replace('"', "&quot;")
        # The last is how libxml2 quotes a namespace that it complains about.
        found |= {text, element, quoted, text.replace("&", "&#38;")}
        found |= {element.replace("\r", mark) for mark in ("&#13;", "&#xD;")}
        found |= {quoted.replace("'", mark) for mark in ("&apos;", "&#39;", "&#x27;")}
        found |= {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1]}
        # Halves of characters, which a variable of the environment can have, are no reason to fail here.
        found |= {write(text, errors="surrogatepass") for write in (quote, partial(quote, safe=""), quote_plus)}
    return found - {""}


def redact_xml(text: str, secrets: Iterable[Secret] = ()) -> str:
    """The envelope's text with the content of secret elements and all known secrets masked.

    It works on the text and not on a tree, so that a broken or cut message is redacted as well.
    """
    return scrub(re.sub(_ELEMENT, rf"<\g<tag>\g<attributes>>{MASK}</\g<tag>>", text), secrets)


def redact_json(text: str, secrets: Iterable[Secret] = (), *, whole: bool = False) -> str:
    """JSON text with the values of secret members and all known secrets masked.

    Args:
        text: The JSON text. One that cannot be read is masked wholly, since nothing is known of it.
        secrets: Texts to mask wherever they stand.
        whole: All values are secret, at any depth.
    """
    if not text:
        return text
    try:
        shown = json.dumps(_masked(json.loads(text), whole), ensure_ascii=False)
    except (ValueError, RecursionError):
        return redact_xml(text, secrets) if text.lstrip()[:1] == "<" and not whole else MASK
    # JSON may hold halves of surrogate pairs, which no file can.
    return scrub(shown.encode("utf-8", "backslashreplace").decode("utf-8"), secrets)


def _masked(value: object, secret: bool) -> object:
    match value:
        case dict():
            return {key: _masked(one, secret or str(key).lower() in _SECRET_MEMBERS) for key, one in value.items()}
        case list():
            return [_masked(one, secret) for one in value]
        case str() | int() | float() if secret and not isinstance(value, bool):
            return MASK
    return value


_SECRET_MEMBERS = frozenset(name.lower() for name in SECRET_ELEMENTS)


def redact_headers(headers: Iterable[tuple[str, str]], secrets: Iterable[Secret] = ()) -> dict[str, str]:
    """HTTP headers with the values of secret ones masked."""
    return {name: MASK if name.lower() in SECRET_HTTP_HEADERS else scrub(value, secrets) for name, value in headers}
