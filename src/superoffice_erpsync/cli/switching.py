"""Switching a connection to a state, with a service that can only turn it over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from superoffice_erpsync.cli.afterwards import looking_again
from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.finding import connection_of
from superoffice_erpsync.cli.listing import show_object
from superoffice_erpsync.cli.output import Output, note
from superoffice_erpsync.errors import ErpSyncError, Outcome

if TYPE_CHECKING:
    from superoffice_erpsync.client import ErpSyncClient

_TOGGLE = "ToggleErpConnectionActive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """How it went.

    Attributes:
        erp_connection_id: The connection.
        wanted: Whether it was to be active.
        active: Whether it is, as it was read last.
        turned: Whether the server was asked and did not refuse.
        reasons: Why the server refused.
    """

    erp_connection_id: int
    wanted: bool
    active: bool
    turned: bool = False
    reasons: tuple[str, ...] = ()


def switch(client: ErpSyncClient, erp_connection_id: int, *, active: bool) -> Switched:
    """Have a connection be active, or not.

    Args:
        client: The client.
        erp_connection_id: The connection.
        active: Whether it is to be active.

    Returns:
        What became of it. Whether it is as wanted was read after the change: somebody else may have turned it over too.

    Raises:
        InvalidRequest: There is no such connection.
        ErpSyncError: Of those after the change, and of the change itself, the outcome says whether it may be done.
    """
    if connection_of(client, erp_connection_id).active is active:
        return Switched(erp_connection_id=erp_connection_id, wanted=active, active=active)
    try:
        # Sent once, whatever happens: a second one would undo the first.
        reasons = client.toggle_erp_connection_active(erp_connection_id=erp_connection_id)
    except ErpSyncError as error:
        if error.outcome is Outcome.UNKNOWN:
            error.hint = _look(erp_connection_id)
        raise
    if reasons:
        return Switched(
            erp_connection_id=erp_connection_id,
            wanted=active,
            active=not active,
            reasons=tuple(one or "(a reason without a text)" for one in reasons),
        )
    with looking_again(_TOGGLE, _look(erp_connection_id)):
        now = connection_of(client, erp_connection_id).active
    return Switched(erp_connection_id=erp_connection_id, wanted=active, active=now, turned=True)


def show_switched(outcome: Switched, output: Output) -> ExitCode:
    """Show how it went."""
    shown = {
        "ErpConnectionId": outcome.erp_connection_id,
        "Active": outcome.active,
        "Changed": outcome.turned,
        "Reasons": list(outcome.reasons),
    }
    if output is Output.TABLE:
        # One reason a line, and none of them in JSON's quotes.
        shown["Reasons"] = "\n".join(outcome.reasons)
    show_object(_TOGGLE, shown, output)
    if outcome.reasons:
        note(f"note: the server refuses, and the connection stays {_word(outcome.active)}")
    elif outcome.active is not outcome.wanted:
        note(
            f"note: the server took it, and the connection is {_word(outcome.active)} all the same: somebody else "
            "may have turned it over at the same time"
        )
        note(f"hint: {_look(outcome.erp_connection_id)}")
    elif not outcome.turned:
        note(f"note: it was {_word(outcome.active)} already, and nothing was changed")
    return ExitCode.OK if outcome.active is outcome.wanted else ExitCode.REFUSED


def _word(active: bool) -> str:
    return "active" if active else "inactive"


def _look(erp_connection_id: int) -> str:
    return f"look before doing it again: erpsync connections show {erp_connection_id}"
