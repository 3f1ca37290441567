"""Resyncs in processes of this machine: one login each, and no key lost where one of them is killed."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from integration.worker_processes import BY_REFERENCE, PASSWORD, VARIABLE, check_every_key_is_done, kill, when_done
from superoffice_erpsync import ConfigurationError, EnvironmentSecret, ErpActorType, ErpSyncClient, Outcome
from superoffice_erpsync.batch import ResyncReport, State, StopReason, resume, resync
from superoffice_erpsync.batch.kept_clients import KeptClients
from superoffice_erpsync.sandbox import FaultRule, Sandbox
from unit.batch.companies import Companies, client_of, sent_keys


@pytest.fixture
def client(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[ErpSyncClient]:
    # Worker processes inherit it.
    monkeypatch.setenv(VARIABLE, PASSWORD)
    with ErpSyncClient.soap(sandbox.url, BY_REFERENCE) as one:
        yield one


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def processes(count: int) -> Executor:
    """Processes that have nothing of this one, as they are on Windows."""
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


def run(client: ErpSyncClient, companies: Companies, path: Path, **more: Any) -> ResyncReport:
    asked = {"connection_id": 1, "keys": companies.keys, "actor_type": ErpActorType.CUSTOMER, "chunk_size": 20}
    return resync(client, journal=path, **{**asked, **more})


# -- processes --------------------------------------------------------------------------------------------------------


def test_a_process_that_is_killed_breaks_the_pool_and_another_pool_does_the_rest(path, monkeypatch):
    monkeypatch.setenv(VARIABLE, PASSWORD)
    with (
        Sandbox(latency=timedelta(milliseconds=80)) as sandbox,
        ErpSyncClient.soap(sandbox.url, BY_REFERENCE) as client,
    ):
        companies = Companies(sandbox, 1_000)
        with processes(2) as executor:
            worker = executor.submit(os.getpid).result()
            report = run(client, companies, path, executor=executor, on_progress=when_done(200, lambda: kill(worker)))
            assert report.stopped_because is StopReason.EXECUTOR
            assert "BrokenProcessPool" in (report.stop_explanation or "")
            # All that the pool had is unknown, and nothing that was done before.
            assert 200 <= report.keys[State.DONE] <= len(companies.resynced)
            assert 20 <= report.keys[State.UNKNOWN] <= 80
            assert {fate.error for fate in report.unknown()} == {"BrokenProcessPool"}
            assert len(sent_keys(sandbox)) <= report.calls
        with processes(2) as executor:
            check_every_key_is_done(resume(client, path, executor=executor), companies, sandbox)
        assert sandbox.logins <= 4


def test_many_keys_take_one_login_for_each_process(client, sandbox, path):
    companies = Companies(sandbox, 4_000)
    with processes(2) as executor:
        report = run(client, companies, path, chunk_size=100, executor=executor)
    check_every_key_is_done(report, companies, sandbox)
    assert sandbox.logins <= 2


def test_a_ticket_that_expires_takes_one_more(client, sandbox, path):
    companies = Companies(sandbox, 1_000)
    sandbox.faults.add(FaultRule(kind="expired_ticket", operation="ForceResyncExternal", skip=1, count=1))
    with processes(1) as executor:
        report = run(client, companies, path, executor=executor, workers=1)
    check_every_key_is_done(report, companies, sandbox)
    assert sandbox.logins == 2


def test_a_literal_secret_is_refused_before_anything_is_sent_and_the_way_out_is_named(sandbox, path):
    companies = Companies(sandbox, 10)
    with processes(1) as executor, client_of(sandbox.url) as literal, pytest.raises(ConfigurationError) as caught:
        run(literal, companies, path, executor=executor)
    assert caught.value.outcome is Outcome.NOT_SENT
    assert "EnvironmentSecret" in (caught.value.hint or "")
    assert PASSWORD not in f"{caught.value!r} {vars(caught.value)}"
    assert not sandbox.received
    assert not path.exists()


# -- the clients of a process -----------------------------------------------------------------------------------------


@pytest.fixture
def kept() -> Iterator[KeptClients]:
    clients = KeptClients(most=2)
    yield clients
    clients.close()


def pickled(url: str, **settings: Any) -> bytes:
    with ErpSyncClient.soap(url, BY_REFERENCE, **settings) as one:
        return pickle.dumps(one)


def test_threads_of_a_process_share_one_client_and_its_login(client, sandbox, kept):
    parcel, start = pickle.dumps(client), threading.Barrier(8)

    def work(_: int) -> int:
        start.wait()
        with kept.lend(parcel) as lent:
            lent.get_engine_status()
            return id(lent)

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(work, range(8)))) == 1
    assert sandbox.logins == 1


def test_no_more_clients_are_kept_than_stated_and_those_in_use_stay_open(client, sandbox, kept):
    parcels = [pickled(sandbox.url, timeout=seconds) for seconds in (5, 6, 7)]
    with kept.lend(parcels[0]) as first:
        first.get_engine_status()
        for parcel in parcels[1:]:
            with kept.lend(parcel) as other:
                other.get_engine_status()
        # Three are too many, and the second is the one that nobody used for longest.
        first.get_engine_status()
    for parcel in (parcels[0], parcels[2]):
        with kept.lend(parcel) as again:
            again.get_engine_status()
    assert sandbox.logins == 3
    with kept.lend(parcels[1]) as again:
        again.get_engine_status()
    assert sandbox.logins == 4


def test_a_client_that_cannot_be_made_is_not_kept(client, kept, monkeypatch, sandbox):
    monkeypatch.setenv("ERPSYNC_TRIED_TOKEN", "Made-up")
    parcel = pickled(sandbox.url, application_token=EnvironmentSecret("ERPSYNC_TRIED_TOKEN"))
    monkeypatch.delenv("ERPSYNC_TRIED_TOKEN")
    with pytest.raises(ConfigurationError, match="ERPSYNC_TRIED_TOKEN"), kept.lend(parcel):
        pass
    monkeypatch.setenv("ERPSYNC_TRIED_TOKEN", "Made-up")
    with kept.lend(parcel) as lent:
        lent.get_engine_status()
