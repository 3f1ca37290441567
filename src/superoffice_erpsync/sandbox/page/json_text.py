"""JSON written with one member a line, and without its secrets.

As with XML, it is read from the front and shown as far as it can be read, and of a broken message only the names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from superoffice_erpsync.sandbox.page.masking import DICTIONARIES, MASK, Scrub, Shown, is_secret, unchanged

_TOKEN: Final = re.compile(
    r'[ \t\r\n]*(?:(?P<text>"(?:[^"\\\x00-\x1f]|\\.)*")|(?P<mark>[][{}:,])'
    r"|(?P<value>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null))"
)
_DEEPEST_INDENT: Final = 24
_CLOSING: Final = {"{": "}", "[": "]"}


class _Unreadable(Exception):
    """No JSON from here on."""


def show_json(
    text: str,
    *,
    cut: bool = False,
    scrub: Scrub = unchanged,
    hidden: frozenset[str] = frozenset(),
    watched: Collection[str] = (),
    whole: bool = False,
) -> Shown:
    """What may be seen of a JSON message.

    Args:
        text: The message, or its beginning.
        cut: Whether it is only the beginning.
        scrub: Takes secrets out of the texts that are shown.
        hidden: Names in small letters that are secret here beside the usual ones.
        watched: Names whose first values are wanted as facts.
        whole: Whether all of it is secret.
    """
    shown = _read(text, cut, _Printer(scrub, hidden, frozenset(watched), secret=whole))
    if shown.sound:
        return shown
    again = _read(text, cut, _Printer(scrub, hidden, frozenset(), secret=whole, values_are_secret=True))
    again.secrets |= shown.secrets
    return again


def _read(text: str, cut: bool, printer: _Printer) -> Shown:
    shown = printer.shown
    end = len(text.rstrip(" \t\r\n"))
    at = 0
    try:
        while at < end:
            token = _TOKEN.match(text, at, end)
            if token is None:
                raise _Unreadable
            # What a cut message ends with may be the beginning of a longer number.
            if cut and token.end() == end and token["value"]:
                break
            printer.take(token)
            at = token.end()
        if not cut and not printer.complete:
            raise _Unreadable
    except _Unreadable:
        if not cut or not _may_go_on(text[at:end].lstrip(" \t\r\n")):
            shown.sound = False
            line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
            shown.note = f"No JSON from line {line}, column {column}. All values are masked."
    shown.text = printer.finish()
    return shown


def _may_go_on(rest: str) -> bool:
    """Whether the end of a cut message is the beginning of a text, a number or a word."""
    return rest.startswith(('"', ".", "e", "E")) or any(
        word.startswith(rest) for word in ("true", "false", "null", "-")
    )


@dataclass(slots=True)
class _Level:
    """An object or array that is open."""

    opening: str
    items: int = 0
    wants: str = "item or end"
    """What may come next: "item", "item or end", "colon", "value", "comma or end"."""


class _Printer:
    """Takes the tokens and makes lines of them."""

    def __init__(
        self,
        scrub: Scrub,
        hidden: frozenset[str],
        watched: frozenset[str],
        *,
        secret: bool,
        values_are_secret: bool = False,
    ) -> None:
        self.shown = Shown()
        self.complete = False
        self._scrub = scrub
        self._hidden = hidden
        self._watched = watched
        self._values_are_secret = values_are_secret
        self._out: list[str] = []
        self._levels: list[_Level] = []
        self._key = ""
        self._secret_from: int | None = 0 if secret else None
        """Number of levels around the outermost secret value that is open; None for none."""
        self._keys_are_secret = True

    def take(self, token: re.Match[str]) -> None:
        """The next token.

        Raises:
            _Unreadable: It may not stand here.
        """
        level = self._levels[-1] if self._levels else None
        mark = token["mark"]
        if self.complete:
            raise _Unreadable
        if level is not None and mark == _CLOSING[level.opening] and "end" in level.wants:
            self._close(level)
        elif level is not None and mark == "," and level.wants == "comma or end":
            level.wants = "item"
        elif level is not None and mark == ":" and level.wants == "colon":
            level.wants = "value"
        elif level is not None and level.opening == "{" and level.wants.startswith("item"):
            self._take_key(level, token["text"])
        elif level is None or level.wants == "value" or level.wants.startswith("item"):
            self._take_value(token)
        else:
            raise _Unreadable

    def finish(self) -> str:
        """All lines."""
        if not self.complete and self._out:
            self._out.append(_written(MASK) if self._secret_from is not None else "")
            self._out.append("\n…")
        return "".join(self._out)

    def _take_key(self, level: _Level, text: str | None) -> None:
        if text is None:
            raise _Unreadable
        self._key = _decoded(text)
        level.wants = "colon"
        if self._secret_from is None:
            self._begin_item(level)
            self._out.append(f"{_written(self._scrub(self._key))}: ")
            if is_secret(self._key, self._hidden):
                self._secret_from = len(self._levels)
                self._keys_are_secret = self._key.lower() not in DICTIONARIES
        elif self._keys_are_secret:
            self.shown.secrets.add(self._key)

    def _take_value(self, token: re.Match[str]) -> None:
        level = self._levels[-1] if self._levels else None
        if level is not None and level.opening == "[" and self._secret_from is None:
            self._begin_item(level)
        if level is not None:
            level.wants = "comma or end"
        if token["mark"] in _CLOSING:
            self._levels.append(_Level(token["mark"]))
            if self._secret_from is None:
                self._out.append(token["mark"])
            return
        if token["mark"]:
            raise _Unreadable
        text = _decoded(token["text"]) if token["text"] else token["value"]
        if self._secret_from is None:
            shown = _written(self._scrub(text)) if token["text"] else text
            if self._key in self._watched:
                self.shown.facts.setdefault(self._key, self._scrub(text))
            self._out.append(_written(MASK) if self._values_are_secret else shown)
        elif text not in ("null", "true", "false", ""):
            self.shown.secrets.add(text)
        self._end_value(blank=text in ("null", "") and bool(self._levels), text=token[0].strip())

    def _begin_item(self, level: _Level) -> None:
        self._out.append(",\n" if level.items else "\n")
        self._out.append(_indent(len(self._levels)))
        level.items += 1

    def _close(self, level: _Level) -> None:
        self._levels.pop()
        if self._secret_from is None:
            self._out.append(f"\n{_indent(len(self._levels))}" if level.items else "")
            self._out.append(_CLOSING[level.opening])
        self._end_value()

    def _end_value(self, *, blank: bool = False, text: str = "") -> None:
        if self._secret_from == len(self._levels):
            # That nothing is there is no secret.
            self._out.append(text if blank else _written(MASK))
            self._secret_from = None
        self.complete = not self._levels


def _decoded(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        raise _Unreadable from None


def _written(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _indent(depth: int) -> str:
    return "  " * min(depth, _DEEPEST_INDENT)
