"""The command where nobody watches it: logs, locks, deadlines and signals, in processes of their own."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from integration.command_apart import COMMAND, environment, forget_settings
from integration.sandbox_callers import wait_for_strike
from superoffice_erpsync.batch import State, open_report
from superoffice_erpsync.cli.app import app
from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.sandbox.faults import FaultRule
from unit.batch.companies import Companies, sent_keys

PASSWORD = 'p<ss & "wörd"'
CUSTOMERS = ("resync", "--connection", "1", "--actor-type", "Customer")
SLOWLY = ("--chunk-size", "10", "--rate", "20")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM that arrives")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(users={"me": PASSWORD}, latency=timedelta(milliseconds=20)) as box:
        yield box


@pytest.fixture(autouse=True)
def _environment(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forget_settings(monkeypatch)
    monkeypatch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("ERPSYNC_URL", sandbox.url)
    monkeypatch.setenv("ERPSYNC_USERNAME", "me")
    monkeypatch.setenv("ERPSYNC_PASSWORD", PASSWORD)


def erpsync(*arguments: str | Path, **more: str) -> Result:
    """Run the command in this process, which is much quicker."""
    return CliRunner().invoke(app, list(map(str, arguments)), env=more, prog_name="erpsync")


@contextmanager
def started(*arguments: str | Path, **more: Any) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own."""
    options: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8", **more}
    process = subprocess.Popen([*COMMAND, *map(str, arguments)], **options)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def customers(file: Path, keys: list[str]) -> tuple[str | Path, ...]:
    file.write_text("\n".join(keys), encoding="utf-8")
    return (*CUSTOMERS, "--keys", file)


def test_a_run_of_many_keys_is_told_in_records_and_nowhere_else(sandbox: Sandbox, tmp_path: Path) -> None:
    companies = Companies(sandbox, 60)
    run = customers(tmp_path / "keys.txt", [*companies.keys, "NOPE"])
    log = tmp_path / "erpsync.log"
    with started(*run, "--chunk-size", "20", "--log-file", log, "--log-format", "json") as process:
        shown, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (1, "")
    assert "Done" in shown
    text = log.read_text("utf-8")
    found = records(text)
    assert {one["command"] for one in found} == {"resync"}
    assert {one["connection"] for one in found} == {1}
    by_logger = {
        name: [one for one in found if one["logger"].endswith(name)] for name in ("batch", "progress", "calls")
    }
    done = [one for one in by_logger["batch"] if one["outcome"] == "done"]
    assert sum(one["keys"] for one in done) == 60
    assert all(one["chunk"] >= 1 and one["seconds"] > 0 and one["attempt"] == 1 for one in done)
    assert {one["operation"] for one in by_logger["calls"]} == {"ForceResyncExternal"}
    assert (by_logger["progress"][-1]["settled"], by_logger["progress"][-1]["refused"]) == (61, 1)
    last = found[-1]
    assert last["message"].endswith(": 60 done, 1 failed, 0 unknown")
    assert last["keys"] == {"done": 60, "failed": 1, "unknown": 0}
    assert (last["exit_code"], last["operation"]) == (1, "ForceResyncExternal")


def test_the_secrets_of_a_whole_run_are_in_no_record(sandbox: Sandbox) -> None:
    sandbox.faults.add(FaultRule(kind="unavailable", seconds=0, operation="GetEngineStatus", count=1))
    result = erpsync("call", "GetEngineStatus", "--log-format", "json", "--log-level", "debug")
    assert result.exit_code == 0, result.stderr
    found = records(result.stderr)
    assert any("AuthenticateUsernamePassword" in one["message"] for one in found)
    assert any(one["logger"].endswith("retry") and one["attempt"] == 1 for one in found)
    for secret in (PASSWORD, "p&lt;ss", json.dumps(PASSWORD)[1:-1], "7T:"):
        assert secret not in result.stderr


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_signal_during_a_call_leaves_a_last_word(sandbox: Sandbox, number: int) -> None:
    sandbox.faults.add(FaultRule(kind="latency", seconds=15, operation="SyncAll"))
    with started("sync", "--log-format", "json") as process:
        wait_for_strike(sandbox)
        process.send_signal(number)
        _, said = process.communicate(timeout=10)
    *_, told, last = records(said)
    assert process.returncode == last["exit_code"] == 130
    assert "may still be carried out" in told["message"]
    assert ("SIGTERM" in told["message"]) == (number == signal.SIGTERM)
    assert last["outcome"] == "unknown"


