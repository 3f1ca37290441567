"""Resyncs of many keys on a sandbox that loses answers, forgets tickets, goes away, or takes small requests only."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from superoffice_erpsync import ConfigurationError, EnvironmentSecret, ErpActorType, ErpSyncClient, UsernamePassword
from superoffice_erpsync.batch import Progress, ResyncReport, State, StopReason, open_report, resume, resync
from superoffice_erpsync.batch.courtesy import Pace
from superoffice_erpsync.batch.journal import Journal
from superoffice_erpsync.batch.runner import Manner, Runner
from superoffice_erpsync.batch.workers import Workers
from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.sandbox.faults import FaultRule
from unit.batch.companies import Companies, client_of

CUSTOMER = ErpActorType.CUSTOMER
RESYNC = "ForceResyncExternal"


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[ErpSyncClient]:
    with client_of(sandbox.url) as one:
        yield one


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def run(client: ErpSyncClient, companies: Companies, path: Path, **more: Any) -> ResyncReport:
    asked = {"connection_id": 1, "keys": companies.keys, "actor_type": CUSTOMER, "journal": path, "chunk_size": 10}
    return resync(client, **{**asked, **more})


# -- answers and tickets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["lost_answer", "cut_answer", "drop", "html"])
def test_chunks_without_an_answer_are_sent_again_at_the_end(sandbox, client, path, kind):
    companies = Companies(sandbox, 60)
    sandbox.faults.add(FaultRule(kind=kind, operation=RESYNC, count=3, skip=1))
    report = run(client, companies, path)
    assert (report.all_done, report.calls) == (True, 9)
    assert companies.resynced == companies.keys


def test_after_so_many_tries_they_stay_unknown(sandbox, client, path):
    companies = Companies(sandbox, 20)
    sandbox.faults.add(FaultRule(kind="lost_answer", operation=RESYNC))
    report = run(client, companies, path, tries=2, give_up_after=100)
    assert (report.keys[State.UNKNOWN], report.calls) == (20, 4)
    assert (report.complete, report.any_unknown, report.stopped_because) == (True, True, None)
    fates = list(report.unknown())
    assert [fate.key for fate in fates] == companies.keys
    assert all(fate.error for fate in fates)
    sandbox.faults.clear()
    assert resume(client, path).all_done


def test_they_are_kept_for_somebody_to_decide_where_that_is_asked_for(sandbox, client, path):
    companies = Companies(sandbox, 20)
    sandbox.faults.add(FaultRule(kind="lost_answer", operation=RESYNC, count=1))
    assert run(client, companies, path, on_unknown="ask").keys[State.UNKNOWN] == 10
    report = resume(client, path, on_unknown="ask")
    assert (report.keys[State.UNKNOWN], report.calls) == (10, 2)
    assert resume(client, path).all_done


def test_tickets_that_expire_do_no_harm(sandbox, client, path):
    companies = Companies(sandbox, 100)
    for skip in (1, 4, 7):
        sandbox.faults.add(FaultRule(kind="expired_ticket", operation=RESYNC, skip=skip, count=1))
    # One worker, since the new ticket of one call could strike the other: that would be a login without a right.
    assert run(client, companies, path, workers=1).all_done
    assert companies.resynced == companies.keys
    assert sandbox.logins == 4


def test_a_login_that_is_refused_stops_the_run_at_once(sandbox, path):
    companies = Companies(sandbox, 100)
    with ErpSyncClient.soap(sandbox.url, UsernamePassword("tje0", "wrong")) as client:
        report = run(client, companies, path)
    assert report.stopped_because is StopReason.LOGIN
    assert "refused" in (report.stop_explanation or "")
    assert (report.keys[State.PLANNED], report.state) == (100, "incomplete")
    assert open_report(path).stopped_because is StopReason.LOGIN
    with client_of(sandbox.url) as right:
        report = resume(right, path)
    assert (report.all_done, report.stopped_because) == (True, None)


@pytest.mark.parametrize("kind", ["server_fault", "quota", "lost_answer", "html"])
def test_a_login_that_fails_says_nothing_of_the_keys(sandbox, client, path, kind):
    companies = Companies(sandbox, 40)
    sandbox.faults.add(FaultRule(kind=kind, service="SoPrincipal"))
    report = run(client, companies, path, on_unknown="ask", give_up_after=3)
    assert report.stopped_because is StopReason.SERVER_DOWN
    assert (report.keys[State.PLANNED], report.chunks[State.SPLIT]) == (40, 0)
    sandbox.faults.clear()
    assert resume(client, path, on_unknown="ask").all_done
    assert companies.resynced == companies.keys


# -- a server that is not there ---------------------------------------------------------------------------------------


def test_a_server_that_goes_away_stops_the_run_and_it_is_resumed(sandbox, client, path):
    companies = Companies(sandbox, 100)
    sandbox.faults.add(FaultRule(kind="unavailable", seconds=0, operation=RESYNC, skip=4))
    report = run(client, companies, path, give_up_after=3)
    assert report.stopped_because is StopReason.SERVER_DOWN
    assert (report.keys[State.DONE], report.keys[State.PLANNED]) == (40, 60)
    sandbox.stop()
    report = resume(client, path)
    assert (report.stopped_because, report.keys[State.DONE]) == (StopReason.SERVER_DOWN, 40)
    sandbox.faults.clear()
    sandbox.start()
    assert resume(client, path).all_done
    assert companies.resynced == companies.keys


def test_a_chunk_that_may_have_been_done_stays_unknown_when_the_server_goes_away(sandbox, client, path):
    companies = Companies(sandbox, 10)
    sandbox.faults.add(FaultRule(kind="lost_answer", operation=RESYNC, count=1))
    sandbox.faults.add(FaultRule(kind="unavailable", seconds=0, operation=RESYNC, skip=1))
    report = run(client, companies, path, give_up_after=2)
    assert report.keys[State.UNKNOWN] == 10


# -- requests that are too large --------------------------------------------------------------------------------------


def test_chunks_fill_what_wcf_takes_and_no_more(sandbox, client, path):
    companies = Companies(sandbox, 3_000)
    report = run(client, companies, path, chunk_size=10_000)
    assert (report.all_done, report.calls, report.chunks[State.SPLIT]) == (True, 2, 0)
    report = run(client, companies, path.with_name("larger"), chunk_size=10_000, chunk_bytes=120_000)
    assert (report.all_done, report.calls, report.chunks[State.SPLIT]) == (True, 3, 1)


def test_chunks_that_are_too_large_are_halved_and_others_as_large_are_not_even_sent(path):
    with Sandbox(max_request_bytes=8_000) as sandbox, client_of(sandbox.url) as client:
        companies = Companies(sandbox, 1_500)
        report = run(client, companies, path, chunk_size=300, workers=1)
    assert report.all_done
    assert (report.chunks[State.SPLIT], report.chunks[State.DONE]) == (5, 10)
    assert report.calls == 2 + 10
    assert companies.resynced == companies.keys


def test_a_single_key_that_is_too_large_fails_alone(path):
    with Sandbox(max_request_bytes=1_800) as sandbox, client_of(sandbox.url) as client:
        companies = Companies(sandbox, 9)
        keys = [*companies.keys, "x" * 490 + "&" * 10, "y" * 500]
        report = run(client, companies, path, keys=keys)
    assert report.keys[State.DONE] + report.keys[State.FAILED] == 11
    assert companies.resynced == companies.keys


# -- stopping ---------------------------------------------------------------------------------------------------------


def test_a_stop_event_lets_what_is_under_way_finish(path):
    stop = threading.Event()

    def watch(progress: Progress) -> None:
        if progress.keys[State.DONE]:
            stop.set()

    with Sandbox(latency=timedelta(milliseconds=60)) as sandbox, client_of(sandbox.url) as client:
        companies = Companies(sandbox, 300)
        report = run(client, companies, path, stop=stop, on_progress=watch)
        assert report.stopped_because is StopReason.ASKED
        done = report.keys[State.DONE]
        assert 0 < done < 300
        assert report.keys[State.PLANNED] == 300 - done
        assert len(companies.resynced) == done
        assert report.calls == done // 10
        assert resume(client, path, workers=8).all_done


def test_ctrl_c_stops_as_gently(path):
    times = iter([1])

    def interrupt(progress: Progress) -> None:
        if progress.keys[State.DONE] and next(times, 0):
            signal.raise_signal(signal.SIGINT)

    with Sandbox(latency=timedelta(milliseconds=60)) as sandbox, client_of(sandbox.url) as client:
        companies = Companies(sandbox, 300)
        report = run(client, companies, path, on_progress=interrupt)
        assert report.stopped_because is StopReason.INTERRUPTED
        assert report.keys[State.DONE] + report.keys[State.PLANNED] == 300
        assert report.keys[State.PLANNED]
        assert resume(client, path, workers=8).all_done


def test_an_error_of_the_callers_own_ends_the_run_and_nothing_is_lost(sandbox, client, path):
    def fail(progress: Progress) -> None:
        raise ZeroDivisionError

    companies = Companies(sandbox, 100)
    with pytest.raises(ZeroDivisionError):
        run(client, companies, path, on_progress=fail)
    assert open_report(path).keys[State.UNKNOWN] == 0
    assert resume(client, path).all_done


def test_the_rate_holds_for_all_workers_together(sandbox, client, path):
    companies = Companies(sandbox, 100)
    started = time.monotonic()
    assert run(client, companies, path, rate=20, workers=8).all_done
    assert time.monotonic() - started >= 0.4


# -- executors --------------------------------------------------------------------------------------------------------


def test_another_executor_of_threads_is_used_and_left_open(sandbox, client, path):
    companies = Companies(sandbox, 50)
    with ThreadPoolExecutor(2) as executor:
        assert run(client, companies, path, executor=executor).all_done
        assert executor.submit(len, "abc").result() == 3
        executor.shutdown()
        report = run(client, companies, path.with_name("other"), executor=executor)
    assert (report.stopped_because, report.keys[State.PLANNED]) == (StopReason.EXECUTOR, 50)


@pytest.fixture
def by_reference(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[ErpSyncClient]:
    monkeypatch.setenv("ERPSYNC_TRIED", "Tje0")
    with ErpSyncClient.soap(sandbox.url, UsernamePassword("tje0", EnvironmentSecret("ERPSYNC_TRIED"))) as client:
        yield client


def test_processes_get_the_client_by_reference_and_log_in_once_each(sandbox, by_reference, path):
    companies = Companies(sandbox, 100)
    keys, bad = companies.keys_with_bad_ones(50)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        report = run(by_reference, companies, path, keys=keys, executor=executor)
    assert [fate.key for fate in report.failed()] == bad
    assert report.keys[State.DONE] == 98
    assert sandbox.logins <= 2


def test_a_client_with_a_literal_secret_does_not_go_to_other_processes(client, path):
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor, pytest.raises(ConfigurationError):
        resync(client, connection_id=1, keys=["C1001"], actor_type=CUSTOMER, journal=path, executor=executor)
    assert not path.exists()


def test_workers_that_die_leave_their_chunks_unknown_and_the_run_resumable(sandbox, by_reference, path):
    companies = Companies(sandbox, 60)
    sandbox.faults.add(FaultRule(kind="latency", operation=RESYNC, seconds=2))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        worker = executor.submit(os.getpid).result()

        def kill(progress: Progress) -> None:
            if sandbox.logins:
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGTERM)

        report = run(by_reference, companies, path, workers=1, executor=executor, on_progress=kill)
    assert report.stopped_because is StopReason.EXECUTOR
    assert report.keys[State.UNKNOWN] + report.keys[State.PLANNED] == 60
    assert report.keys[State.UNKNOWN] >= 10
    sandbox.faults.clear()
    assert resume(by_reference, path).all_done
    assert companies.resynced == companies.keys


def test_ctrl_c_in_a_worker_process_is_none_for_the_run(sandbox, by_reference, path):
    companies = Companies(sandbox, 60)
    sandbox.faults.add(FaultRule(kind="latency", operation=RESYNC, seconds=1, skip=1))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        worker = executor.submit(os.getpid).result()

        def interrupt(progress: Progress) -> None:
            if progress.keys[State.DONE]:
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGINT)

        report = run(by_reference, companies, path, workers=1, executor=executor, on_progress=interrupt)
    assert report.stopped_because is StopReason.EXECUTOR
    assert report.keys[State.DONE] >= 10
    assert report.keys[State.UNKNOWN] >= 10
    assert not report.keys[State.SENT]


class Faltering(ThreadPoolExecutor):
    """Threads of which the third call finds the system without another one: it stands in the queue all the same."""

    def __init__(self, problem: Exception) -> None:
        super().__init__(1)
        self._calls, self._problem = 0, problem

    def submit(self, *call: Any, **more: Any) -> Future[Any]:
        handed = super().submit(*call, **more)
        self._calls += 1
        if self._calls == 3:
            raise self._problem
        return handed


@pytest.mark.parametrize(
    ("problem", "unknown"),
    [(RuntimeError("can't start new thread"), 0), (BlockingIOError("Resource temporarily unavailable"), 10)],
)
def test_what_an_executor_fails_to_take_is_not_sent_behind_the_journals_back(sandbox, client, path, problem, unknown):
    companies = Companies(sandbox, 100)
    with Faltering(problem) as executor:
        report = run(client, companies, path, executor=executor)
    assert report.stopped_because is StopReason.EXECUTOR
    assert report.keys[State.UNKNOWN] == unknown
    assert len(companies.resynced) in (report.keys[State.DONE], report.keys[State.DONE] + unknown)
    assert resume(client, path).all_done


def test_ctrl_c_before_chunks_are_handed_out_leaves_them_planned(sandbox, client, path):
    class Interrupted(Journal):
        @contextmanager
        def transaction(self) -> Iterator[None]:
            with super().transaction():
                yield
            if open_report(path).keys[State.SENT]:
                raise KeyboardInterrupt

    companies = Companies(sandbox, 100)
    run(client, companies, path, dry_run=True)
    with Interrupted.open(path, create=False) as journal, closing(Workers(client, 2)) as workers:
        assert journal.terms is not None
        runner = Runner(journal, journal.terms, workers, Pace(None), 10_000, Manner())
        runner.run()
    assert runner.ended.reason is StopReason.INTERRUPTED
    assert not sandbox.received
    assert open_report(path).keys[State.PLANNED] == 100
    assert resume(client, path).calls == 10


# -- a journal that cannot be written ---------------------------------------------------------------------------------


def test_a_disk_that_fills_up_stops_the_run_and_nothing_is_lost(sandbox, client, path):
    companies = Companies(sandbox, 1_000)
    run(client, companies, path, dry_run=True, chunk_size=250)

    with Journal.open(path, create=False) as journal, closing(Workers(client, 2)) as workers:
        journal.take_up()
        # As if the disk took nothing more: no page beyond those that there are.
        journal.connection.execute("PRAGMA max_page_count = 1")
        sandbox.faults.add(FaultRule(kind="server_fault", operation=RESYNC, skip=1))
        assert journal.terms is not None
        runner = Runner(journal, journal.terms, workers, Pace(None), 10_000, Manner())
        runner.run()
    assert runner.ended.reason is StopReason.JOURNAL
    assert "full" in (runner.ended.explanation or "")
    report = open_report(path)
    assert report.total == 1_000
    assert report.keys[State.FAILED] == report.keys[State.REFUSED] == 0
    sandbox.faults.clear()
    assert resume(client, path).all_done
    assert companies.resynced == companies.keys
