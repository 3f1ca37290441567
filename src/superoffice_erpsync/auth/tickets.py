"""One ticket for all threads of a client: obtained on first need, renewed once however many find it refused."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from typing import NamedTuple, Protocol, TypeVar

from superoffice_erpsync import auth
from superoffice_erpsync.auth.credentials import Credentials
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import AuthenticationError, ErpSyncError, RequestTimeout
from superoffice_erpsync.process import forks
from superoffice_erpsync.redaction import Secret

T = TypeVar("T")

TICKET_LIFETIME = timedelta(hours=6)
"""How long a ticket lives after its last use."""

USED_FOR = TICKET_LIFETIME - timedelta(minutes=5)
"""How long after its last use a ticket is still tried."""

_MOST_RENEWALS = 2
"""Of the ticket of one call: by one that another process left behind, and by one of a new login."""


class TicketStore(Protocol):
    """Where processes that log in alike keep their ticket. It fails for nothing but what makes it unsafe."""

    def held(self, deadline: Deadline) -> AbstractContextManager[None]:
        """Keep all other processes from reading and logging in.

        Raises:
            RequestTimeout: Another process did so until the deadline.
            ConfigurationError: Somebody else could read the store or write to it.
        """

    def read(self) -> Secret | None:
        """The ticket, None where there is none that is likely to be good."""

    def write(self, ticket: Secret) -> None:
        """Keep a new ticket."""

    def used(self, ticket: Secret) -> None:
        """Take note that a ticket was good just now. Raises nothing."""


class _Held(NamedTuple):
    """A ticket and where it is from: issued by a login here, or found somewhere."""

    ticket: Secret
    issued: bool


def means_refused_ticket(error: ErpSyncError, rejection: auth.TicketRejection | None) -> bool:
    """Whether a failure means that the ticket was refused; by the usual ways where no others are given."""
    return (rejection or auth.TicketRejection()).recognises(error)


class TicketProvider:
    """Keeps a ticket and hands it to calls.

    Args:
        login: Obtains a new ticket by a deadline, or raises AuthenticationError where the login is refused. None where
            the ticket that is given cannot be renewed.
        ticket: A ticket to begin with.
        rejection: How a refused ticket is recognised; None for the usual ways.
        clock: Seconds that only grow, for tests.
        credentials: What the login sends: kept out of sight, and once it is another, a refused login is tried again.
        kept_elsewhere: `login` only looks up what somebody else logs in for.
        store: Where other processes find the ticket; None for nowhere.
    """

    def __init__(
        self,
        login: Callable[[Deadline], Secret] | None,
        *,
        ticket: Secret | None = None,
        rejection: auth.TicketRejection | None = None,
        clock: Callable[[], float] = time.monotonic,
        credentials: Credentials | None = None,
        kept_elsewhere: bool = False,
        store: TicketStore | None = None,
    ) -> None:
        self._login = login
        self._rejection = rejection
        self._clock = clock
        self._lock = threading.Lock()
        self._held = None if ticket is None else _Held(ticket, issued=False)
        self._last_used = clock()
        self._refused: AuthenticationError | None = None
        self._refused_secrets: tuple[Secret | None, ...] = ()
        self._credentials = credentials
        self._kept_elsewhere = kept_elsewhere
        self._store = store
        forks.watch(self)

    def use(self, attempt: Callable[[Secret], T], deadline: Deadline = Deadline()) -> T:  # noqa: B008 - it never changes
        """Make a call with the ticket; where the server refuses the ticket, log in and make it once more.

        A refused ticket means that the call was not carried out, so even a write can be repeated.

        Args:
            attempt: Makes the call with a ticket. Raises what the call raises.
            deadline: When waiting for a ticket must end.

        Raises:
            AuthenticationError: The login was refused, or the server refused a fresh ticket as well.
            RequestTimeout: Somebody else's login took until the deadline; nothing was sent.
            ErpSyncError: What the call itself raises.
        """
        held = self._current(deadline)
        renewals = 0
        while True:
            try:
                return self._attempt(attempt, held.ticket)
            except ErpSyncError as error:
                if not means_refused_ticket(error, self._rejection):
                    raise
                if renewals and (held.issued or renewals == _MOST_RENEWALS):
                    raise _refused_ticket(error, self._fresh_refused) from None
                held = self._renewed(held, error, deadline)
                renewals += 1

    def known_secrets(self) -> tuple[Secret, ...]:
        """The ticket in use and what the login needs, to be kept out of sight."""
        held = self._held
        secrets = () if self._credentials is None else self._credentials.secrets
        return secrets if held is None else (*secrets, held.ticket)

    def after_fork(self) -> None:
        """A lock of its own: the parent's may be held by a thread that does not exist here. The ticket stays good."""
        self._lock = threading.Lock()

    def _attempt(self, attempt: Callable[[Secret], T], ticket: Secret) -> T:
        result = attempt(ticket)
        self._last_used = self._clock()
        if self._store is not None:
            self._store.used(ticket)
        return result

    def _current(self, deadline: Deadline) -> _Held:
        with self._locked(deadline):
            too_old = self._clock() - self._last_used >= USED_FOR.total_seconds()
            if self._held is None or (too_old and self._login is not None):
                self._held = self._obtained(None, deadline)
            return self._held

    def _renewed(self, refused: _Held, error: ErpSyncError, deadline: Deadline) -> _Held:
        with self._locked(deadline):
            if self._login is None:
                raise _refused_ticket(error, _GIVEN) from None
            if self._held is None or self._held is refused:
                self._held = None
                held = self._obtained(refused.ticket, deadline)
                if self._kept_elsewhere and held.ticket == refused.ticket:
                    raise _refused_ticket(error, _GIVEN) from None
                self._held = held
            return self._held

    @contextmanager
    def _locked(self, deadline: Deadline) -> Iterator[None]:
        lock = self._lock
        if not deadline.acquire(lock):
            raise RequestTimeout("the login of another thread took until the deadline", can_repeat=True)
        try:
            yield
        finally:
            lock.release()

    def _obtained(self, refused: Secret | None, deadline: Deadline) -> _Held:
        with nullcontext() if self._store is None else self._store.held(deadline):
            kept = None if self._store is None else self._store.read()
            if kept is not None and kept != refused:
                self._last_used = self._clock()
                return _Held(kept, issued=False)
            ticket = self._log_in(deadline)
            if self._store is not None:
                self._store.write(ticket)
            return _Held(ticket, issued=not self._kept_elsewhere)

    def _log_in(self, deadline: Deadline) -> Secret:
        if self._refused is not None and not self._has_changed():
            # Tried once for a secret, never in a loop: accounts lock.
            raise refused_before(self._refused)
        self._refused = None
        assert self._login is not None
        try:
            ticket = self._login(deadline)
        except AuthenticationError as error:
            # A web server in front has not seen these secrets; how often its own login is tried is not judged here.
            if not error.web_login:
                self._refused = refused_before(error)
                self._refused_secrets = () if self._credentials is None else self._credentials.last_read
            raise
        self._last_used = self._clock()
        return ticket

    def _has_changed(self) -> bool:
        return self._credentials is not None and self._credentials.changed(self._refused_secrets)

    @property
    def _fresh_refused(self) -> tuple[str, str]:
        """What to say, and what to do."""
        return _GIVEN if self._kept_elsewhere else _ISSUED


_GIVEN = ("the server refuses the ticket", "obtain a new ticket")
_ISSUED = ("the server refuses the ticket that it has just issued", "the account may lack the right to log in")


def refused_before(error: AuthenticationError) -> AuthenticationError:
    """The error for a login that is not tried, since the server has refused it before.

    Args:
        error: The refusal.
    """
    return AuthenticationError(
        error.message,
        operation=error.operation,
        status=error.status,
        code=error.code,
        hint="the login is not tried again with the same secret, since accounts lock; correct it, "
        "and make a new client if it was given as text",
    )


def _refused_ticket(error: ErpSyncError, refusal: tuple[str, str]) -> AuthenticationError:
    what, hint = refusal
    return AuthenticationError(
        f"{what}: {error.message}",
        operation=error.operation,
        status=error.status,
        code=error.code,
        hint=hint,
    )
