"""Connections by their ids, and all there are where the services can list them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from superoffice_erpsync.cli.output import note
from superoffice_erpsync.errors import InvalidRequest, OperationNotAvailable, Outcome

if TYPE_CHECKING:
    from superoffice_erpsync.client import ErpSyncClient
    from superoffice_erpsync.models import ErpConnection


def connection_of(client: ErpSyncClient, erp_connection_id: int) -> ErpConnection:
    """The connection of that id.

    Raises:
        InvalidRequest: There is none.
    """
    found = client.get_connection(erp_connection_id=erp_connection_id)
    if found is None:
        raise InvalidRequest(
            f"there is no connection {erp_connection_id}",
            operation="GetConnection",
            outcome=Outcome.REJECTED,
            hint="erpsync connections list shows which there are",
        )
    return found


def connections_by_id(client: ErpSyncClient, ids: Iterable[int]) -> tuple[list[ErpConnection], list[int]]:
    """The connections of these ids, each once, and the ids that there are none of."""
    read = {one: client.get_connection(erp_connection_id=one) for one in dict.fromkeys(ids)}
    return [one for one in read.values() if one is not None], [one for one, found in read.items() if found is None]


def all_connections(
    client: ErpSyncClient, known: Sequence[int], *, deleted: bool
) -> tuple[list[ErpConnection], list[int]]:
    """All connections; where the services cannot list them those whose ids are known, and the ids there are none of.

    Args:
        client: The client.
        known: Ids from the profile.
        deleted: Also those that are deleted.

    Raises:
        OperationNotAvailable: The services cannot list connections, and no ids are known.
    """
    try:
        found = client.get_all_connections(include_deleted=deleted)
    except OperationNotAvailable as error:
        if not known:
            error.hint = "name them: --connection 1 --connection 2, or connections = [1, 2] in the profile"
            raise
        note("note: these services cannot list connections; shown are those that the profile names")
        return connections_by_id(client, known)
    return [one for one in found or () if one is not None], []
