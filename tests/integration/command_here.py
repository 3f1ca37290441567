"""The command in this process, which is much quicker, pointed at an installation in a box."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from integration.command_apart import forget_settings
from superoffice_erpsync.cli.app import app
from superoffice_erpsync.sandbox import DEFAULT_PASSWORD, DEFAULT_USER, Sandbox


def point_at(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Give the command address and login, no settings of the developer's, and a working directory."""
    forget_settings(monkeypatch)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    monkeypatch.chdir(folder)
    for name, value in (("URL", sandbox.url), ("USERNAME", DEFAULT_USER), ("PASSWORD", DEFAULT_PASSWORD)):
        monkeypatch.setenv(f"ERPSYNC_{name}", value)


def erpsync(*arguments: str, stdin: str = "") -> Result:
    """Run the command."""
    return CliRunner().invoke(app, list(arguments), input=stdin, prog_name="erpsync")


def answer(*arguments: str, code: int = 0) -> Any:
    """What the command answers as JSON."""
    result = erpsync(*arguments, "--output", "json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def rows(*arguments: str) -> list[dict[str, str]]:
    """What the command answers as CSV."""
    result = erpsync(*arguments, "--output", "csv")
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(result.stdout.splitlines()))


def operations(sandbox: Sandbox) -> list[str]:
    """What reached the installation, without logins."""
    return [one.operation for one in sandbox.received if one.service == "ErpSync"]
