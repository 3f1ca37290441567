"""`erpsync resync`: send given records again, whether they have changed or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.options import GlobalOptions, takes_global_options
from superoffice_erpsync.cli.output import note, waiting
from superoffice_erpsync.cli.texts import refuse_two_readers
from superoffice_erpsync.errors import InvalidRequest

if TYPE_CHECKING:
    from superoffice_erpsync.models import ErpActorType


@takes_global_options
def resync(
    options: GlobalOptions,
    connection: Annotated[
        int, typer.Option("--connection", help="The source: an ERP connection's id; 0 is the CRM.", metavar="ID")
    ],
    keys: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="KEY", help="Keys of the ERP with --actor-type, else ids of internal keys.", show_default=False
        ),
    ] = None,
    actor_type: Annotated[
        str | None,
        typer.Option(
            "--actor-type", help="Kind of the actors that the ERP's keys name, as in Customer.", metavar="TYPE"
        ),
    ] = None,
    key_file: Annotated[
        str | None,
        typer.Option("--keys", help="File with keys of the ERP, - for standard input.", metavar="FILE"),
    ] = None,
    internal_id_file: Annotated[
        str | None,
        typer.Option("--internal-ids", help="File with ids of internal keys, - for standard input.", metavar="FILE"),
    ] = None,
    column: Annotated[
        str | None,
        typer.Option("--column", help="The file is CSV, and the keys are in the column of this name.", metavar="NAME"),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="No keys: every key there is. Without it, no keys is an error.")
    ] = False,
    repeat_unknown: Annotated[
        bool,
        typer.Option(
            "--repeat-unknown", help="Repeat also when an answer was lost and the server may have done it already."
        ),
    ] = False,
) -> ExitCode:
    """Send given records again from one side to all others, whether they have changed or not.

    Blank values of the source overwrite filled ones on the other sides.

    With --actor-type, keys of the ERP name the records (ForceResyncExternal);
    without, ids of internal keys do (ForceResync), which are no contact ids.
    Files are UTF-8: one key a line, or CSV with --column. White space around
    a key does not count, and a key that comes twice is sent once.

    Examples:
      erpsync resync --connection 1 --actor-type Customer C1003 C1005
      erpsync resync --connection 1 --actor-type Customer \\
          --keys changed.csv --column CustomerNo
      erpsync resync --connection 0 --internal-ids ids.txt
    """
    from superoffice_erpsync.cli.answers import show_answer  # what is slow to load comes last
    from superoffice_erpsync.cli.keys import external_key, internal_key_id, read_keys
    from superoffice_erpsync.cli.session import session

    file = _file(actor_type, key_file, internal_id_file, column)
    refuse_two_readers(options.password_stdin, file)
    if actor_type is None:
        internal_key_ids, doubles = read_keys(internal_key_id, keys or (), file, column)
        _check(len(internal_key_ids), doubles, everything)
        with session(options) as client, waiting("ForceResync"):
            answer = client.force_resync(
                erp_connection_id=connection,
                internal_key_ids=internal_key_ids,
                everything=everything,
                repeat_unknown=repeat_unknown,
            )
        return show_answer("ForceResync", answer, options.output)
    erp_actor_type = _actor_type(actor_type)
    external_keys, doubles = read_keys(external_key, keys or (), file, column)
    _check(len(external_keys), doubles, everything)
    with session(options) as client, waiting("ForceResyncExternal"):
        answer = client.force_resync_external(
            erp_connection_id=connection,
            erp_actor_type=erp_actor_type,
            external_keys=external_keys,
            everything=everything,
            repeat_unknown=repeat_unknown,
        )
    return show_answer("ForceResyncExternal", answer, options.output)


def _file(actor_type: str | None, key_file: str | None, internal_id_file: str | None, column: str | None) -> str | None:
    """The file that keys come from, after a look at what fits together."""
    if key_file is not None and actor_type is None:
        raise InvalidRequest("--keys needs --actor-type", hint="ids of internal keys come with --internal-ids")
    if internal_id_file is not None and actor_type is not None:
        raise InvalidRequest(
            "--internal-ids and --actor-type exclude each other", hint="keys of an ERP come with --keys"
        )
    file = key_file if key_file is not None else internal_id_file
    if column is not None and file is None:
        raise InvalidRequest("--column needs a file", hint="name it with --keys or --internal-ids")
    return file


def _check(count: int, doubles: int, everything: bool) -> None:
    if doubles:
        note(f"note: {doubles} duplicate {'key' if doubles == 1 else 'keys'} dropped")
    if everything and count:
        raise InvalidRequest(f"--everything contradicts {count} {'key' if count == 1 else 'keys'}")
    if not everything and not count:
        raise InvalidRequest(
            "there are no keys, which the server takes for every key there is",
            hint="pass --everything if that is meant",
        )


def _actor_type(name: str) -> ErpActorType:
    from superoffice_erpsync.models import ErpActorType

    known = {one.casefold(): one for one in ErpActorType if one is not ErpActorType.UNKNOWN}
    found = known.get(name.casefold())
    if found is None:
        raise InvalidRequest(f"--actor-type {name} is unknown", hint=f"there are: {', '.join(known.values())}")
    return found
