"""A secret that a program prints, with real programs."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest

from superoffice_erpsync import CommandSecret, ConfigurationError
from superoffice_erpsync.redaction import Secret

VALUE = "Sesame-pw <&> æøå $HOME `id`"

posix = pytest.mark.skipif(os.name != "posix", reason="files that run by their first line are of POSIX")


def printing(*lines: bytes, status: int = 0, before: str = "") -> CommandSecret:
    """A program that prints lines and ends."""
    script = f"import sys, time\n{before}\nsys.stdout.buffer.write({b''.join(lines)!r})\nsys.exit({status})"
    return CommandSecret([sys.executable, "-c", script])


def refused(reference: CommandSecret) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        reference.resolve()
    behind: BaseException | None = caught.value
    while behind is not None:
        assert "Sesame" not in f"{behind!r} {vars(behind)}"
        behind = behind.__context__
    return caught.value


@pytest.mark.parametrize(
    "printed",
    [VALUE, f"{VALUE}\n", f"{VALUE}\r\n", f"\ufeff{VALUE}\n", f"{VALUE}\nuser: nightly\nurl: https://crm\n"],
)
def test_the_first_line_is_the_secret(printed: str) -> None:
    assert printing(printed.encode()).resolve() == Secret(VALUE)


def test_no_shell_takes_the_arguments_apart() -> None:
    arguments = "import sys; print(sys.argv[1])"
    assert CommandSecret([sys.executable, "-c", arguments, "$HOME; `id` *"]).resolve() == Secret("$HOME; `id` *")


def test_a_program_is_run_anew_each_time(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    reference = CommandSecret([sys.executable, "-c", f"print(open({str(file)!r}).read())"])
    for value in ("one", "two"):
        file.write_text(value, encoding="utf-8")
        assert reference.resolve() == Secret(value)


def test_a_program_finds_nothing_to_read() -> None:
    assert CommandSecret([sys.executable, "-c", "import sys; print(repr(sys.stdin.read()))"]).resolve() == Secret("''")


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        (printing(b"Sesame\n", status=3), "ended with status 3"),
        (printing(), "is empty"),
        (printing(b"\nSesame\n"), "is empty"),
        (printing(b"Sesame \xe6\n"), "is not UTF-8"),
        (CommandSecret(["no-such-program-of-anybody", "Sesame"]), "cannot be started: "),
        (CommandSecret([sys.executable, "a\0Sesame"]), "cannot be started: it is no command"),
    ],
)
def test_what_gives_no_secret_is_refused_by_the_programs_name_alone(reference: CommandSecret, why: str) -> None:
    error = refused(reference)
    assert why in str(error)
    assert Path(reference.command[0]).name in str(error)


def test_the_system_says_why_it_cannot_be_started() -> None:
    with pytest.raises(FileNotFoundError) as system:
        subprocess.run(["no-such-program-of-anybody"], check=False)
    assert system.value.strerror in str(refused(CommandSecret(["no-such-program-of-anybody"])))


def test_what_it_says_beside_the_secret_is_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    refused(printing(status=1, before="sys.stderr.write('Sesame is wrong')"))
    assert capfd.readouterr() == ("", "")


def test_a_program_that_takes_too_long_is_ended() -> None:
    script = "import sys, time; print('Sesame', flush=True); time.sleep(60)"
    begin = time.monotonic()
    assert "took more than 0.5 seconds" in str(refused(CommandSecret([sys.executable, "-c", script], timeout=0.5)))
    assert time.monotonic() - begin < 20


@posix
def test_a_program_that_leaves_another_behind_is_not_waited_for() -> None:
    script = "import subprocess, time; subprocess.Popen(['sleep', '3']); time.sleep(60)"
    begin = time.monotonic()
    refused(CommandSecret([sys.executable, "-c", script], timeout=0.5))
    assert time.monotonic() - begin < 2.5


@posix
def test_a_relative_program_stays_the_same_in_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "secret.sh"
    program.write_text("#!/bin/sh\necho kept\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.chdir(tmp_path)
    reference = CommandSecret(["./secret.sh"])
    monkeypatch.chdir(tmp_path.parent)
    assert reference.resolve() == Secret("kept")


@pytest.mark.parametrize("command", ["pass show crm", [], [""], ["pass", 5]])
def test_a_command_is_a_list_of_texts(command: object) -> None:
    with pytest.raises(ConfigurationError, match="must be a list of texts"):
        CommandSecret(command)  # type: ignore[arg-type]


def test_it_travels_and_shows_the_program_alone() -> None:
    reference = CommandSecret(["pass", "show", "Sesame"], timeout=5)
    assert repr(reference) == "CommandSecret(pass)"
    assert pickle.loads(pickle.dumps(reference)) == reference
    assert {reference: 1}[CommandSecret(("pass", "show", "Sesame"), 5)] == 1
