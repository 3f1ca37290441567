"""What a journal notes of the batch as a whole: what it is for, who holds it, how it ended, and what SQLite said."""

from __future__ import annotations

import os
import socket
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from superoffice_erpsync.batch import JournalError
from superoffice_erpsync.batch.chunks import Chunks
from superoffice_erpsync.batch.journal import Journal, now, reading, unusable
from superoffice_erpsync.batch.locking import locked
from superoffice_erpsync.batch.states import State, StopReason
from superoffice_erpsync.batch.terms import Terms
from unit.batch.journals import TERMS, planned


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def facts(journal: Journal, columns: str) -> tuple:
    return journal.connection.execute(f"SELECT {columns} FROM run").fetchone()


def send(journal: Journal, count: int) -> None:
    with journal.transaction():
        chunks = Chunks(journal.connection)
        for chunk in chunks.to_send(count, None):
            chunks.mark_sent(chunk)


def states(journal: Journal) -> list[tuple]:
    return journal.connection.execute("SELECT state, lost, attempts, tries FROM chunk ORDER BY number").fetchall()


def test_the_time_is_utc_to_the_millisecond():
    moment = datetime.fromisoformat(now())
    assert moment.utcoffset() == timedelta()
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
    assert len(now()) == len("2026-01-31T18:00:00.000+00:00")


@pytest.mark.parametrize(("actor_type", "preflight"), [(None, False), ("Customer", True)])
def test_the_terms_come_back_as_they_were_noted(path, actor_type, preflight):
    terms = Terms(
        address="https://crm.example/",
        operation="ForceResyncInternal",
        connection_id=7,
        actor_type=actor_type,
        blank_values="stop",
        preflight=preflight,
    )
    with Journal.open(path, create=True) as journal:
        assert journal.terms is None
        journal.begin(TERMS)
        journal.begin(terms)
        assert journal.terms == terms
        assert type(journal.terms.preflight) is bool
        assert not journal.planned
        assert abs(datetime.now(UTC) - datetime.fromisoformat(facts(journal, "created_at")[0])) < timedelta(minutes=1)


def test_the_holder_is_noted_as_long_as_it_holds_the_journal(path):
    with planned(path, ["C1"]) as journal:
        pid, host, since = facts(journal, "holder_pid, holder_host, holder_since")
        assert (pid, host) == (os.getpid(), socket.gethostname())
        assert abs(datetime.now(UTC) - datetime.fromisoformat(since)) < timedelta(minutes=1)
    with closing(sqlite3.connect(path)) as closed:
        assert closed.execute("SELECT holder_pid, holder_host, holder_since FROM run").fetchone() == (None,) * 3
    with Journal.open(path, create=False) as journal:
        journal.take_up()
        assert facts(journal, "holder_pid") == (os.getpid(),)


def test_whoever_opens_a_journal_that_is_held_is_told_by_whom_if_that_is_known(path):
    with planned(path, ["C1"]) as journal:
        with pytest.raises(JournalError, match=f"process {os.getpid()} on "):
            Journal.open(path, create=False)
        with journal.transaction():
            journal.connection.execute("UPDATE run SET holder_pid = NULL")
        with pytest.raises(JournalError, match="in use by another process"):
            Journal.open(path, create=False)
        with journal.transaction():
            journal.connection.execute("DELETE FROM run")
        with pytest.raises(JournalError, match="in use by another process"):
            Journal.open(path, create=False)


def test_a_lock_without_a_journal_yet_is_held_by_nobody_who_is_known(path):
    lock = locked(path)
    try:
        with pytest.raises(JournalError, match="in use by another process"):
            Journal.open(path, create=True)
    finally:
        lock.release()


def test_the_end_is_noted_with_its_reason_and_what_is_lost(path):
    with planned(path, [f"C{place}" for place in range(30)]) as journal:
        send(journal, 1)
        journal.end(1.5, StopReason.SERVER_DOWN, "it does not answer")
        assert facts(journal, "seconds, stopped_because, stop_explanation") == (
            1.5,
            "server_down",
            "it does not answer",
        )
        assert states(journal) == [("unknown", 1, 1, 1), ("planned", 0, 0, 0), ("planned", 0, 0, 0)]
        journal.end(2, None, None)
        assert facts(journal, "seconds, stopped_because, stop_explanation") == (3.5, None, None)
        journal.end(0, StopReason.CONFIGURATION, "there is no ca\udcff.pem")
        assert facts(journal, "stop_explanation") == ("there is no ca\\udcff.pem",)


