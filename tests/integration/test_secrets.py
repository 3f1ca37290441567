"""Nothing secret shows: not in logs, texts, representations, tracebacks, pickles or accounts of exchanges."""

from __future__ import annotations

import copy
import pickle
import traceback
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from integration.conftest import MakeClient
from integration.leaks import Leaks, error_of, everything_logged
from integration.replaying_server import (
    LOGIN,
    SILENCE,
    Answer,
    Received,
    ReplayingServer,
    answer_envelope,
    fixture,
    without_operation,
)
from integration.served import free_port
from superoffice_erpsync import (
    AuthenticationError,
    ConfigFields,
    ConfigurationError,
    ErpConnection,
    ErpSyncClient,
    ErpSyncError,
    Exchange,
    InvalidRequest,
    OperationNotAvailable,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TicketCredentials,
    TransportError,
    UsernamePassword,
)
from superoffice_erpsync.wsdl_files import wsdl_file

# Each has a core that is searched for.
PASSWORD = "Sesame-pw <&> more"
TICKET = "7T:Sesame-ticket+/aGVsbG8="
TOKEN = "Sesame-token <&>"
CONFIGURED = "Sesame-config <&>"
CORES = ("Sesame-pw", "Sesame-ticket", "Sesame-token", "Sesame-config")
SECRETS = (PASSWORD, TICKET, TOKEN, CONFIGURED)
LEAKS = Leaks(*CORES)
assert_clean, check_error = LEAKS.check, LEAKS.check_error

OPERATION = "TestConnectionByConfig"


def xml(text: str) -> str:
    return escape(text, quote=False)


def login_answer(_: Received) -> Answer:
    known = b"7T:Zml4dHVyZSB0aWNrZXQsIG9wZW5zIG5vdGhpbmc="
    body = fixture(LOGIN).body
    assert known in body
    return Answer(body=body.replace(known, TICKET.encode()))


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """What all libraries log at DEBUG; it is searched when the test is over."""
    with everything_logged() as lines:
        yield lines
    assert any("superoffice_erpsync" in line for line in lines)
    assert_clean("\n".join(lines))


@pytest.fixture
def exchanges() -> Iterator[list[Exchange]]:
    """The accounts that an observer got; they are searched when the test is over."""
    seen: list[Exchange] = []
    yield seen
    assert_clean("\n".join(repr(one) for one in seen))
    for one in seen:
        assert_clean(f"{one.request}{one.response}{one.error}{dict(one.request_headers)}{dict(one.response_headers)}")


@pytest.fixture
def client(server: ReplayingServer, make_client: MakeClient, exchanges: list[Exchange]) -> ErpSyncClient:
    server.always(LOGIN, login_answer)
    return make_client(
        server.url,
        UsernamePassword("DEMO", PASSWORD),
        application_token=TOKEN,
        timeout=1,
        on_exchange=exchanges.append,
    )


def call(client: ErpSyncClient, **options: Any) -> Any:
    return client.test_connection_by_config(
        erp_connection_id=1, config_fields=ConfigFields(Password=CONFIGURED), **options
    )


def fault_info(text: str) -> str:
    inner = f"<n:InnerException><n:Message>{text}</n:Message></n:InnerException>"
    pair = "<n:SoExceptionInfoParametersKeyValuePair>{}</n:SoExceptionInfoParametersKeyValuePair>"
    parameters = pair.format(f"<n:Key>{text}</n:Key><n:Value>{text}</n:Value>")
    return (
        f"<n:ExceptionInfo><n:Message>{text}</n:Message><n:StackTrace>{text}</n:StackTrace>"
        f"<n:FriendlyText>{text}</n:FriendlyText><n:ExceptionType>{text}</n:ExceptionType><n:Source>{text}</n:Source>"
        f"{inner}<n:Parameters>{parameters}</n:Parameters></n:ExceptionInfo><n:Succeeded>false</n:Succeeded>"
    )


def fault(text: str) -> bytes:
    body = f"<s:Fault><faultcode>s:Server</faultcode><faultstring>{text}</faultstring><detail>{text}</detail></s:Fault>"
    return answer_envelope(body, "")


