from __future__ import annotations

from datetime import timedelta

import pytest

from superoffice_erpsync.sandbox.handlers.principal import authenticate_username_password
from superoffice_erpsync.sandbox.state.sessions import Sessions


def log_in(sessions: Sessions) -> str:
    admitted = sessions.log_in("tje0", "Tje0")
    assert admitted is not None
    return admitted[1]


def test_ticket_looks_like_one_and_is_known(state):
    ticket = log_in(state.sessions)
    assert ticket.startswith("7T:")
    assert len(ticket) > 40
    assert state.sessions.use(ticket).name == "tje0"


def test_each_login_issues_another_ticket(state):
    assert log_in(state.sessions) != log_in(state.sessions)
    assert state.sessions.logins == 2


@pytest.mark.parametrize(
    ("name", "password"), [("tje0", "tje0"), ("tje0", ""), ("tje0", None), ("nobody", "Tje0"), (None, None)]
)
def test_wrong_name_or_password_is_a_normal_answer(state, name, password):
    answer = authenticate_username_password(state, {"UserName": name, "Password": password})
    assert answer == {"Response": None, "Credentials": None, "AuthenticationSucceeded": False}
    assert state.sessions.logins == 0


def test_user_name_is_compared_without_case(state):
    assert state.sessions.log_in("TJE0", "Tje0") is not None


def test_ticket_lives_six_hours(state, clock):
    ticket = log_in(state.sessions)
    clock.advance(hours=6)
    assert state.sessions.use(ticket) is None


def test_each_use_starts_the_six_hours_anew(state, clock):
    ticket = log_in(state.sessions)
    for _ in range(5):
        clock.advance(hours=5, minutes=59)
        assert state.sessions.use(ticket) is not None


def test_expired_ticket_stays_expired(state, clock):
    ticket = log_in(state.sessions)
    clock.advance(hours=7)
    assert state.sessions.use(ticket) is None
    clock.advance(hours=-7)
    log_in(state.sessions)
    clock.advance(hours=7)
    log_in(state.sessions)
    assert state.sessions.use(ticket) is None


def test_lifetime_is_adjustable(clock):
    sessions = Sessions({"ann": "x"}, clock, timedelta(seconds=30))
    _, ticket = sessions.log_in("ann", "x")
    clock.advance(seconds=29)
    assert sessions.use(ticket) is not None
    clock.advance(seconds=30)
    assert sessions.use(ticket) is None


def test_expire_all_refuses_what_was_issued_and_issues_anew(state):
    old = log_in(state.sessions)
    state.sessions.expire_all()
    assert state.sessions.use(old) is None
    assert state.sessions.use(log_in(state.sessions)) is not None


@pytest.mark.parametrize("ticket", [None, "", "7T:", "7T:bm9uZQ=="])
def test_other_tickets_are_unknown(state, ticket):
    log_in(state.sessions)
    assert state.sessions.use(ticket) is None


def test_reprs_hold_no_secret(state):
    user, ticket = state.sessions.log_in("tje0", "Tje0")
    shown = repr(state) + repr(state.sessions) + repr(user) + repr(state.connections)
    assert "Tje0" not in shown
    assert ticket not in shown
    assert "made-up" not in shown
