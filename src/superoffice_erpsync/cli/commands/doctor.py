"""`erpsync doctor`: what is wrong with an installation or the way to it, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.options import GlobalOptions, TransportName
from superoffice_erpsync.cli.taking import takes_global_options
from superoffice_erpsync.errors import ConfigurationError

if TYPE_CHECKING:
    from superoffice_erpsync.auth.credentials import Credentials
    from superoffice_erpsync.client_settings import ClientSettings
    from superoffice_erpsync.doctor import Setup


@takes_global_options
def doctor(
    options: GlobalOptions,
    connection: Annotated[
        list[int] | None,
        typer.Option(
            "--connection",
            metavar="ID",
            help="Of the connections, look at the one with this id only. May be repeated.",
            min=1,
            show_default=False,
        ),
    ] = None,
) -> ExitCode:
    """Look step by step at what does not work, and say what to do.

    The steps are settings, dns, tcp, proxy, tls, http, clock, wsdl, versions,
    system, licence, login, rights, engine, connections, and for each of these
    connection ID and fields ID. What makes no sense after an earlier failure
    is skipped. Services86 and older cannot list connections: name them with
    --connection, or as connections = [1, 2] in the profile.

    Nothing is changed. The test of a connection has the server call the ERP.
    Until the login no user, password or ticket is sent, but for a Windows
    login, which the step system needs, and redirects are never followed. The
    login is sent once: a refused one is not tried again.

    A step is ok, a note, a warning, failed or skipped. With nothing worse
    than a warning the exit code is 0, else that of the first failure: 2 the
    settings or the address, 3 a login, 4 the network, the proxy or TLS, 5 the
    server, 6 something else answers, 1 the installation's answer is no.

    Examples:
      erpsync doctor --url https://crm.example.com/Remote/Services86
      erpsync doctor --profile prod --connection 1 --connection 2
      erpsync doctor --profile prod --output json
    """
    from superoffice_erpsync.cli.doctor_output import show_findings  # what is slow to load comes last
    from superoffice_erpsync.cli.profiles import with_profile
    from superoffice_erpsync.cli.tracing import tracing
    from superoffice_erpsync.doctor import examine, unusable

    try:
        options = with_profile(options)
    except ConfigurationError as error:
        return show_findings(options, unusable(error))
    with tracing(options.trace) as observer:
        try:
            setup = _setup(options, connection or (), observer)
        except ConfigurationError as error:
            return show_findings(options, unusable(error))
        return show_findings(options, examine(setup))


def _setup(options: GlobalOptions, connections: Iterable[int], observer: Any) -> Setup:
    from superoffice_erpsync.cli.session import client_settings
    from superoffice_erpsync.doctor import Setup

    kept = options.chosen.settings.get("connections") if options.chosen else None
    return Setup(
        url=options.url,
        rest=options.transport is TransportName.REST,
        services=options.services,
        soap_url=options.soap_url,
        wsdl=options.wsdl,
        credentials=_login(options),
        windows_login=options.windows_login,
        settings=cast("ClientSettings", client_settings(options) | {"on_exchange": observer}),
        connections=tuple(connections) or tuple(kept or ()),
        origins=_origins(options),
        seconds=options.timeout or 60.0,
        until=options.account.deadline,
    )


def _login(options: GlobalOptions) -> Callable[[], Credentials | None]:
    """What asks for the login once it is needed; it gives None where nobody said anything of one."""
    from superoffice_erpsync.cli.credentials import credentials, secret_variables

    def ask() -> Credentials | None:
        said = options.username or options.windows_login or options.password_stdin or secret_variables()
        if not said and not (options.chosen and options.chosen.login):
            return None
        return credentials(options)

    return ask


def _origins(options: GlobalOptions) -> dict[str, str]:
    """Where the address and the profile are from."""
    found = {}
    if options.chosen is not None:
        found["profile"] = f"{options.chosen.name} in {options.chosen.document.path}"
    if "url" in options.typed:
        found["url"] = "from the command line"
    elif "url" in options.from_environment:
        found["url"] = "from ERPSYNC_URL"
    elif options.chosen is not None:
        found["url"] = f"from profile {options.chosen.name} ({options.chosen.where('url')})"
    return found
