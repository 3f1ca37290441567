"""Logging in: what the user knows, the ticket it gives, and how a refused ticket is recognised."""

from superoffice_erpsync.auth.credentials import (
    BearerToken,
    CookieSession,
    Credentials,
    TicketCredentials,
    UsernamePassword,
)
from superoffice_erpsync.auth.rejection import TicketRejection
from superoffice_erpsync.auth.tickets import TicketProvider

__all__ = [
    "BearerToken",
    "CookieSession",
    "Credentials",
    "TicketCredentials",
    "TicketProvider",
    "TicketRejection",
    "UsernamePassword",
]
