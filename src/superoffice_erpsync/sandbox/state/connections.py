"""Connectors, and the connections made with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from superoffice_erpsync.sandbox.state.erp import Erp
from superoffice_erpsync.sandbox.state.mappings import ActorMapping, FieldMapping


@dataclass(slots=True, kw_only=True)
class Connector:
    """A web service that speaks for one kind of ERP."""

    connector_id: int
    display_name: str
    url: str
    deleted: bool = False


@dataclass(slots=True, kw_only=True)
class Failure:
    """What a connection answers instead of syncing."""

    error_code: str | None = None
    user_explanation: str
    tech_explanation: str


@dataclass(slots=True, kw_only=True)
class Connection:
    """A connector with the configuration of one client or company in its ERP, and that ERP itself."""

    connection_id: int
    connector_id: int
    guid: str
    display_name: str
    display_description: str = ""
    active: bool = False
    deleted: bool = False
    all_access: bool = True
    user_group_access_ids: list[int] = field(default_factory=list)
    associate_access_ids: list[int] = field(default_factory=list)
    config_fields: dict[str, str] = field(default_factory=dict, repr=False)
    """May hold the ERP's password, so it does not show."""
    priority: int = 0
    """Place in the order of syncs, lowest first."""
    mappings: dict[str, ActorMapping] = field(default_factory=dict)
    """By wire name of the ERP actor type."""
    erp: Erp = field(default_factory=Erp, repr=False)
    seen_in_erp: int = 0
    """The ERP's count of changes up to which the sync has read it."""
    seen_in_crm: int = 0
    """The CRM's count of changes up to which the sync has brought it here."""
    last_sync: datetime | None = None
    """None: never synced."""
    failure: Failure | None = None
    """Set it, and the connection fails until it is None again."""

    def find_field(self, field_id: int) -> tuple[ActorMapping, FieldMapping] | None:
        """The field of that id with the mapping it belongs to, or None."""
        for actor in self.mappings.values():
            for mapping in actor.fields:
                if mapping.field_id == field_id:
                    return actor, mapping
        return None

    @property
    def most_recent_timestamp(self) -> str:
        """How far the sync has read, as text that only the connector understands."""
        return f"{self.seen_in_erp:08d}"

    def reasons_against_activation(self) -> list[str]:
        """One sentence for each mandatory field that has no direction."""
        return [
            f"The field {mapping.display_name} ({mapping.erp_field_key}) of {actor.actor_type} is mandatory "
            "and has no sync direction."
            for actor in self.mappings.values()
            if actor.is_active
            for mapping in actor.fields
            if mapping.access == "Mandatory" and not mapping.missing_in_erp and not mapping.has_direction
        ]
