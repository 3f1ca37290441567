"""The login itself: credentials for a ticket, through the service SoPrincipal."""

from __future__ import annotations

from typing import Protocol

from superoffice_erpsync.auth.credentials import Credentials, TicketCredentials, UsernamePassword
from superoffice_erpsync.auth.rejection import TicketRejection
from superoffice_erpsync.auth.tickets import TicketProvider
from superoffice_erpsync.errors import AuthenticationError, ConfigurationError, ServerFault
from superoffice_erpsync.models import AuthenticateResponse
from superoffice_erpsync.operations import Operation
from superoffice_erpsync.operations.principal import AUTHENTICATE_USERNAME_PASSWORD
from superoffice_erpsync.redaction import Secret


class Principal(Protocol):
    """Carries out an operation of SoPrincipal."""

    def __call__(
        self, operation: Operation[AuthenticateResponse], arguments: dict[str, str | Secret], /
    ) -> AuthenticateResponse:
        """Carry out a login operation with arguments by Python name."""


def ticket_provider(credentials: Credentials, rejection: TicketRejection, principal: Principal) -> TicketProvider:
    """What keeps the ticket that credentials stand for.

    Args:
        credentials: What the user knows.
        rejection: How a refused ticket is recognised.
        principal: Carries out logins.

    Raises:
        ConfigurationError: These credentials give no ticket.
    """
    match credentials:
        case TicketCredentials():
            return TicketProvider(None, ticket=credentials.ticket, rejection=rejection)
        case UsernamePassword():
            return TicketProvider(
                lambda: _log_in(credentials, rejection, principal), rejection=rejection, secrets=credentials.secrets
            )
    raise ConfigurationError(f"{type(credentials).__name__} cannot be exchanged for a ticket")


def _log_in(credentials: UsernamePassword, rejection: TicketRejection, principal: Principal) -> Secret:
    login = AUTHENTICATE_USERNAME_PASSWORD
    refused = f"the login of {credentials.username!r} was refused"
    try:
        answer = principal(login, {"user_name": credentials.username, "password": credentials.password})
    except ServerFault as fault:
        if not rejection.recognises(fault):
            raise
        raise AuthenticationError(
            f"{refused}: {fault.message}", operation=login.wire, status=fault.status, code=fault.code
        ) from None
    if not answer.authentication_succeeded:
        raise AuthenticationError(refused, operation=login.wire, hint="check the user name and the password")
    ticket = answer.credentials.ticket if answer.credentials else None
    if not ticket or not ticket.strip():
        raise AuthenticationError("the server accepted the login and gave no ticket", operation=login.wire)
    return Secret(ticket)
