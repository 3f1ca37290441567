"""HTML pages that come where a message is due: a proxy's login, a web server's error."""

from __future__ import annotations

import re

_TITLE = re.compile(rb"<title[^>]*>(.{0,200}?)</title", re.IGNORECASE | re.DOTALL)
# Possessive throughout: what a server sends must not decide how long the search takes.
_HTML = re.compile(
    rb"\s*+(?:<!--(?:(?!-->).){0,2000}+-->\s*+)*+<(?:!doctype\s++html|html)[\s>]", re.IGNORECASE | re.DOTALL
)


def html_page(data: bytes) -> str | None:
    """What to call an HTML page, None where the bytes are none."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if not _HTML.match(head):
        return None
    title = _TITLE.search(head)
    text = " ".join(title[1].decode("utf-8", "replace").split()) if title else ""
    return f"an HTML page titled {text!r}" if text else "an HTML page"
