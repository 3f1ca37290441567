"""How a REST request says who sends it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Protocol, TypeVar

from superoffice_erpsync.auth import (
    AccessToken,
    CookieSession,
    Credentials,
    TicketProvider,
    UsernamePassword,
)
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.redaction import MaskedValues, Secret

T = TypeVar("T")

Headers = MaskedValues[str]
"""HTTP headers, some of which hold secrets."""


def can_carry(value: object) -> bool:
    """Whether an HTTP header can carry a value as it is: visible ASCII, with blanks inside only."""
    return isinstance(value, str) and value.isascii() and value.isprintable() and value == value.strip() != ""


class Authorization(Protocol):
    """Makes a call with the headers that say who sends it."""

    def use(self, attempt: Callable[[Headers, tuple[Secret, ...]], T]) -> T:
        """Make a call.

        Args:
            attempt: Makes it with headers, and with the secrets that are in them.
        """


class FixedAuthorization:
    """The same headers for every call."""

    def __init__(self, headers: Headers, secrets: tuple[Secret, ...]) -> None:
        self._headers = _checked(headers)
        self._secrets = secrets

    def use(self, attempt: Callable[[Headers, tuple[Secret, ...]], T]) -> T:
        """Make a call, see `Authorization.use`."""
        return attempt(self._headers, self._secrets)


class TicketAuthorization:
    """A ticket, renewed when the server refuses it."""

    def __init__(self, tickets: TicketProvider) -> None:
        self._tickets = tickets

    def use(self, attempt: Callable[[Headers, tuple[Secret, ...]], T]) -> T:
        """Make a call, see `Authorization.use`."""

        def with_ticket(ticket: Secret) -> T:
            headers = _checked(Headers(Authorization=f"SOTicket {ticket.reveal()}"))
            return attempt(headers, (ticket, *self._tickets.known_secrets()))

        return self._tickets.use(with_ticket)


def _checked(headers: Headers) -> Headers:
    for name, value in headers.items():
        if not can_carry(value):
            raise ConfigurationError(f"the HTTP header {name} cannot carry these credentials")
    return headers


def authorization(credentials: Credentials) -> Authorization:
    """The authorization for credentials that go with every call as they are.

    Raises:
        ConfigurationError: These credentials need a login first, or no HTTP header can carry them.
    """
    match credentials:
        case UsernamePassword():
            if ":" in credentials.username:
                raise ConfigurationError("a user name with a colon cannot be sent as Basic", hint="give soap_url too")
            login = f"{credentials.username}:{credentials.password.reveal()}".encode()
            basic = base64.b64encode(login).decode("ascii")
            headers = Headers(Authorization=f"Basic {basic}")
            return FixedAuthorization(headers, (*credentials.secrets, Secret(basic)))
        case AccessToken():
            headers = Headers(Authorization=f"Bearer {credentials.token.reveal()}")
            return FixedAuthorization(headers, credentials.secrets)
        case CookieSession():
            headers = Headers({"Cookie": credentials.cookie.reveal(), "X-XSRF-TOKEN": credentials.xsrf_token.reveal()})
            return FixedAuthorization(headers, credentials.secrets)
    raise ConfigurationError(f"{type(credentials).__name__} cannot be used with the REST API")
