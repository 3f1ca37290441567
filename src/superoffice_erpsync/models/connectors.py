"""Connectors: the web services that speak for one kind of ERP, and the fields that they describe."""

from dataclasses import dataclass

from superoffice_erpsync.models.enums import FieldAccess, FieldMetadataType
from superoffice_erpsync.models.rights import Carrier


@dataclass(slots=True, kw_only=True)
class ErpSyncConnectorEntity(Carrier):
    """A connector."""

    erp_connector_id: int = 0
    """0 for one that is not saved yet."""
    display_name: str | None = None
    url: str | None = None
    """Address of the connector's web service, as the server reaches it."""
    deleted: bool = False
    """Deleting is soft: the connector stays, marked."""


@dataclass(slots=True, kw_only=True)
class ListItem:
    """A connector in a list: its id and name."""

    id: int = 0
    name: str | None = None
    tool_tip: str | None = None


@dataclass(slots=True, kw_only=True)
class FieldMetadata(Carrier):
    """Description of a field, either of an ERP's actors or of a connection's configuration."""

    field_key: str | None = None
    """The field's key in the ERP, also the key in dictionaries of values."""
    rank: int = 0
    """Place in lists, ascending."""
    display_name: str | None = None
    display_description: str | None = None
    field_type: FieldMetadataType = FieldMetadataType.CHECKBOX
    list_name: str | None = None
    """Name of the ERP's list that values come from, for fields of type List."""
    default_value: str | None = None
    max_length: int = 0
    """Longest value in characters; 0 means no limit stated."""
    access: FieldAccess = FieldAccess.NORMAL
    show_in_search: bool = False
