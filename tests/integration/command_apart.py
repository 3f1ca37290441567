"""The command in a process of its own, and without the settings of whoever runs the tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "superoffice_erpsync.cli"]
_SOURCE = str(Path(__file__).parents[2] / "src")


def environment(**more: str) -> dict[str, str]:
    """The variables of such a process."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ERPSYNC_")}
    path = os.pathsep.join(filter(None, [_SOURCE, os.environ.get("PYTHONPATH")]))
    return inherited | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"} | more


def forget_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the settings out of this process's variables."""
    for name in [name for name in os.environ if name.startswith("ERPSYNC_")]:
        monkeypatch.delenv(name)
