"""Connections as they are shown: without the values of their configuration, unless these are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from superoffice_erpsync.cli.listing import as_text, show_object, show_rows
from superoffice_erpsync.cli.output import Output, note
from superoffice_erpsync.codec.rest import to_json
from superoffice_erpsync.redaction import MASK

if TYPE_CHECKING:
    from superoffice_erpsync.models import ErpConnection

_CONFIGURATION = "ConfigFields"
_SHOWN = ("ErpConnectionId", "DisplayName", "Active", "ErpConnectorId", "Deleted")
_FACTS = (
    *("ErpConnectionId", "DisplayName", "DisplayDescription", "Active", "Deleted", "ErpConnectorId"),
    *("ConnectionId", "MostRecentTimestamp", "AllAccess", "UserGroupAccessIds", "AssociateAccessIds"),
)


def show_connections(found: Iterable[ErpConnection], output: Output) -> None:
    """Show connections as rows."""
    rows = [_members(one) for one in found]
    show_rows("Connections", rows, (*_FACTS, _CONFIGURATION), output, shown=_SHOWN)


def show_one(found: ErpConnection, output: Output, *, show_secrets: bool) -> None:
    """Show one connection.

    Args:
        found: The connection.
        output: The form.
        show_secrets: Whether the values of its configuration are shown.
    """
    members = _members(found, show_secrets=show_secrets)
    configuration = members[_CONFIGURATION] or {}
    if configuration and not show_secrets:
        # Whoever saves what is shown would save the mask for a password.
        note(f"note: the values of {_CONFIGURATION} are masked; --show-secrets shows them")
    if output is not Output.TABLE:
        show_object("GetConnection", members, output)
        return
    # Loaded when a table is wanted: the other forms do without rich.
    from superoffice_erpsync.cli.tables import facts_table, rows_table, show

    tables = [facts_table("GetConnection", [(name, as_text(members[name])) for name in _FACTS])]
    if configuration:
        tables.append(rows_table(_CONFIGURATION, ("Key", "Value"), list(configuration.items())))
    show(*tables)


def _members(connection: ErpConnection, *, show_secrets: bool = False) -> dict[str, Any]:
    members: dict[str, Any] = to_json(connection)
    if members[_CONFIGURATION] and not show_secrets:
        members[_CONFIGURATION] = dict.fromkeys(members[_CONFIGURATION], MASK)
    return members
