"""The login itself: credentials for a ticket, through the service SoPrincipal."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from superoffice_erpsync import auth
from superoffice_erpsync.auth.credentials import (
    AccessToken,
    Credentials,
    GenericCredentials,
    TicketCredentials,
    UsernamePassword,
    WindowsCredentials,
)
from superoffice_erpsync.auth.tickets import TicketProvider, means_refused_ticket
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import AuthenticationError, ConfigurationError, ServerFault
from superoffice_erpsync.models.login import IssuedTicket
from superoffice_erpsync.operations import Operation
from superoffice_erpsync.operations.login import (
    AUTHENTICATE_GENERIC,
    AUTHENTICATE_IMPLICIT,
    AUTHENTICATE_USERNAME_PASSWORD,
    AUTHENTICATE_WITH_ACCESS_TOKEN,
)
from superoffice_erpsync.redaction import Secret

if TYPE_CHECKING:
    from superoffice_erpsync.auth.ticket_cache import TicketCache


class Principal(Protocol):
    """Carries out an operation of SoPrincipal."""

    def __call__(
        self, operation: Operation[IssuedTicket], arguments: dict[str, Any], deadline: Deadline, /
    ) -> IssuedTicket:
        """Carry out a login operation with arguments by Python name, by a deadline."""


class _Login(NamedTuple):
    """How credentials are exchanged for a ticket.

    Attributes:
        operation: The login operation.
        arguments: Gives them by Python name, anew for each login; what is secret stays wrapped.
        what: What to call it in errors.
        advice: What to check where it is refused.
    """

    operation: Operation[IssuedTicket]
    arguments: Callable[[], dict[str, Any]]
    what: str
    advice: str


def _login(credentials: Credentials) -> _Login:
    match credentials:
        case UsernamePassword():
            return _Login(
                AUTHENTICATE_USERNAME_PASSWORD,
                lambda: {"user_name": credentials.username, "password": credentials.password},
                f"the login of {credentials.username!r}",
                "check the user name and the password",
            )
        case WindowsCredentials():
            who = "this process's account" if credentials.username is None else repr(credentials.username)
            return _Login(
                AUTHENTICATE_IMPLICIT,
                dict,
                f"the Windows login of {who}",
                "check that the account is one that may log in to SuperOffice",
            )
        case AccessToken():
            return _Login(
                AUTHENTICATE_WITH_ACCESS_TOKEN,
                lambda: {"access_token": credentials.token},
                "the login with an access token",
                "the token may have expired",
            )
        case GenericCredentials():
            return _Login(
                AUTHENTICATE_GENERIC,
                lambda: {"authentication_data": credentials.data},
                "the login with generic data",
                "check the values, and that the plugin is installed",
            )
    raise ConfigurationError(f"{type(credentials).__name__} cannot be exchanged for a ticket")


def ticket_provider(
    credentials: Credentials,
    rejection: auth.TicketRejection | None,
    principal: Principal,
    *,
    cache: TicketCache | None = None,
    address: str = "",
) -> TicketProvider:
    """What keeps the ticket that credentials stand for.

    Args:
        credentials: What the user knows.
        rejection: How a refused ticket is recognised; None for the usual ways.
        principal: Carries out logins.
        cache: Keeps the ticket between runs; None for nothing.
        address: The installation's, which tells its tickets in the cache from those of others.

    Raises:
        ConfigurationError: These credentials give no ticket.
    """
    if isinstance(credentials, TicketCredentials):
        return _kept_ticket(credentials, rejection)
    return TicketProvider(
        partial(_log_in, _login(credentials), rejection, principal),
        rejection=rejection,
        credentials=credentials,
        store=None if cache is None else cache.ticket_of(credentials, address),
    )


def _kept_ticket(credentials: TicketCredentials, rejection: auth.TicketRejection | None) -> TicketProvider:
    if not credentials.by_reference:
        return TicketProvider(None, ticket=credentials.ticket, rejection=rejection)
    return TicketProvider(
        lambda _deadline: credentials.ticket,
        rejection=rejection,
        credentials=credentials,
        kept_elsewhere=True,
    )


def _log_in(login: _Login, rejection: auth.TicketRejection | None, principal: Principal, deadline: Deadline) -> Secret:
    operation = login.operation.wire
    refused = f"{login.what} was refused"
    try:
        answer = principal(login.operation, login.arguments(), deadline)
    except ServerFault as fault:
        if not means_refused_ticket(fault, rejection):
            raise
        raise AuthenticationError(
            f"{refused}: {fault.message}", operation=operation, status=fault.status, code=fault.code
        ) from None
    if not answer.authentication_succeeded:
        raise AuthenticationError(refused, operation=operation, hint=login.advice)
    ticket = answer.credentials.ticket if answer.credentials else None
    if not ticket or not ticket.strip():
        raise AuthenticationError("the server accepted the login and gave no ticket", operation=operation)
    return Secret(ticket)
