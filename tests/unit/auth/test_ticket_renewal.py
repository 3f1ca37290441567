"""Where a new ticket comes from: a secret that has changed, somebody else, other processes. Each login is made once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest

from superoffice_erpsync import CallableSecret, UsernamePassword
from superoffice_erpsync.auth import TicketProvider
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import AuthenticationError, ServerFault, TransportError
from superoffice_erpsync.redaction import Secret
from unit.auth.installation import EXPIRED, Installation, raising


@pytest.fixture
def server() -> Installation:
    return Installation()


# -- secrets that change ----------------------------------------------------------------------------------------------


class Kept:
    """A password that is kept elsewhere, and what has been sent of it."""

    def __init__(self) -> None:
        self.value = "wrong"
        self.sent: list[str] = []
        self.credentials = UsernamePassword("nightly", CallableSecret(lambda: self.value))
        self.arrives = True

    def log_in(self, deadline: Deadline) -> Secret:
        self.sent.append(self.credentials.password.reveal())
        if not self.arrives:
            raise TransportError("no route")
        if self.sent[-1] != "right":
            raise AuthenticationError("the login was refused")
        return Secret("7T:1")


def test_a_refused_login_is_tried_once_for_each_new_secret() -> None:
    kept = Kept()
    tickets = TicketProvider(kept.log_in, credentials=kept.credentials)
    for value in ("wrong", "wrong as well", "right"):
        kept.value = value
        for _ in range(3):
            with nullcontext() if value == "right" else pytest.raises(AuthenticationError, match="was refused"):
                tickets.use(lambda ticket: None)
    assert kept.sent == ["wrong", "wrong as well", "right"]


def test_a_secret_that_others_have_read_meanwhile_is_new_all_the_same() -> None:
    kept = Kept()
    one, other = (TicketProvider(kept.log_in, credentials=kept.credentials) for _ in range(2))
    with pytest.raises(AuthenticationError):
        one.use(lambda ticket: None)
    kept.value = "right"
    for tickets in (other, one):
        tickets.use(lambda ticket: None)
    assert kept.sent == ["wrong", "right", "right"]


def test_a_new_secret_that_did_not_arrive_may_be_sent_again() -> None:
    kept = Kept()
    tickets = TicketProvider(kept.log_in, credentials=kept.credentials)
    with pytest.raises(AuthenticationError):
        tickets.use(lambda ticket: None)
    kept.value, kept.arrives = "right", False
    with pytest.raises(TransportError):
        tickets.use(lambda ticket: None)
    kept.arrives = True
    tickets.use(lambda ticket: None)
    assert kept.sent == ["wrong", "right", "right"]


def test_a_secret_that_was_refused_long_ago_may_be_right_again() -> None:
    kept = Kept()
    tickets = TicketProvider(kept.log_in, credentials=kept.credentials)
    with pytest.raises(AuthenticationError):
        tickets.use(lambda ticket: None)
    kept.value = "right"
    tickets.use(lambda ticket: None)
    kept.value = "wrong"
    with pytest.raises(AuthenticationError):
        tickets.use(raising(ServerFault(EXPIRED)))
    assert kept.sent == ["wrong", "right", "wrong"]


def test_a_literal_secret_is_never_new() -> None:
    kept = Kept()
    tickets = TicketProvider(kept.log_in, credentials=UsernamePassword("nightly", "wrong"))
    for _ in range(3):
        with pytest.raises(AuthenticationError):
            tickets.use(lambda ticket: None)
    assert kept.sent == ["wrong"]


def test_a_ticket_that_is_kept_elsewhere_is_looked_up_again(server: Installation) -> None:
    kept = ["7T:a"]
    tickets = TicketProvider(lambda _: Secret(kept[0]), kept_elsewhere=True)
    server.good = {"7T:a"}
    tickets.use(server.call)
    server.good, kept[0] = {"7T:b"}, "7T:b"
    assert tickets.use(server.call) == "done"
    assert server.calls == ["7T:a", "7T:a", "7T:b"]


def test_a_ticket_that_is_kept_elsewhere_and_stays_the_same_is_sent_once(server: Installation) -> None:
    tickets = TicketProvider(lambda _: Secret("7T:a"), kept_elsewhere=True)
    for count in (1, 2):
        with pytest.raises(AuthenticationError, match="the server refuses the ticket: ") as caught:
            tickets.use(server.call)
        assert caught.value.hint == "obtain a new ticket"
        assert server.calls == ["7T:a"] * count


# -- a store that other processes use as well -------------------------------------------------------------------------


class Store:
    """A store with the tickets that other processes put there, one after the other."""

    def __init__(self, *found: str) -> None:
        self.found = [Secret(one) for one in found]
        self.kept: list[str] = []
        self.noted: list[str] = []
        self.holding = False

    @contextmanager
    def held(self, deadline: Deadline) -> Iterator[None]:
        assert not self.holding
        self.holding = True
        try:
            yield
        finally:
            self.holding = False

    def read(self) -> Secret | None:
        assert self.holding
        return self.found.pop(0) if self.found else None

    def write(self, ticket: Secret) -> None:
        assert self.holding
        self.kept.append(ticket.reveal())

    def used(self, ticket: Secret) -> None:
        self.noted.append(ticket.reveal())


def test_a_ticket_in_the_store_saves_the_login(server: Installation) -> None:
    server.good = {"7T:found"}
    store = Store("7T:found")
    tickets = TicketProvider(server.log_in, store=store)
    assert [tickets.use(server.call) for _ in range(3)] == ["done"] * 3
    assert (server.logins, store.kept, store.noted) == (0, [], ["7T:found"] * 3)


def test_a_new_ticket_is_kept_in_the_store(server: Installation) -> None:
    store = Store()
    TicketProvider(server.log_in, store=store).use(server.call)
    assert (server.logins, store.kept, store.noted) == (1, ["7T:1"], ["7T:1"])


@pytest.mark.parametrize(
    ("found", "calls", "logins"),
    [
        (["7T:a", "7T:a"], ["7T:a", "7T:1"], 1),
        (["7T:a", "7T:b"], ["7T:a", "7T:b", "7T:1"], 1),
        (["7T:a", "7T:good"], ["7T:a", "7T:good"], 0),
        (["7T:a", "7T:b", "7T:good"], ["7T:a", "7T:b", "7T:good"], 0),
    ],
)
def test_refused_tickets_of_the_store_lead_to_other_ones_and_then_to_a_login(
    server: Installation, found: list[str], calls: list[str], logins: int
) -> None:
    server.good = {"7T:good"}
    store = Store(*found)
    assert TicketProvider(server.log_in, store=store).use(server.call) == "done"
    assert (server.calls, server.logins, len(store.kept)) == (calls, logins, logins)


def test_a_server_that_refuses_whatever_the_store_has_is_asked_three_times() -> None:
    def attempt(ticket: Secret) -> None:
        asked.append(ticket.reveal())
        raise ServerFault(EXPIRED)

    asked: list[str] = []
    store = Store("7T:a", "7T:b", "7T:c", "7T:d", "7T:e")
    with pytest.raises(AuthenticationError):
        TicketProvider(lambda _: Secret("7T:new"), store=store).use(attempt)
    assert asked == ["7T:a", "7T:b", "7T:c"]


def test_a_refused_login_is_not_kept_and_lets_the_others_in(server: Installation) -> None:
    server.refuses_logins = True
    store = Store()
    tickets = TicketProvider(server.log_in, store=store)
    with pytest.raises(AuthenticationError):
        tickets.use(server.call)
    server.good = {"7T:other"}
    store.found.append(Secret("7T:other"))
    assert tickets.use(server.call) == "done"  # the refusal is of the login, not of what another process keeps
    assert (server.logins, store.kept) == (1, [])
