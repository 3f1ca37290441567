"""The public names carry types that help users, and mistakes are found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_mypy_understands_what_users_write(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--config-file="]
    done = subprocess.run(
        [*command, f"--cache-dir={tmp_path}", str(HERE / "usage.py")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=110,
    )
    assert done.returncode == 0, done.stdout + done.stderr
