"""The README's Python examples run as they stand there, its commands have the options that it names, its links lead
somewhere, and its table of operations is whole."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main
from sybil.document import Document
from sybil.parsers.markdown import PythonCodeBlockParser
from typer.core import TyperGroup

from integration.command_here import erpsync
from superoffice_erpsync.cli.app import app
from superoffice_erpsync.operations import OPERATIONS

README = Path(__file__).parents[2] / "README.md"
TEXT = README.read_text(encoding="utf-8")
FENCE = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
PROSE = FENCE.sub("", TEXT)
OF_OTHERS = {"--runs", "--only", "--json", "--now"}
"""Options in the prose that are not the command's, but those of `tests.bench` and `systemctl`."""


def examples() -> list[Any]:
    document = Document.parse(str(README), PythonCodeBlockParser())
    return list(document.examples())


def commands() -> list[str]:
    """Calls of the command, from blocks and from the prose, without what a shell does with them."""
    shown = "\n".join([*FENCE.findall(TEXT), *re.findall(r"`(erpsync [^`]*)`", PROSE)]).replace("\\\n", " ")
    lines = re.findall(r"(?:^|[ /\\(])erpsync(?:\.exe)? ([a-z]+(?: .*)?)$", shown, re.MULTILINE)
    return sorted({re.sub(r' \[.*\]|[")]*(?: +[#|>].*)?$', "", line) for line in lines})


def options(command: Any) -> set[str]:
    """Names of the options of a command and of those below it."""
    context = typer.Context(command)
    below = command.list_commands(context) if isinstance(command, TyperGroup) else []
    own = {option for one in command.get_params(context) for option in one.opts}
    return own.union(*(options(command.get_command(context, one)) for one in below))


def test_readme_has_examples() -> None:
    assert len(examples()) >= 4


def test_examples_run_in_the_order_of_reading(capsys: pytest.CaptureFixture[str]) -> None:
    # One namespace for all: later examples use the imports of earlier ones, as a reader does.
    for example in examples():
        example.evaluate()
    shown = capsys.readouterr().out
    assert "contact " in shown
    assert "AuthenticationError AuthenticateUsernamePassword rejected" in shown


def test_commands_exist_with_the_options_they_are_shown_with() -> None:
    shown = commands()
    assert len(shown) > 30
    for line in shown:
        # The value is for an option that the prose names alone. Help comes only where all options before it exist.
        result = erpsync(*shlex.split(line, posix="\\" not in line), "VALUE", "--help")
        assert result.exit_code == 0, f"erpsync {line}: {result.output}"


def test_options_in_the_prose_exist() -> None:
    code = " ".join(re.findall(r"`([^`]+)`", PROSE))
    named = set(re.findall(r"(?<![\w-])--[a-z]++(?:-[a-z]++)*+(?!-)", code))
    assert len(named) > 30
    assert named - options(typer.main.get_command(app)) - OF_OTHERS == set()


def test_links_lead_to_headings() -> None:
    headings = re.findall(r"^#+ (.+)$", PROSE, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", PROSE)) - anchors == set()


def test_table_of_operations_says_which_there_are_and_since_when() -> None:
    table = TEXT.partition("\n### Operations\n")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| \w+ \| (`.*) \|$", table, re.MULTILINE)
    said = re.findall(r"`(\w+)`( [¹²])?", " ".join(rows))
    marks = {84: "", 86: " ²", 88: " ¹"}
    assert sorted(said) == sorted(
        (name, marks[operation.since]) for name, operation in OPERATIONS.items() if operation.service == "ErpSync"
    )
