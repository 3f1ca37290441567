"""Logging in: what the user knows, the ticket it gives, and how a refused ticket is recognised."""

from superoffice_erpsync.auth.credentials import (
    AccessToken,
    CookieSession,
    Credentials,
    GenericCredentials,
    TicketCredentials,
    UsernamePassword,
)
from superoffice_erpsync.auth.rejection import TicketRejection
from superoffice_erpsync.auth.tickets import TicketProvider

__all__ = [
    "AccessToken",
    "CookieSession",
    "Credentials",
    "GenericCredentials",
    "TicketCredentials",
    "TicketProvider",
    "TicketRejection",
    "UsernamePassword",
]
