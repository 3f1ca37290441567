"""`erpsync demo`: what the other commands do, shown on an installation in a box."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.failures import run
from superoffice_erpsync.errors import ConfigurationError

if TYPE_CHECKING:
    from superoffice_erpsync.sandbox import Sandbox
    from superoffice_erpsync.transports.exchange import Exchange

_CONNECTION = 1
_KEYS = ("C1003", "C1005")


class Wire(StrEnum):
    """Ways to talk to the box."""

    SERVICES86 = "services86"
    SERVICES88 = "services88"
    REST = "rest"


def demo(
    story: Annotated[
        bool, typer.Option("--story", help="An operator's first day: connector, connection, mapping, links, sync.")
    ] = False,
    wire: Annotated[
        Wire, typer.Option("--wire", help="With --story: how to talk to the box.", case_sensitive=False)
    ] = Wire.SERVICES88,
) -> None:
    """Log in, sync and resync, and show what goes over the wire.

    Starts an installation in a box on a free port of this machine and stops
    it in the end: nothing to set up, and no other system is touched.
    Passwords and tickets are masked in what is shown.

    Examples:
      erpsync demo
      erpsync demo --story --wire rest
    """
    show_in = partial(_told, wire=wire) if story else _shown
    raise typer.Exit(run(lambda: _demo(show_in), []))


def _demo(show_in: Callable[[Sandbox], ExitCode]) -> ExitCode:
    # It brings a web server along, which only this command and `sandbox` need.
    from superoffice_erpsync.sandbox import Sandbox, SandboxError

    box = Sandbox(port=0)
    try:
        box.start()
    except SandboxError as problem:
        raise ConfigurationError(str(problem)) from None
    try:
        return show_in(box)
    finally:
        box.stop()


def _shown(box: Sandbox) -> ExitCode:
    from superoffice_erpsync.auth.credentials import UsernamePassword
    from superoffice_erpsync.cli.answers import code_of_answer
    from superoffice_erpsync.cli.tables import answer_tables, show
    from superoffice_erpsync.client import ErpSyncClient
    from superoffice_erpsync.models import ErpActorType
    from superoffice_erpsync.sandbox import DEFAULT_PASSWORD, DEFAULT_USER

    show(f"An installation in a box serves {box.url}, user {DEFAULT_USER}.")
    who = UsernamePassword(DEFAULT_USER, DEFAULT_PASSWORD)
    with ErpSyncClient.soap(box.url, who, on_exchange=_show_exchange) as client:
        synced = client.force_sync_all()
        show(*answer_tables("ForceSyncAll", synced))
        resynced = client.force_resync_external(
            erp_connection_id=_CONNECTION, erp_actor_type=ErpActorType.CUSTOMER, external_keys=_KEYS
        )
        show(*answer_tables("ForceResyncExternal", resynced))
    show("That was all. To go on by yourself: erpsync sandbox")
    return max(code_of_answer(synced), code_of_answer(resynced))


def _told(box: Sandbox, wire: Wire) -> ExitCode:
    from superoffice_erpsync.auth.credentials import UsernamePassword
    from superoffice_erpsync.cli.story import story
    from superoffice_erpsync.cli.tables import show
    from superoffice_erpsync.client import ErpSyncClient
    from superoffice_erpsync.sandbox import DEFAULT_PASSWORD, DEFAULT_USER

    who = UsernamePassword(DEFAULT_USER, DEFAULT_PASSWORD)
    address = {Wire.SERVICES86: box.url, Wire.SERVICES88: box.services88_url, Wire.REST: box.rest_url}[wire]
    show(f"An installation in a box serves {address}, user {DEFAULT_USER}.\n")
    with ErpSyncClient.rest(address, who) if wire is Wire.REST else ErpSyncClient.soap(address, who) as client:
        for number, step in enumerate(story(client, box), 1):
            show(f"{number}. {step.title}", *(f"   {line}" for line in step.lines), "")
    show("That was all. To go on by yourself: erpsync sandbox")
    return ExitCode.OK


def _show_exchange(exchange: Exchange) -> None:
    from superoffice_erpsync.cli.envelopes import exchange_parts
    from superoffice_erpsync.cli.tables import show

    show(*exchange_parts(exchange))
