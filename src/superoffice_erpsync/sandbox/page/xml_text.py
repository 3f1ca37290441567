"""XML written with one element a line, and without its secrets.

It is read from the front, and what is read is what is shown: a message that was cut is shown up to there, and the text
of a secret element is secret whether or not the element ends. Of a broken message only the elements up to the break are
shown and no texts, since it is not known what its author meant to be secret.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from superoffice_erpsync.sandbox.page.masking import (
    DICTIONARIES,
    MASK,
    Scrub,
    Shown,
    holds_secrets,
    is_secret,
    unchanged,
)

_DEEPEST_INDENT: Final = 24
_OUTSIDE: Final = -1
"""The depth of what is around the message."""
_NAMESPACES: Final = ("xmlns", "nil", "type", "mustUnderstand")


class _DoctypeFound(Exception):
    """Nothing is shown from here on: a document type may say what any name stands for."""


def show_xml(
    data: bytes,
    *,
    cut: bool = False,
    charset: str | None = None,
    scrub: Scrub = unchanged,
    hidden: frozenset[str] = frozenset(),
    watched: Collection[str] = (),
) -> Shown:
    """What may be seen of an XML message.

    Args:
        data: The message, or its beginning.
        cut: Whether it is only the beginning.
        charset: The encoding that HTTP states, one of UTF-8 and UTF-16; None where it states none.
        scrub: Takes secrets out of the texts that are shown.
        hidden: Names in small letters that are secret here beside the usual ones.
        watched: Local names whose first texts are wanted as facts.
    """
    shown = _read(data, cut, charset, _Printer(scrub, hidden, frozenset(watched)))
    if shown.note:
        again = _read(data, cut, charset, _Printer(scrub, hidden, frozenset(), texts_are_secret=True))
        again.secrets |= shown.secrets
        return again
    # What comes after is unknown, and so is whether it could be read.
    shown.sound = not cut
    return shown


def _read(data: bytes, cut: bool, charset: str | None, printer: _Printer) -> Shown:
    parser = expat.ParserCreate(charset)
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartElementHandler = printer.start
    parser.EndElementHandler = printer.end
    parser.CharacterDataHandler = printer.characters
    parser.StartDoctypeDeclHandler = _stop_at_doctype
    shown = printer.shown
    try:
        parser.Parse(data, not cut)
    except expat.ExpatError as problem:
        shown.sound = False
        what = expat.ErrorString(problem.code)
        where = f"line {problem.lineno}, column {problem.offset + 1}"
        shown.note = f"Not well-formed at {where}: {what}. All texts are masked."
    except (_DoctypeFound, ValueError, LookupError):
        shown.sound = False
        shown.note = "It holds a document type declaration or an encoding that is not read here."
    shown.text = printer.finish()
    return shown


def _stop_at_doctype(*_: object) -> None:
    raise _DoctypeFound


class _Printer:
    """Takes the parser's events and makes lines of them."""

    def __init__(
        self, scrub: Scrub, hidden: frozenset[str], watched: frozenset[str], *, texts_are_secret: bool = False
    ) -> None:
        self.shown = Shown()
        self._scrub = scrub
        self._hidden = hidden
        self._watched = watched
        self._lines: list[str] = []
        self._path: list[str] = []
        self._pending: str | None = None
        """The innermost element's start, as long as nothing but text is in it."""
        self._text: list[str] = []
        self._secret_from = 0
        """Depth of the outermost secret element that is open; 0 for none."""
        self._credentials_from = _OUTSIDE if texts_are_secret else 0
        """Depth of the element whose texts are secret; 0 for none."""

    def start(self, name: str, attributes: list[str]) -> None:
        local = _local(name)
        if self._secret_from:
            self._path.append(name)
            self._keep_name(local)
            return
        self._begin_line(len(self._path))
        self._path.append(name)
        self._pending = f"<{name}{self._attributes(attributes, is_secret(local, self._hidden))}"
        if is_secret(local, self._hidden):
            self._secret_from = len(self._path)
        elif holds_secrets(local) and not self._credentials_from:
            self._credentials_from = len(self._path)

    def characters(self, text: str) -> None:
        self._text.append(text)
        if (self._secret_from or self._credentials_from) and _local(self._path[-1]) != "Key":
            self.shown.secrets.add(text)

    def end(self, name: str) -> None:
        depth = len(self._path)
        self._path.pop()
        if self._secret_from and depth > self._secret_from:
            return
        text = self._shown_text()
        if self._pending is not None:
            tag = f"{self._pending}>{text}</{name}>" if text else f"{self._pending}/>"
            self._lines.append(f"{self._indent(depth)}{tag}")
        else:
            if text:
                self._lines.append(f"{self._indent(depth + 1)}{text}")
            self._lines.append(f"{self._indent(depth)}</{name}>")
        self._pending = None
        if self._secret_from == depth:
            self._secret_from = 0
        if self._credentials_from == depth:
            self._credentials_from = 0

    def finish(self) -> str:
        """All lines; of an element that is open still, what came of it."""
        if self._path:
            self._begin_line(self._secret_from or len(self._path))
            self._lines.append("…")
        return "\n".join(self._lines)

    def _begin_line(self, depth: int) -> None:
        """Write down that the element of that depth is open, with the text before its next child."""
        text = self._shown_text()
        if self._pending is not None:
            self._lines.append(f"{self._indent(depth)}{self._pending}>")
        if text:
            self._lines.append(f"{self._indent(depth + 1)}{text}")
        self._pending = None

    def _shown_text(self) -> str:
        text = "".join(self._text).strip()
        self._text.clear()
        if self._secret_from or self._credentials_from:
            return MASK if text else ""
        if self._path and text:
            self._watch(text)
        return escape(self._scrub(text), {"\r": "&#13;"})

    def _watch(self, text: str) -> None:
        pending = _local((self._pending or "").lstrip("<").partition(" ")[0])
        if pending in self._watched:
            self.shown.facts.setdefault(pending, self._scrub(text))

    def _attributes(self, attributes: list[str], secret: bool) -> str:
        written = []
        for name, value in zip(attributes[::2], attributes[1::2], strict=True):
            usual = name.startswith(("xmlns", "xml:")) or _local(name) in _NAMESPACES
            hide = not usual and (secret or self._credentials_from == _OUTSIDE or is_secret(_local(name), self._hidden))
            if hide:
                self.shown.secrets.add(value)
            written.append(f" {name}={quoteattr(MASK if hide else self._scrub(value))}")
        return "".join(written)

    def _keep_name(self, name: str) -> None:
        # A password that was not escaped may have turned into an element.
        outer = _local(self._path[self._secret_from - 1]).lower()
        if outer not in DICTIONARIES and not outer.endswith("response"):
            self.shown.secrets.add(name)

    def _indent(self, depth: int) -> str:
        return "  " * min(depth - 1, _DEEPEST_INDENT)


def _local(name: str) -> str:
    return name.rpartition(":")[2]
