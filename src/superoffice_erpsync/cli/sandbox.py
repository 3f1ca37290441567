"""`erpsync sandbox`: an installation in a box, to try things out on."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.failures import run
from superoffice_erpsync.cli.output import note
from superoffice_erpsync.errors import ConfigurationError

USER, PASSWORD = "tje0", "Tje0"
"""Who can log in to a sandbox; the password is no secret."""


def sandbox(
    port: Annotated[
        int, typer.Option("--port", help="Port to listen on; 0 for any free one.", min=0, max=65535)
    ] = 8086,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on. The password is known to everybody: keep it local.")
    ] = "127.0.0.1",
    ticket_lifetime: Annotated[
        float, typer.Option("--ticket-lifetime", help="Seconds that a ticket lives when nobody uses it.", min=0.001)
    ] = 21600,
    max_request_bytes: Annotated[
        int, typer.Option("--max-request-bytes", help="Larger requests are refused, as by WCF; 0 for no limit.", min=0)
    ] = 65536,
    latency: Annotated[
        float, typer.Option("--latency", help="Seconds to wait before every answer.", min=0, max=3600)
    ] = 0,
) -> None:
    """Serve an installation in a box on this machine, until Ctrl-C.

    It speaks SOAP as a real one does, out of made-up data that is fresh with
    every start. Ended by Ctrl-C, it has done its work: the exit code is 0.

    Example:
      erpsync sandbox --port 8086
    """

    def serve() -> ExitCode:
        # It brings a web server along, which only this command and the demo need.
        from superoffice_erpsync.sandbox import Sandbox, SandboxError

        box = Sandbox(
            port,
            host,
            ticket_lifetime=timedelta(seconds=ticket_lifetime),
            max_request_bytes=max_request_bytes or None,
            latency=timedelta(seconds=latency),
        )
        try:
            box.start()
        except SandboxError as problem:
            raise ConfigurationError(str(problem)) from None
        note(f"Serving {box.url}")
        note(f"User {USER}, password {PASSWORD}. Ctrl-C ends it.")
        note("Try, in another window:")
        note(f"  erpsync ping --url {box.url}")
        box.serve_forever()
        return ExitCode.OK

    raise typer.Exit(run(serve, []))
