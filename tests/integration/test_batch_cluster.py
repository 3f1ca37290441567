"""Resyncs on a Dask cluster of real processes, some of which are killed."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Any

import pytest

from integration.worker_processes import BY_REFERENCE, PASSWORD, VARIABLE, check_every_key_is_done, kill, when_done
from superoffice_erpsync import ConfigurationError, ErpActorType, ErpSyncClient, InvalidRequest
from superoffice_erpsync.batch import ResyncReport, State, StopReason, resume, resync
from superoffice_erpsync.batch.cluster import dask_executor
from superoffice_erpsync.sandbox import Sandbox
from unit.batch.companies import Companies, client_of, sent_keys

CHUNK = 20


@pytest.fixture
def distributed() -> Any:
    return pytest.importorskip("distributed", reason="the package distributed is missing (extra dask)")


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    # Worker processes inherit it.
    monkeypatch.setenv(VARIABLE, PASSWORD)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(latency=timedelta(milliseconds=60)) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[ErpSyncClient]:
    with ErpSyncClient.soap(sandbox.url, BY_REFERENCE) as one:
        yield one


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def run(client: ErpSyncClient, companies: Companies, path: Path, **more: Any) -> ResyncReport:
    asked = {"connection_id": 1, "keys": companies.keys, "actor_type": ErpActorType.CUSTOMER, "chunk_size": CHUNK}
    return resync(client, journal=path, **{**asked, **more})


# -- a cluster on this machine ----------------------------------------------------------------------------------------


def test_a_worker_that_is_killed_loses_no_chunk_and_the_run_goes_on(distributed, sandbox, client, path):
    companies = Companies(sandbox, 1_000)
    with dask_executor(workers=2) as executor:
        worker = executor.submit(os.getpid).result(20)
        report = run(client, companies, path, executor=executor, on_progress=when_done(200, lambda: kill(worker)))
    check_every_key_is_done(report, companies, sandbox)
    assert report.stopped_because is None
    # What the killed worker had was sent again, and the journal tells of each attempt. (A result may be lost with its
    # worker just before it is fetched; then Dask itself has that one call made again.)
    planned = len(companies.keys) // CHUNK
    assert planned < report.calls
    assert planned <= len(sent_keys(sandbox)) <= report.calls + 1
    # One login for each worker, and one for the process in the place of the killed one, where it came in time.
    assert sandbox.logins <= 3


# -- a cluster elsewhere ----------------------------------------------------------------------------------------------


class Elsewhere:
    """A scheduler and a worker for two tasks that nobody looks after, each a program of its own."""

    def __init__(self, folder: Path) -> None:
        file = folder / "scheduler.json"
        here = ["--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
        here += ["--scheduler-file", str(file)]
        self.scheduler = self._started("dask_scheduler", *here, "--port", "0")
        self.worker = self._started("dask_worker", *here, "--no-nanny", "--nthreads", "2")
        self.client = self._connected(file)

    @staticmethod
    def _started(program: str, *arguments: str) -> Popen[bytes]:
        return Popen([sys.executable, "-m", f"distributed.cli.{program}", *arguments], stdout=DEVNULL, stderr=DEVNULL)

    @staticmethod
    def _connected(file: Path) -> Any:
        from distributed import Client

        give_up = time.monotonic() + 20
        while not file.exists() and time.monotonic() < give_up:
            time.sleep(0.02)
        client = Client(scheduler_file=str(file), set_as_default=False)
        client.wait_for_workers(1, timeout=20)
        return client

    @property
    def address(self) -> str:
        return self.client.scheduler.address

    def kill_worker(self) -> None:
        self.worker.kill()
        self.worker.wait()

    def close(self) -> None:
        self.client.close()
        self.kill_worker()
        self.scheduler.kill()
        self.scheduler.wait()


@pytest.fixture
def elsewhere_cluster(distributed: Any, tmp_path: Path) -> Iterator[Elsewhere]:
    cluster = Elsewhere(tmp_path)
    yield cluster
    cluster.close()


def test_a_run_that_is_stopped_waits_for_what_the_workers_have(elsewhere_cluster, sandbox, client, path):
    companies = Companies(sandbox, 1_000)
    stop = threading.Event()
    with dask_executor(elsewhere_cluster.address) as executor:
        report = run(client, companies, path, executor=executor, stop=stop, on_progress=when_done(100, stop.set))
    assert report.stopped_because is StopReason.ASKED
    assert report.keys[State.UNKNOWN] == 0
    assert 0 < report.keys[State.PLANNED] < 1_000
    assert report.calls * CHUNK == report.keys[State.DONE] == len(companies.resynced)
    assert report.calls == len(sent_keys(sandbox))
    with pytest.raises(RuntimeError):
        executor.submit(os.getpid)
    with dask_executor(elsewhere_cluster.client) as executor:
        check_every_key_is_done(resume(client, path, executor=executor), companies, sandbox)
    # The caller's own client of the cluster stays open, and the workers log in once, however many runs there are.
    assert elsewhere_cluster.client.submit(len, "abc").result(10) == 3
    assert sandbox.logins == 1


def test_where_no_worker_is_left_a_run_can_still_be_stopped(elsewhere_cluster, sandbox, client, path):
    companies = Companies(sandbox, 1_000)
    stop = threading.Event()

    def everybody_dies() -> None:
        elsewhere_cluster.kill_worker()
        threading.Timer(0.5, stop.set).start()

    with dask_executor(elsewhere_cluster.address) as executor:
        report = run(client, companies, path, executor=executor, stop=stop, on_progress=when_done(100, everybody_dies))
    assert report.stopped_because is StopReason.ASKED
    assert report.keys[State.UNKNOWN] == 4 * CHUNK
    assert report.keys[State.DONE] <= len(companies.resynced) <= report.keys[State.DONE] + 4 * CHUNK
    check_every_key_is_done(resume(client, path), companies, sandbox)


def test_a_scheduler_that_dies_ends_the_run_and_it_is_resumed(elsewhere_cluster, sandbox, client, path):
    companies = Companies(sandbox, 1_000)
    with dask_executor(elsewhere_cluster.address) as executor:
        die = when_done(100, elsewhere_cluster.scheduler.kill)
        report = run(client, companies, path, executor=executor, on_progress=die)
    assert report.stopped_because is StopReason.EXECUTOR
    assert report.keys[State.UNKNOWN]
    check_every_key_is_done(resume(client, path), companies, sandbox)


# -- what cannot work -------------------------------------------------------------------------------------------------


def test_a_scheduler_that_is_not_there_is_told_as_such(distributed):
    for address in ("tcp://127.0.0.1:1", "no address"):
        with pytest.raises(ConfigurationError, match="cannot be reached"), dask_executor(address, timeout=0.3):
            pass


def test_without_the_package_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigurationError, match=r"superoffice-erpsync\[dask\]"), dask_executor():
        pass


def test_a_cluster_without_workers_is_refused():
    with pytest.raises(InvalidRequest, match="1 or more"), dask_executor(workers=0):
        pass


def test_a_client_with_a_literal_secret_is_refused_before_anything_is_sent(distributed, sandbox, path):
    companies = Companies(sandbox, 10)
    with (
        dask_executor(workers=1) as executor,
        client_of(sandbox.url) as client,
        pytest.raises(ConfigurationError, match="EnvironmentSecret"),
    ):
        run(client, companies, path, executor=executor)
    assert not sandbox.received
    assert not path.exists()
