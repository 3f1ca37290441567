"""Nothing secret of a REST call shows: not in logs, texts, representations, tracebacks, pickles or accounts."""

from __future__ import annotations

import base64
import json
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.conftest import MakeClient
from integration.leaks import Leaks, error_of, everything_logged
from integration.replaying_server import ReplayingServer
from integration.rest_server import PAGE, Answer, RestServer, answer
from superoffice_erpsync import (
    AccessToken,
    AuthenticationError,
    ConfigFields,
    ConfigurationError,
    CookieSession,
    ErpConnection,
    ErpSyncClient,
    ErpSyncError,
    Exchange,
    InvalidRequest,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TicketCredentials,
    TransportError,
    UsernamePassword,
)

# Each has a core that is searched for.
PASSWORD = "Sesame-pw <&> more"
BASIC = base64.b64encode(f"DEMO:{PASSWORD}".encode()).decode()
TICKET = "7T:Sesame-ticket+/aGVsbG8="
BEARER = "8A:Sesame-bearer.x"
COOKIE = "session=Sesame-cookie"
XSRF = "Sesame-xsrf"
TOKEN = "Sesame-token <&>"
CONFIGURED = "Sesame-config <&>"
HARD = 'Sesame-config <&> "å"\\'
LEAKS = Leaks("Sesame-", BASIC[:24])
assert_clean, check_error = LEAKS.check, LEAKS.check_error
OPERATION = "TestConnectionByConfig"

CREDENTIALS: dict[str, tuple[Callable[[], Any], tuple[str, ...]]] = {
    "basic": (lambda: UsernamePassword("DEMO", PASSWORD), (PASSWORD, BASIC)),
    "ticket": (lambda: TicketCredentials(TICKET), (TICKET,)),
    "bearer": (lambda: AccessToken(BEARER), (BEARER,)),
    "cookie": (lambda: CookieSession(COOKIE, XSRF), (COOKIE, XSRF)),
}
each_login = pytest.mark.parametrize("login", list(CREDENTIALS))


@pytest.fixture
def watched() -> Iterator[list[Exchange]]:
    """The accounts that an observer got. They and all that was logged are searched when the test is over."""
    seen: list[Exchange] = []
    with everything_logged() as lines:
        yield seen
    assert any(line.startswith("superoffice_erpsync.exchanges") for line in lines)
    assert_clean("\n".join(lines))
    assert seen
    for one in seen:
        assert_clean(f"{one!r}{one.request}{one.response}{one.error}{one.request_headers}{one.response_headers}")


@pytest.fixture
def make(rest_server: RestServer, make_rest_client: MakeClient, watched: list[Exchange]) -> Callable[..., Any]:
    def make(login: str, **more: Any) -> ErpSyncClient:
        credentials = CREDENTIALS[login][0]()
        return make_rest_client(
            rest_server.url, credentials, application_token=TOKEN, on_exchange=watched.append, **more
        )

    return make


def call(client: ErpSyncClient, fields: Any = None) -> Any:
    return client.test_connection_by_config(
        erp_connection_id=1, config_fields=fields or ConfigFields(Password=CONFIGURED)
    )


