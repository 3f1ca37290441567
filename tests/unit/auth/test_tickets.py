"""One ticket for all threads: when it is obtained, when it is renewed, and when no login is tried any more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from superoffice_erpsync.auth import TicketProvider, TicketRejection
from superoffice_erpsync.auth.tickets import TICKET_LIFETIME
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import (
    AuthenticationError,
    ErpSyncError,
    Outcome,
    RequestTimeout,
    ServerFault,
    TransportError,
)
from superoffice_erpsync.redaction import Secret
from unit.auth.installation import EXPIRED, Clock, Installation, raising

HOUR = 3600.0
# The client logs in a little before the server would refuse; how little is its own affair, within these minutes.
LATEST_USE = 6 * HOUR - 10 * 60
LIFETIME = 6 * HOUR


@pytest.fixture
def server() -> Installation:
    return Installation()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tickets(server: Installation, clock: Clock) -> TicketProvider:
    return TicketProvider(server.log_in, clock=clock)


# -- one thread -------------------------------------------------------------------------------------------------------


def test_the_ticket_is_obtained_on_first_need_and_kept(server: Installation, tickets: TicketProvider) -> None:
    assert server.logins == 0
    assert [tickets.use(server.call) for _ in range(3)] == ["done"] * 3
    assert (server.logins, server.calls) == (1, ["7T:1"] * 3)


def test_a_ticket_lives_six_hours() -> None:
    assert TICKET_LIFETIME.total_seconds() == LIFETIME


def test_a_ticket_is_used_until_six_hours_after_its_last_use(
    server: Installation, tickets: TicketProvider, clock: Clock
) -> None:
    for _ in range(4):  # far beyond six hours in all, since each use renews it
        tickets.use(server.call)
        clock.now += LATEST_USE
    tickets.use(server.call)
    assert server.logins == 1


def test_a_ticket_that_is_too_old_is_not_even_tried(
    server: Installation, tickets: TicketProvider, clock: Clock
) -> None:
    tickets.use(server.call)
    clock.now += LIFETIME
    tickets.use(server.call)
    assert (server.logins, server.calls) == (2, ["7T:1", "7T:2"])
    tickets.use(server.call)
    assert server.logins == 2


def test_a_call_that_fails_does_not_renew_the_ticket(
    server: Installation, tickets: TicketProvider, clock: Clock
) -> None:
    tickets.use(server.call)
    clock.now += LATEST_USE
    with pytest.raises(TransportError):
        tickets.use(raising(TransportError("gone")))
    clock.now += LIFETIME - LATEST_USE
    tickets.use(server.call)
    assert server.logins == 2


def test_a_refused_ticket_is_renewed_and_the_call_repeated_once(server: Installation, tickets: TicketProvider) -> None:
    tickets.use(server.call)
    server.good.clear()
    assert tickets.use(server.call) == "done"
    assert (server.logins, server.calls) == (2, ["7T:1", "7T:1", "7T:2"])
    tickets.use(server.call)
    assert server.logins == 2


def test_a_fresh_ticket_that_is_refused_ends_the_call(server: Installation, tickets: TicketProvider) -> None:
    calls: list[str] = []

    def attempt(ticket: Secret) -> None:
        calls.append(ticket.reveal())
        raise ServerFault(EXPIRED, operation="GetConnection", status=200, code="Z")

    with pytest.raises(AuthenticationError, match="just issued: The ticket has expired") as caught:
        tickets.use(attempt)
    assert (calls, server.logins) == (["7T:1", "7T:2"], 2)
    error = caught.value
    assert (error.operation, error.status, error.code, error.outcome) == ("GetConnection", 200, "Z", Outcome.REJECTED)
    assert "7T:" not in str(error)


@pytest.mark.parametrize(
    "problem", [TransportError("gone"), ServerFault("the contact was not found"), AuthenticationError("x", status=403)]
)
def test_other_failures_go_through_untouched(
    server: Installation, tickets: TicketProvider, problem: ErpSyncError
) -> None:
    with pytest.raises(type(problem)) as caught:
        tickets.use(raising(problem))
    assert caught.value is problem
    assert server.logins == 1


def test_another_failure_of_the_repeated_call_goes_through(server: Installation, tickets: TicketProvider) -> None:
    problem = TransportError("gone")
    with pytest.raises(TransportError) as caught:
        tickets.use(raising(ServerFault(EXPIRED), problem))
    assert caught.value is problem
    assert server.logins == 2


def test_errors_that_are_not_of_this_package_go_through(server: Installation, tickets: TicketProvider) -> None:
    def attempt(ticket: Secret) -> None:
        raise KeyError("a mistake of ours")

    with pytest.raises(KeyError):
        tickets.use(attempt)
    assert tickets.use(server.call) == "done"
    assert server.logins == 1


def test_how_a_refusal_is_recognised_can_be_said(server: Installation) -> None:
    tickets = TicketProvider(server.log_in, rejection=TicketRejection(texts=(r"\bgone\b",)))
    assert tickets.use(raising(ServerFault("it is gone"))) == "done"
    assert server.logins == 2
    with pytest.raises(ServerFault):
        tickets.use(raising(ServerFault(EXPIRED)))


# -- logins that fail -------------------------------------------------------------------------------------------------


def test_a_refused_login_is_never_tried_again(server: Installation, tickets: TicketProvider) -> None:
    server.refuses_logins = True
    with pytest.raises(AuthenticationError, match="the login was refused") as first:
        tickets.use(server.call)
    server.refuses_logins = False
    for _ in range(3):
        with pytest.raises(AuthenticationError, match="the login was refused") as later:
            tickets.use(server.call)
        error = later.value
        assert (error.operation, error.status, error.code) == ("Authenticate", 200, "X")
        assert "not tried again" in (error.hint or "")
    assert first.value.hint == "check"
    assert (server.logins, server.calls) == (1, [])


def test_a_refused_login_after_a_refused_ticket_is_never_tried_again(
    server: Installation, tickets: TicketProvider
) -> None:
    tickets.use(server.call)
    server.good.clear()
    server.refuses_logins = True
    for _ in range(3):
        with pytest.raises(AuthenticationError, match="the login was refused"):
            tickets.use(server.call)
    assert server.logins == 2


def test_a_login_that_did_not_arrive_may_be_tried_again(server: Installation, tickets: TicketProvider) -> None:
    problem = server.next_login = TransportError("no route")
    with pytest.raises(TransportError) as caught:
        tickets.use(server.call)
    assert caught.value is problem
    assert tickets.use(server.call) == "done"
    assert server.logins == 2
    server.good.clear()
    server.next_login = ServerFault("down for maintenance")
    with pytest.raises(ServerFault, match="maintenance"):
        tickets.use(server.call)
    assert tickets.use(server.call) == "done"
    assert server.logins == 4


# -- a ticket from elsewhere ------------------------------------------------------------------------------------------


def test_a_given_ticket_is_used_however_old_it_is(server: Installation, clock: Clock) -> None:
    server.good = {"7T:given"}
    tickets = TicketProvider(None, ticket=Secret("7T:given"), clock=clock)
    tickets.use(server.call)
    clock.now += 10 * LIFETIME
    assert tickets.use(server.call) == "done"


def test_a_given_ticket_that_is_refused_ends_the_call(server: Installation) -> None:
    tickets = TicketProvider(None, ticket=Secret("7T:given"))
    for number in (1, 2):
        with pytest.raises(
            AuthenticationError, match="the server refuses the ticket: The ticket has expired"
        ) as caught:
            tickets.use(server.call)
        assert caught.value.hint == "obtain a new ticket"
        assert "7T:" not in str(caught.value)
        assert len(server.calls) == number


def test_a_given_ticket_can_be_renewed_where_there_is_a_login(server: Installation) -> None:
    tickets = TicketProvider(server.log_in, ticket=Secret("7T:given"))
    assert tickets.use(server.call) == "done"
    assert server.calls == ["7T:given", "7T:1"]


def test_the_ticket_in_use_is_known_to_whoever_masks_it(server: Installation) -> None:
    tickets = TicketProvider(server.log_in)
    assert tickets.known_secrets() == ()
    tickets.use(server.call)
    assert Secret("7T:1") in tickets.known_secrets()
    server.good.clear()
    tickets.use(server.call)
    assert Secret("7T:2") in tickets.known_secrets()


# -- many threads -----------------------------------------------------------------------------------------------------


def together(count: int, work: Callable[[], Any]) -> list[Any]:
    """What each of many threads got, or the error that it met; they start at the same moment."""
    start = threading.Barrier(count)

    def run() -> Any:
        start.wait(timeout=20)
        try:
            return work()
        except ErpSyncError as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        futures = [pool.submit(run) for _ in range(count)]
        return [future.result(timeout=20) for future in futures]


many = pytest.mark.parametrize("count", [8, 32])


@many
def test_threads_that_need_a_ticket_at_once_log_in_once(
    count: int, server: Installation, tickets: TicketProvider
) -> None:
    assert together(count, lambda: tickets.use(server.call)) == ["done"] * count
    assert (server.logins, server.calls) == (1, ["7T:1"] * count)


@many
def test_threads_that_find_the_ticket_refused_log_in_once(
    count: int, server: Installation, tickets: TicketProvider
) -> None:
    tickets.use(server.call)
    server.calls.clear()
    server.good.clear()
    all_refused = threading.Barrier(count)

    def attempt(ticket: Secret) -> str:
        try:
            return server.call(ticket)
        except ServerFault:
            # Nobody goes on to the login before the last one has met the refusal.
            all_refused.wait(timeout=20)
            raise

    assert together(count, lambda: tickets.use(attempt)) == ["done"] * count
    assert server.logins == 2
    assert sorted(server.calls) == ["7T:1"] * count + ["7T:2"] * count


@many
def test_a_refused_login_is_tried_once_for_all_that_wait(
    count: int, server: Installation, tickets: TicketProvider
) -> None:
    tickets.use(server.call)
    server.good.clear()
    server.refuses_logins = True
    all_refused = threading.Barrier(count)

    def attempt(ticket: Secret) -> str:
        try:
            return server.call(ticket)
        except ServerFault:
            all_refused.wait(timeout=20)
            raise

    found = together(count, lambda: tickets.use(attempt))
    assert {type(error) for error in found} == {AuthenticationError}
    assert {error.message for error in found} == {"the login was refused"}
    assert len({id(error) for error in found}) == count  # each thread has an error, and so a traceback, of its own
    assert server.logins == 2


@many
def test_a_login_that_did_not_arrive_fails_for_one_and_is_made_by_the_next(
    count: int, server: Installation, tickets: TicketProvider
) -> None:
    server.next_login = TransportError("no route")
    found = together(count, lambda: tickets.use(server.call))
    assert sorted(str(one) for one in found) == ["done"] * (count - 1) + ["no route"]
    assert server.logins == 2


# -- deadlines --------------------------------------------------------------------------------------------------------


def test_the_login_gets_the_deadline(server: Installation, tickets: TicketProvider) -> None:
    deadline = Deadline.after(30)
    tickets.use(server.call, deadline)
    server.good.clear()
    tickets.use(server.call, deadline)
    assert server.deadlines == [deadline, deadline]


class SlowLogin:
    """A login that lasts until it is let go on."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, deadline: Deadline) -> Secret:
        self.begun.set()
        assert self.go_on.wait(20)
        return Secret("7T:slow")


@pytest.mark.parametrize("seconds", [0.05, 0.0, -1.0])
def test_waiting_for_the_login_of_another_thread_ends_at_the_deadline(seconds: float) -> None:
    login = SlowLogin()
    tickets = TicketProvider(login)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(tickets.use, lambda ticket: ticket.reveal())
        try:
            assert login.begun.wait(20)
            with pytest.raises(RequestTimeout, match="another thread") as caught:
                tickets.use(raising(AssertionError()), Deadline.after(seconds))  # type: ignore[arg-type]
        finally:
            login.go_on.set()
        assert (caught.value.outcome, caught.value.can_repeat) == (Outcome.NOT_SENT, True)
        assert other.result(20) == "7T:slow"
    assert tickets.use(lambda ticket: ticket.reveal(), Deadline.after(0)) == "7T:slow"


# -- forks ------------------------------------------------------------------------------------------------------------


def test_after_a_fork_nobody_holds_the_lock_and_the_ticket_stays(server: Installation, tickets: TicketProvider) -> None:
    tickets.use(server.call)
    with tickets._locked(Deadline()):
        tickets.after_fork()
        assert tickets.use(server.call, Deadline.after(5)) == "done"
    assert tickets.use(server.call) == "done"
    assert server.logins == 1
