"""Mappings between ERP and CRM: of fields, of list items, and the default values that fill gaps."""

from dataclasses import dataclass

from superoffice_erpsync.models.actor_types import CrmActorType, ErpActorType
from superoffice_erpsync.models.enums import FieldAccess, FieldMetadataType
from superoffice_erpsync.models.rights import Carrier


@dataclass(slots=True, kw_only=True)
class ErpSyncFieldMapping(Carrier):
    """How one field of an ERP actor is mapped."""

    erp_field_id: int = 0
    crm_field_key: str | None = None
    """Empty means not mapped."""
    crm_display_name: str | None = None
    crm_display_tooltip: str | None = None
    erp_field_key: str | None = None
    field_type: FieldMetadataType = FieldMetadataType.CHECKBOX
    erp_display_name: str | None = None
    erp_display_tooltip: str | None = None
    sync_to_crm: bool = False
    sync_to_erp: bool = False
    show_in_gui: bool = False
    show_in_search: bool = False
    already_mapped: bool = False
    missing_in_erp: bool = False
    """The ERP no longer offers the field."""
    missing_in_crm: bool = False
    """The CRM no longer has the field."""
    access: FieldAccess = FieldAccess.NORMAL
    list_reference: str | None = None
    """Name of the list that the values come from; not on services before 86."""


@dataclass(slots=True, kw_only=True)
class ErpSyncActorTypeMapping(Carrier):
    """All field mappings of one actor type of a connection."""

    erp_connection_id: int = 0
    is_active: bool = False
    field_mappings: list[ErpSyncFieldMapping | None] | None = None
    actor_type_erp: ErpActorType = ErpActorType.UNKNOWN
    actor_type_crm: CrmActorType = CrmActorType.UNKNOWN


@dataclass(slots=True, kw_only=True)
class ErpSyncDefaultValue(Carrier):
    """Values that fill a field when the other side has none."""

    erp_field_id: int = 0
    default_value: str | None = None
    has_first_sync_default_value: bool = False
    first_sync_default_value: str | None = None
    """Used on the first sync of an actor only."""
    prompt_user: bool = False
    """Ask the user who creates the actor."""
    mandatory: bool = False
    erp_field_key: str | None = None
    field_type: FieldMetadataType = FieldMetadataType.CHECKBOX
    list_name: str | None = None
    access: FieldAccess = FieldAccess.NORMAL


@dataclass(slots=True, kw_only=True)
class MDOListItem(Carrier):
    """An item of a CRM list, or the list itself."""

    id: int = 0
    name: str | None = None
    tool_tip: str | None = None
    deleted: bool = False
    rank: int = 0
    type: str | None = None
    child_items: "list[MDOListItem | None] | None" = None
    icon_hint: str | None = None
    color_block: int = 0
    extra_info: str | None = None
    style_hint: str | None = None
    full_name: str | None = None
    """The name with those of the headings above it."""


@dataclass(slots=True, kw_only=True)
class ErpCrmListItemMapping(Carrier):
    """One item of an ERP list and its counterpart in the CRM's list."""

    erp_list_item_id: str | None = None
    erp_list_item_name: str | None = None
    crm_list_item: MDOListItem | None = None


@dataclass(slots=True, kw_only=True)
class ErpConnectionListMapping(Carrier):
    """How one list of the ERP is mapped to one of the CRM."""

    crm_list: MDOListItem | None = None
    erp_list_name: str | None = None
    erp_crm_list_item_mappings: list[ErpCrmListItemMapping | None] | None = None
    erp_actor_type_name: str | None = None
    erp_field_id: int = 0


@dataclass(slots=True, kw_only=True)
class ErpConnectionListMappingContainer(Carrier):
    """All list mappings of a connection."""

    erp_list_item_mappings: list[ErpConnectionListMapping | None] | None = None
    erp_connection_id: int = 0
    erp_connection_name: str | None = None