def echoes() -> list[Any]:
    """Answers of all kinds that repeat secrets, and the class of error that each leads to."""

    def told(status: int, **members: Any) -> Callable[[str], Answer]:
        return lambda said: answer({name: value or said for name, value in members.items()}, status)

    def page(status: int) -> Callable[[str], Answer]:
        body = "<html><title>{0}</title><body>{0}</body></html>"
        return lambda said: Answer(status=status, body=body.format(said).encode(), headers=PAGE)

    kinds: dict[str, tuple[type[ErpSyncError], Callable[[str], Answer]]] = {
        "error": (ServerFault, told(500, Error=True, ErrorType="", ErrorMessage="", ErrorSource="")),
        "error with 200": (ServerFault, told(200, Error=True, ErrorType="", ErrorMessage="", ErrorSource="")),
        "message": (ServerFault, told(400, Message="", MessageDetail="")),
        "message with 200": (ServerFault, told(200, Message="", MessageDetail="")),
        "message with 401": (AuthenticationError, told(401, Message="", MessageDetail="")),
        "message with 407": (TransportError, told(407, Message="", MessageDetail="")),
        "message with 302": (ConfigurationError, told(302, Message="", MessageDetail="")),
        "exception": (ServerFault, told(500, Message="", ExceptionMessage="", ExceptionType="", StackTrace="")),
        "page with 404": (ServerFault, page(404)),
        "page with 403": (AuthenticationError, page(403)),
        "page with 200": (ProtocolError, page(200)),
        "reason phrase": (ServerFault, lambda said: Answer(status=404, reason=said)),
        "reason phrase of a 403": (AuthenticationError, lambda said: Answer(status=403, reason=said)),
        "redirect": (ConfigurationError, lambda said: Answer(status=302, headers={"Location": f"http://x/{said}"})),
        "header": (ServerFault, lambda said: Answer(status=500, headers={"X-Debug": said, "Set-Cookie": said})),
        "text": (ProtocolError, lambda said: Answer(body=said.encode())),
        "JSON of a text": (ProtocolError, lambda said: answer(said)),
        "name twice": (ProtocolError, lambda said: Answer(body=b"{%b: 1, %b: 1}" % ((json.dumps(said).encode(),) * 2))),
        "status line": (TransportError, lambda said: Answer(raw=said.encode() + b"\r\n")),
        "silence": (RequestTimeout, lambda said: Answer(raw=b"", hold=True)),
    }
    return [pytest.param(kind, make, id=name) for name, (kind, make) in kinds.items()]


@each_login
@pytest.mark.parametrize(("kind", "say"), echoes())
def test_server_that_repeats_what_it_was_sent(
    kind: type[ErpSyncError], say: Callable[[str], Answer], login: str, rest_server: RestServer, make: Any
) -> None:
    rest_server.always(OPERATION, say(" / ".join((*CREDENTIALS[login][1], TOKEN, CONFIGURED))))
    error = error_of(lambda: call(make(login, timeout=0.3 if kind is RequestTimeout else 5)))
    assert type(error) is kind
    check_error(error)
    assert rest_server.operations == [OPERATION] * error.attempts
    assert all("Sesame-config" in one.json["ConfigFields"]["Password"] for one in rest_server.received)


@each_login
@pytest.mark.parametrize("select", [[], ["ConfigFields"]])
def test_calls_that_go_well(
    select: list[str], login: str, rest_server: RestServer, make: Any, watched: list[Exchange]
) -> None:
    fields = {"Password": HARD, "Port": "1"}
    carried = {"ErpConnectionId": 1, "ConfigFields": fields}
    for operation in ("GetConnection", "SaveConnection"):
        rest_server.always(operation, answer(carried))
    rest_server.always("GetAllConnections", answer([carried, None]))
    rest_server.always("GetErpConnectionConfigFields", answer(fields))
    client = make(login)
    calls: list[tuple[str, Any, Any]] = [
        ("GetConnection", {"ErpConnectionId": 1}, carried),
        ("SaveConnection", {"Connection": carried}, carried),
        ("GetAllConnections", {"IncludeDeleted": True}, [carried, None]),
        ("GetErpConnectionConfigFields", {"ErpConnectionId": 1}, fields),
        (OPERATION, {"ErpConnectionId": 1, "ConfigFields": fields}, True),
    ]
    rest_server.always(OPERATION, answer(True))
    for operation, arguments, result in calls:
        found = client.call_json(operation, arguments, select=select)
        if isinstance(result, dict) and not select:
            assert found.items() >= result.items()
        elif select:
            assert found == result
        assert_clean(repr(client.call(operation, arguments)))
    assert HARD in rest_server.received[-1].json["ConfigFields"].values()
    assert [one.status for one in watched] == [200] * 10
    assert all("***" in one.response for one in watched[:8])
    assert all("***" in one.request for one in watched if "Save" in one.operation or "Test" in one.operation)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps({"Password": HARD}).encode("utf-8-sig"), None),
        (json.dumps({"Password": HARD}, ensure_ascii=False).encode("utf-16"), None),
        (json.dumps({"Password": HARD}).encode("utf-16-le"), None),
        (b'{"Password": "Sesame-config", "Port": 5}', ProtocolError),
        (b'{"Password": "Sesame-config", ', ProtocolError),
        (b'{"Password": "Sesame-config", "Password": "Sesame-config"}', ProtocolError),
        (b'["Sesame-config"]', ProtocolError),
        (b'"Sesame-config"', ProtocolError),
        (b"Sesame-config", ProtocolError),
        (b"<StringDictionary><Password>Sesame-config</Password></StringDictionary>", ProtocolError),
        (b"<html><body>Password: Sesame-config</body></html>", ProtocolError),
        (b'{"Password": "Sesame-config", "x": ' + b"[" * 2000 + b"]" * 2000 + b"}", ProtocolError),
        (b'{"Password": "Sesame-config\xff"}', ProtocolError),
    ],
)
def test_configuration_in_an_answer_of_any_form(
    body: bytes, kind: type[ErpSyncError] | None, rest_server: RestServer, make: Any, watched: list[Exchange]
) -> None:
    rest_server.always("GetErpConnectionConfigFields", Answer(body=body))
    client = make("bearer")
    if kind is None:
        fields = client.get_erp_connection_config_fields(erp_connection_id=1)
        assert fields == {"Password": HARD}
        assert_clean(repr(fields))
    else:
        error = error_of(lambda: client.get_erp_connection_config_fields(erp_connection_id=1))
        assert type(error) is kind
        check_error(error)
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe")):
        assert watched[0].response == '{"Password": "***"}'
    assert "***" in watched[0].response


