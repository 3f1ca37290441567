"""The journal: what it takes for one, what it survives, and what it says about what went wrong."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
from contextlib import closing, suppress
from pathlib import Path

import pytest

from superoffice_erpsync.batch import JournalError, State, open_report, resync
from superoffice_erpsync.batch.chunk import ChunkAnswer, Verdict
from superoffice_erpsync.batch.chunks import Chunks
from superoffice_erpsync.batch.journal import Journal
from superoffice_erpsync.batch.keys import external_key, source_of
from superoffice_erpsync.batch.plan import Cutting, make_plan
from superoffice_erpsync.batch.schema import APPLICATION_ID, FORMAT
from unit.batch.companies import client_of
from unit.batch.journals import DIE, TERMS, killed, planned

KEYS = [f"C{place}" for place in range(25)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def states(path: Path) -> dict[str, int]:
    return {str(state): count for state, count in open_report(path).keys.items() if count}


# -- a process that dies ----------------------------------------------------------------------------------------------

MOMENTS = {
    "while the keys are read": "planned(path, dying_keys())",
    "when the plan is there": "planned(path, KEYS); die()",
    "when a chunk is about to leave": "send(planned(path, KEYS)); die()",
    "while an answer is noted": "settle(planned(path, KEYS), die)",
    "when an answer is noted": "settle(planned(path, KEYS), lambda: None); die()",
}
PROGRAM = f"""{DIE}
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from unit.batch.journals import planned
from unit.batch.test_batch_journal import KEYS, DONE
from superoffice_erpsync.batch.chunks import Chunks
from superoffice_erpsync.batch.states import State

def dying_keys():
    yield from KEYS
    die()

def send(journal):
    with journal.transaction():
        chunks = Chunks(journal.connection)
        chunk = chunks.to_send(1, None)[0]
        chunks.mark_sent(chunk)
    return chunk

def settle(journal, meanwhile):
    chunk = send(journal)
    with journal.transaction():
        Chunks(journal.connection).settle(chunk, State.DONE, DONE)
        meanwhile()