@POSIX
def test_a_second_signal_leaves_a_last_word_too(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.faults.add(FaultRule(kind="latency", seconds=15, operation="ForceResyncExternal"))
    run = (*customers(tmp_path / "keys.txt", ["C1003", "C1005"]), "--journal", tmp_path / "run.db")
    with started(*run, "--log-format", "json") as process:
        assert process.stderr is not None
        said = [process.stderr.readline()]
        while "progress" not in said[-1]:
            said.append(process.stderr.readline())
        process.send_signal(signal.SIGTERM)
        said.append(process.stderr.readline())
        process.send_signal(signal.SIGTERM)
        said += process.stderr.readlines()
        assert process.wait(10) == 130
    assert "stopping" in records(said[-2])[0]["message"]
    last = records("".join(said))[-1]
    assert (last["exit_code"], last["command"], last["connection"]) == (130, "resync", 1)


def test_wrong_input_and_a_server_that_is_away_have_a_last_word(sandbox: Sandbox) -> None:
    wrong = erpsync("call", "Nope", "--log-format", "json")
    assert (wrong.exit_code, records(wrong.stderr)[-1]["exit_code"]) == (2, 2)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/Remote/Services86"
        away = erpsync("sync", "--log-format", "json", "--no-retry", "--url", url)
    last = records(away.stderr)[-1]
    assert (away.exit_code, last["exit_code"], last["outcome"]) == (4, 4, "not_sent")


def test_a_lock_is_for_one_run_at_a_time_whatever_the_command(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.faults.add(FaultRule(kind="latency", seconds=20, operation="SyncAll"))
    lock = tmp_path / "nightly.lock"
    with started("sync", "--lock", lock) as holder:
        wait_for_strike(sandbox)
        second = erpsync("call", "GetEngineStatus", "--lock", lock, "--log-format", "json")
        told, last = records(second.stderr)
        assert (second.exit_code, last["exit_code"], last["outcome"]) == (8, 8, "not_sent")
        assert re.search(
            rf"held by process {holder.pid} on {re.escape(socket.gethostname())} since \d{{4}}-", told["message"]
        )
        began = time.monotonic()
        third = erpsync("call", "GetEngineStatus", "--lock", lock, "--lock-wait", "0.4")
        assert (third.exit_code, time.monotonic() - began >= 0.4) == (8, True)
        assert "also after 0.4 seconds" in third.stderr
        # The system gives it back, whatever the process did not get to do.
        holder.kill()
        holder.wait()
        assert erpsync("call", "GetEngineStatus", "--lock", lock).exit_code == 0
    assert not lock.with_name("nightly.lock.holder").exists()
    assert [one.operation for one in sandbox.received].count("GetEngineStatus") == 1


def test_who_waits_for_a_lock_gets_it(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.faults.add(FaultRule(kind="latency", seconds=1, operation="SyncAll"))
    lock = tmp_path / "nightly.lock"
    with started("sync", "--lock", lock) as holder:
        wait_for_strike(sandbox)
        assert erpsync("call", "GetEngineStatus", "--lock", lock, "--lock-wait", "20").exit_code == 0
        assert holder.wait(10) == 0


def test_what_is_no_lock_is_left_as_it_is(sandbox: Sandbox, tmp_path: Path) -> None:
    journal = tmp_path / "run.db"
    journal.write_text("somebody's", encoding="utf-8")
    for place, said in (
        (journal, "is no lock"),
        (tmp_path, "is no lock"),
        (tmp_path / "none" / "lock", "no such folder"),
    ):
        result = erpsync("sync", "--lock", place)
        assert (result.exit_code, said in result.stderr) == (2, True)
    assert journal.read_text("utf-8") == "somebody's"
    assert erpsync("sync", "--lock-wait", "3").exit_code == 2
    assert erpsync("sync", "--lock", tmp_path / "lock", "--lock-wait", "nan").exit_code == 2
    assert not sandbox.received


@pytest.mark.parametrize(
    ("operation", "code", "outcome"), [("SyncAll", 7, "unknown"), ("AuthenticateUsernamePassword", 4, "not_sent")]
)
def test_a_call_is_cut_off_by_the_commands_deadline(sandbox: Sandbox, operation: str, code: int, outcome: str) -> None:
    sandbox.faults.add(FaultRule(kind="latency", seconds=5, operation=operation))
    began = time.monotonic()
    result = erpsync("sync", "--command-deadline", "1", "--timeout", "60", "--log-format", "json")
    assert time.monotonic() - began < 3
    last = records(result.stderr)[-1]
    assert (result.exit_code, last["error"]) == (code, "RequestTimeout")
    assert last["outcome"] == outcome


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_deadline_is_a_number_of_seconds(sandbox: Sandbox, seconds: str) -> None:
    result = erpsync("sync", "--command-deadline", seconds)
    assert result.exit_code == 2
    assert "command-deadline" in result.stderr.replace("_", "-")
    assert not sandbox.received


def test_a_run_of_many_keys_stops_before_the_commands_deadline(sandbox: Sandbox, tmp_path: Path) -> None:
    companies = Companies(sandbox, 400)
    journal = tmp_path / "run.db"
    run = (*customers(tmp_path / "keys.txt", companies.keys), "--journal", journal, *SLOWLY, "--log-format", "json")
    began = time.monotonic()
    result = erpsync(*run, "--command-deadline", "1.2")
    assert time.monotonic() - began < 3
    found = records(result.stderr)
    assert result.exit_code == found[-1]["exit_code"] == 9
    assert found[-1]["stopped_because"] == "asked"
    assert any("stopped: the command's deadline is near" in one["message"] for one in found)
    stopped = open_report(journal)
    assert (stopped.keys[State.UNKNOWN], stopped.keys[State.SENT]) == (0, 0)
    assert 0 < stopped.keys[State.DONE] < 400
    assert erpsync("resync", "--resume", journal).exit_code == 0
    assert sum(map(len, sent_keys(sandbox))) == 400


def test_chunks_that_outlast_the_deadline_are_unknown_and_resumed(sandbox: Sandbox, tmp_path: Path) -> None:
    companies = Companies(sandbox, 40)
    journal = tmp_path / "run.db"
    sandbox.faults.add(FaultRule(kind="latency", seconds=4, operation="ForceResyncExternal", skip=1))
    run = (*customers(tmp_path / "keys.txt", companies.keys), "--journal", journal, "--chunk-size", "10")
    began = time.monotonic()
    assert erpsync(*run, "--command-deadline", "1.5").exit_code == 9
    assert time.monotonic() - began < 3.5
    assert open_report(journal).keys[State.UNKNOWN] > 0
    sandbox.faults.clear()
    assert erpsync("resync", "--resume", journal).exit_code == 0


@POSIX
def test_who_knows_no_deadline_is_cut_off_a_while_after_it(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("superoffice_erpsync.cli.ending._GRACE", 0.2)
    read, write = os.pipe()
    with os.fdopen(read), os.fdopen(write, "wb"):
        # Nobody ever writes to it, and nobody closes it.
        began = time.monotonic()
        run = (*CUSTOMERS, "--keys", f"/dev/fd/{read}", "--journal", tmp_path / "run.db")
        result = erpsync(*run, "--command-deadline", "0.3", "--log-format", "json")
    assert time.monotonic() - began < 3
    assert (result.exit_code, records(result.stderr)[-1]["exit_code"]) == (4, 4)
    assert not sandbox.received


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_who_watches_the_terminal_is_told_beside_the_file(sandbox: Sandbox, tmp_path: Path) -> None:
    import pty

    log = tmp_path / "erpsync.log"
    master, slave = pty.openpty()
    arguments = ("sync", "--url", "https://127.0.0.1:9/Remote/Services86", "--no-retry", "--log-file", log)
    with started(*arguments, "--log-format", "json", stderr=slave) as process, os.fdopen(master, "rb") as terminal:
        os.close(slave)
        assert process.wait(30) == 4
        shown = os.read(terminal.fileno(), 10_000).decode()
    assert shown.count("error: ") == 1
    assert "outcome: nothing was sent" in shown
    assert "exit_code" not in shown
    assert [one["level"] for one in records(log.read_text("utf-8"))] == ["INFO", "ERROR", "ERROR"]
