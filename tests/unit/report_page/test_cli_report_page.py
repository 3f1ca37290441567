"""`erpsync report --html`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from superoffice_erpsync.cli.app import app
from unit.report_page.runs import DONE, run_of


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    run_of(tmp_path / "run.db", ["C1", "C2"], lambda _: DONE)
    return tmp_path / "run.db"


def test_the_page_is_written_besides_what_is_shown(journal: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    result = CliRunner().invoke(app, ["report", str(journal), "--html", str(page), "--output", "csv"])
    assert (result.exit_code, result.stderr) == (0, f"written to {page}\n")
    assert result.stdout.splitlines()[1] == "C1,1,done,,"
    assert "All 2 keys are done." in page.read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_shows_nothing_else(journal: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["report", str(journal), "--html", str(tmp_path / "none" / "report.html")])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no such folder" in result.stderr


def test_a_place_that_cannot_even_be_looked_at_is_wrong_input(journal: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["report", str(journal), "--html", str(tmp_path / ("x" * 300))])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot be written: " in result.stderr


def test_a_missing_extra_is_told_with_what_to_install(
    journal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = CliRunner().invoke(app, ["report", str(journal), "--html", str(tmp_path / "report.html")])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "hint: pip install 'superoffice-erpsync[report]'" in result.stderr
    assert not (tmp_path / "report.html").exists()
