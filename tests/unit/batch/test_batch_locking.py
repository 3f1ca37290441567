"""One run at a time for a journal, seen from a second process that is real."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from superoffice_erpsync.batch import JournalError, JournalLocked, open_report
from superoffice_erpsync.batch.journal import Journal
from unit.batch.journals import DIE, planned

HOLD = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from unit.batch.journals import planned
with planned(Path(sys.argv[1]), ["C1"]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_told_who_holds_it(tmp_path):
    path = tmp_path / "journal"
    tests = str(Path(__file__).parents[2])
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), tests], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(JournalLocked, match=f"in use by process {other.pid} on {socket.gethostname()}") as caught:
            Journal.open(path, create=True)
        error = pickle.loads(pickle.dumps(caught.value))
        assert (error.pid, error.host, error.can_repeat) == (other.pid, socket.gethostname(), True)
        report = open_report(path)
        assert report.holder is not None
        assert (report.holder.pid, report.holder.since) == (other.pid, error.since)
        # The system gives the lock back, whatever the process did not get to do.
        other.kill()
        other.wait()
        with Journal.open(path, create=False) as journal:
            assert journal.planned


def test_by_the_name_of_a_link_it_is_the_same_journal(tmp_path):
    path, link = tmp_path / "journal", tmp_path / "elsewhere" / "link"
    link.parent.mkdir()
    try:
        link.symlink_to(path)
    except OSError as problem:
        pytest.skip(f"this user may not make links: {problem.strerror}")
    with planned(path, ["C1"]), pytest.raises(JournalLocked):
        Journal.open(link, create=False)
    with Journal.open(link, create=False), pytest.raises(JournalLocked):
        Journal.open(path, create=False)


FORK = (
    DIE
    + """
import time
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from unit.batch.journals import planned
journal = planned(Path(sys.argv[1]), ["C1"])
child = os.fork()
if child == 0:
    # Its parent dies; it lives on for a while with all that it got.
    time.sleep(60)
Path(sys.argv[3]).write_text(str(child), encoding="utf-8")
die()
"""
)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_process_does_not_keep_the_lock_of_a_parent_that_died(tmp_path):
    path, child = tmp_path / "journal", tmp_path / "child"
    program = tmp_path / "program.py"
    program.write_text(FORK, encoding="utf-8")
    subprocess.run([sys.executable, str(program), str(path), str(Path(__file__).parents[2]), str(child)], timeout=60)
    try:
        os.kill(int(child.read_text(encoding="utf-8")), 0)
        with Journal.open(path, create=False) as journal:
            assert journal.planned
    finally:
        os.kill(int(child.read_text(encoding="utf-8")), signal.SIGKILL)


def test_a_second_run_of_the_same_process_is_refused_too(tmp_path):
    path = tmp_path / "journal"
    with planned(path, ["C1"]):
        with pytest.raises(JournalLocked) as caught:
            Journal.open(path, create=True)
        assert caught.value.pid == os.getpid()
    Journal.open(path, create=True).close()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there that few have")
@pytest.mark.parametrize("create", [True, False])
def test_a_link_to_itself_is_no_place_for_a_journal(tmp_path: Path, create: bool) -> None:
    link = tmp_path / "journal"
    link.symlink_to(link)
    with pytest.raises(JournalError, match="links"):
        Journal.open(link, create=create)
