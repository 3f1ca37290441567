"""What lies behind the addresses of connectors: web services that describe ERPs, and the ERPs they open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from superoffice_erpsync.sandbox.state.erp import Erp


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDescription:
    """A field as a connector describes it, of an actor or of a connection's configuration."""

    key: str
    display_name: str
    description: str = ""
    field_type: str = "Text"
    """Wire name of FieldMetadataType."""
    access: str = "Normal"
    """Wire name of FieldAccess."""
    list_name: str = ""
    max_length: int = 0
    """0 for no limit."""
    default_value: str = ""
    shown: bool = True
    """Whether a new mapping shows the field beside the CRM's entity."""
    searched: bool = False


@dataclass(slots=True, kw_only=True)
class ActorDescription:
    """One kind of actor that a connector serves."""

    actor_type: str
    fields: list[FieldDescription]
    advanced_search: bool = False
    """Whether it can be searched by single fields."""


@dataclass(slots=True, kw_only=True)
class ErpClient:
    """One client or company of an ERP."""

    login: Mapping[str, str] = field(repr=False)
    """The configuration values that open it."""
    erp: Erp = field(default_factory=Erp, repr=False)


@dataclass(slots=True, kw_only=True)
class ConnectorSite:
    """The web service at one address. Tests may change what it describes, or silence it."""

    url: str
    config_fields: list[FieldDescription] = field(default_factory=list)
    actors: dict[str, ActorDescription] = field(default_factory=dict)
    """By wire name of the ERP actor type."""
    clients: list[ErpClient] = field(default_factory=list)
    answers: bool = True

    def open(self, config_fields: Mapping[str, str]) -> Erp | None:
        """The ERP that a configuration leads to; None where it leads to none."""
        for client in self.clients:
            if all(config_fields.get(key) == value for key, value in client.login.items()):
                return client.erp
        return None
