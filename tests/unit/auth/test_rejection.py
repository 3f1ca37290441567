"""Which failures mean that a ticket is no longer good, and which must not be taken for that."""

from __future__ import annotations

import pytest

from superoffice_erpsync.auth import TicketRejection
from superoffice_erpsync.errors import (
    AuthenticationError,
    ErpSyncError,
    OperationRefused,
    ProtocolError,
    ServerFault,
    TransportError,
)
from superoffice_erpsync.models import SoExceptionInfo

REJECTION = TicketRejection()


def fault(
    info: SoExceptionInfo | None = None, message: str = "the server reports an error", **facts: object
) -> ServerFault:
    error = ServerFault(message, **facts)  # type: ignore[arg-type]
    error.exception_info = info
    return error


def test_a_login_that_the_web_server_in_front_refuses_says_nothing_of_the_ticket() -> None:
    error = AuthenticationError("refused", status=401)
    assert REJECTION.recognises(error)
    error.web_login = True
    assert not REJECTION.recognises(error)


@pytest.mark.parametrize(
    "name",
    [
        "SoSessionException",
        "SuperOffice.Exceptions.SoSessionException",
        "SuperOffice.Exceptions.SoAuthenticationException",
        "System.Security.Authentication.AuthenticationException",
        "System.Security.Authentication.InvalidCredentialException",
        " SuperOffice.Exceptions.SoSessionException\r\n",
    ],
)
def test_types_of_exceptions_that_mean_it(name: str) -> None:
    assert REJECTION.recognises(fault(SoExceptionInfo(exception_type=name)))
    assert REJECTION.recognises(fault(code=name))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "System.Exception",
        "System.TimeoutException",
        "SuperOffice.Exceptions.SoSessionExceptionHandler",
        "sosessionexception",
        "SoSessionException, but not really",
        "SuperOffice.SoSentryException",
    ],
)
def test_types_of_exceptions_that_do_not(name: str) -> None:
    assert not REJECTION.recognises(fault(SoExceptionInfo(exception_type=name)))
    assert not REJECTION.recognises(fault(code=name))


@pytest.mark.parametrize(
    "text",
    [
        "The ticket has expired",
        "Ticket expired.",
        "TICKET EXPIRED",
        "Invalid ticket",
        "The session is invalid.",
        "Your session will expire now",
        "The credentials are missing",
        "Missing credentials",
        "Unknown session id",
        "The session was not found",
        "the ticket 7T:abc is not valid",
        "The ticket is not recognized",
        "The ticket is not recognised",
        "The credential is no longer valid",
        "A ticket is required",
        "Call failed. The ticket is invalid. Log in again.",
    ],
)
def test_texts_that_mean_it(text: str) -> None:
    assert REJECTION.recognises(fault(SoExceptionInfo(message=text)))
    assert REJECTION.recognises(fault(SoExceptionInfo(friendly_text=text)))
    assert REJECTION.recognises(fault(message=f"the server reports an error: {text}"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The contact was not found",
        "Invalid field value",
        "A ticket was made",
        "The ticket is full of text",
        "Ticketing is invalid",
        "Obsession is unknown",
        "The session was saved. The contact is invalid.",
        "Invalid contact! Its ticket is open",
        "ticket\ninvalid",
        "unexpired ticket",
    ],
)
def test_texts_that_do_not(text: str) -> None:
    assert not REJECTION.recognises(fault(SoExceptionInfo(message=text, friendly_text=text)))
    assert not REJECTION.recognises(fault(message=text))


def test_the_exceptions_inside_are_looked_at_as_well() -> None:
    innermost = SoExceptionInfo(exception_type="SuperOffice.Exceptions.SoSessionException")
    info = SoExceptionInfo(message="outer", inner_exception=SoExceptionInfo(inner_exception=innermost))
    assert REJECTION.recognises(fault(info))
    innermost.exception_type = "System.Exception"
    assert not REJECTION.recognises(fault(info))


def test_what_is_not_the_message_is_not_searched() -> None:
    said = "The ticket has expired"
    info = SoExceptionInfo(message="no", stack_trace=said, source=said, parameters={said: said})
    assert not REJECTION.recognises(fault(info))


@pytest.mark.parametrize("error", [AuthenticationError("x", status=401), ServerFault("x", status=401)])
def test_the_status_401_means_it(error: ErpSyncError) -> None:
    assert REJECTION.recognises(error)


@pytest.mark.parametrize(
    "error",
    [
        AuthenticationError("the ticket has expired"),
        AuthenticationError("x", status=403),
        ServerFault("x", status=403),
        ServerFault("x", status=500),
        ProtocolError("the ticket has expired"),
        ProtocolError("x", status=401),
        TransportError("the session is invalid", code="SoSessionException"),
        TransportError("x", status=401),
        OperationRefused("invalid ticket", code="SoSessionException"),
    ],
    ids=str,
)
def test_only_the_servers_own_word_counts(error: ErpSyncError) -> None:
    assert not REJECTION.recognises(error)


def test_the_list_can_be_extended() -> None:
    ours = TicketRejection(
        exception_types=(*REJECTION.exception_types, "TokenGone"), texts=(*REJECTION.texts, r"\blogg inn på nytt\b")
    )
    assert ours.recognises(fault(SoExceptionInfo(exception_type="Acme.TokenGone")))
    assert ours.recognises(fault(SoExceptionInfo(message="Du må LOGG INN PÅ NYTT.")))
    assert ours.recognises(fault(SoExceptionInfo(message="The ticket has expired")))
    assert not REJECTION.recognises(fault(SoExceptionInfo(message="Du må logg inn på nytt.")))


def test_the_list_can_be_emptied() -> None:
    none = TicketRejection(exception_types=(), texts=())
    assert not none.recognises(fault(SoExceptionInfo(exception_type="SoSessionException", message="ticket expired")))
