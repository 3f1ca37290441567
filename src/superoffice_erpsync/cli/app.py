"""The command and its subcommands."""

from __future__ import annotations

from typing import Annotated

import typer

from superoffice_erpsync.cli.commands import Commands
from superoffice_erpsync.cli.options import takes_global_options_before
from superoffice_erpsync.cli.output import write
from superoffice_erpsync.version import VERSION

app = typer.Typer(
    cls=Commands,
    name="erpsync",
    add_completion=False,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        write(f"erpsync {VERSION}\n")
        raise typer.Exit


@app.callback()
@takes_global_options_before
def erpsync(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Talk to the ErpSync web service of a SuperOffice installation.

    Options may stand before or after the command's name, and most can be set
    in the environment instead. Secrets are never options: they come from
    ERPSYNC_PASSWORD, ERPSYNC_TICKET and ERPSYNC_APPLICATION_TOKEN, or from
    files that the same names with _FILE at the end point to; a password also
    from --password-stdin or a prompt. A file erpsync.toml keeps the settings
    of each installation as a profile, see erpsync config --help. What one of
    these switches on, --no-… switches off (and --retry, --no-retry).

    Examples:
      erpsync demo
      erpsync ping --url https://crm.example.com/Remote/Services86
      erpsync doctor --profile prod
      erpsync call GetConnection '{"ErpConnectionId": 1}'
      erpsync call ForceSyncAll --transport rest --url https://crm.example.com/api
      erpsync resync --connection 1 --actor-type Customer C1003 C1005
      erpsync connections list --output csv

    Exit codes:
      0    done
      1    the server's answer is no (IsOk=false), to one key of many at least
      2    wrong options, settings or input; nothing was done
      3    login refused
      4    not reachable, TLS refused or out of time; nothing was changed
      5    the server answered that the call failed
      6    the answer was not understood
      7    sent, and the answer was lost: the server may have acted
      8    another run works with the journal, or holds --lock
      9    a run of many keys stopped before its end; resync --resume goes on
      130  interrupted
    """
