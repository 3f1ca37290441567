"""The command and its subcommands."""

from __future__ import annotations

from typing import Annotated

import typer

from superoffice_erpsync.cli.commands import Commands
from superoffice_erpsync.cli.output import write
from superoffice_erpsync.cli.taking import takes_global_options_before
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

    All commands but demo, sandbox, report and completion take the options that
    erpsync sync --help lists, before or after their name. Each but
    --password-stdin and --trace can be set by a variable of the environment
    instead, which has its name: ERPSYNC_TIME_ZONE is --time-zone. A file
    erpsync.toml keeps most of them for each installation as a profile, see
    erpsync config --help. What these switch on, --no-… switches off, and
    --retry takes back --no-retry.

    Secrets are never options. They come from ERPSYNC_PASSWORD, ERPSYNC_TICKET,
    ERPSYNC_ACCESS_TOKEN and ERPSYNC_APPLICATION_TOKEN, or from the files that
    variables of these names with _FILE at the end point to; a password also
    from --password-stdin or a prompt.

    Examples:
      erpsync demo
      erpsync ping --url https://crm.example.com/Remote/Services86
      erpsync doctor --profile prod
      erpsync resync --connection 1 --actor-type Customer C1003 C1005
      erpsync connections list --output csv
      erpsync call GetConnection '{"ErpConnectionId": 1}'
      erpsync call ForceSyncAll --transport rest --url https://crm.example.com/api

    Exit codes:
      0    done
      1    the answer is no: IsOk=false, a test that fails, mappings that
           differ; of a batch, some keys were refused or left out
      2    wrong options, settings or input; nothing was done
      3    login refused
      4    not reachable, TLS refused or out of time; nothing was changed
      5    the server answered that the call failed
      6    the answer was not understood; nothing was changed
      7    sent, and no answer that can be trusted: the server may have acted
      8    another run holds the journal or --lock; nothing was done
      9    stopped before the end: resync --resume goes on with a batch, and
           the same command with mappings that were applied in part
      70   the command itself failed: please report it
      130  interrupted
    """
