"""`erpsync sandbox`: an installation in a box, to try things out on."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.failures import run
from superoffice_erpsync.cli.output import note
from superoffice_erpsync.errors import ConfigurationError


def sandbox(
    port: Annotated[
        int, typer.Option("--port", help="Port to listen on; 0 for any free one.", metavar="PORT", min=0, max=65535)
    ] = 8086,
    host: Annotated[
        str,
        typer.Option(
            "--host", help="Address to listen on. Everybody knows the password: keep it local.", metavar="HOST"
        ),
    ] = "127.0.0.1",
    ticket_lifetime: Annotated[
        float,
        typer.Option(
            "--ticket-lifetime", help="Seconds that a ticket lives after its last use.", metavar="SECONDS", min=0.001
        ),
    ] = 21600,
    max_request_bytes: Annotated[
        int,
        typer.Option(
            "--max-request-bytes",
            help="Larger requests are refused, as by WCF; 0 for no limit.",
            metavar="BYTES",
            min=0,
        ),
    ] = 65536,
    latency: Annotated[
        float,
        typer.Option("--latency", help="Seconds to wait before every answer.", metavar="SECONDS", min=0, max=3600),
    ] = 0,
    gzip: Annotated[bool, typer.Option("--gzip", help="Pack answers for callers who take that.")] = False,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            "--fault",
            metavar="KIND:OPERATION:COUNT",
            help="Something that goes wrong, as said above. May be repeated.",
            show_default=False,
        ),
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(
            "--state",
            metavar="FILE",
            help="Keep the state in this file, for the next start.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve an installation in a box on this machine, until Ctrl-C.

    It speaks SOAP and REST as a real one does, out of made-up data that is
    fresh with every start, or kept with --state. After Ctrl-C the exit code
    is 0.

    With --fault some calls go wrong. Of KIND:OPERATION:COUNT, OPERATION may
    be * for all, and COUNT a share such as 10%; without them all are struck,
    always. After the KIND, =SECONDS says how long latency lasts, or what
    Retry-After asks for. The kinds are:
      latency         waits before the call is carried out
      drop            cuts the connection before the call is carried out
      lost_answer     carries the call out, then cuts the connection
      cut_answer      carries the call out, and answers in part
      unavailable     503 with Retry-After
      too_many        429 with Retry-After
      expired_ticket  the call's ticket expires: a new login helps
      quota           refuses the call as too large for a quota
      server_fault    the server breaks
      html            200 with a page to log in on
      error_object    REST only: 200 with an error in place of the result

    Examples:
      erpsync sandbox --port 8086
      erpsync sandbox --fault lost_answer:ForceResync:1 --fault drop:*:10%
      erpsync sandbox --fault latency=2.5 --fault unavailable=30:SyncAll:3
    """

    def serve() -> ExitCode:
        # It brings a web server along, which only this command and the demo need.
        from superoffice_erpsync.sandbox import DEFAULT_PASSWORD, DEFAULT_USER, Sandbox, SandboxError
        from superoffice_erpsync.sandbox.faults.notation import parse_rule

        try:
            faults = [parse_rule(text) for text in fault or ()]
        except ValueError as problem:
            raise ConfigurationError(f"--fault: {problem}") from None
        try:
            lifetime = timedelta(seconds=ticket_lifetime)
        except OverflowError:
            raise ConfigurationError("--ticket-lifetime is longer than can be counted") from None
        box = Sandbox(
            port,
            host,
            ticket_lifetime=lifetime,
            max_request_bytes=max_request_bytes or None,
            latency=timedelta(seconds=latency),
            gzip=gzip,
            faults=faults,
            state_file=state,
        )
        try:
            # Ctrl-C ends it as soon as it was said that it does, and not only from `serve_forever` on.
            with box, suppress(KeyboardInterrupt):
                note(f"Serving {box.url}")
                note(f"User {DEFAULT_USER}, password {DEFAULT_PASSWORD}. Ctrl-C ends it.")
                for name, address in box.addresses.items():
                    note(f"  {name:<10} {address}")
                if state is not None:
                    note(f"  {'State':<10} {state.absolute()}")
                note("Try, in another window:")
                note(f"  erpsync ping --url {box.url}")
                box.serve_forever()
        except SandboxError as problem:
            raise ConfigurationError(str(problem)) from None
        return ExitCode.OK

    raise typer.Exit(run(serve, []))
