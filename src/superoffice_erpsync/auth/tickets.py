"""One ticket for all threads of a client: obtained on first need, renewed once however many find it refused."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from superoffice_erpsync.auth.rejection import TicketRejection
from superoffice_erpsync.errors import AuthenticationError, ErpSyncError
from superoffice_erpsync.redaction import Secret

T = TypeVar("T")

TICKET_LIFETIME = timedelta(hours=6)
"""How long a ticket lives after its last use."""

_MARGIN = timedelta(minutes=5)


class TicketProvider:
    """Keeps a ticket and hands it to calls.

    Args:
        login: Obtains a new ticket, or raises AuthenticationError where the login is refused. None where the ticket
            that is given cannot be renewed.
        ticket: A ticket to begin with.
        rejection: How a refused ticket is recognised.
        clock: Seconds that only grow, for tests.
        secrets: What the login needs, to be kept out of sight.
    """

    def __init__(
        self,
        login: Callable[[], Secret] | None,
        *,
        ticket: Secret | None = None,
        rejection: TicketRejection | None = None,
        clock: Callable[[], float] = time.monotonic,
        secrets: Sequence[Secret] = (),
    ) -> None:
        self._login = login
        self._rejection = rejection or TicketRejection()
        self._clock = clock
        self._lock = threading.Lock()
        self._ticket = ticket
        self._last_used = clock()
        self._refused: AuthenticationError | None = None
        self._secrets = tuple(secrets)

    def use(self, attempt: Callable[[Secret], T]) -> T:
        """Make a call with the ticket; where the server refuses the ticket, log in and make it once more.

        A refused ticket means that the call was not carried out, so even a write can be repeated.

        Args:
            attempt: Makes the call with a ticket. Raises what the call raises.

        Raises:
            AuthenticationError: The login was refused, or the server refused a fresh ticket as well.
            ErpSyncError: What the call itself raises.
        """
        ticket = self._current()
        try:
            result = self._attempt(attempt, ticket)
        except ErpSyncError as error:
            if not self._rejection.recognises(error):
                raise
            ticket = self._renewed(ticket, error)
            try:
                result = self._attempt(attempt, ticket)
            except ErpSyncError as second:
                if self._rejection.recognises(second):
                    raise _refused_ticket(second, "the server refuses the ticket that it has just issued") from None
                raise
        return result

    def known_secrets(self) -> tuple[Secret, ...]:
        """The ticket in use and what the login needs, to be kept out of sight."""
        ticket = self._ticket
        return self._secrets if ticket is None else (*self._secrets, ticket)

    def _attempt(self, attempt: Callable[[Secret], T], ticket: Secret) -> T:
        result = attempt(ticket)
        self._last_used = self._clock()
        return result

    def _current(self) -> Secret:
        with self._lock:
            lifetime = (TICKET_LIFETIME - _MARGIN).total_seconds()
            too_old = self._clock() - self._last_used >= lifetime
            if self._ticket is None or (too_old and self._login is not None):
                self._ticket = self._log_in()
            return self._ticket

    def _renewed(self, refused: Secret, error: ErpSyncError) -> Secret:
        with self._lock:
            if self._login is None:
                raise _refused_ticket(error, "the server refuses the ticket") from None
            if self._ticket is None or self._ticket is refused:
                self._ticket = None
                self._ticket = self._log_in()
            return self._ticket

    def _log_in(self) -> Secret:
        if self._refused is not None:
            # Tried once, never in a loop: accounts lock.
            raise _again(self._refused)
        assert self._login is not None
        try:
            ticket = self._login()
        except AuthenticationError as error:
            self._refused = _again(error)
            raise
        self._last_used = self._clock()
        return ticket


def _again(error: AuthenticationError) -> AuthenticationError:
    return AuthenticationError(
        error.message,
        operation=error.operation,
        status=error.status,
        code=error.code,
        hint="the login is not tried again by this client, since accounts lock; correct it and make a new client",
    )


def _refused_ticket(error: ErpSyncError, what: str) -> AuthenticationError:
    return AuthenticationError(
        f"{what}: {error.message}",
        operation=error.operation,
        status=error.status,
        code=error.code,
        hint="obtain a new ticket" if what.endswith("the ticket") else "the account may lack the right to log in",
    )