def echoes(*secrets: str) -> list[Any]:
    """Answers of all kinds that repeat the secrets, and the class of error that each leads to."""
    plain = " / ".join(secrets)
    line, written = plain.encode(), xml(plain)
    page = f"<html><title>{plain}</title></html>".encode()
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    response = f"{OPERATION}Response"
    answers: dict[str, tuple[type[ErpSyncError], Answer]] = {
        "fault": (ServerFault, Answer(status=500, body=fault(written))),
        "exception info": (ServerFault, Answer(body=answer_envelope("", fault_info(written)))),
        "reason phrase": (ServerFault, Answer(status=404, reason=plain)),
        "header": (ServerFault, Answer(status=500, headers={"X-Debug": plain})),
        "title of a page": (ServerFault, Answer(status=404, body=page)),
        "reason phrase of a 403": (AuthenticationError, Answer(status=403, reason=plain)),
        "refused ticket": (
            AuthenticationError,
            Answer(body=answer_envelope("", fault_info(f"The ticket is invalid: {written}"))),
        ),
        "redirect": (ConfigurationError, Answer(status=302, headers={"Location": f"http://x.example/{plain}"})),
        "reason phrase of a 407": (TransportError, Answer(status=407, reason=plain)),
        "status line": (TransportError, Answer(raw=line + b"\r\n")),
        "status": (TransportError, Answer(raw=b"HTTP/1.1 " + line + b"\r\n\r\n")),
        "chunk size": (TransportError, Answer(raw=chunked + line + b"\r\n")),
        "text": (ProtocolError, Answer(body=line)),
        "page with 200": (ProtocolError, Answer(body=page)),
        "value": (
            ProtocolError,
            Answer(body=answer_envelope(f"<n:{response}><n:Response>{written}</n:Response></n:{response}>")),
        ),
        "namespace": (ProtocolError, Answer(body=answer_envelope(f'<n:{response} xmlns:n="urn:{written}"/>'))),
        "attribute": (
            ProtocolError,
            Answer(body=answer_envelope(f'<n:{response}><n:Response i:nil="{written}"/></n:{response}>')),
        ),
        "broken gzip": (ProtocolError, Answer(body=line, headers={"Content-Encoding": "gzip"})),
        "silence": (RequestTimeout, SILENCE),
    }
    return [pytest.param(kind, answer, id=name) for name, (kind, answer) in answers.items()]


@pytest.mark.parametrize(("kind", "answer"), echoes(*SECRETS))
def test_server_that_repeats_what_it_was_sent(
    kind: type[ErpSyncError], answer: Answer, server: ReplayingServer, client: ErpSyncClient, logged: list[str]
) -> None:
    server.always(OPERATION, answer)
    error = error_of(lambda: call(client, timeout=0.3 if kind is RequestTimeout else 5))
    assert type(error) is kind
    sent = server.calls(OPERATION)[0].body.decode()
    assert [core for core in CORES if core in sent] == ["Sesame-ticket", "Sesame-token", "Sesame-config"]
    check_error(error)


@pytest.mark.parametrize(("kind", "answer"), echoes(PASSWORD, TOKEN))
def test_login_that_repeats_what_it_was_sent(
    kind: type[ErpSyncError], answer: Answer, server: ReplayingServer, client: ErpSyncClient, logged: list[str]
) -> None:
    server.always(LOGIN, answer)
    error = error_of(lambda: call(client, timeout=0.3 if kind is RequestTimeout else 5))
    assert isinstance(error, kind)
    sent = server.calls(LOGIN)[0].body.decode()
    assert [core for core in CORES if core in sent] == ["Sesame-pw", "Sesame-token"]
    check_error(error)


HARD = "Sesame-pw 'one' \"two\"  \\three"
"""A secret that texts spell in other ways: quotes escaped, doubled backslashes, blanks folded."""


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(status=500, body=fault(escape(HARD))), id="quotes escaped"),
        pytest.param(Answer(status=500, body=fault(xml(HARD))), id="blanks folded"),
        pytest.param(Answer(status=404, body=f"<html><title>{HARD}</title></html>".encode()), id="in quotes"),
        pytest.param(Answer(status=302, headers={"Location": f"http://x.example/{quote(HARD)}"}), id="in a URL"),
    ],
)
def test_secret_in_another_spelling(answer: Answer, server: ReplayingServer, make_client: MakeClient) -> None:
    client = make_client(server.url, UsernamePassword("DEMO", HARD), timeout=5)
    server.always(OPERATION, answer)
    check_error(error_of(lambda: call(client)))


# -- errors that no answer leads to ------------------------------------------------------------------------------------


def test_refused_connection(make_client: MakeClient, logged: list[str]) -> None:
    client = make_client(
        f"http://127.0.0.1:{free_port()}/Services86", TicketCredentials(TICKET), application_token=TOKEN, timeout=5
    )
    error = error_of(lambda: call(client))
    assert type(error) is TransportError
    check_error(error)


def test_request_that_cannot_be_sent(client: ErpSyncClient) -> None:
    fields = ConfigFields(Password=CONFIGURED + "\x00", Other=CONFIGURED)
    error = error_of(lambda: client.test_connection_by_config(erp_connection_id=1, config_fields=fields))
    assert type(error) is InvalidRequest
    check_error(error)


