"""The installation behind the wire: one state, one lock, and the call of a handler."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from superoffice_erpsync.sandbox.call_log import CallLog
from superoffice_erpsync.sandbox.faults.register import Faults
from superoffice_erpsync.sandbox.faults.rule import FaultRule
from superoffice_erpsync.sandbox.handlers.catalogue import HANDLERS, OPEN_SERVICES, READING
from superoffice_erpsync.sandbox.handlers.sync import carry_out_queue, sync_by_itself
from superoffice_erpsync.sandbox.http.exchanges import ExchangeLog
from superoffice_erpsync.sandbox.refusals import no_session
from superoffice_erpsync.sandbox.state import State
from superoffice_erpsync.sandbox.state.bulk import Seeded, seed
from superoffice_erpsync.sandbox.state.seed import DEFAULT_ACCESS_TOKENS, DEFAULT_USERS, seeded_state
from superoffice_erpsync.sandbox.state.sessions import SIX_HOURS, Sessions
from superoffice_erpsync.sandbox.state.snapshot import dump, load


def utc_now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


class NotInTheSandbox(Exception):
    """The operation belongs to the contract, and no handler plays it."""


class Installation:
    """What all transports call.

    Args:
        users: Passwords by user name.
        ticket_lifetime: Of a ticket that nobody uses.
        clock: Gives the time, with its zone.
        access_tokens: Names of users by access token; None for `DEFAULT_ACCESS_TOKENS`, as far as their users exist.
        generic_logins: Keys and values by name of the user who logs in with just these.
        implicit_user: Whom the operating system is taken to vouch for.
        faults: What goes wrong from the beginning.
    """

    def __init__(
        self,
        users: Mapping[str, str] = DEFAULT_USERS,
        ticket_lifetime: timedelta = SIX_HOURS,
        clock: Callable[[], datetime] = utc_now,
        *,
        access_tokens: Mapping[str, str] | None = None,
        generic_logins: Mapping[str, Mapping[str, str]] | None = None,
        implicit_user: str | None = None,
        faults: Iterable[FaultRule] = (),
    ) -> None:
        if access_tokens is None:
            access_tokens = {token: name for token, name in DEFAULT_ACCESS_TOKENS.items() if name in users}
        sessions = Sessions(
            users,
            clock,
            ticket_lifetime,
            access_tokens=access_tokens,
            generic_logins=generic_logins,
            implicit_user=implicit_user,
        )
        self.state = seeded_state(clock, sessions)
        self.received = CallLog()
        self.exchanges = ExchangeLog()
        self._first_faults = tuple(faults)
        self.faults = Faults(self._first_faults)
        self.lock = threading.RLock()
        self.keep_state: Callable[[State, bool], None] | None = None
        """Called after each change, before anybody is told of it; None where the state lives in memory alone."""
        self._due_work_unkept = False
        """Whether something was done by itself that could not be stored yet."""

    def use_ticket(self, ticket: str | None) -> bool:
        """Whether the ticket is known and alive; its time starts anew."""
        with self.lock:
            return self.state.sessions.use(ticket) is not None

    def expire_ticket(self, ticket: str | None) -> None:
        """Refuse a ticket from now on; nothing happens if it is none or not known."""
        with self.lock:
            self.state.sessions.expire(ticket)

    def call(
        self,
        service: str,
        operation: str,
        arguments: Mapping[str, Any],
        *,
        ticket_known: bool,
        account: str | None = None,
    ) -> Any:
        """The plain value of the operation's result.

        Args:
            service: Name of the service.
            operation: Name of the operation.
            arguments: By name.
            ticket_known: Whether the caller has a good ticket.
            account: Whom the web server vouches for.

        Raises:
            NotInTheSandbox: No handler plays the operation.
            Refusal: The installation says no.
            SandboxError: What changed cannot be stored.
        """
        handler = HANDLERS[service].get(operation)
        if handler is None:
            raise NotInTheSandbox(operation)
        if service not in OPEN_SERVICES and not ticket_known:
            raise no_session()
        with self.lock:
            self.run_due_work()
            try:
                with self.state.sessions.vouched_for(account):
                    return handler(self.state, arguments)
            finally:
                if not operation.startswith(READING):
                    self.keep()

    def run_due_work(self) -> None:
        """Let the engine hear its orders, and do what was queued and is due.

        Raises:
            SandboxError: What was done now or before cannot be stored. The next time tries again.
        """
        with self.lock:
            now = self.state.clock()
            heard = self.state.engine.poll(now)
            resynced = carry_out_queue(self.state, now)
            if sync_by_itself(self.state, now) or resynced or heard:
                self._due_work_unkept = True
            if self._due_work_unkept:
                self.keep()

    def finish_queue(self) -> None:
        """Do everything queued now, due or not."""
        with self.lock:
            carry_out_queue(self.state)
            self.keep()

    def keep(self, *, thoroughly: bool = False) -> None:
        """Store the state where it is to outlive the process.

        Args:
            thoroughly: Look also for values that were changed behind the back of CRM, ERPs and links.

        Raises:
            SandboxError: It cannot be stored.
        """
        with self.lock:
            if self.keep_state is not None:
                self.keep_state(self.state, thoroughly)
            self._due_work_unkept = False

    def reset(self) -> None:
        """Begin anew: the state and the faults that the sandbox started with, and nobody logged in or heard of."""
        with self.lock:
            self.state.become(seeded_state(self.state.clock, self.state.sessions))
            self.state.sessions.forget()
            self.received.clear()
            self.exchanges.clear()
            self.faults.clear()
            self.faults.add(*self._first_faults)
            self.keep()

    def snapshot(self) -> dict[str, Any]:
        """The state as plain JSON values."""
        with self.lock:
            return dump(self.state)

    def restore(self, snapshot: Any) -> None:
        """Go back to a snapshot; who is logged in stays so.

        Raises:
            SnapshotError: It is none that this sandbox can read; nothing is changed then.
        """
        with self.lock:
            self.take_over(load(snapshot, self.state.clock, self.state.sessions))
            self.keep()

    def take_over(self, stored: State) -> None:
        """Go on with a state that has lain somewhere; the engine does not make up for the time it lay there."""
        with self.lock:
            now = self.state.clock()
            self.state.become(stored)
            if self.state.engine.is_due(now):
                self.state.engine.last_sync = now

    def seed(
        self,
        companies: int = 0,
        connection_id: int = 1,
        records: Iterable[Mapping[str, Any]] = (),
        actors: Iterable[Mapping[str, Any]] = (),
        links: Iterable[Mapping[str, Any]] = (),
    ) -> Seeded:
        """Add data; see `superoffice_erpsync.sandbox.state.bulk.seed`."""
        with self.lock:
            seeded = seed(self.state, companies, connection_id, records, actors, links)
            self.keep()
            return seeded
