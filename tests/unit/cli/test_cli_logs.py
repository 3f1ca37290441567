"""The log of a command: what is in it, in which form, where, and what must never be."""

from __future__ import annotations

import io
import json
import logging
import re
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from superoffice_erpsync.cli.account import Account
from superoffice_erpsync.cli.exit_codes import MEANINGS, OUTCOMES, ExitCode
from superoffice_erpsync.cli.log_formats import JsonLines, TextLines
from superoffice_erpsync.cli.logs import CommandLog, current_log
from superoffice_erpsync.errors import (
    AuthenticationError,
    ErpSyncError,
    Outcome,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TransportError,
)
from superoffice_erpsync.models import PluginResponse
from superoffice_erpsync.redaction import Secret, scrub

LOGIN = {"url": "https://crm.example.com/Remote/Services86", "ticket": "7T:planted-ticket"}
PASSWORD = 'p<ss & "wörd"'
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]+ superoffice_erpsync[.a-z]*: \S")


def records(text: str) -> list[dict[str, Any]]:
    """Each line as the object that it has to be."""
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("place", ["stderr", "file"])
def test_a_json_log_ends_with_a_last_word(erpsync: Any, client: Any, tmp_path: Path, place: str) -> None:
    file = tmp_path / "erpsync.log"
    options = ("--log-format", "json", *(("--log-file", str(file)) if place == "file" else ()))
    result = erpsync("sync", *options, **LOGIN)
    assert result.exit_code == 0
    assert (result.stderr == "") == (place == "file")
    last = records(file.read_text("utf-8") if place == "file" else result.stderr)[-1]
    seconds = last.pop("seconds")
    assert 0 <= seconds < 10
    assert last.pop("time").endswith("Z")
    assert last.pop("message") == f"erpsync sync: done, exit code 0, {seconds:.1f} s"
    assert last == {
        "level": "INFO",
        "logger": "superoffice_erpsync.command",
        "command": "sync",
        "exit_code": 0,
        "meaning": "done",
        "outcome": "done",
    }


@pytest.mark.parametrize("said", [{"log_format": "text"}, {"log_level": "info"}])
def test_a_log_of_lines_has_one_a_record(erpsync: Any, client: Any, said: dict[str, str]) -> None:
    client.error = ServerFault("it broke\nand\x1b[31m more", operation="SyncAll", status=500)
    result = erpsync("sync", **LOGIN, **said)
    first, second, last = result.stderr.splitlines()
    assert LINE.match(first)
    assert "ERROR superoffice_erpsync.command: SyncAll: it broke" in first
    assert second.startswith("    and\\x1b[31m more")
    assert LINE.match(last)
    assert re.search(r": erpsync sync: the call failed on the server, exit code 5, \d+\.\d s$", last)


def test_without_one_nothing_is_added(erpsync: Any, client: Any) -> None:
    result = erpsync("sync", **LOGIN)
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("error", "code", "facts"),
    [
        (
            TransportError("gone", operation="SyncAll", can_repeat=True),
            4,
            {"outcome": "not_sent", "error": "TransportError", "operation": "SyncAll", "attempt": 1},
        ),
        (
            RequestTimeout("late", operation="SyncAll", outcome=Outcome.UNKNOWN),
            7,
            {"outcome": "unknown", "error": "RequestTimeout"},
        ),
        (AuthenticationError("no", code="x"), 3, {"outcome": "rejected", "code": "x"}),
        (ServerFault("no", status=500), 5, {"outcome": "rejected", "status": 500}),
        (ProtocolError("odd", operation="GetConnection"), 6, {"outcome": "unknown", "error": "ProtocolError"}),
        (KeyboardInterrupt(), 130, {"outcome": "unknown", "meaning": "interrupted"}),
        (ZeroDivisionError("oops"), 70, {"outcome": "unknown", "error": "ZeroDivisionError"}),
    ],
)
def test_whatever_ends_it_has_a_last_word(
    erpsync: Any, client: Any, error: BaseException, code: int, facts: dict[str, Any]
) -> None:
    client.error = error
    result = erpsync("sync", "--log-format", "json", "--log-level", "error", **LOGIN)
    *before, last = records(result.stderr)
    assert result.exit_code == last["exit_code"] == code
    assert last["command"] == "sync"
    assert facts.items() <= last.items()
    if isinstance(error, ErpSyncError):
        assert [one["level"] for one in before] == ["ERROR"]
        assert before[0].get("outcome") == last["outcome"]
    if code == 70:
        assert "ZeroDivisionError: oops" in before[0]["exception"]


def test_an_answer_that_is_no_and_wrong_input_have_one_too(erpsync: Any, client: Any) -> None:
    client.answer = PluginResponse(is_ok=False)
    refused = records(erpsync("sync", "--log-format", "json", **LOGIN).stderr)
    assert [(one["level"], one.get("exit_code")) for one in refused] == [("WARNING", None), ("WARNING", 1)]
    wrong = records(erpsync("sync", log_format="json").stderr)
    assert (wrong[-1]["exit_code"], wrong[-1]["error"], wrong[-1]["outcome"]) == (2, "ConfigurationError", "not_sent")
    assert "--url" in wrong[0]["hint"]


def test_the_connection_is_in_every_record_of_a_resync(erpsync: Any, client: Any) -> None:
    client.answer = PluginResponse(is_ok=False)
    result = erpsync("resync", "--connection", "0", "501", "--log-format", "json", **LOGIN)
    assert [one["connection"] for one in records(result.stderr)] == [0, 0]


def test_every_exit_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(OUTCOMES) == set(ExitCode)


