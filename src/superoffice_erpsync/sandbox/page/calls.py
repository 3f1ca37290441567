"""The last calls as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, Literal
from urllib.parse import parse_qsl, quote

from superoffice_erpsync.sandbox.http.exchanges import Content, HttpExchange
from superoffice_erpsync.sandbox.page.bodies import Reading, show_body, size_in_words
from superoffice_erpsync.sandbox.page.masking import (
    MASK,
    Shown,
    is_secret,
    is_secret_answer,
    scrubber,
    shown_header,
    texts_of_failures,
)

Tone = Literal["good", "fair", "bad"]

_FACTS: Final = ("AuthenticationSucceeded", "ErrorType", "ExceptionType", "IsOk", "faultcode")
_LONGEST_NAME: Final = 60
_LONGEST_ADDRESS: Final = 300
_LONGEST_TEXT: Final = 256 * 1024
"""In letters: with one element a line, a text may become many times what it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A request or an answer."""

    headers: list[tuple[str, str]]
    text: str
    note: str
    """Why the text is not all there is; empty where it is."""
    size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """One call."""

    number: int
    at: datetime
    """In UTC."""
    milliseconds: str
    """Empty while the call is under way."""
    wire: str
    """"Services86" or another version, "REST", or "other" for what lies elsewhere."""
    operation: str
    address: str
    """Path and query."""
    status: str
    """Of HTTP; empty where no answer went back."""
    result: str
    tone: Tone
    faults: tuple[str, ...]
    """Kinds of the faults on demand that struck it."""
    request: MessageView
    answer: MessageView | None
    """None: no answer went back, or not yet."""


def view_call(exchange: HttpExchange) -> CallView:
    """What may be seen of an exchange."""
    secrets: set[str] = set()
    request_headers = _by_name(exchange.request_headers)
    shown_request_headers = _shown_headers(exchange.request_headers, secrets)
    request = show_body(exchange.request, request_headers, Reading())
    wire, operation = _wire(exchange.path), _operation(exchange.path, request_headers)
    scrub = scrubber(secrets | request.secrets)
    reading = Reading(
        scrub=scrub,
        hidden=texts_of_failures(request),
        watched=_FACTS,
        whole=wire == "REST" and is_secret_answer(operation) and exchange.status == HTTPStatus.OK,
        cut="cut_answer" in exchange.faults,
        own=True,
    )
    answer = show_body(exchange.answer, _by_name(exchange.answer_headers), reading)
    result, tone = _result(exchange, answer)
    return CallView(
        number=exchange.number,
        at=exchange.at.astimezone(UTC),
        milliseconds="" if exchange.seconds is None else _milliseconds(exchange.seconds),
        wire=wire,
        operation=operation,
        address=_address(exchange),
        status="" if exchange.status is None else str(exchange.status),
        result=result,
        tone=tone,
        faults=exchange.faults,
        request=_message(shown_request_headers, request, exchange.request),
        answer=None
        if exchange.status is None
        else _message(_shown_headers(exchange.answer_headers, set()), answer, exchange.answer),
    )


def _message(headers: list[tuple[str, str]], shown: Shown, content: Content) -> MessageView:
    by_name = {name.lower(): value for name, value in headers}
    unread = not content.size and (by_name.get("content-length", "0") != "0" or "transfer-encoding" in by_name)
    return MessageView(
        headers=headers,
        text=_short(shown.text, _LONGEST_TEXT),
        note="It was not read." if unread else shown.note,
        size="" if unread else size_in_words(content.size),
    )


def _by_name(headers: tuple[tuple[bytes, bytes], ...]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _shown_headers(headers: tuple[tuple[bytes, bytes], ...], secrets: set[str]) -> list[tuple[str, str]]:
    texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return [(name, shown_header(name, value, secrets)) for name, value in texts if not name.startswith("x-sandbox-")]


def _wire(path: str) -> str:
    parts = path.split("/")
    if len(parts) > 2 and parts[1].lower() == "remote":
        version = parts[2].lower()
        return f"Services{version[8:10]}" if version in ("services86", "services87", "services88") else "other"
    return "REST" if parts[1:2] and parts[1].lower() == "api" else "other"


def _operation(path: str, headers: dict[str, str]) -> str:
    action = headers.get("soapaction", "").strip().strip('"')
    name = (action or path.rstrip("/")).rpartition("/")[2]
    return _short(name, _LONGEST_NAME) or "(no operation)"


def _address(exchange: HttpExchange) -> str:
    pairs = parse_qsl(exchange.query.decode("latin-1"), keep_blank_values=True)
    query = "&".join(f"{quote(name, safe='$')}={MASK if is_secret(name) else value}" for name, value in pairs)
    return _short(f"{exchange.path}?{query}" if query else exchange.path, _LONGEST_ADDRESS)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f}" if seconds < 0.1 else f"{seconds * 1000:.0f}"


def _result(exchange: HttpExchange, answer: Shown) -> tuple[str, Tone]:
    """What came of the call, in a word, and whether that is good."""
    facts = answer.facts
    if exchange.status is None:
        return ("under way", "fair") if exchange.seconds is None else ("no answer", "bad")
    if "cut_answer" in exchange.faults:
        return "cut off", "bad"
    for fact in ("faultcode", "ExceptionType", "ErrorType"):
        if facts.get(fact):
            return _short(facts[fact].rpartition(":")[2].rpartition(".")[2], _LONGEST_NAME), "bad"
    if exchange.status >= 400:
        return _phrase(exchange.status), "bad"
    if facts.get("IsOk") == "false":
        return "not ok", "fair"
    if facts.get("AuthenticationSucceeded") == "false":
        return "login refused", "fair"
    if "html" in exchange.faults:
        return "a page instead", "bad"
    if "error_object" in exchange.faults:
        return "error object", "bad"
    return "ok", "good"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "failed"
