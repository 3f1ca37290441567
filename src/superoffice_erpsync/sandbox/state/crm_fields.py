"""The fields that the fake CRM offers for syncing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CRM_ACTOR_OF_ERP_ACTOR: Final[Mapping[str, str]] = {
    "Customer": "Contact",
    "Supplier": "Contact",
    "Partner": "Contact",
    "Person": "Person",
    "Employee": "Person",
    "Project": "Project",
    "Sale": "Sale",
}
"""CRM actor types by ERP actor type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmField:
    """One field of a CRM entity."""

    key: str
    display_name: str
    field_type: str = "Text"
    """Wire name of FieldMetadataType."""
    list_name: str = ""
    """Name of the CRM's list, for fields of type List."""
    other_names: tuple[str, ...] = ()
    """Keys by which ERPs call the same thing."""

    @property
    def tooltip(self) -> str:
        """What the field is, for users."""
        return f"{self.display_name}, as the CRM knows it"

    @property
    def list_reference(self) -> str | None:
        """The list as mappings refer to it, or None where the field has none."""
        return f"table={self.list_name}" if self.list_name else None


_FIELDS: Final[Mapping[str, tuple[CrmField, ...]]] = {
    "Contact": (
        CrmField(key="name", display_name="Company", other_names=("TITLE",)),
        CrmField(key="orgnr", display_name="Organisation number", other_names=("ORGNO", "VATNO")),
        CrmField(key="phone", display_name="Telephone", other_names=("TELEPHONE",)),
        CrmField(key="city", display_name="City"),
        CrmField(key="creditLimit", display_name="Credit limit", field_type="Double"),
        CrmField(key="paymentDays", display_name="Days to pay", field_type="Integer"),
        CrmField(key="customerSince", display_name="Customer since", field_type="Date", other_names=("SINCE",)),
        CrmField(key="category", display_name="Category", field_type="List", list_name="category"),
    ),
    "Person": (
        CrmField(key="firstName", display_name="First name"),
        CrmField(key="lastName", display_name="Last name"),
        CrmField(key="mobile", display_name="Mobile"),
        CrmField(key="email", display_name="E-mail"),
    ),
    "Project": (
        CrmField(key="name", display_name="Project"),
        CrmField(key="status", display_name="Status", field_type="List", list_name="projstatus"),
    ),
    "Sale": (CrmField(key="heading", display_name="Sale"),),
}


def crm_fields(crm_actor_type: str) -> tuple[CrmField, ...]:
    """All fields of one kind of CRM entity; none for a kind that is not synced."""
    return _FIELDS.get(crm_actor_type, ())


def crm_field(crm_actor_type: str, key: str) -> CrmField | None:
    """The field of that key, or None where the CRM has none."""
    return next((field for field in crm_fields(crm_actor_type) if field.key == key), None)


def recognised_field(crm_actor_type: str, erp_field_key: str) -> CrmField | None:
    """The field that an ERP's key stands for, as far as its name tells; None where it does not."""
    wanted = erp_field_key.casefold()
    for field in crm_fields(crm_actor_type):
        if wanted in {name.casefold() for name in (field.key, *field.other_names)}:
            return field
    return None
