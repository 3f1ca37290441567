"""A refusal of the old password that comes when another thread has got on with the new one: that one stays good."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from integration.served import Served
from superoffice_erpsync.auth import EnvironmentSecret, UsernamePassword
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import AuthenticationError
from superoffice_erpsync.redaction import Secret
from superoffice_erpsync.transports.http import HttpAnswer, HttpOptions, HttpRequest, HttpSession
from superoffice_erpsync.transports.rest.authorization import FixedAuthorization, Headers
from superoffice_erpsync.transports.web_login import HttpBasic

VARIABLE = "LATE_REFUSALS_PASSWORD"
REFERENCE = EnvironmentSecret(VARIABLE)
OLD, NEW = "old-not-a-real-password", "new-not-a-real-password"


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv(VARIABLE, OLD)
    return monkeypatch


def test_over_rest_the_new_password_stays_good(password: pytest.MonkeyPatch) -> None:
    who = FixedAuthorization(UsernamePassword("tje0", REFERENCE))

    def sent(headers: Headers, _secrets: tuple[Secret, ...]) -> str:
        return headers["Authorization"]

    def refused(_headers: Headers, _secrets: tuple[Secret, ...]) -> str:
        raise AuthenticationError("refused", status=401)

    def refused_late(_headers: Headers, _secrets: tuple[Secret, ...]) -> str:
        with pytest.raises(AuthenticationError):
            who.use(refused, Deadline())
        password.setenv(VARIABLE, NEW)
        assert who.use(sent, Deadline()) == HttpBasic("tje0", NEW).authorization().reveal()
        raise AuthenticationError("refused", status=401)

    with pytest.raises(AuthenticationError):
        who.use(refused_late, Deadline())
    assert who.use(sent, Deadline()) == HttpBasic("tje0", NEW).authorization().reveal()


class _Front(ThreadingHTTPServer):
    """A web server that knows the new password alone, and answers what is called late only when it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.has_late = threading.Event()
        self.may_answer = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: _Front
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        if self.rfile.read(int(self.headers["Content-Length"])) == b"late":
            self.server.has_late.set()
            self.server.may_answer.wait(10)
        known = self.headers["Authorization"] == HttpBasic("web", NEW).authorization().reveal()
        self.send_response(200 if known else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def front() -> Iterator[_Front]:
    server = _Front()
    with Served(server):
        yield server


def test_in_front_of_the_services_the_new_password_stays_good(front: _Front, password: pytest.MonkeyPatch) -> None:
    url = f"http://127.0.0.1:{front.server_port}"
    session = HttpSession(url, HttpOptions(web_login=HttpBasic("web", REFERENCE)))
    refusals: list[AuthenticationError] = []

    def send(body: bytes) -> HttpAnswer:
        request = HttpRequest(operation="Any", method="POST", url=f"{url}/", body=body)
        return session.send(request, connect=5, read=15, deadline=Deadline())

    def send_late() -> None:
        with pytest.raises(AuthenticationError) as caught:
            send(b"late")
        refusals.append(caught.value)

    late = threading.Thread(target=send_late)
    late.start()
    assert front.has_late.wait(10)
    with pytest.raises(AuthenticationError):
        send(b"at once")
    password.setenv(VARIABLE, NEW)
    assert send(b"at once").status == 200
    front.may_answer.set()
    late.join()
    assert [one.status for one in refusals] == [401]
    assert send(b"at once").status == 200
    session.close()
