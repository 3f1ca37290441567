"""`erpsync call`: any operation, JSON in and JSON out."""

from __future__ import annotations

from typing import Annotated

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.options import GlobalOptions, takes_global_options
from superoffice_erpsync.cli.output import waiting
from superoffice_erpsync.cli.texts import refuse_two_readers


@takes_global_options
def call(
    options: GlobalOptions,
    operation: Annotated[
        str, typer.Argument(metavar="OPERATION", help="The vendor's name, as in GetConnection.", show_default=False)
    ],
    arguments: Annotated[
        str | None,
        typer.Argument(
            metavar="JSON|@FILE|-", help="Its arguments: a JSON object, a file with one, or - for standard input."
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--everything", help="For a resync without keys: yes, every key there is. Without it that is refused."
        ),
    ] = False,
    select: Annotated[
        str | None,
        typer.Option(
            "--select",
            metavar="NAMES",
            help="With rest: members to keep, as in IsOk,Changes/UpdatedRecords. What is left out must not be saved.",
        ),
    ] = None,
    repeat_unknown: Annotated[
        bool,
        typer.Option(
            "--repeat-unknown", help="Repeat also when an answer was lost and the server may have done it already."
        ),
    ] = False,
) -> ExitCode:
    """Call any operation and print its answer as JSON.

    Arguments and answer have the names and forms of the vendor's REST API.
    An operation without result prints null.

    Examples:
      erpsync call GetEngineStatus
      erpsync call GetConnection '{"ErpConnectionId": 1}'
      erpsync call SaveConnection @connection.json
    """
    from superoffice_erpsync.cli.answers import show_json, show_trimmed  # what is slow to load comes last
    from superoffice_erpsync.cli.arguments import find_operation, read_arguments
    from superoffice_erpsync.cli.session import session

    found = find_operation(operation)
    refuse_two_readers(options.password_stdin, arguments and arguments.removeprefix("@"))
    given = read_arguments(arguments)
    with session(options, log_in=found.service != "SoPrincipal") as client, waiting(found.wire):
        if select:
            names = [name.strip() for name in select.split(",") if name.strip()]
            return show_trimmed(
                client.call_json(found.wire, given, select=names, everything=everything, repeat_unknown=repeat_unknown)
            )
        result = client.call(found.wire, given, everything=everything, repeat_unknown=repeat_unknown)
    return show_json(result)
