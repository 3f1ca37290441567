"""`erpsync mappings`: field mappings shown, written to a file, and brought to another installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from superoffice_erpsync.cli.completing import erp_actor_types
from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.groups import group
from superoffice_erpsync.cli.options import GlobalOptions
from superoffice_erpsync.cli.output import note, waiting
from superoffice_erpsync.cli.taking import takes_global_options

mappings = group("mappings", "Show field mappings, and bring them to another installation.")

_Connection = Annotated[
    int, typer.Option("--connection", metavar="ID", help="The connection's id.", min=1, show_default=False)
]
_ActorTypes = Annotated[
    list[str] | None,
    typer.Option(
        "--actor-type",
        metavar="TYPE",
        help="Only this kind of actor, as in Customer. May be repeated.",
        autocompletion=erp_actor_types,
        show_default=False,
    ),
]


@mappings.command("show")
@takes_global_options
def show_mappings(options: GlobalOptions, connection: _Connection, actor_type: _ActorTypes = None) -> ExitCode:
    """Show how the fields of a connection are mapped.

    In a table, -> is a field that is carried to the CRM, <- one that is
    carried to the ERP, and labels are in the language of --language, else in
    English, else in the one there is. The other forms have them as they come.

    Examples:
      erpsync mappings show --connection 1
      erpsync mappings show --connection 1 --actor-type Customer --output csv
    """
    from superoffice_erpsync.cli.actor_types import erp_actor_type  # what is slow to load comes last
    from superoffice_erpsync.cli.mapping_rows import show_fields
    from superoffice_erpsync.cli.profiles import with_profile
    from superoffice_erpsync.cli.session import session
    from superoffice_erpsync.mapping_files import fetch_mappings

    options = with_profile(options)
    wanted = [erp_actor_type(name) for name in actor_type] if actor_type else None
    with session(options) as client, waiting("mappings"):
        found = fetch_mappings(client, connection, wanted)
    show_fields(found, options.output, options.language)
    return ExitCode.OK


@mappings.command("export")
@takes_global_options
def export_mappings(
    options: GlobalOptions,
    connection: _Connection,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="File to write; standard output without it, or with -.", show_default=False
        ),
    ] = None,
    actor_type: _ActorTypes = None,
) -> ExitCode:
    """Write the field mappings of a connection to a file.

    It is TOML, with labels as comments and without ids, so that it can be
    read, kept under version control, changed, and applied to another
    installation. The same mappings always make the same file. A file that is
    there already is replaced. List items and default values are not in it.

    Examples:
      erpsync mappings export --profile test --connection 1 customers.toml
      erpsync mappings export --connection 1 --actor-type Customer
    """
    from superoffice_erpsync.cli.actor_types import erp_actor_type  # what is slow to load comes last
    from superoffice_erpsync.cli.mapping_output import write_export
    from superoffice_erpsync.cli.profiles import with_profile
    from superoffice_erpsync.cli.session import session
    from superoffice_erpsync.mapping_files import fetch_mappings, write_mapping_file

    options = with_profile(options)
    wanted = [erp_actor_type(name) for name in actor_type] if actor_type else None
    with session(options) as client, waiting("mappings"):
        found = fetch_mappings(client, connection, wanted)
    write_export(write_mapping_file(found, language=options.language), file)
    return ExitCode.OK


@mappings.command("apply")
@takes_global_options
def apply_mappings(
    options: GlobalOptions,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A file of mappings, - for standard input.", show_default=False)
    ],
    connection: _Connection,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be changed, and change nothing.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask. Needed where there is no terminal to ask on.")
    ] = False,
    skip_missing: Annotated[
        bool,
        typer.Option("--skip-missing", help="Leave out what the installation lacks, instead of changing nothing."),
    ] = False,
) -> ExitCode:
    """Bring the field mappings of a connection to what a file says.

    What would be changed is shown first, then asked for. What the file does
    not speak of stays as it is. If the installation lacks a field or a kind
    of actor, nothing is changed unless --skip-missing. Each kind of actor is
    read again before it is saved, in case somebody else has changed it, and
    once more afterwards, to see whether the server kept it.

    No operation lists the fields of the CRM. One that nothing is mapped to yet
    is tried: if it does not exist, the mapping is put back as it was.

    The exit code is 0 when the mappings are as the file says, and 1 when they
    are not: with --dry-run because there are changes, else because something
    was left out or not kept. It is 9 where an error stopped it in the midst:
    the same command goes on.

    Examples:
      erpsync mappings apply customers.toml --connection 1 --dry-run
      erpsync mappings apply customers.toml --connection 1 --profile prod
    """
    from superoffice_erpsync.cli.confirming import confirm  # what is slow to load comes last
    from superoffice_erpsync.cli.mapping_output import (
        read_file,
        show_applied,
        shown_connection,
        tell_lacks,
        tell_plan,
    )
    from superoffice_erpsync.cli.mapping_rows import show_changes
    from superoffice_erpsync.cli.session import session
    from superoffice_erpsync.cli.texts import refuse_two_readers
    from superoffice_erpsync.mapping_files import apply_plan, compare_mappings

    refuse_two_readers(options.password_stdin, file)
    wanted = read_file(file)
    with session(options) as client:
        with waiting("mappings"):
            plan = compare_mappings(client, wanted, connection)
        show_changes(plan, options.output)
        tell_plan(plan)
        lacking = tell_lacks(plan, skip_missing=skip_missing)
        if lacking and not skip_missing:
            return ExitCode.USAGE
        if dry_run or not plan.changes:
            return ExitCode.REFUSED if plan.changes or plan.lacks else ExitCode.OK
        confirm(f"Make these changes to {shown_connection(plan)} of {client.url}?", yes=yes)
        applied = apply_plan(
            client,
            plan,
            skip_missing=skip_missing,
            on_saved=lambda actor: note(f"{actor}: saved and read back"),
        )
    return show_applied(plan, applied, options.secrets, skip_missing=skip_missing)
