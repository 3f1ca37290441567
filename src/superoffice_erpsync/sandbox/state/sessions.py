"""Users and the tickets they were given."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from superoffice_erpsync.sandbox.state.cookies import CookieSessions

SIX_HOURS = timedelta(hours=6)


@dataclass(slots=True)
class User:
    """Somebody who may log in."""

    name: str
    associate_id: int
    password: str = field(repr=False)


@dataclass(slots=True)
class _Issued:
    user: User
    expires_at: datetime


class Sessions:
    """Issues tickets and knows them again until they expire; each use starts their time anew.

    Args:
        users: Passwords by user name; names are compared without case.
        clock: Gives the time.
        lifetime: Of a ticket that nobody uses.
        access_tokens: Names of users by access token, such as `8A:…`.
        generic_logins: Keys and values by name of the user who logs in with just these.
        implicit_user: Whom the operating system is taken to vouch for; None for nobody.

    Raises:
        ValueError: A name is not among the users.
    """

    def __init__(
        self,
        users: Mapping[str, str],
        clock: Callable[[], datetime],
        lifetime: timedelta = SIX_HOURS,
        *,
        access_tokens: Mapping[str, str] | None = None,
        generic_logins: Mapping[str, Mapping[str, str]] | None = None,
        implicit_user: str | None = None,
    ) -> None:
        self.lifetime = lifetime
        self.logins = 0
        """Number of successful logins."""
        self._clock = clock
        self._users = {
            name.casefold(): User(name, number, password) for number, (name, password) in enumerate(users.items(), 1)
        }
        self.cookies = CookieSessions(clock, lifetime)
        self._issued: dict[str, _Issued] = {}
        self._by_token = {token: self._named(name) for token, name in (access_tokens or {}).items()}
        self._by_data = [(dict(data), self._named(name)) for name, data in (generic_logins or {}).items()]
        self._account: str | None = None
        self._implicit = None if implicit_user is None else self._named(implicit_user)

    def __repr__(self) -> str:
        return f"Sessions(users={len(self._users)}, tickets={len(self._issued)}, logins={self.logins})"

    def of_password(self, name: str | None, password: str | None) -> User | None:
        """The user, or None when the name or the password is wrong."""
        user = self._users.get((name or "").casefold())
        if user is None or not secrets.compare_digest(user.password.encode(), (password or "").encode()):
            return None
        return user

    def of_token(self, access_token: str | None) -> User | None:
        """The access token's user, or None when nobody has that token."""
        return self._by_token.get(access_token or "")

    def open_cookie_session(self, name: str) -> tuple[str, str]:
        """Log a browser in: the value of its Cookie header, and that of X-XSRF-TOKEN.

        Raises:
            ValueError: There is no such user.
        """
        return self.cookies.open(self._named(name).name)

    def log_in(self, name: str | None, password: str | None) -> tuple[User, str] | None:
        """The user and a new ticket, or None when the name or the password is wrong."""
        user = self.of_password(name, password)
        return None if user is None else self._admit(user)

    def log_in_with_token(self, access_token: str | None) -> tuple[User, str] | None:
        """The access token's user and a new ticket, or None when nobody has that token."""
        user = self.of_token(access_token)
        return None if user is None else self._admit(user)

    def log_in_with_data(self, data: Mapping[str, str | None] | None) -> tuple[User, str] | None:
        """The user of exactly these keys and values and a new ticket, or None when they are nobody's."""
        user = next((user for known, user in self._by_data if known == data), None)
        return None if user is None else self._admit(user)

    @contextmanager
    def vouched_for(self, account: str | None) -> Iterator[None]:
        """Take the web server's word, for the time of one call, for who makes it."""
        self._account = account
        try:
            yield
        finally:
            self._account = None

    def log_in_implicitly(self) -> tuple[User, str] | None:
        """The user whom the operating system vouches for and a new ticket, or None when there is none.

        That is the user of the account's name without its domain, else the one who is named for all.
        """
        name = (self._account or "").rpartition("\\")[2].partition("@")[0]
        user = self._users.get(name.casefold(), self._implicit)
        return None if user is None else self._admit(user)

    def use(self, ticket: str | None) -> User | None:
        """The ticket's user, and its time starts anew; None for no ticket, an unknown one or an expired one."""
        issued = self._issued.get(ticket or "")
        if issued is None:
            return None
        now = self._clock()
        if issued.expires_at <= now:
            return None
        issued.expires_at = now + self.lifetime
        return issued.user

    def expire(self, ticket: str | None) -> None:
        """Refuse a ticket from now on; nothing happens if it is none or not known."""
        self._issued.pop(ticket or "", None)

    def expire_all(self) -> None:
        """Refuse every ticket issued and end every browser's session opened so far."""
        self._issued.clear()
        self.cookies.end_all()

    def forget(self) -> None:
        """As if nobody had ever logged in."""
        self.expire_all()
        self.logins = 0

    def _drop_expired(self) -> None:
        now = self._clock()
        self._issued = {ticket: issued for ticket, issued in self._issued.items() if issued.expires_at > now}

    def _admit(self, user: User) -> tuple[User, str]:
        ticket = "7T:" + base64.b64encode(secrets.token_bytes(48)).decode("ascii")
        self._drop_expired()
        self._issued[ticket] = _Issued(user, self._clock() + self.lifetime)
        self.logins += 1
        return user, ticket

    def _named(self, name: str) -> User:
        user = self._users.get(name.casefold())
        if user is None:
            raise ValueError(f"{name!r} is to log in and is not among the users")
        return user
