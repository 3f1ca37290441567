"""The calls of a run by number: what each asks, and how it is known again among what the sandbox received.

Every call but the pure questions carries a key that no other call has, so that the sandbox's record tells how often
each one was carried out.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from superoffice_erpsync import CrmActorType, ErpActorType, ErpSyncClient

CONNECTION = 1
_NO_SUCH_KEY = 50_000_000


class Kind(StrEnum):
    """What is called, by the vendor's name."""

    READ = "GetErpFieldValues"
    REPEATABLE = "ForceResyncExternal"
    LINK = "CreateActorLink"
    BATCH = "ForceResyncBatchTask"


_MIX = (Kind.READ, Kind.REPEATABLE, Kind.LINK, Kind.READ, Kind.REPEATABLE, Kind.BATCH)
_A_COMPANY = 3
"""So many calls, one behind the other, are about the same company; one of them is a resync."""


def kind_of(number: int) -> Kind:
    """What the call of this number is."""
    return _MIX[number % len(_MIX)]


def companies_for(calls: int) -> int:
    """How many companies a run of so many calls needs, so that no two writes are about the same."""
    return calls // _A_COMPANY + 1


def make(client: ErpSyncClient, number: int, first_company: int) -> str | None:
    """Make a call.

    Args:
        client: Who makes it.
        number: Of the call.
        first_company: Contact id of the first company of the run; it is the number in the customer's key as well.

    Returns:
        What is wrong with its result, None where nothing is.

    Raises:
        ErpSyncError: As the client has it.
    """
    company = first_company + number // _A_COMPANY
    result: Any
    match kind_of(number):
        case Kind.READ:
            result = client.get_erp_field_values(
                erp_connection_id=CONNECTION,
                crm_actor_type=CrmActorType.CONTACT,
                entity_id=company,
                field_keys=["NAME", f"none-{number}"],
            )
            right = len(result) == 2 and str(result[0]).startswith("Seeded ") and result[0].endswith(f" {company}")
        case Kind.REPEATABLE:
            result = client.force_resync_external(
                erp_connection_id=CONNECTION, erp_actor_type=ErpActorType.CUSTOMER, external_keys=[f"C{company}"]
            )
            right = result.is_ok and [one.record_id for one in result.changes.updated_records] == [company]
        case Kind.LINK:
            result = client.create_actor_link(
                erp_connection_id=CONNECTION,
                crm_record_id=company,
                crm_actor_type=CrmActorType.CONTACT,
                erp_key=f"none-{number}",
                erp_actor_type=ErpActorType.CUSTOMER,
            )
            right = result is False
        case Kind.BATCH:
            result = client.force_resync_batch_task(
                erp_connection_id=CONNECTION, internal_key_ids=[_NO_SUCH_KEY + number]
            )
            right = result is None
    return None if right else repr(result)


def number_of(operation: str, arguments: Mapping[str, Any], first_company: int) -> int:
    """The number of a call that the sandbox received."""
    match Kind(operation):
        case Kind.READ:
            return int(arguments["FieldKeys"][-1].removeprefix("none-"))
        case Kind.REPEATABLE:
            company = int(arguments["ExternalKeys"][0].removeprefix("C"))
            return (company - first_company) * _A_COMPANY + _MIX.index(Kind.REPEATABLE)
        case Kind.LINK:
            return int(arguments["ErpKey"].removeprefix("none-"))
        case Kind.BATCH:
            return int(arguments["InternalKeyIds"][0]) - _NO_SUCH_KEY
