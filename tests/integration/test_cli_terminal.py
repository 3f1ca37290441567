"""Tables as a terminal of 80 columns shows them, and what goes through a pipe."""

from __future__ import annotations

import io
import os
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.command_here import erpsync, point_at
from superoffice_erpsync.cli.app import app
from superoffice_erpsync.sandbox import Sandbox

_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_COLOUR = re.compile(r"\x1b\[(?:[0-9;]*;)?[34][0-9](?:;[0-9]+)*m")
LONG = "A name that is much longer than a column of a table has room for " * 3

COMMANDS: list[tuple[str, ...]] = [
    ("ping",),
    ("sync",),
    ("connections", "list", "--connection", "1", "--connection", "3"),
    ("connections", "show", "1"),
    ("connections", "activate", "3"),
    ("connectors", "fields", "1"),
    ("links", "list", "--contact", "11"),
    ("engine", "status"),
    ("config", "show"),
]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An installation with a long name in it."""
    with Sandbox() as box:
        with box.lock:
            box.state.connections[1].display_name = LONG
        yield box


@pytest.fixture(autouse=True)
def environment(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Address and login for the command, and a terminal of 80 columns."""
    point_at(sandbox, monkeypatch, tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (("COLUMNS", "80"), ("TERM", "xterm-256color")):
        monkeypatch.setenv(name, value)


def on_terminal(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """What a terminal gets of a command that runs in this process."""
    import pty

    master, slave = pty.openpty()
    found = io.BytesIO()

    def read() -> None:
        # It ends with an error, as terminals do.
        try:
            while piece := os.read(master, 65536):
                found.write(piece)
        except OSError:
            pass

    reader = threading.Thread(target=read)
    reader.start()
    try:
        with os.fdopen(slave, "w", encoding="utf-8") as terminal, monkeypatch.context() as within:
            within.setattr(sys, "stdout", terminal)
            with pytest.raises(SystemExit):
                app(list(arguments), prog_name="erpsync")
    finally:
        reader.join(20)
        os.close(master)
    return found.getvalue().decode().replace("\r\n", "\n")


@pytest.mark.skipif(sys.platform == "win32", reason="terminals are of another kind there")
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_table_fits_a_terminal_of_80_columns(monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    shown = _STYLE.sub("", on_terminal(monkeypatch, *arguments))
    assert shown.strip()
    assert max(map(len, shown.splitlines())) <= 80
    assert "…" not in shown


@pytest.mark.skipif(sys.platform == "win32", reason="terminals are of another kind there")
def test_a_terminal_too_narrow_for_a_table_folds_it_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    rows = _STYLE.sub("", on_terminal(monkeypatch, "connections", "list", "--connection", "3")).splitlines()
    assert {"3", "2", "false"} <= {cell for row in rows for cell in row.split()}
    facts = _STYLE.sub("", on_terminal(monkeypatch, "ping"))
    assert "DaysUntilNetServerExpiry" in facts
    assert "8.6.1.0" in facts


@pytest.mark.skipif(sys.platform == "win32", reason="terminals are of another kind there")
def test_a_long_name_is_folded_and_nothing_of_it_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _STYLE.sub("", on_terminal(monkeypatch, "connections", "list", "--connection", "1"))
    lines = shown.splitlines()
    header = next(line for line in lines if "DisplayName" in line)
    begin, end = header.index("DisplayName"), header.index("Active")
    name = "".join(line[begin:end].strip() for line in lines[lines.index(header) + 2 :])
    assert name.replace(" ", "") == LONG.replace(" ", "")


@pytest.mark.skipif(sys.platform == "win32", reason="terminals are of another kind there")
def test_a_terminal_without_colours_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert not _COLOUR.search(on_terminal(monkeypatch, "connections", "show", "1"))


@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv"])
def test_through_a_pipe_goes_no_colour_whatever_is_forced(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = erpsync("connections", "show", "1", "--output", form)
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert LONG.strip() in result.stdout
