"""What the package's own clients make of faults on demand."""

from __future__ import annotations

import threading
import time

import pytest

from integration.conftest import MakeClient
from integration.sandbox_callers import city, move_in_the_erp
from superoffice_erpsync import (
    AuthenticationError,
    ErpSyncClient,
    Outcome,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TransportError,
    UsernamePassword,
)
from superoffice_erpsync.sandbox import FaultRule, Sandbox

WHO = UsernamePassword("tje0", "Tje0")


@pytest.fixture(params=["soap", "rest"])
def client(
    request: pytest.FixtureRequest, sandbox: Sandbox, make_client: MakeClient, make_rest_client: MakeClient
) -> ErpSyncClient:
    """A client with a ticket over SOAP, and one with user and password over REST."""
    made = make_client(sandbox.url, WHO) if request.param == "soap" else make_rest_client(sandbox.rest_url, WHO)
    made.get_engine_status()
    move_in_the_erp(sandbox)
    return made


def resync(client: ErpSyncClient) -> None:
    client.force_resync(erp_connection_id=1, internal_key_ids=[501])


def strike(sandbox: Sandbox, kind: str, **fields: object) -> None:
    sandbox.faults.add(FaultRule(**{"kind": kind, "operation": "ForceResync", "count": 1, **fields}))


@pytest.mark.parametrize(("kind", "done"), [("drop", "Bergen"), ("lost_answer", "Moved"), ("cut_answer", "Moved")])
def test_a_connection_that_was_cut_leaves_the_outcome_open(sandbox, client, kind, done):
    strike(sandbox, kind)
    with pytest.raises(TransportError) as caught:
        resync(client)
    assert type(caught.value) is TransportError
    assert (caught.value.operation, caught.value.outcome) == ("ForceResync", Outcome.UNKNOWN)
    assert not caught.value.can_repeat
    assert city(sandbox) == done
    assert [call.operation for call in sandbox.received].count("ForceResync") == 1
    resync(client)
    assert city(sandbox) == "Moved"


@pytest.mark.parametrize(("kind", "status"), [("unavailable", 503), ("too_many", 429)])
def test_come_again_later(sandbox, client, kind, status):
    strike(sandbox, kind, seconds=42)
    with pytest.raises(ServerFault) as caught:
        resync(client)
    fault = caught.value
    assert (fault.status, fault.retry_after, fault.can_repeat, fault.outcome) == (status, 42, True, Outcome.REJECTED)
    assert fault.attempts == 1, "who is asked to wait longer than they would gives up at once"
    assert city(sandbox) == "Bergen"
    resync(client)


@pytest.mark.parametrize("kind", ["unavailable", "too_many"])
def test_come_again_at_once(sandbox, client, kind):
    strike(sandbox, kind, seconds=0, count=2)
    resync(client)
    assert city(sandbox) == "Moved"
    assert [call.faults for call in sandbox.received if call.operation == "ForceResync"] == [(kind,), (kind,), ()]


@pytest.mark.parametrize("kind", ["drop", "lost_answer", "cut_answer"])
def test_a_lost_answer_is_asked_for_again_where_the_caller_says_so(sandbox, client, kind):
    strike(sandbox, kind, count=2)
    client.force_resync(erp_connection_id=1, internal_key_ids=[501], repeat_unknown=True)
    assert city(sandbox) == "Moved"
    assert [call.faults for call in sandbox.received if call.operation == "ForceResync"] == [(kind,), (kind,), ()]


@pytest.mark.parametrize("kind", ["drop", "lost_answer", "cut_answer"])
def test_a_lost_answer_to_a_question_is_asked_for_again(sandbox, client, kind):
    strike(sandbox, kind, operation="GetEngineStatus", count=3)
    assert client.get_engine_status() is not None
    assert sandbox.faults.rules[0].struck == 3


@pytest.mark.parametrize(
    ("kind", "codes", "text"),
    [
        ("quota", {"DeserializationFailed", "QuotaExceededException"}, "quota"),
        ("server_fault", {"InternalServiceFault", "Exception"}, "internal error"),
    ],
)
def test_a_refusal_has_its_code_and_changes_nothing(sandbox, client, kind, codes, text):
    strike(sandbox, kind)
    with pytest.raises(ServerFault, match=text) as caught:
        resync(client)
    assert caught.value.status == 500
    assert caught.value.code in codes
    assert city(sandbox) == "Bergen"


