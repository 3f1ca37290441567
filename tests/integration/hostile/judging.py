"""Whether a call ended as it had to: its result or error, and no secret in anything that can be seen."""

from __future__ import annotations

import base64
import html
import json
import pickle
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

from integration.hostile.calls import Call
from integration.hostile.scenarios import Ending, Fails
from superoffice_erpsync import ErpSyncError

USER = "DEMO"
PASSWORD = "pa&ss<wörd>'\"/ +1"
TICKET = "7T:aG9zdGlsZSB0aWNrZXQ+/w=="
NEW_TICKET = "7T:bmV3IGhvc3RpbGUgdGlja2V0"
APPLICATION_TOKEN = "application-token-2f9c"
PROXY_PASSWORD = "proxy-word-77b1"
WEB_PASSWORD = "web-word-\u00e5-19c3"
BASIC = (f"{USER}:{PASSWORD}", f"{USER}:{WEB_PASSWORD}")
"""What HTTP Basic packs."""

PADDING = "K" * 1000
"""What makes long requests long; left out where secrets are looked for."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What came of a call, or of making the client."""

    client_made: bool = True
    result: Any = None
    error: Exception | None = None
    seconds: float = 0.0


def ended(call: Callable[[], Any]) -> Ended:
    """Make a call. No secret is among this function's variables, which a traceback can show."""
    started = time.perf_counter()
    result = error = None
    try:
        result = call()
    except Exception as problem:
        error = problem
    return Ended(result=result, error=error, seconds=time.perf_counter() - started)


def complaint(end: Ended, ending: Ending, call: Call) -> str | None:
    """What is wrong about how a call ended, None where it ended so."""
    if not isinstance(ending, Fails):
        if end.error is not None:
            return f"{type(end.error).__name__}: {end.error}"
        wanted = ending.result(call)
        return None if end.result == wanted else f"{end.result!r} instead of {wanted!r}"
    error = end.error
    if error is None:
        return f"no error, but {end.result!r}"
    if type(error) not in ending.kinds:
        return f"{type(error).__name__} instead of {' or '.join(kind.__name__ for kind in ending.kinds)}: {error}"
    assert isinstance(error, ErpSyncError)
    if error.outcome not in ending.outcomes:
        return f"the outcome is {error.outcome}: {error}"
    missed = [word for word in ending.says if word.lower() not in str(error).lower()]
    if missed:
        return f"{missed} not in: {error}"
    others = {name: getattr(error, name) for name, wanted in ending.more.items() if getattr(error, name) != wanted}
    return f"{others} in: {error}" if others else None


def _spellings(secret: str) -> set[str]:
    """The ways that a secret may be written."""
    plain = {
        secret,
        html.escape(secret),
        html.escape(secret, quote=False),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
    }
    plain |= {json.dumps(secret, ensure_ascii=False)[1:-1], quote(secret), quote(secret, safe=""), quote_plus(secret)}
    return plain | {repr(secret.encode())[2:-1], base64.b64encode(secret.encode()).decode()}


SPELLINGS = frozenset(
    spelling
    for secret in (PASSWORD, TICKET, NEW_TICKET, APPLICATION_TOKEN, PROXY_PASSWORD, WEB_PASSWORD, *BASIC)
    for spelling in _spellings(secret)
)


def leaks(text: str) -> list[str]:
    """The spellings of secrets in a text."""
    # A message in UTF-16 that was taken for UTF-8 has a NUL after every letter.
    plain = text.replace("\0", "").replace(PADDING, "")
    return [spelling for spelling in SPELLINGS if spelling in plain]


def shown_by(error: Exception) -> dict[str, str]:
    """Everything that an error shows of itself, by what shows it: to a log, a debugger, another process."""
    account = traceback.TracebackException.from_exception(error, capture_locals=True)
    return {
        "str": str(error),
        "repr": repr(error),
        "args": repr(error.args),
        "attributes": repr(vars(error)),
        "traceback": "".join(traceback.format_exception(error)),
        "variables of the traceback": "".join(account.format()),
        "pickle": pickle.dumps(error).decode("latin-1") + pickle.dumps(error).decode("utf-8", "replace"),
    }
