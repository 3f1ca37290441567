"""The whole state of an installation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from superoffice_erpsync.sandbox.state.connections import Connection, Connector
from superoffice_erpsync.sandbox.state.crm import Crm
from superoffice_erpsync.sandbox.state.engine import Engine
from superoffice_erpsync.sandbox.state.links import Links
from superoffice_erpsync.sandbox.state.sessions import Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTask:
    """A resync that was queued."""

    due_at: datetime
    connection_id: int
    internal_key_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry in the log of what was done."""

    at: datetime
    cause: str
    """The operation that did it, or "engine" or "batch"."""
    where: str
    """"crm", or "erp 1" for the ERP of connection 1."""
    name: str
    """The record's or actor's type and key, such as "contact 12" or "Customer C1001"."""
    fields: tuple[str, ...]
    """Keys of the fields that got another value; empty where a link was broken."""


@dataclass(slots=True, kw_only=True)
class State:
    """Everything an installation knows. Handlers change it; tests may read it and change it too."""

    clock: Callable[[], datetime] = field(repr=False)
    sessions: Sessions
    engine: Engine = field(default_factory=Engine)
    crm: Crm = field(default_factory=Crm, repr=False)
    connectors: dict[int, Connector] = field(default_factory=dict)
    connections: dict[int, Connection] = field(default_factory=dict)
    links: Links = field(default_factory=Links, repr=False)
    queue: list[BatchTask] = field(default_factory=list)
    batch_delay: timedelta = timedelta(milliseconds=250)
    """How long a queued resync waits before it is carried out."""
    log: list[Change] = field(default_factory=list, repr=False)

    def connection(self, connection_id: int) -> Connection | None:
        """The connection of that id unless it is deleted; None otherwise."""
        found = self.connections.get(connection_id)
        return None if found is None or found.deleted else found

    def active_connections(self) -> list[Connection]:
        """Those that the sync serves, in the order of their priorities."""
        active = [found for found in self.connections.values() if found.active and not found.deleted]
        return sorted(active, key=lambda found: (found.priority, found.connection_id))
