"""`erpsync engine`: the engine that syncs by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.groups import group
from superoffice_erpsync.cli.options import GlobalOptions
from superoffice_erpsync.cli.output import Output, note, waiting
from superoffice_erpsync.cli.taking import takes_global_options
from superoffice_erpsync.errors import InvalidRequest

if TYPE_CHECKING:
    from superoffice_erpsync.models import ErpSyncEngineStatus

engine = group("engine", "Show, start and stop the engine that syncs by itself.")


@engine.command("status")
@takes_global_options
def engine_status(options: GlobalOptions) -> ExitCode:
    """Show whether the engine runs, and how often it syncs.

    StatusMessage is the server's own text.

    Examples:
      erpsync engine status
      erpsync engine status --output json
    """
    from superoffice_erpsync.cli.session import session  # what is slow to load comes last

    with session(options) as client, waiting("GetEngineStatus"):
        status = client.get_engine_status()
    return _show("GetEngineStatus", status, options.output)


@engine.command("start")
@takes_global_options
def start_engine(options: GlobalOptions) -> ExitCode:
    """Start the engine, which follows when it looks at its settings next.

    Until then, the state that is shown may be the old one.

    Example:
      erpsync engine start
    """
    return _ordered(options, run=True)


@engine.command("stop")
@takes_global_options
def stop_engine(options: GlobalOptions) -> ExitCode:
    """Stop the engine, which follows when it looks at its settings next.

    Syncs that are asked for, as by erpsync sync --force, work all the same.

    Example:
      erpsync engine stop
    """
    return _ordered(options, run=False)


@engine.command("interval")
@takes_global_options
def engine_interval(
    options: GlobalOptions,
    interval: Annotated[
        str | None,
        typer.Argument(metavar="HH:MM:SS", help="The time between two syncs; without it, the one that holds is shown."),
    ] = None,
) -> ExitCode:
    """Show or set the time between two syncs of the engine.

    One that is set is read back: where the server has another all the same,
    the exit code is 1.

    Examples:
      erpsync engine interval
      erpsync engine interval 00:15:00
    """
    from superoffice_erpsync.cli.afterwards import looking_again  # what is slow to load comes last
    from superoffice_erpsync.cli.session import session

    wanted = None if interval is None else _interval(interval)
    with session(options) as client, waiting("engine"):
        if wanted is None:
            return _show("GetEngineStatus", client.get_engine_status(), options.output)
        client.change_engine_interval(interval=wanted)
        with looking_again("ChangeEngineInterval", "look with erpsync engine interval"):
            status = client.get_engine_status()
    code = _show("ChangeEngineInterval", status, options.output)
    if status is None or status.interval == wanted:
        return code
    note("note: the server took it, and has another interval all the same")
    return ExitCode.REFUSED


def _ordered(options: GlobalOptions, *, run: bool) -> ExitCode:
    from superoffice_erpsync.cli.session import session  # what is slow to load comes last

    with session(options) as client, waiting("ChangeEngineStatus"):
        status = client.change_engine_status(run=run)
    code = _show("ChangeEngineStatus", status, options.output)
    if status is not None and status.is_running is not run:
        note(f"note: the engine {'starts' if run else 'stops'} when it looks at its settings the next time")
    return code


def _show(operation: str, status: ErpSyncEngineStatus | None, output: Output) -> ExitCode:
    from superoffice_erpsync.cli.listing import show_object
    from superoffice_erpsync.codec.rest import to_json

    if status is None:
        note("note: the server had nothing to say")
    show_object(operation, to_json(status), output, shown=("IsRunning", "StatusMessage", "Interval"))
    return ExitCode.OK


def _interval(text: str) -> timedelta:
    from superoffice_erpsync.codec.values import parse_time_span

    try:
        found = parse_time_span(text)
    except ValueError as problem:
        raise InvalidRequest(f"{text}: {problem}", hint="write it as 00:15:00") from None
    if found <= timedelta(0):
        raise InvalidRequest(f"{text} is no time between two syncs", hint="erpsync engine stop has it stop syncing")
    return found
