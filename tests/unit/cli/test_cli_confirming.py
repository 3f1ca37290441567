"""What is taken away is asked for first."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator

import pytest

from superoffice_erpsync.cli.confirming import confirm
from superoffice_erpsync.errors import InvalidRequest

if sys.platform == "win32":
    pytest.skip("terminals are of another kind there", allow_module_level=True)

import pty

Type = Callable[[bytes], object]


@pytest.fixture
def user(monkeypatch: pytest.MonkeyPatch) -> Iterator[Type]:
    """Somebody who types at the terminal that standard input is."""
    master, slave = pty.openpty()
    with os.fdopen(slave, encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        yield lambda keys: os.write(master, keys)
    os.close(master)


def test_a_yes_goes_on(user: Type, capsys: pytest.CaptureFixture[str]) -> None:
    user(b"y\n")
    confirm("Unlink it?", yes=False)
    assert "Unlink it? [y/N]" in capsys.readouterr().err


@pytest.mark.parametrize("keys", [b"n\n", b"\n"])
def test_a_no_or_nothing_does_not(user: Type, keys: bytes) -> None:
    user(keys)
    with pytest.raises(InvalidRequest, match="not confirmed"):
        confirm("Unlink it?", yes=False)


def test_the_end_of_input_ends_the_command(user: Type) -> None:
    user(b"\x04")
    with pytest.raises(KeyboardInterrupt):
        confirm("Unlink it?", yes=False)


def test_what_was_said_beforehand_is_not_asked(user: Type, capsys: pytest.CaptureFixture[str]) -> None:
    confirm("Unlink it?", yes=True)
    assert capsys.readouterr().err == ""


def test_without_a_terminal_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InvalidRequest, match="no terminal"):
        confirm("Unlink it?", yes=False)
