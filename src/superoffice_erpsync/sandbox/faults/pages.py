"""What faults on demand say: pages of something in front of the installation, and words of the installation's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from superoffice_erpsync.sandbox.faults.register import Struck

HTML: Final = "text/html; charset=utf-8"

QUOTA_TEXT: Final = (
    "Maximum number of items that can be serialized or deserialized in an object graph is '65536'. Change the object "
    "graph or increase the MaxItemsInObjectGraph quota."
)
"""As WCF refuses a list that is too long for its reader."""
BROKEN_TEXT: Final = "The server was unable to process the request due to an internal error."
"""As WCF tells those who are to learn nothing of its insides."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page in HTML."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    """Beside the content type."""


def page_instead(struck: Struck) -> Page | None:
    """The page that comes in place of the answer; None where the call gets through to the installation."""
    seconds = 0 if struck.rule is None else int(struck.rule.seconds or 0)
    match struck.kind:
        case "unavailable":
            text = "HTTP Error 503. The service is unavailable."
            return Page(503, _html("Service Unavailable", text), {"Retry-After": str(seconds)})
        case "too_many":
            text = "HTTP Error 429. Too many requests were sent in a given amount of time."
            return Page(429, _html("Too Many Requests", text), {"Retry-After": str(seconds)})
        case "html":
            form = "<form method='post' action='/login'><input name='user'><input type='password' name='code'></form>"
            return Page(200, _html("Log in", f"Log in to go on.{form}"))
    return None


def _html(title: str, content: str) -> bytes:
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title}</title></head><body>"
        f"<h1>{title}</h1><p>{content}</p></body></html>"
    ).encode()
