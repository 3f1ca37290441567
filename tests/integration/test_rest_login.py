"""Who sends a REST request, and what else its headers say."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from integration.conftest import MakeClient
from integration.replaying_server import LOGIN, TICKET, ReplayingServer
from integration.replaying_server import Answer as SoapAnswer
from integration.replaying_server import fixture as soap_fixture
from integration.rest_server import Answer, Received, RestServer, answer, fixture
from superoffice_erpsync import (
    AccessToken,
    AuthenticationError,
    ConfigurationError,
    CookieSession,
    ErpSyncClient,
    InvalidRequest,
    Outcome,
    ServerFault,
    TicketCredentials,
    TicketRejection,
    UsernamePassword,
)
from superoffice_erpsync.sandbox import Sandbox

SYNCED = "ForceSyncAll"
OTHER_TICKET = "7T:b3RoZXI="
THREADS = 8


@pytest.fixture
def make_client(make_rest_client: MakeClient) -> MakeClient:
    return make_rest_client


def named(received: Received, *names: str) -> dict[str, str]:
    """The headers that can say who it is, and no others of them."""
    telling = {"authorization", "cookie", "x-xsrf-token"} if not names else {name.lower() for name in names}
    return {name: received.headers[name] for name in received.header_names if name.lower() in telling}


# -- credentials -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("credentials", "headers"),
    [
        (UsernamePassword("tje0", "Tje0"), {"Authorization": "Basic dGplMDpUamUw"}),
        (UsernamePassword("DOM\\kåre", "pø:ss"), {"Authorization": "Basic RE9NXGvDpXJlOnDDuDpzcw=="}),
        (TicketCredentials(" 7T:raw+/ticket==\n"), {"Authorization": "SOTicket 7T:raw+/ticket=="}),
        (AccessToken(" 8A:Demo.token "), {"Authorization": "Bearer 8A:Demo.token"}),
        (
            CookieSession("session=abc; XSRF-TOKEN=x1", "x1"),
            {"Cookie": "session=abc; XSRF-TOKEN=x1", "X-XSRF-TOKEN": "x1"},
        ),
    ],
    ids=["basic", "basic, not ASCII", "ticket", "bearer", "cookie"],
)
def test_each_login_has_its_headers_with_every_call(
    credentials: Any, headers: Any, rest_server: RestServer, make_client: MakeClient
) -> None:
    client = make_client(rest_server.url, credentials)
    client.force_sync_all()
    client.get_connection(erp_connection_id=1)
    assert [named(one) for one in rest_server.received] == [headers, headers]


def test_a_client_without_a_login_sends_nothing(rest_server: RestServer, make_client: MakeClient) -> None:
    with pytest.raises(ConfigurationError, match="needs a login") as caught:
        make_client(rest_server.url, None).force_sync_all()
    assert (caught.value.operation, caught.value.outcome) == (SYNCED, Outcome.NOT_SENT)
    assert rest_server.received == []


def test_login_of_the_machine_is_not_used(
    rest_server: RestServer, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    make_client(rest_server.url, CookieSession("a=1", "x")).force_sync_all()
    assert "Authorization" not in rest_server.only.headers


BAD = ["a\r\nX-Evil: 1", "a\nb", "a\rb", "blåbær", "a\x00b", "a\tb", "€"]


@pytest.mark.parametrize("bad", BAD, ids=ascii)
def test_credentials_that_no_header_can_carry(bad: str, rest_server: RestServer, make_client: MakeClient) -> None:
    for credentials in (AccessToken(bad), CookieSession(bad, "x"), CookieSession("a=1", bad), TicketCredentials(bad)):
        with pytest.raises(ConfigurationError, match="cannot carry") as caught:
            make_client(rest_server.url, credentials).force_sync_all()
        assert caught.value.outcome is Outcome.NOT_SENT
        assert bad not in f"{caught.value} {caught.value!r}"
    assert rest_server.received == []


@pytest.mark.parametrize("bad", [*BAD, " padded "], ids=ascii)
def test_values_that_no_header_can_carry(bad: str, rest_server: RestServer, make_client: MakeClient) -> None:
    with pytest.raises(ConfigurationError, match="application token"):
        make_client(rest_server.url, application_token=bad)
    client = make_client(rest_server.url)
    for option in ("accept_language", "language", "culture", "time_zone"):
        with pytest.raises(InvalidRequest, match="cannot carry this value") as caught:
            client.force_sync_all(**{option: bad})
        assert (caught.value.operation, caught.value.outcome) == (SYNCED, Outcome.NOT_SENT)
    assert rest_server.received == []


@pytest.mark.parametrize("bad", ["", " ", 5.5, b"no", ["no"]])
def test_languages_that_are_none(bad: Any, rest_server: RestServer, make_client: MakeClient) -> None:
    client = make_client(rest_server.url)
    for option in ("accept_language", "language", "culture", "time_zone"):
        with pytest.raises(InvalidRequest):
            client.force_sync_all(**{option: bad})
    with pytest.raises(InvalidRequest):
        client.force_sync_all(time_zone=bad, include_tz_offset=True)
    assert rest_server.received == []


def test_user_name_that_basic_cannot_tell_from_the_password(rest_server: RestServer, make_client: MakeClient) -> None:
    with pytest.raises(ConfigurationError, match="colon"):
        make_client(rest_server.url, UsernamePassword("a:b", "c"))


def test_refused_basic_login_is_not_sent_again_by_the_same_client(
    rest_server: RestServer, make_client: MakeClient
) -> None:
    refusal = answer({"Message": "Authorization has been denied"}, 401, **{"WWW-Authenticate": "Negotiate"})
    rest_server.always(SYNCED, refusal)
    client = make_client(rest_server.url, UsernamePassword("tje0", "wrong"))
    for hint in ("check the credentials", "make a new client"):
        with pytest.raises(AuthenticationError, match=r"HTTP 401.*Authorization has been denied") as caught:
            client.force_sync_all()
        error = caught.value
        assert (error.status, error.outcome, error.can_repeat) == (401, Outcome.REJECTED, False)
        assert hint in str(error.hint)
        assert rest_server.operations == [SYNCED]
    rest_server.always(SYNCED, answer({"IsOk": True}))
    assert make_client(rest_server.url, UsernamePassword("tje0", "Tje0")).force_sync_all().is_ok


def test_forbidden_is_no_refused_login(rest_server: RestServer, make_client: MakeClient) -> None:
    rest_server.script(SYNCED, answer({"Message": "not for you"}, 403))
    client = make_client(rest_server.url, UsernamePassword("tje0", "Tje0"))
    with pytest.raises(AuthenticationError, match="HTTP 403"):
        client.force_sync_all()
    assert client.get_engine_status() is not None


# -- other headers -----------------------------------------------------------------------------------------------------

NAMES = ("SO-AppToken", "Accept-Language", "SO-Language", "SO-Culture", "SO-TimeZone")


def test_headers_of_a_client_and_of_a_call(rest_server: RestServer, make_client: MakeClient) -> None:
    client = make_client(
        rest_server.url,
        application_token="fixture-token",
        time_zone="NO",
        accept_language="de,en",
        language="de",
        culture="de-CH",
    )
    usual = {
        "SO-AppToken": "fixture-token",
        "Accept-Language": "de,en",
        "SO-Language": "de",
        "SO-Culture": "de-CH",
        "SO-TimeZone": "NO",
    }
    calls: list[tuple[dict[str, Any], dict[str, str | None]]] = [
        ({}, {}),
        ({"language": "*"}, {"SO-Language": "*"}),
        ({}, {}),
        ({"language": None, "culture": None}, {"SO-Language": None, "SO-Culture": None}),
        ({"time_zone": 261, "include_tz_offset": True}, {"SO-TimeZone": "261, includeTZOffset"}),
        ({"include_tz_offset": True}, {"SO-TimeZone": "NO, includeTZOffset"}),
        ({"time_zone": None}, {"SO-TimeZone": None}),
        ({"accept_language": "fr;q=0.8, x", "time_zone": 0}, {"Accept-Language": "fr;q=0.8, x", "SO-TimeZone": "0"}),
        ({}, {}),
    ]
    for options, changed in calls:
        client.call_json(SYNCED, **options)
        client.call_json(SYNCED, select=["IsOk"], **options)
        client.force_sync_all(**options)
        wanted = {name: value for name, value in {**usual, **changed}.items() if value is not None}
        assert [named(one, *NAMES) for one in rest_server.received] == [wanted] * 3
        rest_server.forget()


def test_offsets_by_default(rest_server: RestServer, make_client: MakeClient) -> None:
    client = make_client(rest_server.url, time_zone="NO", include_tz_offset=True)
    client.force_sync_all()
    client.force_sync_all(include_tz_offset=False)
    assert [one.headers["SO-TimeZone"] for one in rest_server.received] == ["NO, includeTZOffset", "NO"]
    with pytest.raises(InvalidRequest, match="needs a time zone"):
        client.force_sync_all(time_zone=None)
    with pytest.raises(InvalidRequest, match="needs a time zone"):
        make_client(rest_server.url).force_sync_all(include_tz_offset=True)
    assert len(rest_server.received) == 2


# -- tickets from SoPrincipal ------------------------------------------------------------------------------------------


@pytest.fixture
def with_ticket(rest_server: RestServer, server: ReplayingServer, make_client: MakeClient) -> ErpSyncClient:
    return make_client(
        rest_server.url,
        UsernamePassword("DEMO", "not-a-real-password"),
        soap_url=server.url,
        application_token="fixture-token",
        time_zone="NO",
        include_tz_offset=True,
        language="de",
        accept_language="de,en",
        culture="de",
    )


def other_login(server: ReplayingServer) -> None:
    body = soap_fixture(LOGIN).body.replace(TICKET.encode(), OTHER_TICKET.encode())
    server.script(LOGIN, soap_fixture(LOGIN), SoapAnswer(body=body))


def test_user_and_password_become_a_ticket(
    with_ticket: ErpSyncClient, rest_server: RestServer, server: ReplayingServer
) -> None:
    for _ in range(2):
        with_ticket.force_sync_all()
    assert [named(one) for one in rest_server.received] == [{"Authorization": f"SOTicket {TICKET}"}] * 2
    assert server.operations == [LOGIN]


def test_system_information_comes_over_soap(
    with_ticket: ErpSyncClient, rest_server: RestServer, server: ReplayingServer
) -> None:
    assert with_ticket.get_system_info() is not None
    assert server.operations == ["GetSystemInfo"]
    assert rest_server.received == []
    with pytest.raises(InvalidRequest, match="cannot trim the result"):
        with_ticket.call_json("GetSystemInfo", select=["CompanyName"])


@pytest.mark.parametrize(
    "refusal",
    [
        Answer(status=401),
        fixture(SYNCED, "http_401_message", status=401),
        fixture(SYNCED, "bad_ticket_session_exception"),
        fixture(SYNCED, "bad_ticket_by_message"),
        fixture(SYNCED, "bad_ticket_by_message", status=400),
    ],
    ids=["401", "401 with a message", "200 with an exception", "200 with a message", "400 with a message"],
)
def test_refused_ticket_is_renewed_once(
    refusal: Answer, with_ticket: ErpSyncClient, rest_server: RestServer, server: ReplayingServer
) -> None:
    other_login(server)
    rest_server.script(SYNCED, refusal)
    assert with_ticket.force_sync_all().is_ok
    assert with_ticket.force_sync_all().is_ok
    tickets = [one.headers["Authorization"] for one in rest_server.received]
    assert tickets == [f"SOTicket {one}" for one in (TICKET, OTHER_TICKET, OTHER_TICKET)]
    assert server.operations == [LOGIN, LOGIN]


def test_refused_ticket_is_renewed_for_a_trimmed_answer_too(
    with_ticket: ErpSyncClient, rest_server: RestServer, server: ReplayingServer
) -> None:
    rest_server.script(SYNCED, fixture(SYNCED, "bad_ticket_session_exception"))
    assert with_ticket.call_json(SYNCED, select=["IsOk"])["IsOk"] is True
    assert server.operations == [LOGIN, LOGIN]


def test_new_ticket_that_is_refused_too_ends_it(
    with_ticket: ErpSyncClient, rest_server: RestServer, server: ReplayingServer
) -> None:
    rest_server.always(SYNCED, Answer(status=401))
    with pytest.raises(AuthenticationError, match="just issued") as caught:
        with_ticket.force_sync_all()
    assert (caught.value.operation, caught.value.status) == (SYNCED, 401)
    assert (len(rest_server.received), server.operations) == (2, [LOGIN, LOGIN])


@pytest.mark.parametrize("status", [403, 404, 500])
def test_other_refusals_are_not_taken_for_a_refused_ticket(
    status: int, with_ticket: ErpSyncClient, rest_server: RestServer, server: ReplayingServer
) -> None:
    rest_server.always(SYNCED, fixture(SYNCED, "http_404_error", status=status))
    with pytest.raises(AuthenticationError if status == 403 else ServerFault):
        with_ticket.force_sync_all()
    assert (len(rest_server.received), server.operations) == (1, [LOGIN])


def test_a_login_for_a_ticket_that_is_refused_is_not_tried_again(
    with_ticket: ErpSyncClient, rest_server: RestServer, server: ReplayingServer
) -> None:
    server.always(LOGIN, soap_fixture(LOGIN, "authentication_succeeded_false"))
    for _ in range(2):
        with pytest.raises(AuthenticationError, match="'DEMO' was refused"):
            with_ticket.force_sync_all()
    assert (rest_server.received, server.operations) == ([], [LOGIN])


def test_ticket_from_elsewhere_is_at_its_end_once_refused(rest_server: RestServer, make_client: MakeClient) -> None:
    rest_server.always(SYNCED, Answer(status=401))
    with pytest.raises(AuthenticationError, match="refuses the ticket") as caught:
        make_client(rest_server.url, TicketCredentials(TICKET)).force_sync_all()
    assert caught.value.hint == "obtain a new ticket"
    assert len(rest_server.received) == 1


def test_installation_that_refuses_tickets_in_its_own_words(
    rest_server: RestServer, server: ReplayingServer, make_client: MakeClient
) -> None:
    words = TicketRejection(exception_types=(), texts=("billett",))
    login = UsernamePassword("DEMO", "x")
    client = make_client(rest_server.url, login, soap_url=server.url, ticket_rejection=words)
    rest_server.script(SYNCED, answer({"Message": "Ugyldig billett", "MessageDetail": None}, 400))
    assert client.force_sync_all().is_ok
    assert server.operations == [LOGIN, LOGIN]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(THREADS) as pool:
        yield pool


def test_threads_share_one_login_for_each_ticket(
    rest_server: RestServer, sandbox: Sandbox, make_client: MakeClient, pool: ThreadPoolExecutor
) -> None:
    client = make_client(rest_server.url, UsernamePassword("tje0", "Tje0"), soap_url=sandbox.url)
    refused: set[str] = set()
    all_refused = threading.Barrier(THREADS)

    def judge(received: Received) -> Answer:
        if received.headers["Authorization"] not in refused:
            return answer({"IsOk": True})
        all_refused.wait(10)  # so that each of them has used the old ticket
        return Answer(status=401)

    rest_server.always(SYNCED, judge)
    for logins in (1, 2, 3):
        calls = [pool.submit(client.force_sync_all) for _ in range(THREADS)]
        assert all(call.result().is_ok for call in calls)
        assert sandbox.logins == logins
        refused.update(one.headers["Authorization"] for one in rest_server.received)
    assert len(refused) == 3
    assert len(rest_server.received) == THREADS * 5


# -- side by side ------------------------------------------------------------------------------------------------------


def test_two_clients_never_mix(make_client: MakeClient, pool: ThreadPoolExecutor) -> None:
    with RestServer() as one, RestServer("/other/api") as two:
        clients = [
            (one, make_client(one.url, UsernamePassword("one", "pw1"), application_token="t1", language="de"), "one"),
            (one, make_client(one.url, UsernamePassword("uno", "pw3"), application_token="t3", language="it"), "uno"),
            (two, make_client(two.url, AccessToken("8A:two"), application_token="t2", language="fr"), "two"),
        ]

        def call(number: int) -> None:
            _, client, name = clients[number % 3]
            answered = client.test_connector_url(url=f"https://{name}.example.com/{number}")
            assert answered == name

        def echo(received: Received) -> Answer:
            return answer(received.json["Url"].removeprefix("https://").partition(".")[0])

        for server in (one, two):
            server.always("TestConnectorUrl", echo)
        list(pool.map(call, range(120)))
        seen = {
            (server, received.json["Url"].partition(".")[0], *named(received, "Authorization", *NAMES).values())
            for server in (one, two)
            for received in server.received
        }
        assert seen == {
            (one, "https://one", "Basic b25lOnB3MQ==", "t1", "de"),
            (one, "https://uno", "Basic dW5vOnB3Mw==", "t3", "it"),
            (two, "https://two", "Bearer 8A:two", "t2", "fr"),
        }
