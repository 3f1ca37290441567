"""`erpsync sync`: sync what has changed."""

from __future__ import annotations

from typing import Annotated

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.options import GlobalOptions
from superoffice_erpsync.cli.output import waiting
from superoffice_erpsync.cli.taking import takes_global_options


@takes_global_options
def sync(
    options: GlobalOptions,
    force: Annotated[
        bool, typer.Option("--force", help="Also while automatic sync is off (ForceSyncAll instead of SyncAll).")
    ] = False,
    repeat_unknown: Annotated[
        bool,
        typer.Option("--repeat-unknown", help="Repeat it also when the answer was lost and the server may have acted."),
    ] = False,
) -> ExitCode:
    """Sync what has changed, over all active connections.

    Waits until it is done, by default up to 30 minutes for an answer. CSV has
    a row for each record that was changed.

    Examples:
      erpsync sync
      erpsync sync --force --output json
      erpsync sync --output csv > changed.csv
    """
    from superoffice_erpsync.cli.answers import show_answer  # what is slow to load comes last
    from superoffice_erpsync.cli.session import session

    operation = "ForceSyncAll" if force else "SyncAll"
    with session(options) as client, waiting(operation):
        call = client.force_sync_all if force else client.sync_all
        answer = call(repeat_unknown=repeat_unknown)
    return show_answer(operation, answer, options.output)
