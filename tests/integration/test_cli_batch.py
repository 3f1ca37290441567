"""Batches by the real command, in processes of their own: cut off, stopped, resumed, reported."""

from __future__ import annotations

import csv
import json
import os
import select
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from integration.command_apart import COMMAND, environment, forget_settings
from superoffice_erpsync.batch import State, open_report
from superoffice_erpsync.cli.app import app
from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.sandbox.faults import FaultRule
from unit.batch.companies import Companies, sent_keys

PASSWORD = "p<ss & wörd"
SLOWLY = ("--chunk-size", "10", "--rate", "20")
"""So that no machine is too slow to strike in the midst of it."""
CUSTOMERS = ("resync", "--connection", "1", "--actor-type", "Customer")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An installation that is slow enough to strike in the midst of a run."""
    with Sandbox(users={"me": PASSWORD}, latency=timedelta(milliseconds=20)) as box:
        yield box


@pytest.fixture
def _settings(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Address and login for the command."""
    forget_settings(monkeypatch)
    monkeypatch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
    monkeypatch.setenv("ERPSYNC_URL", sandbox.url)
    monkeypatch.setenv("ERPSYNC_USERNAME", "me")
    monkeypatch.setenv("ERPSYNC_PASSWORD", PASSWORD)


pytestmark = pytest.mark.usefixtures("_settings")


def erpsync(*arguments: str | Path, stdin: str = "", **more: str) -> Result:
    """Run the command in this process, which is much quicker."""
    return CliRunner().invoke(app, list(map(str, arguments)), input=stdin, env=more, prog_name="erpsync")


def apart(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, encoding="utf-8", timeout=60, check=False
    )


