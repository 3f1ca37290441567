"""Each form of a result, of commands against an installation in a box."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from integration.command_here import answer, erpsync, operations, point_at, rows
from superoffice_erpsync.sandbox import Sandbox


@pytest.fixture(autouse=True)
def environment(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Address and login for the command."""
    point_at(sandbox, monkeypatch, tmp_path)


def test_lists_of_any_operation_are_rows(sandbox: Sandbox) -> None:
    call = ("call", "GetAllConnectors", "--url", sandbox.services88_url)
    assert [one["Name"] for one in rows(*call)] == ["Nordic Ledger", "Harbour ERP"]
    lines = erpsync(*call, "--output", "ndjson").stdout.splitlines()
    assert [json.loads(line)["Id"] for line in lines] == [1, 2]
    trimmed = ("--url", sandbox.rest_url, "--transport", "rest", "--select", "Name")
    assert rows("call", "GetAllConnectors", *trimmed)[0] == {"Name": "Nordic Ledger"}


def test_what_is_no_list_is_refused_as_csv_before_it_is_called(sandbox: Sandbox) -> None:
    for operation in ("SyncAll", "GetEngineStatus"):
        result = erpsync("call", operation, "--output", "csv")
        assert result.exit_code == 2
        assert "--output json or ndjson" in result.stderr
    assert operations(sandbox) == []
    assert len(erpsync("call", "GetEngineStatus", "--output", "ndjson").stdout.splitlines()) == 1


def test_changes_of_a_resync_are_rows(sandbox: Sandbox) -> None:
    arguments = ("resync", "--connection", "1", "--actor-type", "Customer", "C1003", "C1005")
    changed = rows(*arguments)
    assert [(one["Change"], one["Tablename"]) for one in changed].count(("updated", "contact")) == 2
    lines = erpsync(*arguments, "--output", "ndjson").stdout.splitlines()
    assert json.loads(lines[0])["IsOk"] is True
    assert len(lines) == 1


def test_a_no_is_told_beside_the_rows() -> None:
    result = erpsync("resync", "--connection", "1", "--actor-type", "Customer", "NOPE", "--output", "csv")
    assert result.exit_code == 1
    assert result.stdout == "Change,Tablename,RecordId\n"
    assert "NOPE" in result.stderr
    assert "IsOk=false" in result.stderr


def test_ping_has_all_forms() -> None:
    found = json.loads(erpsync("ping", "--output", "json").stdout)
    assert json.loads(erpsync("ping", "--output", "ndjson").stdout) == found
    assert rows("ping")[0]["FileVersion"] == found["FileVersion"]


def test_a_report_has_all_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = ("C1003", "NOPE", "--journal", "run.db")
    assert erpsync("resync", "--connection", "1", "--actor-type", "Customer", *keys).exit_code == 1
    every = rows("report", "run.db")
    assert {one["key"]: one["state"] for one in every} == {"C1003": "done", "NOPE": "failed"}
    lines = erpsync("report", "run.db", "--output", "ndjson", "--state", "failed").stdout.splitlines()
    assert [json.loads(line)["key"] for line in lines] == ["NOPE"]
    assert answer("report", "run.db")["listed"] == [json.loads(line) for line in lines]
    monkeypatch.setenv("ERPSYNC_OUTPUT", "csv")
    assert erpsync("report", "run.db").stdout.startswith("key,line,state,")
    assert erpsync("--output", "json", "report", "run.db").stdout.startswith("{")
    assert erpsync("--output", "json", "report", "run.db", "--output", "table").stdout.startswith("ForceResync")


def test_a_run_of_many_keys_has_all_forms() -> None:
    run = ("resync", "--connection", "1", "--actor-type", "Customer", "C1003", "C1005", "--chunk-size", "1")
    assert {one["key"]: one["state"] for one in rows(*run)} == {"C1003": "done", "C1005": "done"}
    lines = erpsync(*run, "--output", "ndjson").stdout.splitlines()
    assert [json.loads(line)["key"] for line in lines] == ["C1003", "C1005"]
    assert answer(*run)["all_done"] is True
