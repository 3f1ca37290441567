"""Which field of the ERP speaks to which field of the CRM, in which direction."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class FieldMapping:
    """One field of the ERP and what the sync does with it."""

    field_id: int
    erp_field_key: str
    display_name: str
    crm_field_key: str = ""
    """Empty: not mapped."""
    sync_to_crm: bool = False
    sync_to_erp: bool = False
    field_type: str = "Text"
    """Wire name of FieldMetadataType."""
    access: str = "Normal"
    """Wire name of FieldAccess."""
    description: str = ""
    list_name: str = ""
    max_length: int = 0
    """0 for no limit."""
    default_value: str = ""
    rank: int = 0
    show_in_gui: bool = True
    show_in_search: bool = False

    @property
    def has_direction(self) -> bool:
        """Whether the sync carries the field anywhere."""
        return bool(self.crm_field_key) and (self.sync_to_crm or self.sync_to_erp)


@dataclass(slots=True, kw_only=True)
class ActorMapping:
    """The fields of one kind of ERP actor in one connection."""

    actor_type: str
    crm_actor_type: str
    fields: list[FieldMapping] = field(default_factory=list)
    is_active: bool = True

    def field_of(self, erp_field_key: str) -> FieldMapping:
        """The mapping of one field.

        Raises:
            KeyError: The actor has no such field.
        """
        for mapping in self.fields:
            if mapping.erp_field_key == erp_field_key:
                return mapping
        raise KeyError(erp_field_key)

    def to_crm(self) -> dict[str, str]:
        """ERP field keys by the CRM field keys they are written to."""
        return {m.crm_field_key: m.erp_field_key for m in self.fields if m.sync_to_crm and m.crm_field_key}

    def to_erp(self) -> dict[str, str]:
        """CRM field keys by the ERP field keys they are written to."""
        return {m.erp_field_key: m.crm_field_key for m in self.fields if m.sync_to_erp and m.crm_field_key}
