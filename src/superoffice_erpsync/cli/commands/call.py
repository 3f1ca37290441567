"""`erpsync call`: any operation, JSON in and JSON out, or NDJSON and CSV where the result is a list."""

from __future__ import annotations

from typing import Annotated

import typer

from superoffice_erpsync.cli.completing import operation_names
from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.options import GlobalOptions
from superoffice_erpsync.cli.output import Output, waiting
from superoffice_erpsync.cli.taking import takes_global_options
from superoffice_erpsync.cli.texts import refuse_two_readers


@takes_global_options
def call(
    options: GlobalOptions,
    operation: Annotated[
        str,
        typer.Argument(
            metavar="OPERATION",
            help="The vendor's name, as in GetConnection.",
            show_default=False,
            autocompletion=operation_names,
        ),
    ],
    arguments: Annotated[
        str | None,
        typer.Argument(
            metavar="JSON|@FILE|-", help="Its arguments: a JSON object, @ and a file with one, or - for standard input."
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--everything",
            help="For a resync with an empty list of keys: yes, every key there is. Without it that is refused.",
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
        typer.Option("--repeat-unknown", help="Repeat it also when the answer was lost and the server may have acted."),
    ] = False,
) -> ExitCode:
    """Call any operation and print its answer as JSON.

    Arguments and answer have the names and forms of the vendor's REST API,
    whichever transport carries them. An operation without a result prints
    null. Of a list, NDJSON has a line for each item and CSV a row for each
    object; other answers have no CSV, which is said before the call is made.

    Examples:
      erpsync call GetEngineStatus
      erpsync call GetConnection '{"ErpConnectionId": 1}'
      erpsync call SaveConnection @connection.json
      erpsync call GetConfigurationFields '{"ErpConnectorId": 1}' --output csv
    """
    from superoffice_erpsync.cli.arguments import (
        find_operation,
        read_arguments,
        refuse_masks,
    )  # what is slow to load comes last
    from superoffice_erpsync.cli.results import columns_of, show_result, show_trimmed
    from superoffice_erpsync.cli.session import session

    found = find_operation(operation)
    refuse_two_readers(options.password_stdin, arguments and arguments.removeprefix("@"))
    given = read_arguments(arguments)
    refuse_masks(given)
    names = [name.strip() for name in (select or "").split(",") if name.strip()]
    if options.output is Output.CSV:
        columns_of(found, names)  # what has none is refused before it is called
    with session(options, log_in=found.service != "SoPrincipal") as client, waiting(found.wire):
        if select:
            trimmed = client.call_json(
                found.wire, given, select=names, everything=everything, repeat_unknown=repeat_unknown
            )
            return show_trimmed(found, trimmed, options.output, names)
        result = client.call(found.wire, given, everything=everything, repeat_unknown=repeat_unknown)
    return show_result(found, result, options.output)
