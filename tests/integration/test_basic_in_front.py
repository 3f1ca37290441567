"""HTTP Basic in front of the services, beside the ticket in the message."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator

import pytest

from superoffice_erpsync import (
    AuthenticationError,
    ConfigurationError,
    ErpSyncClient,
    TicketCredentials,
    UsernamePassword,
)
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.sandbox import DEFAULT_PASSWORD, DEFAULT_USER, Sandbox
from superoffice_erpsync.sandbox.front.door import WebLogin
from superoffice_erpsync.transports.http import HttpOptions, HttpRequest, HttpSession
from superoffice_erpsync.transports.web_login import HttpBasic

NAME, PASSWORD = "Åse", "blåbær: syltetøy"
LOGIN = UsernamePassword(DEFAULT_USER, DEFAULT_PASSWORD)


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(basic_users={NAME: PASSWORD}) as running:
        yield running


def test_basic_and_the_ticket_go_together(box: Sandbox) -> None:
    with ErpSyncClient.soap(box.url, LOGIN, web_login=HttpBasic(NAME, PASSWORD)) as client:
        assert client.get_engine_status() is not None
        assert client.get_engine_status() is not None
    assert box.logins == 1
    assert box.web_logins == [WebLogin("Basic", NAME)] * 3


@pytest.mark.parametrize("basic", [HttpBasic(NAME, "wrong"), HttpBasic("nobody", PASSWORD)])
def test_a_refusal_by_the_web_server_is_named_as_such_and_not_tried_again(basic: HttpBasic, box: Sandbox) -> None:
    with ErpSyncClient.soap(box.url, LOGIN, web_login=basic) as client:
        for _ in range(2):
            with pytest.raises(AuthenticationError, match="the web server in front of the services") as caught:
                client.get_engine_status()
            assert caught.value.status == 401
            assert caught.value.hint
    assert box.web_logins == [WebLogin("Basic", None)]
    assert box.received == []


def test_without_basic_the_hint_says_that_the_web_server_wants_a_login(box: Sandbox) -> None:
    session = HttpSession(box.url, HttpOptions())
    request = HttpRequest(operation="Any", method="POST", url=f"{box.url}/ErpSync.svc", body=b"<x/>")
    answer = session.send(request, connect=5, read=5, deadline=Deadline())
    session.close()
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="Sandbox", charset="UTF-8"')


def test_a_header_authorization_of_its_own_is_refused(box: Sandbox) -> None:
    session = HttpSession(box.url, HttpOptions(web_login=HttpBasic(NAME, PASSWORD)))
    request = HttpRequest(operation="Any", method="POST", url=box.url, headers={"authorization": "SOTicket 7T:x"})
    with pytest.raises(ConfigurationError, match="Authorization"):
        session.send(request, connect=5, read=5, deadline=Deadline())
    session.close()


def test_basic_goes_nowhere_else(box: Sandbox) -> None:
    with Sandbox(basic_users={NAME: PASSWORD}) as elsewhere:
        session = HttpSession(box.url, HttpOptions(web_login=HttpBasic(NAME, PASSWORD)))
        request = HttpRequest(operation="Any", method="POST", url=f"{elsewhere.url}/ErpSync.svc", body=b"<x/>")
        with pytest.raises(ConfigurationError):
            session.send(request, connect=5, read=5, deadline=Deadline())
        session.close()
        assert elsewhere.web_logins == []


def test_the_password_stands_in_no_log_and_no_error(box: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = "wrong-and-still-secret"
    with (
        ErpSyncClient.soap(box.url, TicketCredentials("7T:x"), web_login=HttpBasic(NAME, wrong)) as client,
        pytest.raises(AuthenticationError) as caught,
    ):
        client.get_engine_status()
    packed = base64.b64encode(f"{NAME}:{wrong}".encode()).decode()
    for secret in (wrong, packed):
        assert secret not in caplog.text
        assert secret not in f"{caught.value!r} {caught.value}"


def test_basic_is_taken_beside_a_windows_login_too() -> None:
    pytest.importorskip("spnego", reason="pyspnego is not installed")
    with Sandbox(basic_users={NAME: PASSWORD}, windows_users={"CRM\\tje0": "secret"}) as box:
        with ErpSyncClient.soap(box.url, LOGIN, web_login=HttpBasic(NAME, PASSWORD)) as client:
            assert client.get_engine_status() is not None
        assert {one.scheme for one in box.web_logins} == {"Basic"}


def test_rest_is_not_behind_that_door(box: Sandbox) -> None:
    session = HttpSession(box.rest_url, HttpOptions())
    request = HttpRequest(operation="Any", method="GET", url=f"{box.rest_url}/v1/Agents/ErpSync/GetEngineStatus")
    answer = session.send(request, connect=5, read=5, deadline=Deadline())
    session.close()
    assert "Sandbox" not in answer.headers.get("WWW-Authenticate", "")
