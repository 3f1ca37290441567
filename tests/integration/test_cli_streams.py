"""Standard streams that are closed, full or gone, in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from integration.command_apart import COMMAND, environment
from integration.command_here import operations
from superoffice_erpsync.batch import open_report
from superoffice_erpsync.sandbox import Sandbox

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such shell and no such devices")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as box:
        yield box


def run(sandbox: Sandbox, redirections: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    login = environment(ERPSYNC_URL=sandbox.url, ERPSYNC_USERNAME="tje0", ERPSYNC_PASSWORD="Tje0")
    return subprocess.run(
        ["sh", "-c", f'"$@" {redirections}', "sh", *COMMAND, *arguments],
        env=login,
        capture_output=True,
        timeout=30,
        check=False,
    )


@POSIX
@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("sync",), 0), (("--version",), 0), (("sync", "--url", "http://127.0.0.1:1/x", "--no-retry"), 4)],
)
def test_without_standard_streams_the_exit_code_is_the_same(
    sandbox: Sandbox, arguments: tuple[str, ...], code: int
) -> None:
    assert run(sandbox, "<&- >&- 2>&-", *arguments).returncode == code


@POSIX
def test_what_is_opened_is_not_taken_for_a_stream_that_was_closed(sandbox: Sandbox, tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    found = run(sandbox, "<&- >&- 2>&-", "sync", "--log-file", str(log), "--log-format", "json")
    assert found.returncode == 0
    assert [json.loads(line)["level"] for line in log.read_text("utf-8").splitlines()]


@FULL
def test_a_result_that_a_full_disk_does_not_take_is_not_done(sandbox: Sandbox) -> None:
    found = run(sandbox, ">/dev/full", "sync")
    assert found.returncode == 7
    assert b"error: the result cannot be written: " in found.stderr
    assert b"outcome: what the server was asked for may be done" in found.stderr


@FULL
@pytest.mark.parametrize(
    "arguments", [("config",), ("--version",), ("completion", "bash"), ("sync", "--help"), ("sync", "--nonsense")]
)
def test_what_a_full_disk_does_not_take_is_no_answer_either(sandbox: Sandbox, arguments: tuple[str, ...]) -> None:
    found = run(sandbox, ">/dev/full" if arguments[-1] != "--nonsense" else "2>/dev/full", *arguments)
    assert found.returncode == 2
    assert b"Traceback" not in found.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="file names are texts elsewhere")
@pytest.mark.parametrize("arguments", [("path",), ("show",), ("show", "--output", "json")])
def test_a_name_that_is_no_utf_8_is_shown(sandbox: Sandbox, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    file = tmp_path / "odd\udcff.toml"
    file.write_text('default_profile = "one"\n[profiles.one]\n', encoding="utf-8")
    found = run(sandbox, "", "config", *arguments, "--config", str(file))
    assert found.returncode == 0
    assert rb"odd\udcff.toml" in found.stdout


@POSIX
@pytest.mark.parametrize("logged", [False, True])
def test_a_batch_whose_terminal_is_closed_stops_and_can_be_resumed(tmp_path: Path, logged: bool) -> None:
    import pty

    keys, log, journal = tmp_path / "keys.txt", tmp_path / "run.log", tmp_path / "run.db"
    keys.write_text("\n".join(f"C{number}" for number in range(400)), "utf-8")
    ours, theirs = pty.openpty()
    with Sandbox(latency=timedelta(milliseconds=20)) as box:
        process = subprocess.Popen(
            [
                *(*COMMAND, "resync", "--connection", "1", "--actor-type", "Customer", "--keys", str(keys)),
                *("--chunk-size", "5", "--workers", "1", "--journal", str(journal)),
                *(("--log-file", str(log), "--log-format", "json") if logged else ()),
            ],
            **dict.fromkeys(("stdin", "stdout", "stderr"), theirs),
            env=environment(ERPSYNC_URL=box.url, ERPSYNC_USERNAME="tje0", ERPSYNC_PASSWORD="Tje0", TERM="xterm"),
            start_new_session=True,
        )
        os.close(theirs)
        end = time.monotonic() + 20
        while "ForceResyncExternal" not in operations(box):
            assert time.monotonic() < end, "no call came"
            time.sleep(0.01)
        os.close(ours)
        process.send_signal(signal.SIGHUP)
        assert process.wait(30) == 9
    if logged:
        last = json.loads(log.read_text("utf-8").splitlines()[-1])
        assert (last["exit_code"], last["stopped_because"]) == (9, "asked")
    assert not open_report(journal).complete


@POSIX
def test_a_result_for_a_terminal_that_is_gone_is_no_reason_to_fail(sandbox: Sandbox) -> None:
    import pty

    ours, theirs = pty.openpty()
    os.close(ours)
    login = environment(ERPSYNC_URL=sandbox.url, ERPSYNC_USERNAME="tje0", ERPSYNC_PASSWORD="Tje0")
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), theirs)
    try:
        assert subprocess.run([*COMMAND, "sync"], **streams, env=login, timeout=30, check=False).returncode == 0
    finally:
        os.close(theirs)
