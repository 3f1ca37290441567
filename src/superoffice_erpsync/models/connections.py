"""Connections: a connector with the configuration for one client or company in its ERP."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from superoffice_erpsync.models.actor_types import CrmActorType, ErpActorType
from superoffice_erpsync.models.configuration import ConfigFields
from superoffice_erpsync.models.connectors import FieldMetadata
from superoffice_erpsync.models.rights import Carrier
from superoffice_erpsync.redaction import MASK


@dataclass(slots=True, kw_only=True, repr=False)
class ErpConnection(Carrier):
    """A connection. Its repr masks `config_fields`, which hold the ERP's passwords; the data itself is complete."""

    erp_connection_id: int = 0
    """0 for one that is not saved yet."""
    erp_connector_id: int = 0
    display_name: str | None = None
    display_description: str | None = None
    active: bool = False
    connection_id: str | None = None
    """GUID that the server gives on the first save; the connector knows the connection by it."""
    most_recent_timestamp: str | None = None
    """How far the sync has come, in the connector's own notation."""
    config_fields: ConfigFields | dict[str, str | None] | None = None
    """Configuration values by field key, see `get_configuration_fields`. Secret."""
    deleted: bool = False
    """Deleting is soft: the connection stays, marked."""
    all_access: bool = False
    """True where every user may use the connection; else the two lists below say who may."""
    user_group_access_ids: list[int] | None = None
    associate_access_ids: list[int] | None = None

    def __repr__(self) -> str:
        shown = []
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "config_fields" and value is not None:
                shown.append(f"{field.name}={ConfigFields(value) if isinstance(value, Mapping) else MASK!r}")
            else:
                shown.append(f"{field.name}={value!r}")
        return f"{type(self).__name__}({', '.join(shown)})"


@dataclass(slots=True, kw_only=True)
class ErpConnectionData(Carrier):
    """A connection as seen from one CRM entity, with the ERP fields that are shown beside it."""

    erp_connection_id: int = 0
    connection_name: str | None = None
    connected: bool = False
    """Whether the entity is linked to an actor of this connection."""
    erp_fields: list[FieldMetadata | None] | None = None
    crm_actor_type: CrmActorType = CrmActorType.UNKNOWN
    erp_actor_type: ErpActorType = ErpActorType.UNKNOWN
    erp_actor_types: list[ErpActorType] | None = None
    """The actor types of this connection that the entity could be linked to."""


@dataclass(slots=True, kw_only=True)
class ErpSyncActorSummary(Carrier):
    """What is set up for one actor type of a connection."""

    actor_type: ErpActorType = ErpActorType.UNKNOWN
    has_mappings: bool = False
    defaults: str | None = None
    """Default values, in words."""
    mappings: str | None = None
    """Field mappings, in words."""


@dataclass(slots=True, kw_only=True)
class ErpSyncConnectionSummary(Carrier):
    """Overview of a connection."""

    display_name: str | None = None
    display_description: str | None = None
    active: bool = False
    deleted: bool = False
    last_sync: datetime | None = None
    """None where it was never synced. Without an offset it is in the installation's own time zone."""
    actors: list[ErpSyncActorSummary | None] | None = None
