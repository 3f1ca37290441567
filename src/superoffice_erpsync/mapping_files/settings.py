"""What a mapping has that people set, by the names it has in a file.

All else that a mapping says comes from connector and CRM, or is an id that means nothing on another installation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from superoffice_erpsync.errors import ProtocolError
from superoffice_erpsync.models import ErpSyncActorTypeMapping, ErpSyncFieldMapping

Setting: TypeAlias = str | bool
FieldSettings: TypeAlias = Mapping[str, Setting]
"""Settings of one field by name; what is left out is not spoken of."""

CRM_FIELD: Final = "crm_field_key"
DIRECTIONS: Final = ("sync_to_crm", "sync_to_erp")
FIELD_SETTINGS: Final = (CRM_FIELD, *DIRECTIONS, "show_in_gui", "show_in_search")
"""In the order that a file has them in."""

ACTIVE: Final = "is_active"
CRM_TYPE: Final = "actor_type_crm"


def fields_by_key(mapping: ErpSyncActorTypeMapping) -> dict[str, ErpSyncFieldMapping]:
    """The fields of a mapping by the ERP's keys, in the order of the keys. One without a key cannot be mapped.

    Raises:
        ProtocolError: Two fields have the same key.
    """
    fields = [field for field in mapping.field_mappings or () if field is not None and field.erp_field_key]
    found = {field.erp_field_key or "": field for field in sorted(fields, key=lambda one: one.erp_field_key or "")}
    if len(found) < len(fields):
        raise ProtocolError(
            f"the mapping of {mapping.actor_type_erp} has two fields of one key, so that nobody can tell them apart",
            operation="GetActorTypeMapping",
        )
    return found


def settings_of(field: ErpSyncFieldMapping) -> FieldSettings:
    """All settings of a field."""
    return {
        CRM_FIELD: field.crm_field_key or "",
        **{name: bool(getattr(field, name)) for name in FIELD_SETTINGS if name != CRM_FIELD},
    }


def all_settings(mapping: ErpSyncActorTypeMapping) -> dict[tuple[str | None, str], Setting]:
    """Everything that people have set in a mapping, by field and setting; that of the actor has no field."""
    return {
        (None, ACTIVE): mapping.is_active,
        **{
            (key, name): value
            for key, field in fields_by_key(mapping).items()
            for name, value in settings_of(field).items()
        },
    }


def with_settings(
    mapping: ErpSyncActorTypeMapping, settings: Mapping[tuple[str | None, str], Setting]
) -> ErpSyncActorTypeMapping:
    """A mapping with some settings changed, and all else as the server gave it."""
    of_field: dict[str | None, dict[str, Setting]] = {}
    for (key, name), value in settings.items():
        of_field.setdefault(key, {})[name] = value
    fields = [
        # A field without a key has no settings: None stands for the actor itself.
        replace(field, **of_field.get(field.erp_field_key, {})) if field is not None and field.erp_field_key else field  # type: ignore[arg-type]
        for field in mapping.field_mappings or ()
    ]
    return replace(mapping, field_mappings=fields, **of_field.get(None, {}))  # type: ignore[arg-type]
