"""`erpsync demo`: what the other commands do, shown on an installation in a box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.failures import run
from superoffice_erpsync.cli.sandbox import PASSWORD, USER
from superoffice_erpsync.errors import ConfigurationError

if TYPE_CHECKING:
    from superoffice_erpsync.sandbox import Sandbox
    from superoffice_erpsync.transports.base import Exchange

_CONNECTION = 1
_KEYS = ("C1003", "C1005")


def demo() -> None:
    """Log in, sync and resync, and show what goes over the wire.

    Starts an installation in a box on a free port of this machine and stops
    it in the end: nothing to set up, and no other system is touched.
    Passwords and tickets are masked in what is shown.
    """
    raise typer.Exit(run(_demo, []))


def _demo() -> ExitCode:
    # It brings a web server along, which only this command and `sandbox` need.
    from superoffice_erpsync.sandbox import Sandbox, SandboxError

    box = Sandbox(port=0)
    try:
        box.start()
    except SandboxError as problem:
        raise ConfigurationError(str(problem)) from None
    try:
        return _shown(box)
    finally:
        box.stop()


def _shown(box: Sandbox) -> ExitCode:
    from superoffice_erpsync.auth.credentials import UsernamePassword
    from superoffice_erpsync.cli.answers import code_of_answer
    from superoffice_erpsync.cli.tables import answer_tables, show
    from superoffice_erpsync.client import ErpSyncClient
    from superoffice_erpsync.models import ErpActorType

    show(f"An installation in a box serves {box.url}, user {USER}.")
    with ErpSyncClient.soap(box.url, UsernamePassword(USER, PASSWORD), on_exchange=_show_exchange) as client:
        synced = client.force_sync_all()
        show(*answer_tables("ForceSyncAll", synced))
        resynced = client.force_resync_external(
            erp_connection_id=_CONNECTION, erp_actor_type=ErpActorType.CUSTOMER, external_keys=_KEYS
        )
        show(*answer_tables("ForceResyncExternal", resynced))
    show("That was all. To go on by yourself: erpsync sandbox")
    return max(code_of_answer(synced), code_of_answer(resynced))


def _show_exchange(exchange: Exchange) -> None:
    from superoffice_erpsync.cli.envelopes import exchange_parts
    from superoffice_erpsync.cli.tables import show

    show(*exchange_parts(exchange))
