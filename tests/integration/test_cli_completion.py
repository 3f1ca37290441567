"""What a shell gets when it asks the command how a line could go on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from integration.command_apart import environment, forget_settings
from superoffice_erpsync.cli.app import app
from superoffice_erpsync.cli.commands.completion import VARIABLE, Shell, answer_shells


def asking(shell: str, line: str) -> dict[str, str]:
    """The variables by which a shell asks how a line goes on."""
    words = line.split(" ")
    found = {
        "bash": {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)},
        "powershell": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_WORD_TO_COMPLETE": words[-1]},
    }.get(shell, {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"})
    return {**found, VARIABLE: f"complete_{shell}"}


def asked(shell: str, line: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a shell gets whose user has typed the line and asks for more, in this process, which is much quicker."""
    forget_settings(monkeypatch)
    for name, value in asking(shell, line).items():
        monkeypatch.setenv(name, value)
    answer_shells()
    result = CliRunner().invoke(app, [], prog_name="erpsync")
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def completed(line: str, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The words that bash gets."""
    return set(asked("bash", line, monkeypatch).split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_gets_commands_in_its_own_form(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = asked(shell, "erpsync connections deac", monkeypatch)
    assert "deactivate" in found
    assert "list" not in found
    # PowerShell takes the text beside it, the others a tab, a colon or nothing.
    assert (":::" in found) == (shell == "powershell")


@pytest.mark.parametrize(
    ("line", "there", "not_there"),
    [
        ("erpsync co", {"connections", "connectors", "config", "completion"}, {"sync"}),
        ("erpsync links ", {"list", "create", "break"}, {"sync"}),
        ("erpsync sync --output ", {"table", "json", "ndjson", "csv"}, {"soap"}),
        ("erpsync --transport ", {"soap", "rest"}, {"json"}),
        ("erpsync call GetAll", {"GetAllConnections", "GetAllConnectors"}, {"SyncAll"}),
        ("erpsync call Auth", set(), {"AuthenticateUsernamePassword"}),
        ("erpsync report run.db --state ", {"failed", "left_out"}, set()),
        ("erpsync links create --actor-type ", {"Customer", "Supplier"}, {"Unknown", "Contact"}),
        ("erpsync links break --crm-type ", {"Contact", "Person"}, {"Unknown", "Customer"}),
        ("erpsync engine st", {"status", "start", "stop"}, {"interval"}),
        ("erpsync connections show 1 --show-", {"--show-secrets"}, {"--output"}),
    ],
)
def test_values_are_completed(line: str, there: set[str], not_there: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = completed(line, monkeypatch)
    assert there <= found
    assert not found & not_there


def test_profiles_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[profiles.prod]\n[profiles.test]\n[profiles.test2]\n", encoding="utf-8")
    assert completed(f"erpsync --config {file} sync --profile te", monkeypatch) == {"test", "test2"}
    assert completed(f"erpsync sync --config {file} --profile ", monkeypatch) == {"prod", "test", "test2"}
    file.write_text("[profiles\n", encoding="utf-8")
    assert completed(f"erpsync sync --config {file} --profile ", monkeypatch) == set()


@pytest.mark.parametrize("line", ["erpsync call Get", "erpsync connections "])
def test_completing_loads_no_transport_and_no_zeep(line: str) -> None:
    script = (
        "import atexit, json, sys\n"
        "atexit.register(lambda: sys.stderr.write(json.dumps(sorted(sys.modules))))\n"
        "from superoffice_erpsync.cli import main\nmain()"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        timeout=60,
        check=False,
        env=environment(**asking("bash", line)),
    )
    loaded = json.loads(result.stderr)
    assert result.stdout
    slow = {"zeep", "lxml.etree", "requests", "superoffice_erpsync.client"}
    assert not slow & set(loaded)


@pytest.mark.parametrize("shell", list(Shell))
def test_the_script_of_each_shell_is_printed(shell: str) -> None:
    result = CliRunner().invoke(app, ["completion", shell], prog_name="erpsync")
    assert result.exit_code == 0, result.stderr
    assert VARIABLE in result.stdout
    assert f"complete_{'powershell' if shell == 'pwsh' else shell}" in result.stdout
    assert "erpsync" in result.stdout


def test_a_shell_that_cannot_complete_is_told() -> None:
    result = CliRunner().invoke(app, ["completion", "cmd"], prog_name="erpsync")
    assert result.exit_code == 2
    assert "powershell" in result.stderr


bash_only = pytest.mark.skipif(sys.platform == "win32" or shutil.which("bash") is None, reason="there is no bash")


@bash_only
def test_bash_itself_completes(tmp_path: Path) -> None:
    command = tmp_path / "erpsync"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m superoffice_erpsync.cli "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    script = (
        'eval "$(erpsync completion bash)"\n'
        "COMP_WORDS=(erpsync connections deac) COMP_CWORD=2\n"
        '_erpsync_completion erpsync\necho "${COMPREPLY[@]}"'
    )
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    result = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, timeout=60, check=False, env=environment(PATH=path)
    )
    assert result.stdout.decode().strip() == "deactivate", result.stderr


@bash_only
def test_the_running_shell_is_found_by_itself() -> None:
    # Two commands, so that the shell does not turn into the first.
    script = f'"{sys.executable}" -m superoffice_erpsync.cli completion; echo "$?"'
    result = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, timeout=60, check=False, env=environment()
    )
    *shown, code = result.stdout.decode().splitlines()
    assert (code, result.stderr) == ("0", b"")
    assert "complete_bash" in "\n".join(shown)
