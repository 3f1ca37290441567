"""Which field of the ERP speaks to which field of the CRM, in which direction."""

from __future__ import annotations

from dataclasses import dataclass, field

from superoffice_erpsync.sandbox.state.crm_fields import CrmField, crm_field


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
    """Name of the ERP's list, for fields of type List."""
    list_items: dict[str, int] = field(default_factory=dict)
    """Ids of the CRM's list by those of the ERP's; an item that is not here is not mapped."""
    max_length: int = 0
    """0 for no limit."""
    default_value: str = ""
    """Fills the ERP's field where the CRM has no value; empty for none."""
    first_sync_default_value: str | None = None
    """Fills the ERP's field when its actor is synced for the first time; None for none."""
    prompt_user: bool = False
    """Whether whoever creates an actor is asked for the value."""
    demanded: bool = False
    """Whether people made it mandatory, beside what the ERP says."""
    rank: int = 0
    show_in_gui: bool = True
    show_in_search: bool = False
    missing_in_erp: bool = False
    """The connector no longer describes it."""

    @property
    def has_direction(self) -> bool:
        """Whether the sync carries the field anywhere."""
        return bool(self.crm_field_key) and (self.sync_to_crm or self.sync_to_erp)

    @property
    def is_mandatory(self) -> bool:
        """Whether an actor must have a value."""
        return self.demanded or self.access == "Mandatory"

    @property
    def is_writable(self) -> bool:
        """Whether the ERP takes a value for it."""
        return not self.missing_in_erp and self.access != "ReadOnly"


@dataclass(slots=True, kw_only=True)
class ActorMapping:
    """The fields of one kind of ERP actor in one connection, in the order they are shown in."""

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

    def crm_field_of(self, mapping: FieldMapping) -> CrmField | None:
        """The CRM's field that one of the fields is mapped to; None where it is not, or the CRM has no such field."""
        return crm_field(self.crm_actor_type, mapping.crm_field_key)

    def to_crm(self) -> list[FieldMapping]:
        """The fields that are carried from the ERP to the CRM."""
        return [m for m in self.fields if m.sync_to_crm and not m.missing_in_erp and self.crm_field_of(m)]

    def to_erp(self) -> list[FieldMapping]:
        """The fields that are carried from the CRM to the ERP."""
        return [m for m in self.fields if m.sync_to_erp and m.is_writable and self.crm_field_of(m)]

    def move(self, mapping: FieldMapping, places: int) -> None:
        """Move a field down by so many places, or up where the number is negative, as far as there are any."""
        at = self.fields.index(mapping)
        ranks = [other.rank for other in self.fields]
        self.fields.insert(max(0, at + places), self.fields.pop(at))
        for other, rank in zip(self.fields, ranks, strict=True):
            other.rank = rank
