"""`erpsync report`: what became of a batch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.failures import run
from superoffice_erpsync.cli.fates import KeyState, show_report
from superoffice_erpsync.cli.output import Output, note


def report(
    context: typer.Context,
    journal: Annotated[
        Path, typer.Argument(metavar="JOURNAL", help="The file that was given as --journal.", show_default=False)
    ],
    state: Annotated[
        list[KeyState] | None,
        typer.Option("--state", help="Only keys in this state. May be repeated.", metavar="STATE", show_default=False),
    ] = None,
    output: Annotated[
        Output,
        typer.Option(
            "--output", envvar="ERPSYNC_OUTPUT", show_envvar=False, help="Form of the report.", case_sensitive=False
        ),
    ] = Output.TABLE,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help="Also write a page for people into this file, in place of one that is there. "
            "Needs the extra \\[report].",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show what became of a batch, also while it goes on.

    Needs its journal and no installation. A table shows the numbers and the
    first keys that somebody has to look at, JSON all of these; CSV and NDJSON
    every key: key, line, state, explanation, code. The exit code is 0,
    whatever became of the keys.

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
      erpsync report run.db --html report.html
    """
    raise typer.Exit(run(lambda: _show(journal, state, _form(context, output), html), []))


def _form(context: typer.Context, output: Output) -> Output:
    """What stands before the command's name counts too, as with the other commands: above the environment."""
    source = context.get_parameter_source("output")
    if source is not None and source.name == "COMMANDLINE":
        return output
    return Output((context.obj or {}).get("output", output))


def _show(journal: Path, states: list[KeyState] | None, form: Output, html: Path | None) -> ExitCode:
    from superoffice_erpsync.batch import open_report  # what is slow to load comes last

    found = open_report(journal)
    if html is not None:
        from superoffice_erpsync.report_page import write_page

        write_page(found, html)
        note(f"written to {html}")
    show_report(found, form, states)
    return ExitCode.OK
