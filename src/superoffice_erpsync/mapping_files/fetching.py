"""The mappings of a connection as an installation has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.errors import InvalidRequest, ProtocolError, ServerFault
from superoffice_erpsync.models import ErpActorType, ErpSyncActorTypeMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionMappings:
    """The mappings of a connection.

    Attributes:
        erp_connection_id: The connection's id.
        connection_name: What people call it, in one language or in several.
        mappings: One for each kind of actor that the connection has, in the order of `ErpActorType`.
    """

    erp_connection_id: int
    connection_name: str
    mappings: tuple[ErpSyncActorTypeMapping, ...]


def fetch_mappings(
    client: ErpSyncClient, erp_connection_id: int, actor_types: Iterable[ErpActorType] | None = None
) -> ConnectionMappings:
    """Get the mappings of a connection. All calls are reads.

    Args:
        client: Makes the calls.
        erp_connection_id: The connection's id.
        actor_types: Kinds of actors that are wanted; None for all that the connection has.

    Returns:
        The mappings, one for each kind of actor.

    Raises:
        InvalidRequest: There is no such connection, or it lacks a kind of actor that is wanted.
        ErpSyncError: See the tree in `superoffice_erpsync.errors`.
    """
    name = connection_name(client, erp_connection_id)
    wanted = None if actor_types is None else set(actor_types)
    mappings = []
    for actor_type in ErpActorType:
        if actor_type == ErpActorType.UNKNOWN or (wanted is not None and actor_type not in wanted):
            continue
        try:
            mapping = fetch_mapping(client, erp_connection_id, actor_type)
        except ServerFault as fault:
            if wanted is None and fault.hint is None:
                fault.hint = f"if the connection has no {actor_type}, name the kinds of actors that it has"
            raise
        if mapping is not None:
            mappings.append(mapping)
        elif wanted is not None:
            raise InvalidRequest(f"connection {erp_connection_id} has no {actor_type}")
    return ConnectionMappings(erp_connection_id=erp_connection_id, connection_name=name, mappings=tuple(mappings))


def connection_name(client: ErpSyncClient, erp_connection_id: int) -> str:
    """What people call a connection.

    Raises:
        InvalidRequest: There is no such connection.
    """
    summary = client.get_erp_sync_connection_summary(erp_sync_connection_id=erp_connection_id)
    if summary is None or summary.deleted:
        raise InvalidRequest(f"there is no connection {erp_connection_id}" + (", it is deleted" if summary else ""))
    return summary.display_name or ""


def fetch_mapping(
    client: ErpSyncClient, erp_connection_id: int, actor_type: ErpActorType
) -> ErpSyncActorTypeMapping | None:
    """Get how the fields of one kind of actor are mapped; None where the connection has no such kind.

    Raises:
        ProtocolError: The answer is about another connection or kind of actor.
    """
    mapping = client.get_actor_type_mapping(erp_connection_id=erp_connection_id, actor_type=actor_type)
    # A mapping is saved for what it says it is for.
    if mapping is not None and (mapping.erp_connection_id, mapping.actor_type_erp) != (erp_connection_id, actor_type):
        raise ProtocolError(
            f"asked for {actor_type} of connection {erp_connection_id}, the server answered with "
            f"{mapping.actor_type_erp} of connection {mapping.erp_connection_id}",
            operation="GetActorTypeMapping",
        )
    return mapping
