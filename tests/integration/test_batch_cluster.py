"""Resyncs on a Dask cluster of real processes, some of which are killed."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
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
    with Sandbox(latency=timedelta(milliseconds=30)) as running:
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
        workers = [executor.submit(os.getpid).result(10) for _ in range(4)]
        report = run(client, companies, path, executor=executor, on_progress=when_done(200, lambda: kill(workers[0])))
    check_every_key_is_done(report, companies, sandbox)
    assert report.stopped_because is None
    # One login for each worker, and one for the process in the place of the killed one, where it came in time.
    assert sandbox.logins <= 3
