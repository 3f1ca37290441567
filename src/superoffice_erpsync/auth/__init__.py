"""Logging in: what the user knows, the ticket it gives, and how a refused ticket is recognised."""

from superoffice_erpsync.auth.credentials import (
    AccessToken,
    CookieSession,
    Credentials,
    GenericCredentials,
    TicketCredentials,
    UsernamePassword,
    WindowsCredentials,
)
from superoffice_erpsync.auth.references import (
    CallableSecret,
    EnvironmentSecret,
    FileSecret,
    KeyringSecret,
    SecretReference,
)
from superoffice_erpsync.auth.rejection import TicketRejection
from superoffice_erpsync.auth.ticket_cache import TicketCache
from superoffice_erpsync.auth.tickets import TicketProvider

__all__ = [
    "AccessToken",
    "CallableSecret",
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