@each_login
def test_what_cannot_be_sent(login: str, rest_server: RestServer, make: Any) -> None:
    client = make(login)
    client.force_sync_all()
    for fields in (ConfigFields(Password=CONFIGURED + "\x00"), ConfigFields(Password=[CONFIGURED])):  # type: ignore[arg-type]
        connection = ErpConnection(config_fields=fields)
        for attempt in (lambda: call(client, fields), lambda: client.save_connection(connection=connection)):  # noqa: B023
            error = error_of(attempt)
            assert type(error) is InvalidRequest
            check_error(error)
    assert rest_server.operations == ["ForceSyncAll"]


@each_login
def test_objects_do_not_show_what_they_hold(login: str, make: Any) -> None:
    client = make(login)
    client.force_sync_all()
    assert_clean(f"{CREDENTIALS[login][0]()!r}")
    waiting, seen = [client], set()
    while waiting:
        one = waiting.pop()
        assert_clean(repr(one))
        if id(one) not in seen and type(one).__module__.startswith("superoffice_erpsync"):
            seen.add(id(one))
            waiting += [value for name, value in getattr(one, "__dict__", {}).items() if name != "_secrets"]
    assert len(seen) > 3


def test_login_by_ticket_keeps_the_password_out_of_sight(
    rest_server: RestServer, server: ReplayingServer, make: Any, watched: list[Exchange]
) -> None:
    client = make("basic", soap_url=server.url)
    rest_server.always("ForceSyncAll", answer({"Message": f"not for {PASSWORD}", "MessageDetail": None}, 400))
    error = error_of(client.force_sync_all)
    assert type(error) is ServerFault
    check_error(error)
    assert [one.operation for one in watched] == ["AuthenticateUsernamePassword", "ForceSyncAll"]


def test_search_finds_what_it_should() -> None:
    for text in (PASSWORD, repr(TOKEN), f"Basic {BASIC}", json.dumps(HARD)):
        with pytest.raises(AssertionError, match="shows"):
            assert_clean(text)


def test_frames_do_not_show_a_configuration_that_was_given(rest_server: RestServer, make: Any) -> None:
    rest_server.always(OPERATION, Answer(status=500))
    error = error_of(lambda: call(make("basic"), {"Password": CONFIGURED}))
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    assert_clean("\n".join(str(one.locals) for one in told.stack if "superoffice_erpsync" in Path(one.filename).parts))


def test_an_observer_that_fails_does_not_cost_the_answer(
    rest_server: RestServer, make_rest_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_rest_client(rest_server.url, on_exchange=lambda exchange: exchange.nothing)
    assert client.get_engine_status() is not None
    assert [one.getMessage() for one in caplog.records if one.levelname == "WARNING"] == [
        "the observer of exchanges failed"
    ]
