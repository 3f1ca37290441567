"""What stands around a command: its log, its lock, its deadline, and its last word."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING

from superoffice_erpsync.cli.ending import command_deadline, cut_off, signals_interrupt
from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.failures import run
from superoffice_erpsync.errors import ConfigurationError

if TYPE_CHECKING:
    from superoffice_erpsync.cli.options import GlobalOptions

Function = Callable[["GlobalOptions"], ExitCode]


def carried_out(command: str, options: GlobalOptions, function: Function) -> ExitCode:
    """The exit code of a command, whatever happens in it and to it.

    Args:
        command: Its name, as in `resync`.
        options: What was said.
        function: What it does.
    """
    options.account.command = command
    with signals_interrupt() as settle:
        return run(lambda: _logged(_with_profile(options), function, settle), options.secrets)


def _with_profile(options: GlobalOptions) -> GlobalOptions:
    """The options with what a profile adds; a profile that cannot be read is for the command to complain about."""
    from superoffice_erpsync.cli.profiles import with_profile

    try:
        return with_profile(options)
    except ConfigurationError:
        return options


def _logged(options: GlobalOptions, function: Function, settle: Callable[[], None]) -> ExitCode:
    wanted = (options.log_file, options.log_format, options.log_level) != (None, None, None)
    if wanted:
        from superoffice_erpsync.cli.logs import log_kept
    with log_kept(options) if wanted else nullcontext() as log:
        try:
            code = run(lambda: _bounded(options, function), options.secrets, options.account)
        except KeyboardInterrupt:
            # Struck once more, while the end was being told.
            code = ExitCode.INTERRUPTED
        settle()
        if log is not None:
            log.end(code)
    return code


def _bounded(options: GlobalOptions, function: Function) -> ExitCode:
    options.account.deadline = command_deadline(options)
    with cut_off(options.account):
        if options.lock is None and options.lock_wait is None:
            return _told(options, function)
        from superoffice_erpsync.cli.single_run import single_run

        with single_run(options):
            return _told(options, function)


def _told(options: GlobalOptions, function: Function) -> ExitCode:
    from superoffice_erpsync.cli.spans import command_span, telemetry_wanted

    if not telemetry_wanted(options):
        return function(options)
    with command_span(options.account.command) as end:
        code = function(options)
        end(code)
    return code
