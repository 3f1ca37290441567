"""One ticket for all threads, renewed once, and a refused login that is never tried twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from integration.conftest import MakeClient
from integration.replaying_server import LOGIN, TICKET, Answer, ReplayingServer, answer_envelope, fixture
from superoffice_erpsync import (
    AuthenticationError,
    ErpSyncClient,
    Outcome,
    ServerFault,
    TicketCredentials,
    TicketRejection,
    TransportError,
    UsernamePassword,
)
from superoffice_erpsync.sandbox import Sandbox

THREADS = 8


@pytest.fixture
def client(sandbox: Sandbox, make_client: MakeClient) -> ErpSyncClient:
    return make_client(sandbox.url, UsernamePassword("tje0", "Tje0"), timeout=10)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(THREADS) as pool:
        yield pool


def at_once(pool: ThreadPoolExecutor, call: Callable[[], Any]) -> list[Future[Any]]:
    """The same call on eight threads, started together."""
    start = threading.Barrier(THREADS)

    def run() -> Any:
        start.wait(10)
        return call()

    return [pool.submit(run) for _ in range(THREADS)]


# -- on the sandbox ----------------------------------------------------------------------------------------------------


def test_threads_log_in_once(sandbox: Sandbox, client: ErpSyncClient, pool: ThreadPoolExecutor) -> None:
    assert [one.result().is_running for one in at_once(pool, client.get_engine_status)] == [True] * THREADS
    assert sandbox.logins == 1


def test_threads_log_in_once_for_each_expiry(sandbox: Sandbox, client: ErpSyncClient, pool: ThreadPoolExecutor) -> None:
    done = [0] * THREADS
    stop = threading.Event()

    def work(place: int) -> None:
        while not stop.is_set():
            client.get_engine_status()
            done[place] += 1

    def let_all_call() -> None:
        """Wait until each thread has begun and ended a call since."""
        before = list(done)
        deadline = time.monotonic() + 20
        while any(now - then < 2 for now, then in zip(done, before, strict=True)):
            assert time.monotonic() < deadline
            assert not any(one.done() for one in running), "a call failed"
            time.sleep(0.002)

    running = [pool.submit(work, place) for place in range(THREADS)]
    try:
        let_all_call()
        for expiries in range(1, 6):
            sandbox.expire_tickets()
            let_all_call()
            assert sandbox.logins == 1 + expiries
    finally:
        stop.set()
    for one in running:
        one.result()


def test_all_threads_that_find_the_ticket_refused_share_one_login(
    sandbox: Sandbox, client: ErpSyncClient, pool: ThreadPoolExecutor
) -> None:
    client.get_engine_status()
    for expiries in range(1, 4):
        sandbox.expire_tickets()
        for one in at_once(pool, client.get_engine_status):
            one.result()
        assert sandbox.logins == 1 + expiries


def test_refused_login_is_sent_once_however_many_wait(
    sandbox: Sandbox, make_client: MakeClient, pool: ThreadPoolExecutor
) -> None:
    client = make_client(sandbox.url, UsernamePassword("tje0", "wrong"), timeout=10)
    errors = [one.exception() for one in at_once(pool, client.get_engine_status)]
    errors += [one.exception() for one in at_once(pool, client.get_engine_status)]
    assert [type(error) for error in errors] == [AuthenticationError] * (2 * THREADS)
    for error in errors:
        assert isinstance(error, AuthenticationError)
        assert (error.operation, error.outcome, error.can_repeat) == (LOGIN, Outcome.REJECTED, False)
        assert "tje0" in str(error)
    assert sum("not tried again" in str(error) for error in errors) == 2 * THREADS - 1
    assert [call.operation for call in sandbox.received] == [LOGIN]
    assert sandbox.logins == 0


def test_login_refused_at_renewal_is_not_tried_again_either(
    sandbox: Sandbox, client: ErpSyncClient, pool: ThreadPoolExecutor
) -> None:
    client.get_engine_status()
    with sandbox.lock:
        sandbox.expire_tickets()
        for user in sandbox.state.sessions._users.values():
            user.password = "changed"
    errors = [one.exception() for one in at_once(pool, client.get_engine_status)]
    assert [type(error) for error in errors] == [AuthenticationError] * THREADS
    assert [call.operation for call in sandbox.received].count(LOGIN) == 2


def test_write_that_was_rejected_for_its_ticket_is_done_once(sandbox: Sandbox, client: ErpSyncClient) -> None:
    assert sandbox.state.connections[1].active
    client.get_engine_status()
    sandbox.expire_tickets()
    assert client.toggle_erp_connection_active(erp_connection_id=1) == []
    assert not sandbox.state.connections[1].active
    toggles = [call for call in sandbox.received if call.operation == "ToggleErpConnectionActive"]
    assert [call.ticket_known for call in toggles] == [False, True]
    assert sandbox.logins == 2


def test_ticket_from_elsewhere_works_without_a_login(sandbox: Sandbox, make_client: MakeClient) -> None:
    with sandbox.lock:
        admitted = sandbox.state.sessions.log_in("tje0", "Tje0")
    assert admitted is not None
    client = make_client(sandbox.url, TicketCredentials(f" {admitted[1]}\n"), timeout=10)
    client.get_engine_status()
    assert [call.operation for call in sandbox.received] == ["GetEngineStatus"]


def test_ticket_from_elsewhere_is_at_its_end_once_refused(sandbox: Sandbox, make_client: MakeClient) -> None:
    client = make_client(sandbox.url, TicketCredentials("7T:bm90aGluZw=="), timeout=10)
    for _ in range(2):
        with pytest.raises(AuthenticationError) as caught:
            client.get_engine_status()
        assert caught.value.operation == "GetEngineStatus"
        assert caught.value.code == "SuperOffice.Exceptions.SoSessionException"
        assert "obtain a new ticket" in str(caught.value.hint)
    assert {call.operation for call in sandbox.received} == {"GetEngineStatus"}
    assert sandbox.logins == 0


# -- with a server that plays back messages ----------------------------------------------------------------------------


@pytest.fixture
def replayed(server: ReplayingServer, make_client: MakeClient) -> ErpSyncClient:
    return make_client(server.url, UsernamePassword("DEMO", "not-a-real-password"), timeout=5)


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ("authentication_succeeded_false", "was refused"),
        ("authentication_succeeded_false_php", "was refused"),
        ("ticket_nil", "gave no ticket"),
        ("ticket_empty", "gave no ticket"),
        ("ticket_absent", "gave no ticket"),
        ("credentials_nil", "gave no ticket"),
        ("credentials_absent", "gave no ticket"),
        ("succeeded_false_authentication_exception", "was refused"),
    ],
)
def test_login_without_a_ticket(case: str, text: str, server: ReplayingServer, replayed: ErpSyncClient) -> None:
    server.always(LOGIN, fixture(LOGIN, case))
    for _ in range(2):
        with pytest.raises(AuthenticationError, match=text) as caught:
            replayed.force_sync_all()
        assert caught.value.outcome is Outcome.REJECTED
    assert server.operations == [LOGIN]


def test_refused_login_with_a_ticket_all_the_same(server: ReplayingServer, replayed: ErpSyncClient) -> None:
    body = fixture(LOGIN).body.replace(b"<AuthenticationSucceeded>true", b"<AuthenticationSucceeded>false")
    assert body != fixture(LOGIN).body
    server.always(LOGIN, Answer(body=body))
    with pytest.raises(AuthenticationError, match="was refused"):
        replayed.force_sync_all()
    assert server.operations == [LOGIN]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param(fixture(LOGIN, "fault_11", status=500), ServerFault, id="fault"),
        pytest.param(Answer(raw=b""), TransportError, id="dropped"),
        pytest.param(Answer(status=503), ServerFault, id="busy"),
    ],
)
def test_login_that_failed_for_another_reason_can_be_tried_again(
    answer: Answer, kind: type[Exception], server: ReplayingServer, make_client: MakeClient
) -> None:
    client = make_client(server.url, UsernamePassword("DEMO", "x"), timeout=5, retry=None)
    server.script(LOGIN, answer, fixture(LOGIN))
    with pytest.raises(kind) as caught:
        client.force_sync_all()
    assert getattr(caught.value, "operation", None) == LOGIN
    assert client.force_sync_all().is_ok
    assert server.operations == [LOGIN, LOGIN, "ForceSyncAll"]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(raw=b""), id="dropped"),
        pytest.param(Answer(status=503), id="busy"),
        pytest.param(Answer(status=429, headers={"Retry-After": "0"}), id="too many"),
    ],
)
def test_login_that_was_lost_is_repeated_within_the_call_a_write_too(
    answer: Answer, server: ReplayingServer, replayed: ErpSyncClient
) -> None:
    server.script(LOGIN, answer, fixture(LOGIN))
    assert replayed.force_sync_all().is_ok
    assert server.operations == [LOGIN, LOGIN, "ForceSyncAll"]


@pytest.mark.parametrize(
    "case",
    [
        "bad_ticket",
        "bad_ticket_php",
        "bad_ticket_fault",
        "bad_ticket_authentication_exception",
        "bad_ticket_so_authentication_exception",
        "bad_ticket_invalid_credential_exception",
        "bad_ticket_by_message",
        "bad_ticket_by_friendly_text",
    ],
)
def test_every_way_to_refuse_a_ticket_leads_to_one_login_and_one_repetition(
    case: str, server: ReplayingServer, replayed: ErpSyncClient
) -> None:
    status = 500 if case == "bad_ticket_fault" else 200
    server.script("ForceSyncAll", fixture("ForceSyncAll", case, status=status), fixture("ForceSyncAll"))
    assert replayed.force_sync_all().is_ok
    assert server.operations == [LOGIN, "ForceSyncAll", LOGIN, "ForceSyncAll"]


def test_new_ticket_is_the_one_that_is_used(server: ReplayingServer, replayed: ErpSyncClient) -> None:
    other = "7T:b3RoZXI="
    server.script(LOGIN, fixture(LOGIN), Answer(body=fixture(LOGIN).body.replace(TICKET.encode(), other.encode())))
    server.script("ForceSyncAll", fixture("ForceSyncAll", "bad_ticket"))
    replayed.force_sync_all()
    replayed.force_sync_all()
    assert [call.ticket for call in server.calls("ForceSyncAll")] == [TICKET, other, other]


def test_fresh_ticket_that_is_refused_too_ends_it(server: ReplayingServer, replayed: ErpSyncClient) -> None:
    server.always("ForceSyncAll", fixture("ForceSyncAll", "bad_ticket"))
    with pytest.raises(AuthenticationError, match="just issued") as caught:
        replayed.force_sync_all()
    assert caught.value.operation == "ForceSyncAll"
    assert server.operations == [LOGIN, "ForceSyncAll", LOGIN, "ForceSyncAll"]


def test_other_faults_are_not_taken_for_a_refused_ticket(server: ReplayingServer, replayed: ErpSyncClient) -> None:
    server.always("ForceSyncAll", fixture("ForceSyncAll", "succeeded_false_wcf"))
    with pytest.raises(ServerFault):
        replayed.force_sync_all()
    assert server.operations == [LOGIN, "ForceSyncAll"]


def test_installation_that_refuses_tickets_in_its_own_words(server: ReplayingServer, make_client: MakeClient) -> None:
    words = TicketRejection(exception_types=(), texts=("billett",))
    client = make_client(server.url, UsernamePassword("DEMO", "x"), timeout=5, ticket_rejection=words)
    info = "<n:ExceptionInfo><n:Message>Ugyldig billett</n:Message></n:ExceptionInfo><n:Succeeded>false</n:Succeeded>"
    server.script("ForceSyncAll", Answer(body=answer_envelope("<n:ForceSyncAllResponse/>", info)))
    assert client.force_sync_all().is_ok
    assert server.operations == [LOGIN, "ForceSyncAll", LOGIN, "ForceSyncAll"]