def report(*arguments: str | Path) -> str:
    """What the command shows of a report."""
    result = erpsync(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


@contextmanager
def at_work(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """The command, with calls under way."""
    new_group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        creationflags=new_group,
    )
    try:
        assert process.stderr is not None
        said = ""
        while " keys (" not in said:
            said = process.stderr.readline()
            assert said, "it ended before it began"
        yield process
    finally:
        process.kill()
        process.communicate()


def interrupt(process: subprocess.Popen[str], number: int = signal.SIGINT) -> None:
    process.send_signal(signal.CTRL_BREAK_EVENT if sys.platform == "win32" else number)


def customers(file: Path, keys: list[str]) -> tuple[str, ...]:
    """A run of the keys, by way of a file as spreadsheets write it."""
    rows = "".join(f'"Ærlig;\r\n{key}";{key}\r\n' for key in keys)
    file.write_bytes(f"\ufeffNavn;erp_id\r\n{rows}".encode())
    return (*CUSTOMERS, "--keys", str(file), "--column", "erp_id")


def test_a_file_of_many_keys_is_resynced(sandbox: Sandbox, tmp_path: Path) -> None:
    companies = Companies(sandbox, 600)
    run = (*customers(tmp_path / "keys.csv", [*companies.keys, companies.keys[0]]), "--journal", tmp_path / "run.db")
    result = apart(*run)
    assert result.returncode == 0, result.stderr
    assert companies.resynced == companies.keys
    assert "600 of 600 keys (100%)" in result.stderr
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["Done", "600"] in rows
    assert ["Came", "again", "1"] in rows
    again = erpsync(*run)
    assert (again.exit_code, again.stdout) == (2, "")
    assert "has come to its end" in again.stderr


def test_refused_keys_are_found_and_named(sandbox: Sandbox, tmp_path: Path) -> None:
    companies = Companies(sandbox, 600)
    keys, bad = companies.keys_with_bad_ones(100)
    result = erpsync(*customers(tmp_path / "keys.csv", keys), "--output", "json")
    assert result.exit_code == 1, result.stderr
    assert "without --journal this batch cannot be resumed" in result.stderr
    told = json.loads(result.stdout)
    assert [(one["key"], one["state"]) for one in told["listed"]] == [(key, "failed") for key in bad]
    # A header, and rows of two lines each.
    assert told["listed"][0]["line"] == 2 + 2 * keys.index(bad[0])
    assert (told["keys"]["done"], told["all_done"]) == (594, False)
    assert len(companies.resynced) == 594
    assert PASSWORD not in result.stdout + result.stderr


def test_few_keys_go_in_one_call_whose_answer_is_shown(sandbox: Sandbox) -> None:
    companies = Companies(sandbox, 3)
    lines = "".join(json.dumps({"no": key}) + "\n" for key in companies.keys)
    arguments = (*CUSTOMERS, "--keys", "-", "--member", "no", "--blank-values", "keep")
    result = erpsync(*arguments, "--output", "json", stdin=lines, ERPSYNC_URL=sandbox.services88_url)
    assert json.loads(result.stdout)["IsOk"] is True
    assert sandbox.received[-1].operation == "ForceResyncExternalNoBlankValues"
    assert companies.resynced == companies.keys


def test_what_was_killed_is_resumed(sandbox: Sandbox, tmp_path: Path) -> None:
    companies = Companies(sandbox, 400)
    journal = tmp_path / "run.db"
    with at_work(*customers(tmp_path / "keys.csv", companies.keys), "--journal", journal, *SLOWLY) as run:
        time.sleep(0.3)
        run.kill()
        run.wait()
    killed = open_report(journal)
    assert (killed.complete, killed.holder is not None) == (False, True)
    result = apart("resync", "--resume", journal)
    assert result.returncode == 0, result.stderr
    assert companies.resynced == companies.keys


def test_the_command_that_goes_on_is_told_with_the_installation_that_was_typed(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    where = ("--url", sandbox.url, "--username", "me")
    planned = erpsync(*where, *CUSTOMERS, "--dry-run", "--journal", tmp_path / "my run.db", "C1001", "C1002")
    assert planned.exit_code == 0
    command = planned.stderr.partition("hint: go on with: erpsync ")[2].splitlines()[0]
    assert erpsync(*shlex.split(command), ERPSYNC_URL="", ERPSYNC_USERNAME="").exit_code == 0
    assert sorted(key for keys in sent_keys(sandbox) for key in keys) == ["C1001", "C1002"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_signal_stops_it_and_it_can_be_resumed(sandbox: Sandbox, tmp_path: Path, number: int) -> None:
    companies = Companies(sandbox, 400)
    journal = tmp_path / "my run.db"
    with at_work(*customers(tmp_path / "keys.csv", companies.keys), "--journal", journal, *SLOWLY) as run:
        interrupt(run, number)
        shown, said = run.communicate(timeout=20)
    assert run.returncode == 9, said
    assert "calls that are under way are finished" in said
    assert "erpsync resync --resume" in said
    assert "not sent yet" in shown.lower()
    stopped = open_report(journal)
    assert (stopped.keys[State.UNKNOWN], stopped.keys[State.SENT], stopped.holder) == (0, 0, None)
    assert erpsync("resync", "--resume", journal).exit_code == 0
    assert companies.resynced == companies.keys
    # Everything once: what was under way had been waited for.
    assert sum(map(len, sent_keys(sandbox))) == 400


def test_a_second_ctrl_c_ends_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(users={"me": PASSWORD}) as slow:
        monkeypatch.setenv("ERPSYNC_URL", slow.url)
        slow.faults.add(FaultRule(kind="latency", seconds=15, operation="ForceResyncExternal"))
        journal = tmp_path / "run.db"
        run = (*customers(tmp_path / "keys.csv", ["C1003", "C1005"]), "--journal", journal, "--workers", "1")
        with at_work(*run) as process:
            interrupt(process)
            assert process.stderr is not None
            assert "Ctrl-C again" in process.stderr.readline()
            began = time.monotonic()
            interrupt(process)
            assert process.wait(10) == 130
            assert time.monotonic() - began < 5
        assert open_report(journal).keys[State.SENT] == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there a signal does not reach who waits for input")
def test_ctrl_c_while_keys_are_read_leaves_nothing_behind(sandbox: Sandbox, tmp_path: Path) -> None:
    journal = tmp_path / "run.db"
    with subprocess.Popen(
        [*COMMAND, *CUSTOMERS, "--keys", "-", "--journal", str(journal)],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stderr is not None
        assert process.stdin is not None
        # More than a pipe holds: some of it has been read when this comes back, and the end never comes.
        process.stdin.write("".join(f"K{number}\n" for number in range(50_000)))
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert (process.returncode, journal.exists()) == (130, False), said
    assert said == "interrupted; no resync was sent since the start\n"
    assert not sent_keys(sandbox)


def test_a_journal_is_for_one_run_at_a_time(sandbox: Sandbox, tmp_path: Path) -> None:
    companies = Companies(sandbox, 400)
    run = (*customers(tmp_path / "keys.csv", companies.keys), "--journal", tmp_path / "run.db", "--rate", "2")
    with at_work(*run, "--chunk-size", "10") as first:
        for second in (erpsync(*run), erpsync("resync", "--resume", tmp_path / "run.db")):
            assert (second.exit_code, second.stdout) == (8, "")
            assert f"process {first.pid} on " in second.stderr
        assert f"process {first.pid} on " in report("report", tmp_path / "run.db")


def test_a_server_that_is_down_stops_it(sandbox: Sandbox, tmp_path: Path) -> None:
    companies = Companies(sandbox, 100)
    sandbox.faults.add(FaultRule(kind="unavailable", seconds=0, operation="ForceResyncExternal", skip=2))
    run = (*customers(tmp_path / "keys.csv", companies.keys), "--journal", tmp_path / "run.db", "--chunk-size", "10")
    result = erpsync(*run, "--no-retry")
    assert result.exit_code == 9, result.stderr
    assert "5 chunks in a row got no answer" in result.stderr
    sandbox.faults.clear()
    # The same command goes on as well.
    assert erpsync(*run).exit_code == 0
    assert companies.resynced == companies.keys


def test_what_stays_unknown_is_7_and_a_refused_login_3(sandbox: Sandbox, tmp_path: Path) -> None:
    keys, bad = Companies(sandbox, 20).keys_with_bad_ones(20)
    assert bad
    run = (*customers(tmp_path / "keys.csv", keys), "--journal", tmp_path / "run.db", "--chunk-size", "10")
    refused = erpsync(*run, ERPSYNC_PASSWORD="wrong")
    assert refused.exit_code == 3
    assert "--resume" in refused.stderr
    sandbox.faults.add(FaultRule(kind="lost_answer", operation="ForceResyncExternal", count=1))
    assert erpsync("resync", "--resume", tmp_path / "run.db", "--on-unknown", "ask").exit_code == 7
    assert erpsync("resync", "--resume", tmp_path / "run.db").exit_code == 1


def test_a_report_has_three_forms(sandbox: Sandbox, tmp_path: Path) -> None:
    companies = Companies(sandbox, 200)
    keys, bad = companies.keys_with_bad_ones(100)
    journal = tmp_path / "run.db"
    run = (*customers(tmp_path / "keys.csv", [*keys, ""]), "--journal", str(journal))
    refused = erpsync(*run)
    assert (refused.exit_code, journal.exists()) == (2, False)
    assert "line 402: the key is blank" in refused.stderr
    assert erpsync(*run, "--skip-bad-keys").exit_code == 1
    table = report("report", journal)
    assert all(key in table for key in bad)
    assert json.loads(report("report", journal, "--output", "json"))["bad_keys"] == 1
    assert json.loads(report("--output", "json", "report", journal, "--state", "unknown"))["listed"] == []
    rows = list(csv.DictReader(report("report", journal, "--output", "csv").splitlines()))
    assert sorted(row["key"] for row in rows) == sorted([*keys, ""])
    assert {row["key"] for row in rows if row["state"] == "failed"} == set(bad)
    (blank,) = (row for row in rows if row["state"] == "bad")
    assert (blank["line"], blank["explanation"]) == ("402", "the key is blank")
    assert all(row["explanation"] for row in rows if row["state"] != "done")


def test_a_report_whose_reader_goes_away_is_no_failure(tmp_path: Path) -> None:
    journal = tmp_path / "run.db"
    keys = "\n".join(f"K{number}" for number in range(20_000))
    assert erpsync(*CUSTOMERS, "--keys", "-", "--journal", journal, "--dry-run", stdin=keys).exit_code == 0
    with subprocess.Popen(
        [*COMMAND, "report", str(journal), "--output", "csv"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"key,line,state")
        process.stdout.close()
        assert (process.stderr.read(), process.wait(20)) == (b"", 0)


def test_a_dry_run_sends_nothing_and_can_be_resumed(sandbox: Sandbox, tmp_path: Path) -> None:
    companies = Companies(sandbox, 30)
    companies.sandbox.state.connections[1].erp.actor("Customer", companies.keys[1]).values["PHONE"] = ""
    file, journal = tmp_path / "keys.csv", tmp_path / "run.db"
    rows = [f"{key},{companies.contact_id(key)}" for key in companies.keys]
    file.write_text("\n".join(["no,crm", *rows]), encoding="utf-8")
    options = ("--keys", file, "--column", "no", "--blank-values", "keep", "--preflight", "--crm-id-column", "crm")
    result = erpsync(*CUSTOMERS, *options, "--journal", journal, "--dry-run")
    assert result.exit_code == 1, result.stderr
    assert "left_out" in result.stdout
    assert "phone" in result.stdout
    assert not sent_keys(sandbox)
    assert erpsync("resync", "--resume", journal).exit_code == 1
    assert companies.resynced == [key for key in companies.keys if key != companies.keys[1]]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_terminal_shows_a_bar(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pty

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    companies = Companies(sandbox, 400)
    master, slave = pty.openpty()
    run = (*customers(tmp_path / "keys.csv", companies.keys), "--chunk-size", "10", "--output", "json")
    with subprocess.Popen([*COMMAND, *run], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=slave) as process:
        os.close(slave)
        shown = read_all(master, lambda: process.poll() is not None)
        assert process.stdout is not None
        assert json.loads(process.stdout.read())["all_done"] is True
    assert process.returncode == 0
    for text in ("━", "400/400", "/s", " left", "refused 0, unknown 0"):
        assert text in shown


def read_all(descriptor: int, ended: Callable[[], bool]) -> str:
    """What a terminal shows until its process has ended."""
    found = b""
    while True:
        over = ended()
        if not select.select([descriptor], [], [], 0.1)[0]:
            if over:
                break
            continue
        try:
            piece = os.read(descriptor, 65_536)
        except OSError:
            break
        if not piece:
            break
        found += piece
    os.close(descriptor)
    return found.decode()
