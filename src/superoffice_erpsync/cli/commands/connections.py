"""`erpsync connections`: the connections of an installation, shown, tested, switched on and off."""

from __future__ import annotations

from typing import Annotated

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.groups import group
from superoffice_erpsync.cli.options import GlobalOptions
from superoffice_erpsync.cli.output import note, waiting
from superoffice_erpsync.cli.taking import takes_global_options

connections = group("connections", "Show the connections to ERPs, test them, switch them on or off.")

_Id = Annotated[int, typer.Argument(metavar="ID", help="The connection's id.", min=1, show_default=False)]


@connections.command("list")
@takes_global_options
def list_connections(
    options: GlobalOptions,
    only: Annotated[
        list[int] | None,
        typer.Option(
            "--connection", metavar="ID", help="Only the one with this id. May be repeated.", min=1, show_default=False
        ),
    ] = None,
    deleted: Annotated[
        bool, typer.Option("--deleted", help="Also those that are deleted; Services88 and REST list them.")
    ] = False,
) -> ExitCode:
    """List the connections.

    Services86 and older cannot list them: there, name them with --connection,
    or have a line as connections = [1, 2] in the profile. The values of their
    configuration are masked.

    Examples:
      erpsync connections list
      erpsync connections list --connection 1 --connection 2
      erpsync connections list --deleted --output csv
    """
    from superoffice_erpsync.cli.connection_rows import show_connections  # what is slow to load comes last
    from superoffice_erpsync.cli.finding import all_connections, connections_by_id
    from superoffice_erpsync.cli.profiles import with_profile
    from superoffice_erpsync.cli.session import session

    options = with_profile(options)
    known = options.chosen.settings.get("connections", ()) if options.chosen else ()
    with session(options) as client, waiting("connections"):
        if only:
            found, missing = connections_by_id(client, only)
        else:
            found, missing = all_connections(client, known, deleted=deleted)
    show_connections(found, options.output)
    for one in missing:
        note(f"note: there is no connection {one}")
    return ExitCode.REFUSED if missing else ExitCode.OK


@connections.command("show")
@takes_global_options
def show_connection(
    options: GlobalOptions,
    erp_connection_id: _Id,
    show_secrets: Annotated[
        bool,
        typer.Option("--show-secrets", help="Show the values of the configuration, the ERP's passwords among them."),
    ] = False,
) -> ExitCode:
    """Show a connection with its configuration, whose values are masked.

    What is to be saved again needs --show-secrets: erpsync call refuses to
    save masks.

    Examples:
      erpsync connections show 1
      erpsync connections show 1 --show-secrets --output json
    """
    from superoffice_erpsync.cli.connection_rows import show_one  # what is slow to load comes last
    from superoffice_erpsync.cli.finding import connection_of
    from superoffice_erpsync.cli.session import session

    options.account.connection = erp_connection_id
    with session(options) as client, waiting("GetConnection"):
        found = connection_of(client, erp_connection_id)
    show_one(found, options.output, show_secrets=show_secrets)
    return ExitCode.OK


@connections.command("test")
@takes_global_options
def test_connection(options: GlobalOptions, erp_connection_id: _Id) -> ExitCode:
    """Tell whether the connector reaches the ERP as the connection is configured.

    The exit code is 1 where it does not. Changes nothing.

    Example:
      erpsync connections test 1
    """
    from superoffice_erpsync.cli.listing import show_object  # what is slow to load comes last
    from superoffice_erpsync.cli.session import session

    options.account.connection = erp_connection_id
    with session(options) as client, waiting("TestConnectionById"):
        reached = client.test_connection_by_id(erp_connection_id=erp_connection_id)
    show_object("TestConnectionById", {"ErpConnectionId": erp_connection_id, "Reached": reached}, options.output)
    if not reached:
        note("note: the server says no: the ERP is not reached, or there is no such connection")
    return ExitCode.OK if reached else ExitCode.REFUSED


@connections.command("activate")
@takes_global_options
def activate(options: GlobalOptions, erp_connection_id: _Id) -> ExitCode:
    """Switch a connection on. One that is on already stays on.

    The service can only turn a connection over, so it is looked at before and
    after. Where the server refuses, as while a mandatory field has no
    direction, its reasons are shown and the exit code is 1. A call whose
    answer is lost is never repeated, and the exit code is 7.

    Example:
      erpsync connections activate 2
    """
    return _switched(options, erp_connection_id, active=True)


@connections.command("deactivate")
@takes_global_options
def deactivate(options: GlobalOptions, erp_connection_id: _Id) -> ExitCode:
    """Switch a connection off. One that is off already stays off.

    It is looked at before and after, as by activate.

    Example:
      erpsync connections deactivate 2
    """
    return _switched(options, erp_connection_id, active=False)


def _switched(options: GlobalOptions, erp_connection_id: int, *, active: bool) -> ExitCode:
    from superoffice_erpsync.cli.session import session  # what is slow to load comes last
    from superoffice_erpsync.cli.switching import show_switched, switch

    options.account.connection = erp_connection_id
    with session(options) as client, waiting("ToggleErpConnectionActive"):
        outcome = switch(client, erp_connection_id, active=active)
    return show_switched(outcome, options.output)
