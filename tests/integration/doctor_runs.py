"""`erpsync doctor` in this process, and what it found."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import typer
from typer.testing import CliRunner, Result

from superoffice_erpsync.cli.commands.doctor import doctor
from superoffice_erpsync.sandbox import Sandbox

USER, PASSWORD = "tje0", "Tje0"

# The command alone: putting all others together for each run takes longer than a run.
app = typer.Typer()
app.command()(doctor)


class Examined(NamedTuple):
    """What a run found."""

    code: int
    levels: dict[str, str]
    findings: dict[str, dict[str, Any]]
    worst: str
    shown: str

    def only(self, *levels: str) -> dict[str, str]:
        """The levels of the steps that have one of these."""
        return {step: level for step, level in self.levels.items() if level in levels}

    def text(self, step: str) -> str:
        return str(self.findings[step]["finding"])

    def fix(self, step: str) -> str:
        return str(self.findings[step]["fix"])


def run(*arguments: str, **variables: str | None) -> Result:
    """The command, with a login unless the variables say another."""
    environment: dict[str, str | None] = {name: None for name in os.environ if name.startswith("ERPSYNC_")}
    environment |= {"ERPSYNC_USERNAME": USER, "ERPSYNC_PASSWORD": PASSWORD, "ERPSYNC_PROFILE": ""}
    environment |= {f"ERPSYNC_{name.upper()}": value for name, value in variables.items()}
    return CliRunner().invoke(app, list(arguments), env=environment)


def examined(*arguments: str, **variables: str | None) -> Examined:
    """What the command found, told as JSON."""
    result = run(*arguments, "--output", "json", **variables)
    assert result.exit_code != 70, result.output
    told = json.loads(result.stdout)
    findings = {one["step"]: one for one in told["findings"]}
    assert all(set(one) == {"step", "level", "finding", "fix", "facts"} for one in told["findings"])
    assert PASSWORD not in result.output
    levels = {step: one["level"] for step, one in findings.items()}
    return Examined(result.exit_code, levels, findings, told["worst"], result.output)


@pytest.fixture(scope="module")
def module_box() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def box(module_box: Sandbox) -> Sandbox:
    """An installation as it is at first."""
    module_box.reset()
    return module_box
