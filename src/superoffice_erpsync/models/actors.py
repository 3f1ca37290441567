"""Values of actors, as they are compared and synced between CRM and ERP."""

from dataclasses import dataclass

from superoffice_erpsync.models.rights import Carrier


@dataclass(slots=True, kw_only=True)
class ErpSyncFieldValue(Carrier):
    """Value of one mapped field, on either side."""

    display_name: str | None = None
    crm_field_key: str | None = None
    value: str | None = None
    """In the vendor's notation: `[I:1]`, `[F:1.5]`, `[DT:12/31/2013 23:59:59.0000000]`; texts and list ids raw."""
    display_value: str | None = None
    """The value as a user would read it."""
    sync_to_crm: bool = False
    """Whether the mapping carries the field from ERP to CRM."""
    sync_to_erp: bool = False
    """Whether the mapping carries the field from CRM to ERP."""
