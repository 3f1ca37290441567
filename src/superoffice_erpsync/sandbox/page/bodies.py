"""Bodies of requests and answers made readable: unpacked, told apart, masked."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from superoffice_erpsync.sandbox.http.exchanges import KEPT_BYTES, Content
from superoffice_erpsync.sandbox.page.json_text import show_json
from superoffice_erpsync.sandbox.page.masking import Scrub, Shown, unchanged
from superoffice_erpsync.sandbox.page.xml_text import show_xml

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS
_NOT_SHOWN: Final = "It is neither XML nor JSON, so nobody knows what in it is secret: it is not shown."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a body is to be read."""

    scrub: Scrub = unchanged
    """Takes secrets out of the texts that are shown."""
    hidden: frozenset[str] = frozenset()
    """Names in small letters that are secret in it beside the usual ones."""
    watched: Collection[str] = ()
    """Names whose first texts are wanted as facts."""
    whole: bool = False
    """Whether all of it is secret, if it is JSON."""
    cut: bool = False
    """Whether it is known to break off."""
    own: bool = False
    """Whether the sandbox wrote it: then plain texts and pages hold nothing secret but what was sent to it."""


def show_body(content: Content, headers: Mapping[str, str], reading: Reading) -> Shown:
    """What may be seen of a body.

    Args:
        content: What is kept of it.
        headers: That came with it, by names in small letters.
        reading: How it is to be read.
    """
    body, cut, unreadable = _unpacked(
        bytes(content.kept), content.cut or reading.cut, headers.get("content-encoding", "")
    )
    if unreadable:
        shown = Shown(note=unreadable, sound=False)
    elif not body:
        shown = Shown()
    else:
        shown = _show(body, cut, headers.get("content-type", ""), reading)
    if cut and not reading.cut:
        first = f"The first {size_in_words(KEPT_BYTES)}."
        total = "" if headers.get("content-encoding") else f" of {size_in_words(content.size)}"
        shown.note = f"{first[:-1]}{total}. {shown.note}".strip()
    return shown


def size_in_words(size: int) -> str:
    """A number of bytes for people."""
    if size < 1024:
        return f"{size} bytes" if size != 1 else "1 byte"
    return f"{size / 1024:.0f} KB" if size < 1024**2 else f"{size / 1024**2:.1f} MB"


def _unpacked(body: bytes, cut: bool, coding: str) -> tuple[bytes, bool, str]:
    """The content, whether it is only the beginning, and why it cannot be had; the last is empty where it can."""
    coding = coding.strip().lower()
    if coding in ("", "identity") or not body:
        return body, cut, ""
    if coding not in ("gzip", "x-gzip", "deflate"):
        return b"", cut, "It is packed in a way that is not read here."
    unpacking = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        content = unpacking.decompress(body, KEPT_BYTES)
    except zlib.error:
        return b"", cut, "It is not packed as its Content-Encoding says."
    return content, cut or not unpacking.eof, ""


def _show(body: bytes, cut: bool, content_type: str, reading: Reading) -> Shown:
    stated = _CHARSET.search(content_type)
    charset = stated[1].lower() if stated and stated[1].lower() in ("utf-8", "utf-16") else None
    text = _decoded(body, charset, cut)
    if text is None:
        return Shown(note="It is no text in UTF-8 or UTF-16: it is not shown.", sound=False)
    start = text.lstrip("\ufeff \t\r\n")
    if reading.own and start[:14].lower() == "<!doctype html":
        return Shown(text=reading.scrub(text))
    if start.startswith("<"):
        return show_xml(
            body, cut=cut, charset=charset, scrub=reading.scrub, hidden=reading.hidden, watched=reading.watched
        )
    json_type = "json" in content_type.lower()
    if start[:1] in ("{", "[") or (json_type and start):
        return show_json(
            text.removeprefix("\ufeff"),
            cut=cut,
            scrub=reading.scrub,
            hidden=reading.hidden,
            watched=reading.watched,
            whole=reading.whole,
        )
    if reading.own and not set(start) & set("<{["):
        return Shown(text=reading.scrub(text))
    return Shown(note=_NOT_SHOWN if start else "", sound=not start)


def _decoded(body: bytes, charset: str | None, cut: bool) -> str | None:
    wide = charset == "utf-16" or body.startswith(_UTF16)
    decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8")()
    try:
        # A cut may go through the middle of a letter.
        return decoder.decode(body, final=not cut)
    except UnicodeDecodeError:
        return None
