"""A server that hands out tickets, as the tests of tickets need it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import AuthenticationError, ErpSyncError, ServerFault
from superoffice_erpsync.redaction import Secret

EXPIRED = "The ticket has expired"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Installation:
    """A server that hands out tickets 1, 2, 3 … and knows which of them are good."""

    def __init__(self) -> None:
        self.logins = 0
        self.deadlines: list[Deadline] = []
        self.calls: list[str] = []
        self.good: set[str] = set()
        self.refuses_logins = False
        self.next_login: ErpSyncError | None = None
        self.lock = threading.Lock()

    def log_in(self, deadline: Deadline) -> Secret:
        self.deadlines.append(deadline)
        with self.lock:
            self.logins += 1
            if self.next_login is not None:
                problem, self.next_login = self.next_login, None
                raise problem
            if self.refuses_logins:
                raise AuthenticationError(
                    "the login was refused", operation="Authenticate", status=200, code="X", hint="check"
                )
            ticket = f"7T:{self.logins}"
            self.good = {ticket}
            return Secret(ticket)

    def call(self, ticket: Secret) -> str:
        with self.lock:
            self.calls.append(ticket.reveal())
            if ticket.reveal() not in self.good:
                raise ServerFault(EXPIRED, operation="GetConnection", status=200, code="Z")
        return "done"


def raising(*problems: ErpSyncError) -> Callable[[Secret], Any]:
    """A call that fails with one problem after the other, and then goes well."""
    left = list(problems)

    def attempt(ticket: Secret) -> str:
        if left:
            raise left.pop(0)
        return "done"

    return attempt
