"""Texts and numbers as people read them."""

from __future__ import annotations

import os
import shlex
import subprocess
import unicodedata
from datetime import UTC, datetime
from urllib.parse import urlsplit

_SHAPING = "\n\t\u200c\u200d"
"""Line ends and tabs, and the joiners without which some languages cannot be written."""
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def visible(text: str) -> str:
    """A foreign text with what nobody can see in it, or what turns its direction, written as `⟨U+202E⟩`."""
    text = text.replace("\r\n", "\n")
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() or one in _SHAPING or unicodedata.category(one) == "Zs" else _named(one)
        for one in text
    )


def visible_key(key: str) -> str:
    """The same of a key, where one blank is not like another."""
    return key if key.isprintable() else "".join(one if one.isprintable() else _named(one) for one in key)


def _named(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"


def number(count: float) -> str:
    """A whole number with its thousands apart."""
    return f"{count:,.0f}"


def share(part: int, whole: int) -> str:
    """A part in percent. What is neither nothing nor everything is never rounded to either."""
    percent = 100 * part / whole if whole else 0.0
    if 0 < percent < 0.1:
        return "< 0.1 %"
    if 99.9 < percent < 100:
        return "> 99.9 %"
    return f"{percent:.1f} %" if percent % 1 else f"{percent:.0f} %"


def duration(seconds: float) -> str:
    """A stretch of time in the two units that matter."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for unit, name, part, part_name in (
        (_DAY, "d", _HOUR, "h"),
        (_HOUR, "h", _MINUTE, "min"),
        (_MINUTE, "min", 1, "s"),
    ):
        if whole >= unit:
            rest = whole % unit // part
            return f"{whole // unit} {name} {rest} {part_name}" if rest else f"{whole // unit} {name}"
    return f"{whole} s"


def moment(text: str) -> str:
    """A time of the journal, in UTC to the second."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    # A time without an offset would be taken for one of this machine's zone.
    return f"{at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def moment_of(seconds: float) -> str:
    """The same of seconds since 1970."""
    return moment(datetime.fromtimestamp(seconds, UTC).isoformat())


def bare_address(address: str) -> str:
    """An address with nothing in it that lets anybody in: no user, no password, no query."""
    try:
        parts = urlsplit(address)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return "an address that cannot be read"
    if not parts.scheme or not host:
        return address.rpartition("@")[2].partition("?")[0]
    return f"{parts.scheme}://{host}{port}{parts.path}"


def command_line(*words: str) -> str:
    """A command as it is typed on this system."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def counted(count: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number(count)} {one if count == 1 else many}"
