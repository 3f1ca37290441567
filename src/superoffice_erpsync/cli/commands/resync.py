"""`erpsync resync`: send given records again, whether they have changed or not."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from superoffice_erpsync.cli.completing import erp_actor_types
from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.options import GlobalOptions
from superoffice_erpsync.cli.taking import takes_global_options

_BATCH = "Batch"


class BlankValues(StrEnum):
    """What blank values of the source do to filled ones on the other sides."""

    OVERWRITE = "overwrite"
    KEEP = "keep"


class OnUnknown(StrEnum):
    """What becomes of keys whose answer was lost."""

    REPEAT = "repeat"
    ASK = "ask"


def _of_batch(name: str, text: str, **more: Any) -> Any:
    """An option that makes a batch of any number of keys."""
    return typer.Option(name, help=text, rich_help_panel=_BATCH, **more)


def _wanted(context: typer.Context, value: int | None) -> int | None:
    if value is None and context.params.get("resume") is None:
        raise typer.BadParameter("it is missing: which connection do the records come from?")
    return value


@takes_global_options
def resync(
    options: GlobalOptions,
    keys: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="KEY",
            help="Keys of the ERP, with --actor-type; without it, ids of internal keys.",
            show_default=False,
        ),
    ] = None,
    connection: Annotated[
        int | None,
        typer.Option(
            "--connection",
            help="The source: the id of an ERP connection, or 0 for the CRM.",
            metavar="ID",
            callback=_wanted,
        ),
    ] = None,
    actor_type: Annotated[
        str | None,
        typer.Option(
            "--actor-type",
            help="Kind of the actors that the keys name, as in Customer.",
            metavar="TYPE",
            autocompletion=erp_actor_types,
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
        typer.Option("--column", help="The file is CSV, and this column has the keys.", metavar="NAME"),
    ] = None,
    member: Annotated[
        str | None,
        typer.Option("--member", help="The file is JSON lines, and this member has the key.", metavar="NAME"),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--everything", help="Every key there is, and none is given. Without it, no keys is an error."),
    ] = False,
    blank_values: Annotated[
        BlankValues | None,
        typer.Option(
            "--blank-values",
            help="Whether blank values of the source overwrite filled ones (overwrite), or these are kept.",
        ),
    ] = None,
    repeat_unknown: Annotated[
        bool,
        typer.Option(
            "--repeat-unknown",
            help="Of one call: repeat it also when the answer was lost and the server may have acted.",
        ),
    ] = False,
    journal: Annotated[
        Path | None, _of_batch("--journal", "Keep the batch in this file, on a disk of this machine.", metavar="FILE")
    ] = None,
    resume: Annotated[
        Path | None,
        _of_batch(
            "--resume", "Go on with the batch in this journal, as it was planned.", metavar="FILE", is_eager=True
        ),
    ] = None,
    chunk_size: Annotated[
        int | None, _of_batch("--chunk-size", "Most keys in one call (500).", min=1, metavar="N")
    ] = None,
    workers: Annotated[
        int | None, _of_batch("--workers", "Calls at the same time (2).", min=1, max=64, metavar="N")
    ] = None,
    rate: Annotated[float | None, _of_batch("--rate", "Most calls a second (no limit).", metavar="N")] = None,
    on_unknown: Annotated[
        OnUnknown | None,
        _of_batch("--on-unknown", "Keys whose answer was lost: send them again (repeat), or leave that to you (ask)."),
    ] = None,
    bisect_calls: Annotated[
        int | None,
        _of_batch(
            "--bisect-calls",
            "Most calls to find out which keys the server refuses (enough for one key in 100).",
            min=0,
            metavar="N",
        ),
    ] = None,
    skip_bad_keys: Annotated[
        bool, _of_batch("--skip-bad-keys", "Leave out keys that cannot be sent, and list them.")
    ] = False,
    preflight: Annotated[
        bool,
        _of_batch(
            "--preflight",
            "For --blank-values keep on Services86: compare values first, and leave out keys that would lose some.",
        ),
    ] = False,
    crm_id_column: Annotated[
        str | None,
        _of_batch("--crm-id-column", "For --preflight: column of the CRM's record ids in the file.", metavar="NAME"),
    ] = None,
    dry_run: Annotated[
        bool, _of_batch("--dry-run", "Make the plan, and send no resync. --resume carries it out.")
    ] = False,
) -> ExitCode:
    """Send given records again, whether they have changed or not.

    They go from one side to all others. Blank values of the source overwrite
    filled ones there, unless --blank-values keep.

    With --actor-type, keys of the ERP name the records (ForceResyncExternal);
    without, ids of internal keys do (ForceResync), which are no contact ids.
    Files are UTF-8: one key a line, or CSV with --column, or JSON lines with
    --member. White space around a key does not count, and a key that comes
    twice is sent once.

    Few keys, up to 500, go in one call, and its answer is shown; in CSV, a
    row for each record that was changed. More keys, or any option under
    "Batch", make a batch: planned first, sent in chunks, with a summary at
    the end; in CSV and NDJSON, a row for each key. Keys that the server
    refuses are found by sending their chunk again in parts. With --journal a
    batch can be resumed, whatever ended it; without, it cannot. Ctrl-C
    finishes the calls under way and stops; a second one ends at once.

    Examples:
      erpsync resync --connection 1 --actor-type Customer C1003 C1005
      erpsync resync --connection 1 --actor-type Customer \\
          --keys changed.csv --column CustomerNo --journal run.db
      erpsync resync --resume run.db
      erpsync resync --connection 0 --internal-ids ids.txt
    """
    from superoffice_erpsync.cli.many import Manner, go_on  # what is slow to load comes last
    from superoffice_erpsync.cli.wanted import Planning, Wanted, carry_out, refuse_beside_resume

    wanted = Wanted(
        connection=connection,
        actor_type=actor_type,
        keys=keys or [],
        key_file=key_file,
        internal_id_file=internal_id_file,
        column=column,
        member=member,
        everything=everything,
        blank_values=blank_values,
    )
    planning = Planning(
        journal=journal,
        chunk_size=chunk_size,
        skip_bad_keys=skip_bad_keys,
        preflight=preflight,
        crm_id_column=crm_id_column,
        dry_run=dry_run,
    )
    options.account.connection = connection
    manner = Manner(workers=workers, rate=rate, on_unknown=on_unknown, bisect_calls=bisect_calls)
    if resume is None:
        return carry_out(options, wanted, planning, manner, repeat_unknown=repeat_unknown)
    refuse_beside_resume(wanted, planning)
    return go_on(options, resume, manner)
