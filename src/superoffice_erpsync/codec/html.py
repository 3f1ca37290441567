"""HTML pages that come where a message is due: a proxy's login, a web server's error."""

from __future__ import annotations

import re

_TITLE = rb"(?is)<title[^>]*>(.{0,200}?)</title"
# Possessive throughout: what a server sends must not decide how long the search takes.
_HTML = rb"(?is)\s*+(?:<!--(?:(?!-->).){0,2000}+-->\s*+)*+<(?:!doctype\s++html|html)[\s>]"


def html_page(data: bytes) -> str | None:
    """What to call an HTML page, None where the bytes are none."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    # The first look is at the word alone: it is enough for messages, and patterns take time to compile.
    if b"html" not in head.lower() or not re.match(_HTML, head):
        return None
    title = re.search(_TITLE, head)
    text = " ".join(title[1].decode("utf-8", "replace").split()) if title else ""
    return f"an HTML page titled {text!r}" if text else "an HTML page"