def test_who_takes_it_up_starts_with_a_clean_sheet_and_what_was_sent_is_unknown(path):
    with planned(path, [f"C{place}" for place in range(30)]) as journal:
        send(journal, 2)
        journal.connection.execute("UPDATE run SET stopped_because = 'asked', stop_explanation = 'x'")
    with Journal.open(path, create=False) as journal:
        assert [row[0] for row in states(journal)] == ["sent", "sent", "planned"]
        journal.take_up()
        assert facts(journal, "stopped_because, stop_explanation") == (None, None)
        assert states(journal) == [("unknown", 1, 1, 0), ("unknown", 1, 1, 0), ("planned", 0, 0, 0)]
        with journal.transaction():
            chunks = Chunks(journal.connection)
            assert [one.number for one in chunks.to_send(9, 1)] == [3]
        assert State.UNKNOWN in {row[0] for row in states(journal)}


def test_the_plan_and_its_budget_can_be_asked_for(path):
    with planned(path, ["C1", "C2"]) as journal:
        assert journal.planned
        assert journal.bisect_calls == facts(journal, "bisect_calls")[0] > 0
        assert journal.digest == facts(journal, "digest")[0]
        assert len(journal.digest) == 64


def fail_after_removing_keys(journal: Journal, statement: str) -> None:
    with journal.transaction():
        journal.connection.execute("DELETE FROM key")
        journal.connection.execute(statement)
        raise KeyError


def test_a_transaction_that_fails_leaves_nothing(path):
    with planned(path, ["C1"]) as journal:
        with pytest.raises(KeyError):
            fail_after_removing_keys(journal, "SELECT 1")
        with pytest.raises(JournalError, match="no such table") as caught:
            fail_after_removing_keys(journal, "DELETE FROM missing")
        assert isinstance(caught.value.__cause__, sqlite3.Error)
        assert not journal.connection.in_transaction
        assert journal.connection.execute("SELECT count(*) FROM key").fetchone() == (1,)


def test_what_is_written_outside_a_transaction_is_there_for_others_at_once(path):
    with planned(path, ["C1"]) as journal, closing(sqlite3.connect(path)) as reader:
        journal.connection.execute("UPDATE run SET seconds = 7")
        assert reader.execute("SELECT seconds FROM run").fetchone() == (7,)


def test_what_came_of_nothing_goes_with_all_that_belongs_to_it(path, tmp_path):
    journal = planned(path, ["C1"])
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM key").fetchone() == (1,)
        assert len(list(tmp_path.iterdir())) == 4
        if os.name == "posix":  # where a file that somebody reads can be removed
            journal.discard()
            assert [one.name for one in tmp_path.iterdir()] == ["journal.lock"]
    if os.name != "posix":
        journal.discard()
    Journal.open(path, create=True).close()


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (sqlite3.SQLITE_FULL, "make room on the disk"),
        (sqlite3.SQLITE_IOERR_WRITE, "make room on the disk"),
        (sqlite3.SQLITE_CORRUPT, "it is damaged"),
        (sqlite3.SQLITE_CORRUPT | 1 << 8, "it is damaged"),
        (sqlite3.SQLITE_NOTADB, "it is damaged"),
        (sqlite3.SQLITE_IOERR_READ, None),
        (sqlite3.SQLITE_BUSY, None),
        (None, None),
    ],
)
def test_what_sqlite_says_comes_with_what_to_do(path, code, advice):
    problem = sqlite3.OperationalError("so it says")
    if code is not None:
        problem.sqlite_errorcode = code
    error = unusable(path, problem)
    assert str(path) in error.message
    assert "so it says" in error.message
    assert error.hint is None if advice is None else advice in error.hint


def test_a_database_without_tables_may_be_another_programs_all_the_same(path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA application_id = 7")
    with pytest.raises(JournalError, match="a database of another program"):
        Journal.open(path, create=True)


def test_looking_at_a_journal_changes_nothing(path):
    planned(path, ["C1"]).close()
    with (
        pytest.raises(JournalError, match="readonly"),
        reading(path) as found,
    ):
        found.execute("DELETE FROM key")
    with pytest.raises(KeyError), reading(path):
        raise KeyError
