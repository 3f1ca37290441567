"""Logins other than by user name and password."""

from __future__ import annotations

import pytest

from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.received import without_secrets

REFUSED = {"Response": None, "Credentials": None, "AuthenticationSucceeded": False}
TOKEN = "8A:made-up-token"


@pytest.fixture
def installation(clock):
    return Installation(
        {"tje0": "Tje0", "Ann": "x"},
        clock=clock,
        access_tokens={TOKEN: "ANN"},
        generic_logins={"tje0": {"Customer": "Cust1", "Code": "42"}, "ann": {}},
        implicit_user="ann",
    )


def log_in(installation, operation, **arguments):
    return installation.call("SoPrincipal", operation, arguments, ticket_known=False)


def check(installation, answer, name):
    assert answer["AuthenticationSucceeded"] is True
    assert answer["Response"]["Associate"] == name
    assert installation.use_ticket(answer["Credentials"]["Ticket"])
    assert installation.state.sessions.logins == 1


def test_a_known_access_token_logs_its_user_in(installation):
    check(installation, log_in(installation, "AuthenticateWithAccessToken", AccessToken=TOKEN), "Ann")


@pytest.mark.parametrize("token", [None, "", "8A:", TOKEN.lower(), f" {TOKEN}"])
def test_another_access_token_is_refused(installation, token):
    assert log_in(installation, "AuthenticateWithAccessToken", AccessToken=token) == REFUSED


def test_the_data_of_a_user_logs_them_in(installation):
    data = {"Code": "42", "Customer": "Cust1"}
    check(installation, log_in(installation, "AuthenticateGeneric", AuthenticationData=data), "tje0")


@pytest.mark.parametrize(
    "data",
    [
        None,
        {"Customer": "Cust1"},
        {"Customer": "Cust1", "Code": "43"},
        {"Customer": "Cust1", "Code": None},
        {"Customer": "Cust1", "Code": "42", "More": "1"},
        {"customer": "Cust1", "code": "42"},
    ],
)
def test_other_data_is_refused(installation, data):
    assert log_in(installation, "AuthenticateGeneric", AuthenticationData=data) == REFUSED


def test_the_implicit_user_is_logged_in_without_a_word(installation):
    check(installation, log_in(installation, "AuthenticateImplicit"), "Ann")


def test_nobody_gets_in_unless_the_sandbox_is_told_so():
    plain = Installation()
    for operation, argument in (
        ("AuthenticateWithAccessToken", {"AccessToken": TOKEN}),
        ("AuthenticateGeneric", {"AuthenticationData": {}}),
        ("AuthenticateImplicit", {}),
    ):
        assert log_in(plain, operation, **argument) == REFUSED
    assert plain.state.sessions.logins == 0


@pytest.mark.parametrize(
    "logins", [{"access_tokens": {TOKEN: "bob"}}, {"generic_logins": {"bob": {}}}, {"implicit_user": "bob"}]
)
def test_a_login_for_somebody_who_is_no_user_is_told_at_once(logins):
    with pytest.raises(ValueError, match="'bob'") as told:
        Sandbox(**logins)
    assert TOKEN not in str(told.value)


def test_the_sandbox_hands_its_logins_on():
    sandbox = Sandbox(access_tokens={TOKEN: "tje0"}, generic_logins={"tje0": {"a": "b"}}, implicit_user="tje0")
    sessions = sandbox.state.sessions
    assert sessions.log_in_with_token(TOKEN)
    assert sessions.log_in_with_data({"a": "b"})
    assert sessions.log_in_implicitly()
    assert TOKEN not in repr(sandbox) + repr(sandbox.state)


def test_tokens_and_data_are_masked_in_the_record():
    assert without_secrets({"AccessToken": TOKEN}) == {"AccessToken": "***"}
    assert without_secrets({"AuthenticationData": {"a": "b"}}) == {"AuthenticationData": "***"}
