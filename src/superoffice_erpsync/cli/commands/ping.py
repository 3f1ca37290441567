"""`erpsync ping`: is an installation there, and which one."""

from __future__ import annotations

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.options import GlobalOptions
from superoffice_erpsync.cli.output import Output, note
from superoffice_erpsync.cli.taking import takes_global_options


@takes_global_options
def ping(options: GlobalOptions) -> ExitCode:
    """Ask an installation about itself. It needs no login.

    Calls GetSystemInfo and shows version, database and licence; the other
    forms of --output have all that was answered.

    Examples:
      erpsync ping --url https://crm.example.com/Remote/Services86
      erpsync ping --profile test --output json
    """
    from superoffice_erpsync.cli.profiles import with_profile  # what is slow to load comes last
    from superoffice_erpsync.cli.session import session

    options = with_profile(options)
    with session(options, log_in=False) as client:
        info = client.get_system_info()
    if info is None:
        note("note: the installation answered, but says nothing about itself")
    if options.output is not Output.TABLE:
        from superoffice_erpsync.cli.listing import show_object
        from superoffice_erpsync.codec.rest import to_json

        show_object("GetSystemInfo", to_json(info), options.output)
    elif info is not None:
        from superoffice_erpsync.cli.tables import show, system_tables

        show(*system_tables(options.url or "", info))
    return ExitCode.OK
