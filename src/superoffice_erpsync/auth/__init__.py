"""Logging in: what the user knows, the ticket it gives, and how a refused ticket is recognised."""

from typing import TYPE_CHECKING

from superoffice_erpsync.auth.credentials import (
    AccessToken,
    CookieSession,
    Credentials,
    GenericCredentials,
    TicketCredentials,
    UsernamePassword,
    WindowsCredentials,
)
from superoffice_erpsync.auth.secret_reference import SecretReference
from superoffice_erpsync.auth.tickets import TicketProvider
from superoffice_erpsync.on_use import loaded_on_use

if TYPE_CHECKING:
    from superoffice_erpsync.auth.references import (
        CallableSecret,
        CommandSecret,
        EnvironmentSecret,
        FileSecret,
        KeyringSecret,
    )
    from superoffice_erpsync.auth.rejection import TicketRejection
    from superoffice_erpsync.auth.ticket_cache import TicketCache

__all__ = [
    "AccessToken",
    "CallableSecret",
    "CommandSecret",
    "CookieSession",
    "Credentials",
    "EnvironmentSecret",
    "FileSecret",
    "GenericCredentials",
    "KeyringSecret",
    "SecretReference",
    "TicketCache",
    "TicketCredentials",
    "TicketProvider",
    "TicketRejection",
    "UsernamePassword",
    "WindowsCredentials",
]

if not TYPE_CHECKING:
    __getattr__ = loaded_on_use(
        __name__,
        {
            "references": ("CallableSecret", "CommandSecret", "EnvironmentSecret", "FileSecret", "KeyringSecret"),
            "rejection": ("TicketRejection",),
            "ticket_cache": ("TicketCache",),
        },
    )
