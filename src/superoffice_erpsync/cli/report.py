"""`erpsync report`: what became of a run of many keys."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.failures import run
from superoffice_erpsync.cli.fates import TROUBLED, KeyState, show_csv, show_json, show_table


class Form(StrEnum):
    """Forms of a report."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def report(
    context: typer.Context,
    journal: Annotated[
        Path, typer.Argument(metavar="JOURNAL", help="The file given as --journal.", show_default=False)
    ],
    state: Annotated[
        list[KeyState] | None,
        typer.Option("--state", help="Only keys in this state. May be repeated.", show_default=False),
    ] = None,
    output: Annotated[
        Form | None,
        typer.Option("--output", help="Form of the report.", case_sensitive=False, show_default="table"),
    ] = None,
) -> None:
    """Show what became of a run of many keys, also while it goes on.

    Needs the journal and no installation. A table shows the numbers and the
    first keys that somebody has to look at, JSON all of these, CSV every key:
    key, line, state, explanation, code.

    The states are:
      done      the server said yes
      failed    the server said no to this very key
      refused   the server said no to a group of keys with this one in it
      unknown   sent, and no trustworthy answer came
      sent      under way, or cut off while it was
      left_out  kept back, since filled values would have been blanked
      bad       skipped, since it cannot be sent
      planned   not sent yet

    Examples:
      erpsync report run.db
      erpsync report run.db --output csv --state failed --state refused
    """
    # What stands before the command's name counts too, as with the other commands.
    form = output or Form((context.obj or {}).get("output", Form.TABLE))
    raise typer.Exit(run(lambda: _show(journal, state, form), []))


def _show(journal: Path, states: list[KeyState] | None, form: Form) -> ExitCode:
    from superoffice_erpsync.batch import open_report  # what is slow to load comes last

    found = open_report(journal)
    match form:
        case Form.CSV:
            show_csv(found, states or tuple(KeyState))
        case Form.JSON:
            show_json(found, states or TROUBLED)
        case Form.TABLE:
            show_table(found, states or TROUBLED)
    return ExitCode.OK
