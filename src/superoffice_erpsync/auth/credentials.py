"""What a user knows to log in with. None of it shows itself, and none of it travels in a pickle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.models import AuthenticationGenericData
from superoffice_erpsync.redaction import MASK, Secret


class Credentials:
    """The root of all ways to log in."""

    __slots__ = ()

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The texts that must never be shown."""
        raise NotImplementedError

    def __reduce__(self) -> NoReturn:
        raise ConfigurationError(
            "credentials hold a secret and are not pickled or copied",
            hint="create the credentials, and a client with them, in the process that uses them",
        )


class UsernamePassword(Credentials):
    """A user's name and password, exchanged for a ticket by the vendor's `AuthenticateUsernamePassword`.

    Args:
        username: The user's login name.
        password: The password.
    """

    __slots__ = ("password", "username")

    def __init__(self, username: str, password: str | Secret) -> None:
        self.username = username
        self.password = password = password if isinstance(password, Secret) else Secret(password)
        if not username:
            raise ConfigurationError("the user name is empty")

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return (self.password,)

    def __repr__(self) -> str:
        return f"UsernamePassword(username={self.username!r}, password={MASK!r})"


class TicketCredentials(Credentials):
    """A ticket that was obtained elsewhere. It cannot be renewed here: once it is refused, the client is at its end.

    Args:
        ticket: The ticket, as in `7T:…`.
    """

    __slots__ = ("ticket",)

    def __init__(self, ticket: str | Secret) -> None:
        self.ticket = ticket if isinstance(ticket, Secret) else Secret(ticket.strip())
        if not self.ticket.reveal():
            raise ConfigurationError("the ticket is empty")

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return (self.ticket,)

    def __repr__(self) -> str:
        return f"TicketCredentials(ticket={MASK!r})"


class AccessToken(Credentials):
    """An access token. REST carries it as it is; SOAP exchanges it for a ticket by `AuthenticateWithAccessToken`.

    Args:
        token: The token, as in `8A:…`.
    """

    __slots__ = ("token",)

    def __init__(self, token: str | Secret) -> None:
        self.token = token if isinstance(token, Secret) else Secret(token.strip())
        if not self.token.reveal():
            raise ConfigurationError("the access token is empty")

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return (self.token,)

    def __repr__(self) -> str:
        return f"AccessToken(token={MASK!r})"


class GenericCredentials(Credentials):
    """Keys and values that a plugin of the installation knows how to log in with, by `AuthenticateGeneric`. SOAP only.

    Args:
        data: The values by key; all of them are kept out of sight.
    """

    __slots__ = ("data",)

    def __init__(self, data: Mapping[str, str]) -> None:
        self.data = AuthenticationGenericData(data)
        if not self.data:
            raise ConfigurationError("there are no values to log in with")

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return tuple(Secret(value) for value in self.data.values() if value)

    def __repr__(self) -> str:
        return f"GenericCredentials(data={self.data!r})"


class CookieSession(Credentials):
    """A session of the REST API that a browser opened.

    Args:
        cookie: The Cookie header, as in `name=value; other=value`.
        xsrf_token: The token against forged requests that belongs to the session.
    """

    __slots__ = ("cookie", "xsrf_token")

    def __init__(self, cookie: str | Secret, xsrf_token: str | Secret) -> None:
        self.cookie = cookie if isinstance(cookie, Secret) else Secret(cookie)
        self.xsrf_token = xsrf_token if isinstance(xsrf_token, Secret) else Secret(xsrf_token)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return (self.cookie, self.xsrf_token)

    def __repr__(self) -> str:
        return f"CookieSession(cookie={MASK!r}, xsrf_token={MASK!r})"
