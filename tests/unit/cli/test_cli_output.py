"""Tables and JSON: results to stdout, nothing lost on the way."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from rich.console import Console

from superoffice_erpsync.cli.tables import answer_tables, system_tables
from superoffice_erpsync.models import (
    ChangedData,
    ChangedDataItem,
    LicenseInfo,
    ModuleLicense,
    PluginResponse,
    SoSystemInfoCarrier,
)

LOGIN = {"url": "https://crm.example.com/Remote/Services86", "ticket": "7T:abc"}
LONG = "An explanation that is much longer than a line of a terminal has columns, " * 4


def on_terminal(parts: list[Any]) -> str:
    file = io.StringIO()
    Console(file=file, width=80, highlight=False, markup=False, emoji=False).print(*parts, sep="\n")
    return file.getvalue()


def test_a_table_shows_explanations_and_changes(erpsync: Any, client: Any, changes: ChangedData) -> None:
    client.answer = PluginResponse(
        is_ok=False,
        user_explanation='US:"No" NO:"Nei, ærlig talt"',
        tech_explanation="[red]not markup[/red] :smile:",
        error_code="UNKNOWN_CONNECTION_ID",
        changes=changes,
    )
    result = erpsync("sync", "--force", **LOGIN)
    assert result.exit_code == 1
    for text in (
        "ForceSyncAll",
        "false",
        'US:"No" NO:"Nei, ærlig talt"',
        "[red]not markup[/red] :smile:",
        "UNKNOWN_CONNECTION_ID",
    ):
        assert text in result.stdout
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["added", "erpexternalkey", "7"] in rows
    assert ["updated", "contact", "11"] in rows
    assert client.calls[0][0] == "ForceSyncAll"


def test_through_a_pipe_no_line_is_folded(erpsync: Any, client: Any) -> None:
    client.answer = PluginResponse(is_ok=True, tech_explanation=LONG.strip())
    result = erpsync("sync", **LOGIN)
    assert LONG.strip() in result.stdout
    assert all(line == line.rstrip() for line in result.stdout.splitlines())


def test_on_a_terminal_lines_are_folded_and_nothing_is_cut(changes: ChangedData) -> None:
    changes.added_records = [ChangedDataItem(tablename="t" * 200, record_id=1)]
    answer = PluginResponse(is_ok=True, tech_explanation=LONG, error_code="E" * 200, changes=changes)
    shown = on_terminal(answer_tables("SyncAll", answer))
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert "…" not in shown
    assert shown.count("E") - shown.count("Explanation") - shown.count("ErrorCode") >= 200
    assert shown.count("t") >= 200
    assert shown.count("terminal") == 4


@pytest.mark.parametrize(("sent", "shown"), [("\u202e", "\\u202e"), ("\u2067", "\\u2067"), ("\u2028", "\\u2028")])
def test_what_turns_the_direction_or_breaks_a_line_is_shown(erpsync: Any, client: Any, sent: str, shown: str) -> None:
    client.answer = PluginResponse(is_ok=True, tech_explanation=f"a{sent}b")
    assert f"a{shown}b" in erpsync("sync", **LOGIN).stdout


def test_control_characters_are_shown(erpsync: Any, client: Any) -> None:
    client.answer = PluginResponse(is_ok=True, tech_explanation="a\x9b2Jb")
    assert "a\\x9b2Jb" in erpsync("sync", **LOGIN).stdout


@pytest.mark.parametrize(
    "arguments", [("sync",), ("sync", "--force"), ("resync", "--connection", "0", "501"), ("ping",)]
)
def test_json_on_request(erpsync: Any, client: Any, arguments: tuple[str, ...]) -> None:
    result = erpsync(*arguments, "--output", "json", **LOGIN)
    assert result.exit_code == 0
    assert json.loads(result.stdout)
    assert result.stdout.startswith("{\n  ")


def test_a_no_is_1_in_json_too(erpsync: Any, client: Any) -> None:
    client.answer = PluginResponse(is_ok=False)
    result = erpsync("sync", "--output", "json", **LOGIN)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["IsOk"] is False


def test_ping_shows_version_and_modules(erpsync: Any, client: Any) -> None:
    client.answer = SoSystemInfoCarrier(
        company_name="Example AS",
        file_version="8.6.1.0",
        license=LicenseInfo(
            serial_nr="123", module_licenses=[ModuleLicense(module_name="ErpSync", number_of_licenses=5), None]
        ),
    )
    result = erpsync("ping", **LOGIN)
    assert result.exit_code == 0
    for text in (LOGIN["url"], "Example AS", "8.6.1.0", "123", "ErpSync"):
        assert text in result.stdout


def test_ping_fits_80_columns() -> None:
    info = SoSystemInfoCarrier(description=LONG, company_name="Example")
    shown = on_terminal(system_tables(LOGIN["url"], info))
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert shown.count("terminal") == 4


def test_an_installation_that_says_nothing(erpsync: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(client), "get_system_info", lambda _: None)
    assert erpsync("ping", **LOGIN).exit_code == 0
    assert erpsync("ping", "--output", "json", **LOGIN).stdout == "null\n"
