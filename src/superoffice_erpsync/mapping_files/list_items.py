"""Items of lists, kept while fields are tried that may not exist in the CRM.

A list field that is mapped to another field of the CRM loses the counterparts of its items, since they belonged to
another list. Where it is put back, they have to be as well.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TypeAlias

from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.errors import OperationNotAvailable
from superoffice_erpsync.mapping_files.plan import ActorPlan
from superoffice_erpsync.mapping_files.settings import CRM_FIELD, fields_by_key
from superoffice_erpsync.models import ErpConnectionListMapping, ErpConnectionListMappingContainer, FieldMetadataType

_Pairs: TypeAlias = set[tuple[int, str | None, int]]


def remapped_lists(actor: ActorPlan) -> dict[str, int]:
    """The list fields of a plan that get another field of the CRM, or their first: their ids by the ERP's keys."""
    fields = fields_by_key(actor.current)
    return {
        one.erp_field_key: fields[one.erp_field_key].erp_field_id
        for one in actor.changes
        if one.setting == CRM_FIELD
        and one.erp_field_key is not None
        and fields[one.erp_field_key].field_type == FieldMetadataType.LIST
    }


def items_at_risk(client: ErpSyncClient, actor: ActorPlan) -> ErpConnectionListMappingContainer | None:
    """The items that would have to be put back; None where there are none, or the services know no such thing.

    Raises:
        ErpSyncError: See the tree in `superoffice_erpsync.errors`.
    """
    lists = remapped_lists(actor)
    if not actor.unproven or not lists:
        return None
    try:
        items = client.get_connection_list_mappings(erp_connection_id=actor.current.erp_connection_id)
    except OperationNotAvailable:
        return None
    return None if items is None else _of_fields(items, lists.values())


def put_items_back(client: ErpSyncClient, items: ErpConnectionListMappingContainer, field_ids: Collection[int]) -> bool:
    """Save items of some fields as they were. Returns whether the server kept them.

    Raises:
        ErpSyncError: See the tree in `superoffice_erpsync.errors`.
    """
    items = _of_fields(items, field_ids)
    if not _pairs(items):
        return True
    client.save_connection_list_mappings(list_mapping=items)
    kept = client.get_connection_list_mappings(erp_connection_id=items.erp_connection_id)
    return kept is not None and _pairs(items) <= _pairs(kept)


def _of_fields(items: ErpConnectionListMappingContainer, ids: Collection[int]) -> ErpConnectionListMappingContainer:
    found: list[ErpConnectionListMapping | None] = [
        one for one in items.erp_list_item_mappings or () if one is not None and one.erp_field_id in ids
    ]
    return replace(items, erp_list_item_mappings=found)


def _pairs(items: ErpConnectionListMappingContainer) -> _Pairs:
    return {
        (of_field.erp_field_id, pair.erp_list_item_id, pair.crm_list_item.id)
        for of_field in items.erp_list_item_mappings or ()
        if of_field is not None
        for pair in of_field.erp_crm_list_item_mappings or ()
        if pair is not None and pair.crm_list_item is not None
    }
