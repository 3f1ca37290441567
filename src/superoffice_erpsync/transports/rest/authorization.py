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
from superoffice_erpsync.auth.tickets import refused_before
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import AuthenticationError, ConfigurationError
from superoffice_erpsync.redaction import MaskedValues, Secret

T = TypeVar("T")

Headers = MaskedValues[str]
"""HTTP headers, some of which hold secrets."""


def can_carry(value: object) -> bool:
    """Whether an HTTP header can carry a value as it is: visible ASCII, with blanks inside only."""
    return isinstance(value, str) and value.isascii() and value.isprintable() and value == value.strip() != ""


class Authorization(Protocol):
    """Makes a call with the headers that say who sends it."""

    def use(self, attempt: Callable[[Headers, tuple[Secret, ...]], T], deadline: Deadline) -> T:
        """Make a call.

        Args:
            attempt: Makes it with headers, and with the secrets that are in them.
            deadline: When the call must have ended, a login included.
        """

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What is in the headers and must not be shown."""


class FixedAuthorization:
    """Headers made of credentials, the same for every call.

    A refused login is not tried again, since accounts lock; one that is kept by reference is, once it has changed.

    Args:
        credentials: What goes with every call as it is.

    Raises:
        ConfigurationError: These credentials need a login first, or no HTTP header can carry them.
    """

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._made: tuple[Headers, tuple[Secret, ...]] | None = None
        self._refused: AuthenticationError | None = None
        self._refused_secrets: tuple[Secret | None, ...] = ()
        _check_kind(credentials)
        if not credentials.by_reference:
            self._made = _headers(credentials)

    def use(self, attempt: Callable[[Headers, tuple[Secret, ...]], T], deadline: Deadline) -> T:  # noqa: ARG002
        """Make a call, see `Authorization.use`."""
        made = self._made
        if made is None or (self._refused is not None and self._credentials.changed(self._refused_secrets)):
            made = self._made = _headers(self._credentials)
            self._refused = None
        if self._refused is not None:
            raise refused_before(self._refused)
        try:
            return attempt(*made)
        except AuthenticationError as error:
            if error.status == 401:
                self._refused_secrets = self._credentials.last_read
                self._refused = error
            raise

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """See `Authorization.secrets`."""
        return self._credentials.secrets if self._made is None else self._made[1]


class TicketAuthorization:
    """A ticket, renewed when the server refuses it."""

    def __init__(self, tickets: TicketProvider) -> None:
        self._tickets = tickets

    def use(self, attempt: Callable[[Headers, tuple[Secret, ...]], T], deadline: Deadline) -> T:
        """Make a call, see `Authorization.use`."""

        def with_ticket(ticket: Secret) -> T:
            headers = _checked(Headers(Authorization=f"SOTicket {ticket.reveal()}"))
            return attempt(headers, (ticket, *self._tickets.known_secrets()))

        return self._tickets.use(with_ticket, deadline)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """See `Authorization.secrets`."""
        return self._tickets.known_secrets()


def _checked(headers: Headers) -> Headers:
    for name, value in headers.items():
        if not can_carry(value):
            raise ConfigurationError(f"the HTTP header {name} cannot carry these credentials")
    return headers


def _check_kind(credentials: Credentials) -> None:
    if not isinstance(credentials, UsernamePassword | AccessToken | CookieSession):
        raise ConfigurationError(
            f"{type(credentials).__name__} cannot be used with the REST API by itself",
            hint="give soap_url too: the SOAP services give a ticket for it",
        )
    if isinstance(credentials, UsernamePassword) and ":" in credentials.username:
        raise ConfigurationError(
            "a user name with a colon cannot be sent as Basic",
            hint="give soap_url too: the SOAP services give a ticket for it",
        )


def _headers(credentials: Credentials) -> tuple[Headers, tuple[Secret, ...]]:
    headers = Headers()
    secrets: tuple[Secret, ...] = ()
    match credentials:
        case UsernamePassword():
            login = f"{credentials.username}:{credentials.password.reveal()}".encode()
            basic = base64.b64encode(login).decode("ascii")
            headers["Authorization"] = f"Basic {basic}"
            secrets = (Secret(basic),)
        case AccessToken():
            headers["Authorization"] = f"Bearer {credentials.token.reveal()}"
        case CookieSession():
            headers["Cookie"] = credentials.cookie.reveal()
            headers["X-XSRF-TOKEN"] = credentials.xsrf_token.reveal()
    return _checked(headers), (*secrets, *credentials.secrets)
