"""The measurements of speed still run. How fast anything is, no test says: machines differ."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def bench(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.bench", *map(str, arguments)]
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=100)


def test_every_row_has_a_figure_or_the_reason_why_not(tmp_path):
    file = tmp_path / "figures.json"
    finished = bench("--quick", "--records", "1000", "--json", file)
    assert finished.returncode == 0, finished.stderr
    rows = json.loads(file.read_text(encoding="utf-8"))["rows"]
    for row in rows:
        assert row["figure"] or row["verdict"].startswith("not measured: "), row
    missing = {row["name"] for row in rows if row["figure"] is None}
    assert missing <= {"long-call-php", "memory"}, "more is not measured than what some machines lack"
    table, _, _ = finished.stdout.partition("\n\n")
    assert [line.split()[0] for line in table.splitlines()] == ["row", *(row["name"] for row in rows)]


def test_one_row_can_be_measured_alone_and_several_times(tmp_path):
    file = tmp_path / "figures.json"
    finished = bench("--quick", "--records", "10", "--runs", "3", "--only", "decode", "--json", file)
    assert finished.returncode == 0, finished.stderr
    (row,) = json.loads(file.read_text(encoding="utf-8"))["rows"]
    assert row["name"] == "decode"
    assert row["figure"] == sorted(row["figures"])[1]