def test_a_page_to_log_in_on(sandbox, client):
    strike(sandbox, "html")
    with pytest.raises(ProtocolError, match="Log in"):
        resync(client)
    assert city(sandbox) == "Bergen"


def test_latency_beyond_the_clients_patience(sandbox, client):
    strike(sandbox, "latency", seconds=0.6)
    with pytest.raises(RequestTimeout) as caught:
        client.force_resync(erp_connection_id=1, internal_key_ids=[501], timeout=0.2)
    assert caught.value.outcome is Outcome.UNKNOWN
    patience = time.monotonic() + 5
    while city(sandbox) == "Bergen" and time.monotonic() < patience:
        time.sleep(0.02)
    assert city(sandbox) == "Moved"


def test_an_error_object_with_200(sandbox, make_rest_client):
    client = make_rest_client(sandbox.rest_url, WHO)
    strike(sandbox, "error_object")
    with pytest.raises(ServerFault, match="An error has occurred"):
        resync(client)
    resync(client)


@pytest.mark.parametrize("wire", ["soap", "rest"])
def test_an_expired_ticket_leads_to_one_new_login(sandbox, make_client, make_rest_client, wire):
    if wire == "soap":
        client = make_client(sandbox.url, WHO)
    else:
        client = make_rest_client(sandbox.rest_url, WHO, soap_url=sandbox.url)
    client.get_engine_status()
    move_in_the_erp(sandbox)
    assert sandbox.logins == 1
    strike(sandbox, "expired_ticket")
    resync(client)
    assert city(sandbox) == "Moved"
    assert sandbox.logins == 2
    assert [call.faults for call in sandbox.received if call.operation == "ForceResync"] == [("expired_ticket",), ()]


def test_a_ticket_that_always_expires_ends_the_tries(sandbox, make_client):
    client = make_client(sandbox.url, WHO)
    strike(sandbox, "expired_ticket", count=None)
    with pytest.raises(AuthenticationError, match="ticket"):
        resync(client)
    assert sandbox.faults.rules[0].struck == 2


def test_a_login_whose_answer_is_lost(sandbox, make_client):
    client = make_client(sandbox.url, WHO, retry=None)
    sandbox.faults.add(FaultRule(kind="lost_answer", service="SoPrincipal", count=1))
    with pytest.raises(TransportError) as caught:
        resync(client)
    assert caught.value.operation == "AuthenticateUsernamePassword"
    resync(client)


def test_a_login_whose_answer_is_lost_is_made_again(sandbox, make_client):
    client = make_client(sandbox.url, WHO)
    sandbox.faults.add(FaultRule(kind="lost_answer", service="SoPrincipal", count=1))
    resync(client)
    assert [call.operation for call in sandbox.received] == [
        "AuthenticateUsernamePassword",
        "AuthenticateUsernamePassword",
        "ForceResync",
    ]


def test_threads_in_a_bad_network_and_what_the_record_says(sandbox, client):
    sandbox.faults.add(
        FaultRule(kind="drop", operation="ForceResync", share=0.2),
        FaultRule(kind="lost_answer", operation="ForceResync", share=0.2, seed=1),
        FaultRule(kind="unavailable", operation="ForceResync", share=0.2, seed=2),
    )
    outcomes: list[Outcome | None] = []

    def work() -> None:
        for _ in range(15):
            try:
                resync(client)
                outcomes.append(None)
            except (TransportError, ServerFault) as error:
                outcomes.append(error.outcome)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drop, lost, unavailable = (counted.struck for counted in sandbox.faults.rules)
    assert outcomes.count(Outcome.UNKNOWN) == drop + lost
    assert outcomes.count(Outcome.REJECTED) == unavailable
    assert outcomes.count(None) == 90 - drop - lost - unavailable
    assert min(drop, lost, unavailable) > 0
    calls = [call for call in sandbox.received if call.operation == "ForceResync"]
    assert sum(call.failure is None for call in calls) == 90 - drop - unavailable
