"""Rows and objects in each form, and what a form cannot hold."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from superoffice_erpsync.cli.listing import show_object, show_rows
from superoffice_erpsync.cli.output import Output
from superoffice_erpsync.models import ChangedData, ListItem, PluginResponse, SoSystemInfoCarrier

LOGIN = {"url": "https://crm.example.com/Remote/Services86", "ticket": "7T:abc"}
ROWS = [{"Id": 1, "Name": 'Ærlig "A", B\nC', "Ids": [1, 2], "Active": True}, None, {"Id": 3, "Name": None}]
COLUMNS = ("Id", "Name", "Ids", "Active")


def test_rows_in_csv_have_every_column_and_lose_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows("Title", ROWS, COLUMNS, Output.CSV, shown=("Id",))
    found = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert found[0] == list(COLUMNS)
    assert found[1] == ["1", 'Ærlig "A", B\nC', "[1, 2]", "true"]
    assert found[2:] == [["", "", "", ""], ["3", "", "", ""]]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\u2028", "\x1e"])
def test_a_line_end_within_a_cell_of_csv_is_no_end_of_a_row(capsys: pytest.CaptureFixture[str], end: str) -> None:
    show_rows("Title", [{"Name": f"one{end}two"}], ("Name",), Output.CSV)
    found = capsys.readouterr().out
    assert list(csv.reader(io.StringIO(found, newline=""))) == [["Name"], [f"one{end}two"]]
    assert found.startswith("Name\n")


def test_rows_in_json_and_ndjson_are_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows("Title", ROWS, COLUMNS, Output.JSON)
    assert json.loads(capsys.readouterr().out) == ROWS
    show_rows("Title", ROWS, COLUMNS, Output.NDJSON)
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == ROWS


def test_a_list_in_a_table_is_its_items(capsys: pytest.CaptureFixture[str]) -> None:
    show_object("Title", {"Ids": [1, 2], "Types": ["a", "b"], "Parts": [{"x": 1}], "None": []}, Output.TABLE)
    shown = capsys.readouterr().out
    for text in ("1, 2", "a, b", '[{"x": 1}]'):
        assert text in shown
    assert "None" not in shown


@pytest.mark.parametrize("form", [Output.CSV, Output.TABLE])
def test_no_rows_leave_the_header(capsys: pytest.CaptureFixture[str], form: Output) -> None:
    show_rows("Title", [], COLUMNS, form)
    shown = capsys.readouterr().out
    assert "Id" in shown
    assert "Active" in shown


def test_an_object_is_one_row_or_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    found = {"Id": 1, "Part": {"Name": "x"}, "None": None}
    show_object("Title", found, Output.CSV)
    assert list(csv.DictReader(io.StringIO(capsys.readouterr().out))) == [
        {"Id": "1", "Part": '{"Name": "x"}', "None": ""}
    ]
    show_object("Title", found, Output.NDJSON)
    assert json.loads(capsys.readouterr().out) == found
    show_object("Title", found, Output.TABLE, shown=("Id",))
    assert "Part" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("form", "shown"), [(Output.JSON, "null\n"), (Output.NDJSON, "null\n"), (Output.CSV, ""), (Output.TABLE, "")]
)
def test_nothing_is_shown_as_nothing(capsys: pytest.CaptureFixture[str], form: Output, shown: str) -> None:
    show_object("Title", None, form)
    assert capsys.readouterr().out == shown


def test_a_sync_shows_each_form(erpsync: Any, client: Any, changes: ChangedData) -> None:
    client.answer = PluginResponse(is_ok=False, user_explanation="No", error_code="E1", changes=changes)
    table = erpsync("sync", "--output", "csv", **LOGIN)
    assert table.exit_code == 1
    assert table.stdout == "Change,Tablename,RecordId\nadded,erpexternalkey,7\nupdated,contact,11\n"
    assert "UserExplanation: No" in table.stderr
    assert "ErrorCode: E1" in table.stderr
    line = erpsync("sync", "--output", "ndjson", **LOGIN)
    assert json.loads(line.stdout)["UserExplanation"] == "No"
    assert line.stdout.count("\n") == 1


def test_call_has_a_line_for_each_item_of_a_list(erpsync: Any, client: Any) -> None:
    client.answer = [ListItem(id=1, name="a"), None]
    lines = erpsync("call", "GetAllConnectors", "--output", "ndjson", **LOGIN).stdout.splitlines()
    assert [one and one["Name"] for one in map(json.loads, lines)] == ["a", None]
    assert erpsync("call", "GetAllConnectors", "--output", "csv", **LOGIN).stdout.startswith("Id,Name,ToolTip\n1,a,\n")


def test_call_answers_json_where_a_table_is_asked_for(erpsync: Any, client: Any) -> None:
    assert json.loads(erpsync("call", "SyncAll", "--output", "table", **LOGIN).stdout)["IsOk"] is True


@pytest.mark.parametrize("operation", ["SyncAll", "GetConnection", "DeleteConnection", "GetErpFieldValues"])
def test_what_is_no_list_of_objects_has_no_csv(erpsync: Any, client: Any, operation: str) -> None:
    result = erpsync("call", operation, "--output", "csv", **LOGIN)
    assert result.exit_code == 2
    assert "GetAllConnections" in result.stderr
    assert client.calls == []


def test_ping_in_csv_is_one_row(erpsync: Any, client: Any) -> None:
    client.answer = SoSystemInfoCarrier(company_name="Example AS")
    (found,) = csv.DictReader(io.StringIO(erpsync("ping", "--output", "csv", **LOGIN).stdout))
    assert found["CompanyName"] == "Example AS"


def test_settings_are_rows(erpsync: Any) -> None:
    shown = erpsync("config", "--output", "csv", **LOGIN).stdout
    found = {one["setting"]: one for one in csv.DictReader(io.StringIO(shown))}
    assert found["url"] == {"setting": "url", "value": LOGIN["url"], "from": "environment variable ERPSYNC_URL"}
    assert found["ticket"]["value"] == "***"
    lines = erpsync("config", "--output", "ndjson", **LOGIN).stdout.splitlines()
    assert {json.loads(line)["setting"] for line in lines} == set(found)
