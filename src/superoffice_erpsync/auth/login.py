"""The login itself: credentials for a ticket, through the service SoPrincipal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from superoffice_erpsync.auth.credentials import (
    AccessToken,
    Credentials,
    GenericCredentials,
    TicketCredentials,
    UsernamePassword,
)
from superoffice_erpsync.auth.rejection import TicketRejection
from superoffice_erpsync.auth.tickets import TicketProvider
from superoffice_erpsync.errors import AuthenticationError, ConfigurationError, ServerFault
from superoffice_erpsync.models import AuthenticateResponse
from superoffice_erpsync.operations import Operation
from superoffice_erpsync.operations.principal import (
    AUTHENTICATE_GENERIC,
    AUTHENTICATE_USERNAME_PASSWORD,
    AUTHENTICATE_WITH_ACCESS_TOKEN,
)
from superoffice_erpsync.redaction import Secret


class Principal(Protocol):
    """Carries out an operation of SoPrincipal."""

    def __call__(
        self, operation: Operation[AuthenticateResponse], arguments: dict[str, Any], /
    ) -> AuthenticateResponse:
        """Carry out a login operation with arguments by Python name."""


@dataclass(frozen=True, slots=True)
class _Login:
    """How credentials are exchanged for a ticket.

    Attributes:
        operation: The login operation.
        arguments: By Python name; what is secret stays wrapped.
        what: What to call it in errors.
        advice: What to check where it is refused.
    """

    operation: Operation[AuthenticateResponse]
    arguments: dict[str, Any]
    what: str
    advice: str


def _login(credentials: Credentials) -> _Login:
    match credentials:
        case UsernamePassword():
            arguments = {"user_name": credentials.username, "password": credentials.password}
            what = f"the login of {credentials.username!r}"
            return _Login(AUTHENTICATE_USERNAME_PASSWORD, arguments, what, "check the user name and the password")
        case AccessToken():
            arguments = {"access_token": credentials.token}
            what = "the login with an access token"
            return _Login(AUTHENTICATE_WITH_ACCESS_TOKEN, arguments, what, "the token may have expired")
        case GenericCredentials():
            what = "the login with generic data"
            data = {"authentication_data": credentials.data}
            return _Login(AUTHENTICATE_GENERIC, data, what, "check the values, and that the plugin is installed")
    raise ConfigurationError(f"{type(credentials).__name__} cannot be exchanged for a ticket")


def ticket_provider(credentials: Credentials, rejection: TicketRejection, principal: Principal) -> TicketProvider:
    """What keeps the ticket that credentials stand for.

    Args:
        credentials: What the user knows.
        rejection: How a refused ticket is recognised.
        principal: Carries out logins.

    Raises:
        ConfigurationError: These credentials give no ticket.
    """
    if isinstance(credentials, TicketCredentials):
        return TicketProvider(None, ticket=credentials.ticket, rejection=rejection)
    log_in = partial(_log_in, _login(credentials), rejection, principal)
    return TicketProvider(log_in, rejection=rejection, secrets=credentials.secrets)


def _log_in(login: _Login, rejection: TicketRejection, principal: Principal) -> Secret:
    operation = login.operation.wire
    refused = f"{login.what} was refused"
    try:
        answer = principal(login.operation, login.arguments)
    except ServerFault as fault:
        if not rejection.recognises(fault):
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
