"""How a REST request says who sends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeVar

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
from superoffice_erpsync.transports.web_login import HttpBasic

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


class _Made(NamedTuple):
    """Headers made of credentials.

    Attributes:
        headers: The headers.
        secrets: What is in them and must not be shown.
        read: The secrets of the credentials that they were made of, for `Credentials.changed`.
    """

    headers: Headers
    secrets: tuple[Secret, ...]
    read: tuple[Secret | None, ...]


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
        self._made: _Made | None = None
        self._refused: AuthenticationError | None = None
        self._refused_secrets: tuple[Secret | None, ...] = ()
        _check_kind(credentials)
        if not credentials.by_reference:
            self._made = _made_of(credentials)

    def use(self, attempt: Callable[[Headers, tuple[Secret, ...]], T], deadline: Deadline) -> T:  # noqa: ARG002
        """Make a call, see `Authorization.use`."""
        made = self._made
        if made is None or (self._refused is not None and self._credentials.changed(self._refused_secrets)):
            made = self._made = _made_of(self._credentials)
            self._refused = None
        if self._refused is not None:
            raise refused_before(self._refused)
        try:
            return attempt(made.headers, made.secrets)
        except AuthenticationError as error:
            if error.status == 401 and not error.web_login:
                # Not what was last read: that may be a new secret, which another thread has got on with meanwhile.
                self._refused_secrets = made.read
                self._refused = error
            raise

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """See `Authorization.secrets`."""
        return self._credentials.secrets if self._made is None else self._made.secrets


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
    for name in headers:
        if not can_carry(headers[name]):
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


def _made_of(credentials: Credentials) -> _Made:
    headers = Headers()
    secrets: tuple[Secret, ...] = ()
    match credentials:
        case UsernamePassword():
            basic = HttpBasic(credentials.username, credentials.password)
            headers["Authorization"] = basic.authorization().reveal()
            secrets = basic.secrets
        case AccessToken():
            headers["Authorization"] = f"Bearer {credentials.token.reveal()}"
        case CookieSession():
            headers["Cookie"] = credentials.cookie.reveal()
            headers["X-XSRF-TOKEN"] = credentials.xsrf_token.reveal()
    return _Made(_checked(headers), (*secrets, *credentials.secrets), credentials.last_read)
