"""`erpsync ping`: is an installation there, and which one."""

from __future__ import annotations

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.options import GlobalOptions, takes_global_options
from superoffice_erpsync.cli.output import Output, note


@takes_global_options
def ping(options: GlobalOptions) -> ExitCode:
    """Ask an installation about itself. It needs no login.

    Calls GetSystemInfo and shows version, database and licence; with
    --output json all that was answered.

    Example:
      erpsync ping --url https://crm.example.com/Remote/Services86
    """
    from superoffice_erpsync.cli.answers import show_json  # what is slow to load comes last
    from superoffice_erpsync.cli.profiles import with_profile
    from superoffice_erpsync.cli.session import session

    options = with_profile(options)
    with session(options, log_in=False) as client:
        info = client.get_system_info()
    if options.output is Output.JSON:
        return show_json(info)
    from superoffice_erpsync.cli.tables import show, system_tables

    if info is None:
        note("note: the installation answered, but says nothing about itself")
    else:
        show(*system_tables(options.url or "", info))
    return ExitCode.OK