@pytest.mark.parametrize("form", ["json", "text"])
def test_planted_secrets_are_in_no_record(erpsync: Any, client: Any, form: str) -> None:
    client.error = RuntimeError(f"{PASSWORD} and {json.dumps(PASSWORD)} and app-token-1")
    client.error.__cause__ = ValueError(f"because of {PASSWORD}")
    result = erpsync(
        "sync",
        log_format=form,
        log_level="debug",
        url=LOGIN["url"],
        username="me",
        password=PASSWORD,
        application_token="app-token-1",
    )
    assert result.exit_code == 70
    assert "because of ***" in result.stderr
    for secret in (PASSWORD, json.dumps(PASSWORD)[1:-1], json.dumps(json.dumps(PASSWORD))[2:-2], "app-token-1"):
        assert secret not in result.stderr


@pytest.mark.parametrize("form", [JsonLines, TextLines])
@pytest.mark.parametrize("secret", ['"', "{", ":", "\\", "time", "ü", "a", "\n"])
def test_a_secret_that_is_hardly_one_breaks_no_record(form: Any, secret: str) -> None:
    secrets = [Secret(secret)]
    formatter = form(lambda text: scrub(text, secrets))
    record = logging.makeLogRecord(
        {"name": "x", "levelname": "INFO", "msg": f"say {secret} now", "chunk": 7, "more": {}}
    )
    line = formatter.format(record)
    assert "\n" not in line
    if form is JsonLines:
        assert json.loads(line)["chunk"] == 7
        assert secret not in json.loads(line)["message"].replace("***", "")


def test_halves_of_characters_make_valid_json(tmp_path: Path) -> None:
    from superoffice_erpsync.cli.private_files import open_for_owner

    log = CommandLog(open_for_owner(tmp_path / "log"), Account(command="x"), watched=False)
    log.setFormatter(JsonLines(str))
    log.handle(logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": "\udce6 \ud800 😀 \r\n\x00"}))
    log.close()
    (record,) = records((tmp_path / "log").read_text("utf-8"))
    assert record["message"] == "\udce6 \ud800 😀 \r\n\x00"


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are of another kind there")
def test_the_file_is_appended_to_and_its_owners_alone(erpsync: Any, client: Any, tmp_path: Path) -> None:
    file = tmp_path / "erpsync.log"
    file.write_text("before\n", encoding="utf-8")
    file.chmod(0o644)
    for _ in range(2):
        assert erpsync("sync", log_file=str(file), **LOGIN).exit_code == 0
    before, first, second = file.read_text("utf-8").splitlines()
    assert before == "before"
    assert LINE.match(first)
    assert LINE.match(second)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_is_said_before_anything_is_sent(
    erpsync: Any, client: Any, tmp_path: Path
) -> None:
    for place in (tmp_path, tmp_path / "none" / "log"):
        result = erpsync("sync", "--log-file", str(place), **LOGIN)
        assert result.exit_code == 2
        assert "the log cannot be written" in result.stderr
    assert not client.made


def test_a_full_disk_ends_the_file_and_not_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(28, "No space left on device")

    log = CommandLog(Full(), Account(command="sync"), watched=False)
    log.setFormatter(JsonLines(str))
    log.end(ExitCode.OK)
    trouble, last = records(capsys.readouterr().err)
    assert "No space left on device" in trouble["message"]
    assert last["exit_code"] == 0


def test_a_record_that_cannot_be_made_is_told_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    log = CommandLog(sys.stderr, Account(), watched=False)
    log.setFormatter(JsonLines(str))
    log.handle(logging.makeLogRecord({"name": "theirs", "levelname": "INFO", "msg": "%d", "args": ("planted",)}))
    (told,) = records(capsys.readouterr().err)
    assert told["message"] == "a record of theirs cannot be written: TypeError"


def test_the_level_hides_what_is_less_serious(erpsync: Any, client: Any) -> None:
    client.answer = PluginResponse(is_ok=False)
    levels = {}
    for level in ("info", "warning", "error"):
        found = records(erpsync("sync", log_format="json", log_level=level, **LOGIN).stderr)
        levels[level] = [one["level"] for one in found]
    # The last word is there whatever the level is.
    assert levels == {"info": ["WARNING", "WARNING"], "warning": ["WARNING", "WARNING"], "error": ["WARNING"]}


def test_logging_is_as_it_was_when_the_command_is_over(erpsync: Any, client: Any) -> None:
    everybody, library = logging.getLogger(), logging.getLogger("superoffice_erpsync")
    before = (list(everybody.handlers), everybody.level, list(library.handlers), library.level)
    erpsync("sync", log_format="json", log_level="debug", **LOGIN)
    assert (list(everybody.handlers), everybody.level, list(library.handlers), library.level) == before
    assert current_log() is None


def test_a_profile_says_where_the_log_is(erpsync: Any, client: Any, tmp_path: Path) -> None:
    file = tmp_path / "erpsync.toml"
    file.write_text(
        f'[profiles.prod]\nurl = "{LOGIN["url"]}"\nlog_file = "nightly.log"\nlog_format = "JSON"\n'
        'log_level = "error"\n',
        encoding="utf-8",
    )
    file.chmod(0o600)
    said = ("--config", str(file), "--profile", "prod")
    assert erpsync("sync", *said, ticket="7T:x").exit_code == 0
    assert records((tmp_path / "nightly.log").read_text("utf-8"))[0]["exit_code"] == 0
    result = erpsync("sync", *said, "--log-file", str(tmp_path / "other.log"), "--log-format", "text", ticket="7T:x")
    assert result.exit_code == 0
    assert LINE.match((tmp_path / "other.log").read_text("utf-8"))
    file.write_text('[profiles.prod]\nlog_format = "xml"\n', encoding="utf-8")
    wrong = erpsync("sync", *said)
    assert wrong.exit_code == 2
    assert 'log_format must be "text" or "json"' in wrong.stderr