path = Path(sys.argv[1])
"""
DONE = ChunkAnswer(number=1, verdict=Verdict.DONE, changes={"contact": {"updated": 10}})


@pytest.mark.parametrize(
    ("moment", "before", "after"),
    [
        ("while the keys are read", {}, None),
        ("when the plan is there", {"planned": 25}, {"planned": 25}),
        ("when a chunk is about to leave", {"planned": 15, "sent": 10}, {"planned": 15, "unknown": 10}),
        ("while an answer is noted", {"planned": 15, "sent": 10}, {"planned": 15, "unknown": 10}),
        ("when an answer is noted", {"planned": 15, "done": 10}, {"planned": 15, "done": 10}),
    ],
)
def test_whatever_a_killed_process_did_stands_there_and_nothing_else(path, tmp_path, moment, before, after):
    tests = str(Path(__file__).parents[2])
    killed(PROGRAM + MOMENTS[moment], tmp_path, str(path), tests)
    report = open_report(path)
    assert states(path) == before
    assert report.planned is (after is not None)
    assert (report.state == "not_planned") is (after is None)
    assert report.holder is not None
    with Journal.open(path, create=False) as journal:
        assert journal.planned is (after is not None)
        assert journal.terms == TERMS
        if after is not None:
            journal.take_up()
            assert states(path) == after
    assert open_report(path).holder is None


def test_a_plan_that_was_cut_off_is_made_anew(path, tmp_path):
    killed(PROGRAM + MOMENTS["while the keys are read"], tmp_path, str(path), str(Path(__file__).parents[2]))
    with planned(path, ["other"]):
        assert states(path) == {"planned": 1}


# -- other files ------------------------------------------------------------------------------------------------------


def test_another_kind_of_file_is_left_alone(path):
    path.write_text("keys\nC1\n", encoding="utf-8")
    for use in (lambda: Journal.open(path, create=True), lambda: open_report(path)):
        with pytest.raises(JournalError, match="no journal but another kind of file"):
            use()
    assert path.read_text(encoding="utf-8") == "keys\nC1\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_database_of_another_program_is_left_alone(path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE run (x)")
    content = path.read_bytes()
    for use in (lambda: Journal.open(path, create=True), lambda: open_report(path)):
        with pytest.raises(JournalError, match="a database of another program"):
            use()
    assert path.read_bytes() == content


def test_a_newer_format_is_refused(path):
    planned(path, KEYS).close()
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(f"PRAGMA user_version = {FORMAT + 1}")
    for use in (lambda: Journal.open(path, create=False), lambda: open_report(path)):
        with pytest.raises(JournalError, match=f"has format {FORMAT + 1}, and this release reads format {FORMAT}"):
            use()


def test_a_damaged_journal_is_refused(path):
    planned(path, [f"C{place}" for place in range(5_000)]).close()
    content = bytearray(path.read_bytes())
    content[8_192:40_960] = b"\xff" * 32_768
    path.write_bytes(content)
    with pytest.raises(JournalError, match=r"damaged|malformed"):
        Journal.open(path, create=False)
    path.write_bytes(content[:3_000])
    with pytest.raises(JournalError, match=r"damaged|malformed|not a database|disk I/O"):
        Journal.open(path, create=False)


@pytest.mark.parametrize("content", [None, b""])
def test_a_new_or_an_empty_file_becomes_a_journal(path, content):
    if content is not None:
        path.write_bytes(content)
    with Journal.open(path, create=True) as journal:
        assert (journal.terms, journal.planned, journal.digest) == (None, False, None)
        settings = [
            journal.connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version", "journal_mode", "synchronous")
        ]
    assert settings == [APPLICATION_ID, FORMAT, "wal", 2]
    with pytest.raises(JournalError, match="is empty"):
        open_report(path)


def test_a_missing_journal_or_folder_is_an_error(tmp_path):
    missing = tmp_path / "none" / "journal"
    for use in (lambda: Journal.open(tmp_path / "none", create=False), lambda: open_report(tmp_path / "none")):
        with pytest.raises(JournalError, match="there is no journal"):
            use()
    with pytest.raises(JournalError, match="there is no such folder"):
        Journal.open(missing, create=True)


def test_a_journal_that_cannot_even_be_looked_at_is_an_error(tmp_path):
    path = tmp_path / ("x" * 300)
    for use in (lambda: Journal.open(path, create=True), lambda: open_report(path)):
        with pytest.raises(JournalError, match="cannot be read: "):
            use()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_no_journal_and_is_not_waited_for(path):
    os.mkfifo(path)
    for use in (lambda: Journal.open(path, create=True), lambda: open_report(path)):
        with pytest.raises(JournalError, match="no ordinary file"):
            use()


def test_without_a_place_for_a_journal_of_its_own_a_batch_does_not_begin(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with (
        client_of("http://127.0.0.1:9/Remote/Services86") as client,
        pytest.raises(JournalError, match="there is no place for a journal"),
    ):
        resync(client, connection_id=0, keys=[501])


def test_what_came_of_nothing_leaves_no_journal(path):
    Journal.open(path, create=True).discard()
    assert not path.exists()


def test_what_is_removed_is_held_until_it_is_gone(path, monkeypatch):
    journal = Journal.open(path, create=True)
    found = []
    release = type(journal._lock).release
    monkeypatch.setattr(journal._lock, "release", lambda: (found.append(path.exists()), release(journal._lock)))
    journal.discard()
    assert found == [False]


@pytest.mark.parametrize("prepare", ["SELECT 1", "PRAGMA journal_mode = WAL"])
def test_a_journal_that_was_just_begun_when_its_process_was_killed_is_empty(path, prepare):
    path.touch()
    with closing(sqlite3.connect(path)) as begun:
        begun.execute(prepare)
    with pytest.raises(JournalError, match="is empty"):
        open_report(path)
    with planned(path, KEYS):
        assert states(path) == {"planned": 25}


def test_ctrl_c_at_the_beginning_of_a_transaction_leaves_none_open(path):
    class Interrupted:
        def __init__(self, inner):
            self.inner = inner

        def execute(self, sql):
            done = self.inner.execute(sql)
            if sql.startswith("BEGIN"):
                raise KeyboardInterrupt
            return done

        def __getattr__(self, name):
            return getattr(self.inner, name)

    with planned(path, KEYS) as journal:
        own, journal.connection = journal.connection, Interrupted(journal.connection)
        with pytest.raises(KeyboardInterrupt), journal.transaction():
            pass
        journal.connection = own
        mark_one_sent(journal)


# -- a disk that is full ----------------------------------------------------------------------------------------------


def test_a_plan_that_does_not_fit_on_the_disk_leaves_the_journal_unplanned(path):
    source = source_of(f"C{place}" for place in range(50_000))
    with Journal.open(path, create=True) as journal:
        journal.connection.execute("PRAGMA max_page_count = 40")
        journal.begin(TERMS)
        with pytest.raises(JournalError, match=r"disk is full .*make room on the disk and resume"):
            make_plan(journal, source, external_key, Cutting(), skip_bad=False, bisect_calls=None)
        assert not journal.planned
    with planned(path, KEYS):
        assert states(path) == {"planned": 25}


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no mount command")
    if done.returncode:
        pytest.skip(f"this user may not mount: {done.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def fill_up(filler: Path) -> None:
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)


def mark_one_sent(journal: Journal) -> None:
    chunks = Chunks(journal.connection)
    with journal.transaction():
        journal.connection.execute("UPDATE chunk SET state = 'planned' WHERE state = 'sent'")
        chunks.mark_sent(chunks.to_send(1, None)[0])


def test_a_disk_that_fills_up_loses_nothing_that_was_noted(small_disk):
    path = small_disk / "journal"
    journal = planned(path, KEYS)
    filler = small_disk / "filler"
    fill_up(filler)
    noted = 0
    problem = None
    while problem is None:
        try:
            mark_one_sent(journal)
            noted += 1
        except JournalError as error:
            problem = error
    assert any(words in str(problem) for words in ("full", "disk I/O"))
    assert open_report(path).calls == noted
    filler.unlink()
    mark_one_sent(journal)
    journal.close()
    assert open_report(path).calls == noted + 1


# -- looking at it ----------------------------------------------------------------------------------------------------


def test_it_can_be_read_while_a_run_writes_it(path):
    with planned(path, KEYS) as journal:
        with journal.transaction():
            chunks = Chunks(journal.connection)
            chunk = chunks.to_send(1, None)[0]
            chunks.mark_sent(chunk)
            assert states(path) == {"planned": 25}
        assert states(path) == {"planned": 15, "sent": 10}
        fates = open_report(path).unknown()
        assert next(fates).key == "C0"
        with journal.transaction():
            chunks.settle(chunk, State.DONE, DONE)
        assert [fate.key for fate in fates] == KEYS[1:10]


def test_the_fates_of_keys_are_those_of_one_moment(path):
    with planned(path, KEYS) as journal:
        chunks = Chunks(journal.connection)
        first, second = chunks.to_send(2, None)
        with journal.transaction():
            for chunk in (first, second):
                chunks.mark_sent(chunk)
            chunks.settle(first, State.UNKNOWN, ChunkAnswer(number=1, verdict=Verdict.UNKNOWN))
        fates = open_report(path).unknown()
        assert next(fates).key == "C0"
        with journal.transaction():
            chunks.settle(second, State.UNKNOWN, ChunkAnswer(number=2, verdict=Verdict.UNKNOWN))
        assert [fate.key for fate in fates] == KEYS[1:20]


def test_a_key_has_one_fate_also_where_its_chunk_was_split(path):
    with planned(path, KEYS) as journal:
        chunks = Chunks(journal.connection)
        with journal.transaction():
            chunks.split(chunks.to_send(1, None)[0], 4, bisected=True)
        assert [fate.key for fate in open_report(path).fates(*State)] == KEYS


def test_at_rest_it_is_one_file_and_reading_changes_nothing(path, tmp_path):
    planned(path, KEYS).close()
    content = path.read_bytes()
    assert states(path) == {"planned": 25}
    assert path.read_bytes() == content
    assert sorted(tmp_path.iterdir()) == [path, tmp_path / "journal.lock"]
    with Journal.open(path, create=False) as journal, closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM key").fetchone() == (25,)
        journal.take_up()
    assert states(path) == {"planned": 25}


def test_other_programs_find_the_fate_of_each_key_in_a_view(path):
    with planned(path, KEYS) as journal:
        with journal.transaction():
            chunks = Chunks(journal.connection)
            chunk = chunks.to_send(1, None)[0]
            chunks.split(chunk, 4, bisected=True)
            journal.connection.execute("UPDATE key SET state = 'left_out' WHERE key = 'C24'")
        rows = journal.connection.execute("SELECT key, state FROM key_fate ORDER BY line").fetchall()
    assert rows == [(key, "left_out" if key == "C24" else "planned") for key in KEYS]
