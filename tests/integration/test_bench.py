"""The measurements of speed still run. How fast anything is, no test says: machines differ."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def bench(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.bench", *map(str, arguments)]
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=100)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    file = tmp_path_factory.mktemp("bench") / "figures.json"
    finished = bench("--quick", "--records", "1000", "--json", file)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout, json.loads(file.read_text(encoding="utf-8"))


def test_every_row_has_a_figure_or_the_reason_why_not(report):
    rows = report[1]["rows"]
    assert len(rows) == len({row["name"] for row in rows})
    for row in rows:
        assert row["figure"] or row["verdict"].startswith("not measured: "), row


def test_only_what_the_machine_lacks_is_not_measured(report):
    missing = {row["name"] for row in report[1]["rows"] if row["figure"] is None}
    assert missing <= {"long-call-php", "memory"}


def test_the_table_shows_all_rows_once(report):
    table, figures = report
    begins = [line.split()[0] for line in table.split("\n\n")[0].splitlines()]
    assert begins == ["row", *(row["name"] for row in figures["rows"])]


def test_one_row_can_be_measured_alone_and_several_times(tmp_path):
    file = tmp_path / "figures.json"
    finished = bench("--quick", "--records", "10", "--runs", "3", "--only", "decode", "--json", file)
    assert finished.returncode == 0, finished.stderr
    (row,) = json.loads(file.read_text(encoding="utf-8"))["rows"]
    assert row["name"] == "decode"
    assert row["figure"] == sorted(row["figures"])[1]
