"""A login: what is sent for which credentials, and what its answer means."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from superoffice_erpsync.auth import (
    AccessToken,
    CallableSecret,
    CookieSession,
    Credentials,
    GenericCredentials,
    TicketCache,
    TicketCredentials,
    TicketRejection,
    UsernamePassword,
    WindowsCredentials,
)
from superoffice_erpsync.auth.login import ticket_provider
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import AuthenticationError, ConfigurationError, ErpSyncError, ServerFault
from superoffice_erpsync.models.login import IssuedTicket, SoCredentials
from superoffice_erpsync.operations import Operation
from superoffice_erpsync.redaction import Secret

USER = UsernamePassword("tje0", "hunter2")
TOKEN = AccessToken("8A:made-up")
GENERIC = GenericCredentials({"Key": "made-up"})
ACCOUNT = WindowsCredentials()
NAMED_ACCOUNT = WindowsCredentials("CRM\\erp", "hunter2")
SOON = Deadline.after(60)


class Service:
    """A login service that has one answer."""

    def __init__(self, answer: IssuedTicket | ErpSyncError | None = None) -> None:
        self.answer = answer or issued("7T:fresh")
        self.calls: list[tuple[str, dict[str, Any], Deadline]] = []

    def __call__(
        self, operation: Operation[IssuedTicket], arguments: dict[str, Any], deadline: Deadline, /
    ) -> IssuedTicket:
        self.calls.append((operation.wire, arguments, deadline))
        if isinstance(self.answer, ErpSyncError):
            raise self.answer
        return self.answer


def issued(ticket: str | None, *, succeeded: bool = True) -> IssuedTicket:
    return IssuedTicket(credentials=SoCredentials(ticket=ticket), authentication_succeeded=succeeded)


def ticket_of(service: Service, credentials: Credentials = USER, rejection: TicketRejection | None = None) -> str:
    return ticket_provider(credentials, rejection, service).use(Secret.reveal, SOON)


def test_a_ticket_is_refused_where_the_users_own_rule_says_so() -> None:
    said = iter([ServerFault("the disk is full"), None])

    def call(ticket: Secret) -> str:
        if (problem := next(said)) is not None:
            raise problem
        return ticket.reveal()

    service = Service()
    assert ticket_provider(USER, TicketRejection(texts=("disk",)), service).use(call, SOON) == "7T:fresh"
    assert len(service.calls) == 2


def refusal_of(service: Service, credentials: Credentials = USER, rejection: TicketRejection | None = None) -> Any:
    with pytest.raises(AuthenticationError) as caught:
        ticket_of(service, credentials, rejection)
    return caught.value


@pytest.mark.parametrize(
    ("credentials", "operation", "arguments"),
    [
        (USER, "AuthenticateUsernamePassword", {"user_name": "tje0", "password": Secret("hunter2")}),
        (ACCOUNT, "AuthenticateImplicit", {}),
        (NAMED_ACCOUNT, "AuthenticateImplicit", {}),
        (TOKEN, "AuthenticateWithAccessToken", {"access_token": Secret("8A:made-up")}),
        (GENERIC, "AuthenticateGeneric", {"authentication_data": {"Key": "made-up"}}),
    ],
)
def test_each_kind_of_credentials_has_its_operation(
    credentials: Credentials, operation: str, arguments: dict[str, Any]
) -> None:
    service = Service()
    assert ticket_of(service, credentials) == "7T:fresh"
    assert service.calls == [(operation, arguments, SOON)]


@pytest.mark.parametrize(
    ("credentials", "operation", "what", "advice"),
    [
        (USER, "AuthenticateUsernamePassword", "the login of 'tje0' was refused", "user name and the password"),
        (ACCOUNT, "AuthenticateImplicit", "the Windows login of this process's account was refused", "may log in"),
        (NAMED_ACCOUNT, "AuthenticateImplicit", r"the Windows login of 'CRM\\erp' was refused", "may log in"),
        (TOKEN, "AuthenticateWithAccessToken", "the login with an access token was refused", "may have expired"),
        (GENERIC, "AuthenticateGeneric", "the login with generic data was refused", "the plugin is installed"),
    ],
)
def test_a_login_that_did_not_succeed_is_refused_with_what_to_check(
    credentials: Credentials, operation: str, what: str, advice: str
) -> None:
    error = refusal_of(Service(issued("7T:of-no-use", succeeded=False)), credentials)
    assert (error.message, error.operation) == (what, operation)
    assert advice in error.hint
    assert "hunter2" not in repr(error)


def test_a_fault_that_would_refuse_a_ticket_refuses_the_login() -> None:
    fault = ServerFault("Invalid credentials", operation="X", status=500, code="SoSessionException")
    error = refusal_of(Service(fault))
    assert error.message == "the login of 'tje0' was refused: Invalid credentials"
    assert (error.operation, error.status, error.code) == ("AuthenticateUsernamePassword", 500, "SoSessionException")


def test_any_other_fault_is_the_servers_trouble_and_no_refusal() -> None:
    fault = ServerFault("the disk is full", operation="AuthenticateUsernamePassword", status=500)
    with pytest.raises(ServerFault) as caught:
        ticket_of(Service(fault))
    assert caught.value is fault


def test_what_counts_as_a_refusal_can_be_said() -> None:
    fault = ServerFault("the disk is full", operation="AuthenticateUsernamePassword", status=500)
    assert "the disk is full" in refusal_of(Service(fault), rejection=TicketRejection(texts=("disk",))).message


@pytest.mark.parametrize(
    "answer", [issued(None), issued(""), issued(" \n"), IssuedTicket(credentials=None, authentication_succeeded=True)]
)
def test_a_login_that_gives_no_ticket_is_no_login(answer: IssuedTicket) -> None:
    error = refusal_of(Service(answer))
    assert "gave no ticket" in error.message
    assert error.operation == "AuthenticateUsernamePassword"


def test_a_browsers_session_is_not_exchanged_for_a_ticket() -> None:
    with pytest.raises(ConfigurationError, match="CookieSession cannot be exchanged"):
        ticket_provider(CookieSession("a=b", "c"), None, Service())


# -- tickets from elsewhere --------------------------------------------------------------------------------------------


def expired(ticket: Secret) -> str:
    raise ServerFault("The ticket has expired", operation="GetConnection", status=200)


def test_a_given_ticket_is_used_and_never_renewed() -> None:
    service = Service()
    provider = ticket_provider(TicketCredentials("7T:given"), None, service)
    assert provider.use(Secret.reveal, SOON) == "7T:given"
    with pytest.raises(AuthenticationError, match="the server refuses the ticket: The ticket has expired"):
        provider.use(expired, SOON)
    assert provider.use(Secret.reveal, SOON) == "7T:given"
    assert service.calls == []


def test_what_refuses_a_given_ticket_can_be_said() -> None:
    for credentials in (TicketCredentials("7T:given"), TicketCredentials(CallableSecret(lambda: "7T:given"))):
        provider = ticket_provider(credentials, TicketRejection(exception_types=(), texts=()), Service())
        with pytest.raises(ServerFault):
            provider.use(expired, SOON)


def test_a_ticket_by_reference_is_read_again_when_it_is_refused() -> None:
    kept = ["7T:old", "7T:new"]
    credentials = TicketCredentials(CallableSecret(lambda: kept.pop(0)))
    provider = ticket_provider(credentials, None, Service())

    def attempt(ticket: Secret) -> str:
        return expired(ticket) if ticket == Secret("7T:old") else ticket.reveal()

    assert provider.use(attempt, SOON) == "7T:new"
    assert Secret("7T:new") in provider.known_secrets()
    assert kept == []


def test_a_ticket_by_reference_that_stays_the_same_is_refused_as_the_users_own() -> None:
    provider = ticket_provider(TicketCredentials(CallableSecret(lambda: "7T:same")), None, Service())
    with pytest.raises(AuthenticationError, match="the server refuses the ticket: ") as caught:
        provider.use(expired, SOON)
    assert caught.value.hint == "obtain a new ticket"


# -- what the provider is given ----------------------------------------------------------------------------------------


def test_a_cache_keeps_the_ticket_for_the_same_installation_alone(tmp_path: Path) -> None:
    cache = TicketCache(tmp_path / "tickets")
    logins = []
    for address in ("https://crm.example", "https://crm.example/", "https://other.example", "https://crm.exampleX"):
        service = Service()
        provider = ticket_provider(USER, None, service, cache=cache, address=address)
        assert provider.use(Secret.reveal, SOON) == "7T:fresh"
        logins.append(len(service.calls))
    assert logins == [1, 0, 1, 1]


def test_the_password_is_known_to_whoever_masks_it() -> None:
    assert Secret("hunter2") in ticket_provider(USER, None, Service()).known_secrets()


def test_a_secret_that_was_changed_may_be_sent_after_a_refusal() -> None:
    passwords = ["wrong", "right", "right"]
    service = Service(issued(None, succeeded=False))
    credentials = UsernamePassword("tje0", CallableSecret(lambda: passwords.pop(0)))
    provider = ticket_provider(credentials, None, service)
    with pytest.raises(AuthenticationError):
        provider.use(Secret.reveal, SOON)
    service.answer = issued("7T:at-last")
    assert provider.use(Secret.reveal, SOON) == "7T:at-last"


def test_a_secret_that_another_thread_finds_during_a_login_that_is_refused_is_tried() -> None:
    kept = ["old"]
    credentials = UsernamePassword("tje0", CallableSecret(lambda: kept[-1]))

    def log_in(operation: Any, arguments: dict[str, Any], deadline: Deadline, /) -> IssuedTicket:
        right = arguments["password"] == Secret("new")
        if not right:
            kept.append("new")
            # As another client does that was given the same credentials.
            other = threading.Thread(target=lambda: credentials.password)
            other.start()
            other.join()
        return issued("7T:at-last" if right else None, succeeded=right)

    provider = ticket_provider(credentials, None, log_in)
    with pytest.raises(AuthenticationError):
        provider.use(Secret.reveal, SOON)
    assert provider.use(Secret.reveal, SOON) == "7T:at-last"
