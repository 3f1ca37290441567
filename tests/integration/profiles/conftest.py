"""An installation in a box, an `erpsync.toml` for it, and the command beside a keyring of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from typer.testing import CliRunner, Result

from integration.command_apart import environment, forget_settings
from integration.file_keyring import FileKeyring
from superoffice_erpsync.cli.app import app
from superoffice_erpsync.sandbox import Sandbox

HERE = Path(__file__).parents[1]
USER, PASSWORD = "nightly", "Sesame & wörd"

MakeFile = Callable[[str], Path]
Erpsync = Callable[..., Result]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(users={USER: PASSWORD}) as box:
        yield box


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forget_settings(monkeypatch)
    for name in ("config", "cache"):
        monkeypatch.setenv(f"XDG_{name.upper()}_HOME", str(tmp_path / name))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


@pytest.fixture
def make_file(sandbox: Sandbox, tmp_path: Path) -> MakeFile:
    """Writes `erpsync.toml` into the working directory, with the default profile `box`."""

    def make(lines: str) -> Path:
        path = tmp_path / "work" / "erpsync.toml"
        text = f'default_profile = "box"\n[profiles.box]\nurl = "{sandbox.url}"\nusername = "{USER}"\n{lines}\n'
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    return make


@pytest.fixture
def processes(tmp_path: Path) -> dict[str, str]:
    """The environment of processes, with a keyring of their own."""
    keyring = {"PYTHON_KEYRING_BACKEND": "file_keyring.FileKeyring", "FILE_KEYRING": str(tmp_path / "keyring.json")}
    variables = environment(**keyring)
    return variables | {"PYTHONPATH": os.pathsep.join([str(HERE), variables["PYTHONPATH"]])}


@pytest.fixture
def erpsync(processes: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Erpsync]:
    """The command in this process, which is much quicker, in the working directory."""
    before = keyring.get_keyring()
    monkeypatch.setenv("FILE_KEYRING", processes["FILE_KEYRING"])
    keyring.set_keyring(FileKeyring())

    def run(*arguments: str, stdin: str = "", **variables: str) -> Result:
        return CliRunner().invoke(app, list(arguments), input=stdin, env=variables, prog_name="erpsync")

    yield run
    keyring.set_keyring(before)
