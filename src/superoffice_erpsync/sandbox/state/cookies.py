"""Sessions of browsers, which prove themselves with a cookie and a token that no foreign page can know."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

_NAME: Final = "SandboxSession"


@dataclass(slots=True)
class CookieSession:
    """One browser that somebody logged in with."""

    user: str
    xsrf_token: str = field(repr=False)
    expires_at: datetime


class CookieSessions:
    """Opens sessions and knows them again until they expire; each use starts their time anew.

    Args:
        clock: Gives the time.
        lifetime: Of a session that nobody uses.
    """

    def __init__(self, clock: Callable[[], datetime], lifetime: timedelta) -> None:
        self._clock = clock
        self._lifetime = lifetime
        self._open: dict[str, CookieSession] = {}

    def __repr__(self) -> str:
        return f"CookieSessions(open={len(self._open)})"

    def open(self, user: str) -> tuple[str, str]:
        """Begin a session: the value of the Cookie header, and that of X-XSRF-TOKEN."""
        value, xsrf_token = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._open[value] = CookieSession(user, xsrf_token, self._clock() + self._lifetime)
        return f"{_NAME}={value}", xsrf_token

    def use(self, cookie_header: str | None) -> CookieSession | None:
        """The session whose cookie is in the header, and its time starts anew; None where none is known and alive."""
        now = self._clock()
        for value in _values(cookie_header):
            session = self._open.get(value)
            if session is not None and session.expires_at > now:
                session.expires_at = now + self._lifetime
                return session
        return None

    def end(self, cookie_header: str | None) -> None:
        """End the sessions whose cookies are in the header."""
        for value in _values(cookie_header):
            self._open.pop(value, None)

    def end_all(self) -> None:
        """End every session opened so far."""
        self._open.clear()


def _values(cookie_header: str | None) -> list[str]:
    pairs = (cookie.strip().partition("=") for cookie in (cookie_header or "").split(";"))
    return [value for name, _, value in pairs if name == _NAME]
