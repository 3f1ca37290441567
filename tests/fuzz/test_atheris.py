"""A short run of the fuzzer that follows the code's ways, where it is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

HARNESS = Path(__file__).with_name("atheris_answers.py")
SECONDS = 5

pytestmark = [
    pytest.mark.fuzz,
    pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed"),
]


def test_a_few_seconds_of_atheris_find_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            str(HARNESS),
            f"-max_total_time={SECONDS}",
            "-max_len=60000",
            f"-artifact_prefix={tmp_path}{os.sep}",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=100,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    assert "Done " in done.stderr
