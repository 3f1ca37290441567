"""From what the caller asks for to what is to be called: the operation, and whether the services have it."""

from __future__ import annotations

from superoffice_erpsync.batch.preflight import Preflight
from superoffice_erpsync.batch.terms import BlankValues, Terms
from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.errors import InvalidRequest, OperationNotAvailable
from superoffice_erpsync.models import ErpActorType

_UNSENDABLE_KEY = "\x00"
_UNSENDABLE_ID = 2**31


def terms_of(
    client: ErpSyncClient,
    connection_id: int,
    actor_type: ErpActorType | None,
    blank_values: BlankValues,
    preflight: Preflight | None,
) -> Terms:
    """What a batch is asked for. Nothing is sent to find out, but for the WSDL where the client wants the live one.

    Args:
        client: Knows which operations there are.
        connection_id: The source.
        actor_type: Kind of the actors; None for ids of internal keys.
        blank_values: What blank values of the source do.
        preflight: What helps where the services cannot keep filled values.

    Raises:
        InvalidRequest: The arguments make no sense, alone or together.
        OperationNotAvailable: The services cannot keep filled values, and there is no preflight.
    """
    if actor_type is not None and (actor_type not in list(ErpActorType) or actor_type == ErpActorType.UNKNOWN):
        raise InvalidRequest(f"actor_type must be one of ErpActorType and known, not {actor_type!r}")
    smallest = 0 if actor_type is None else 1
    if isinstance(connection_id, bool) or not isinstance(connection_id, int) or connection_id < smallest:
        raise InvalidRequest(f"connection_id must be a whole number from {smallest} on, not {connection_id!r}")
    if blank_values not in ("overwrite", "keep"):
        raise InvalidRequest(f"blank_values must be 'overwrite' or 'keep', not {blank_values!r}")
    if preflight is not None and blank_values != "keep":
        raise InvalidRequest("a preflight is for blank_values='keep'; blank values overwrite filled ones otherwise")
    operation = "ForceResync" if actor_type is None else "ForceResyncExternal"
    terms = Terms(
        address=address_of(client),
        operation=operation if blank_values == "overwrite" else f"{operation}NoBlankValues",
        connection_id=connection_id,
        actor_type=None if actor_type is None else str(actor_type),
        blank_values=blank_values,
    )
    lacking = None if blank_values == "overwrite" else _lacking(client, terms)
    if lacking is None:
        return terms
    if preflight is None:
        lacking.hint = f"{lacking.hint or ''}; or give a preflight, which leaves out the keys that would lose values"
        raise lacking
    if actor_type is None:
        raise InvalidRequest(
            "a preflight needs keys of the ERP: no operation tells which actor an id of an internal key belongs to",
            hint="give the keys of the ERP and their actor_type, or use Services88 or the REST API",
        )
    return Terms(
        address=terms.address,
        operation=operation,
        connection_id=connection_id,
        actor_type=terms.actor_type,
        blank_values=blank_values,
        preflight=True,
    )


def address_of(client: ErpSyncClient) -> str:
    """The installation's address as the client was given it; empty for a client made from a transport."""
    return client.url.rstrip("/")


def _lacking(client: ErpSyncClient, terms: Terms) -> OperationNotAvailable | None:
    """The error of services that lack the operation.

    Asked with a key that no wire can carry: a client looks whether there is the operation before it writes the request,
    and refuses to write this one before anything leaves.
    """
    try:
        if terms.actor_type is None:
            client.force_resync_no_blank_values(
                erp_connection_id=terms.connection_id, internal_key_ids=[_UNSENDABLE_ID]
            )
        else:
            client.force_resync_external_no_blank_values(
                erp_connection_id=terms.connection_id,
                erp_actor_type=ErpActorType(terms.actor_type),
                external_keys=[_UNSENDABLE_KEY],
            )
    except OperationNotAvailable as error:
        return error
    except InvalidRequest:
        pass
    return None
