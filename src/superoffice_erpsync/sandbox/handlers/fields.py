"""Fields described to those who show or fill them."""

from __future__ import annotations

from typing import Any

from superoffice_erpsync.sandbox.state.mappings import FieldMapping
from superoffice_erpsync.sandbox.state.sites import FieldDescription


def actor_field(field: FieldMapping) -> dict[str, Any]:
    """The metadata of an actor's field."""
    return {
        "FieldKey": field.erp_field_key,
        "Rank": field.rank,
        "DisplayName": field.display_name,
        "DisplayDescription": field.description,
        "FieldType": field.field_type,
        "ListName": field.list_name,
        "DefaultValue": field.default_value,
        "MaxLength": field.max_length,
        "Access": field.access,
        "ShowInSearch": field.show_in_search,
    }


def config_field(field: FieldDescription, rank: int) -> dict[str, Any]:
    """The metadata of a field of a connection's configuration."""
    return {
        "FieldKey": field.key,
        "Rank": rank,
        "DisplayName": field.display_name,
        "DisplayDescription": field.description,
        "FieldType": field.field_type,
        "ListName": field.list_name,
        "DefaultValue": field.default_value,
        "MaxLength": field.max_length,
        "Access": field.access,
        "ShowInSearch": field.searched,
    }