def test_operation_that_there_is_not(server: ReplayingServer, make_client: MakeClient, tmp_path: Path) -> None:
    path = tmp_path / "ErpSync.wsdl"
    path.write_bytes(without_operation(OPERATION, wsdl_file("ErpSync").read_bytes()))
    client = make_client(server.url, TicketCredentials(TICKET), application_token=TOKEN, wsdl=path)
    error = error_of(lambda: call(client))
    assert type(error) is OperationNotAvailable
    check_error(error)


def test_missing_login(server: ReplayingServer, make_client: MakeClient) -> None:
    client = make_client(server.url, application_token=TOKEN)
    error = error_of(lambda: call(client))
    assert type(error) is ConfigurationError
    check_error(error)


@pytest.mark.parametrize("url", ["ftp://crm.example.com/Services86", "http://me:Sesame-pw@crm.example.com", ""])
def test_client_that_cannot_be_made(url: str) -> None:
    error = error_of(lambda: ErpSyncClient.soap(url, UsernamePassword("DEMO", PASSWORD), application_token=TOKEN))
    assert type(error) is ConfigurationError
    assert_clean(f"{error!s} {error!r} {''.join(traceback.format_exception(error))}")


# -- calls that go well ------------------------------------------------------------------------------------------------


def test_calls_that_go_well(
    server: ReplayingServer, client: ErpSyncClient, exchanges: list[Exchange], logged: list[str]
) -> None:
    fields = f"<n:Key>Password</n:Key><n:Value>{xml(CONFIGURED)}</n:Value>"
    pairs = f"<n:StringKeyValuePair>{fields}</n:StringKeyValuePair>"
    connection = f"<n:ErpConnectionId>1</n:ErpConnectionId><n:ConfigFields>{pairs}</n:ConfigFields>"
    for operation, content in (
        ("GetErpConnectionConfigFields", pairs),
        ("GetConnection", connection),
        ("SaveConnection", connection),
    ):
        body = f"<n:{operation}Response><n:Response>{content}</n:Response></n:{operation}Response>"
        server.always(operation, Answer(body=answer_envelope(body)))
    assert call(client) is True
    configured = client.get_erp_connection_config_fields(erp_connection_id=1)
    assert configured == {"Password": CONFIGURED}
    assert_clean(repr(configured))
    got = client.get_connection(erp_connection_id=1)
    assert got is not None
    assert got.config_fields == {"Password": CONFIGURED}
    assert_clean(f"{got!r} {got}")
    saved = client.save_connection(connection=ErpConnection(config_fields={"Password": CONFIGURED}))
    assert_clean(repr(saved))
    assert [one.operation for one in exchanges] == [
        LOGIN,
        OPERATION,
        "GetErpConnectionConfigFields",
        "GetConnection",
        "SaveConnection",
    ]
    assert all(one.status == 200 and "***" in one.request for one in exchanges)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_account_of_an_answer_in_any_encoding(
    encoding: str, server: ReplayingServer, client: ErpSyncClient, exchanges: list[Exchange]
) -> None:
    body = login_answer(server).body.decode().replace('encoding="utf-8"', f'encoding="{encoding}"')
    assert TICKET in body
    server.always(LOGIN, Answer(body=body.encode(encoding), headers={}))
    call(client)
    assert "Sesame-ticket" not in exchanges[0].response.replace("\x00", "")
    assert server.calls(OPERATION)[0].ticket == TICKET


# -- objects -----------------------------------------------------------------------------------------------------------


def test_objects_do_not_show_what_they_hold(client: ErpSyncClient) -> None:
    call(client)
    for one in (client, UsernamePassword("DEMO", PASSWORD), TicketCredentials(TICKET)):
        assert_clean(f"{one!r} {one!s} {one}")
    assert_clean(repr(vars(client)))


REFUSALS: list[Callable[[Any], Any]] = [pickle.dumps, copy.copy, copy.deepcopy]


@pytest.mark.parametrize("copying", REFUSALS)
def test_client_is_not_pickled_or_copied(copying: Callable[[Any], Any], client: ErpSyncClient) -> None:
    error = error_of(lambda: copying(client))
    assert type(error) is ConfigurationError
    assert "not pickled or copied" in str(error)
    check_error(error)


def test_password_shows_only_where_it_is_asked_for() -> None:
    credentials = UsernamePassword("DEMO", PASSWORD)
    assert credentials.password.reveal() == PASSWORD
    assert "DEMO" in repr(credentials)
    check_error(error_of(lambda: UsernamePassword("", PASSWORD)))


def test_search_finds_what_it_should() -> None:
    for text in (PASSWORD, xml(CONFIGURED), repr(TOKEN), quote(TICKET)):
        with pytest.raises(AssertionError, match="shows"):
            assert_clean(text)
