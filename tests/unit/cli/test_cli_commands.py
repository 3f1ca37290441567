"""All commands: each has help that fits a terminal and shows how to call it, and none loads the others."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
import typer

from superoffice_erpsync.cli.app import app
from superoffice_erpsync.cli.commands import COMMANDS
from superoffice_erpsync.cli.output import Output

WITHOUT_RESULT = {"demo", "sandbox", "completion"}


def _paths() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    every: Any = typer.main.get_command(app)
    for name, command in every.commands.items():
        found += [(name, one) for one in command.commands] if hasattr(command, "commands") else [(name,)]
    return found


PATHS = _paths()


def test_the_commands_are_those_that_are_listed() -> None:
    assert {path[0] for path in PATHS} == set(COMMANDS)
    assert ("connections", "activate") in PATHS
    assert ("engine", "interval") in PATHS


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_fits_80_columns_and_has_an_example(erpsync: Any, monkeypatch: pytest.MonkeyPatch, path: Any) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = erpsync(*path, "--help")
    assert shown.exit_code == 0
    assert max(map(len, shown.stdout.splitlines())) <= 80
    head = shown.stdout.partition("╭")[0]
    assert re.search(r"Examples?:\s", head)
    # Each example stands on its lines as it is typed, and apart from what is around it.
    assert re.search(rf"^ {{3,}}[\w \"$(]*erpsync (?:\S+ )*{path[-1]}\b", head, re.MULTILINE), head


@pytest.mark.parametrize("path", [one for one in PATHS if one[0] not in WITHOUT_RESULT], ids=" ".join)
def test_each_command_takes_all_forms(erpsync: Any, path: Any) -> None:
    shown = erpsync(*path, "--help").stdout
    assert "--output" in shown
    for form in Output:
        assert form in shown


def test_the_main_help_has_every_command_in_a_panel_and_says_how_variables_are_called(erpsync: Any) -> None:
    shown = erpsync("--help", columns="80").stdout
    for name in COMMANDS:
        assert re.search(rf"^│ {name} ", shown, re.MULTILINE)
    assert "─ Commands ─" not in shown
    assert "ERPSYNC_TIME_ZONE is --time-zone" in shown
    # A switch with a type would read as if a value came after it.
    assert "bool" not in shown


def test_an_unknown_command_is_told_with_the_nearest(erpsync: Any) -> None:
    result = erpsync("conections")
    assert result.exit_code == 2
    assert "Did you mean 'connections'" in result.stderr


def test_a_command_loads_no_other() -> None:
    script = (
        "import sys\nfrom superoffice_erpsync.cli.app import app\n"
        "try:\n    app(['sync', '--nothing'], prog_name='erpsync')\nexcept SystemExit:\n    pass\n"
        "print(*(one.rpartition('.')[2] for one in sys.modules if one.startswith('superoffice_erpsync.cli.')))"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, timeout=60)
    loaded = set(shown.stdout.decode().split())
    assert "sync" in loaded
    assert not loaded & (set(COMMANDS.values()) - {"sync"})
