"""The whole state of an installation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from itertools import count

from superoffice_erpsync.sandbox.explanations import in_two_languages
from superoffice_erpsync.sandbox.state.connections import Connection, Connector, Failure
from superoffice_erpsync.sandbox.state.crm import Crm
from superoffice_erpsync.sandbox.state.engine import Engine
from superoffice_erpsync.sandbox.state.links import Links
from superoffice_erpsync.sandbox.state.mappings import ActorMapping
from superoffice_erpsync.sandbox.state.sessions import Sessions
from superoffice_erpsync.sandbox.state.sites import ConnectorSite


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
    """Keys of the fields that got another value; empty where a link was made or broken."""


@dataclass(slots=True, kw_only=True)
class State:
    """Everything an installation knows. Handlers change it; tests may read it and change it too."""

    clock: Callable[[], datetime] = field(repr=False)
    sessions: Sessions
    engine: Engine = field(default_factory=Engine)
    crm: Crm = field(default_factory=Crm, repr=False)
    connectors: dict[int, Connector] = field(default_factory=dict)
    connections: dict[int, Connection] = field(default_factory=dict)
    sites: list[ConnectorSite] = field(default_factory=list, repr=False)
    """What answers on the network, whether a connector is stored for it or not."""
    links: Links = field(default_factory=Links, repr=False)
    archive_columns: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    """ERP field keys of the columns of an archive list, by the list's owner and the connection."""
    queue: list[BatchTask] = field(default_factory=list)
    batch_delay: timedelta = timedelta(milliseconds=250)
    """How long a queued resync waits before it is carried out."""
    log: list[Change] = field(default_factory=list, repr=False)
    """Every change to data and links. It has no bound, as snapshots and the control API hand it out whole; a test may
    empty it."""

    def note(self, cause: str, where: str, name: str, fields: Iterable[str]) -> None:
        """Enter a change in the log; see `Change` for the arguments."""
        self.log.append(Change(at=self.clock(), cause=cause, where=where, name=name, fields=tuple(fields)))

    def become(self, other: State) -> None:
        """Take over everything that another state knows, but for who may come in and what time it is."""
        for own in fields(self):
            if own.name not in ("clock", "sessions"):
                setattr(self, own.name, getattr(other, own.name))

    def connection(self, connection_id: int) -> Connection | None:
        """The connection of that id unless it is deleted; None otherwise."""
        found = self.connections.get(connection_id)
        return None if found is None or found.deleted else found

    def connector(self, connector_id: int) -> Connector | None:
        """The connector of that id unless it is deleted; None otherwise."""
        found = self.connectors.get(connector_id)
        return None if found is None or found.deleted else found

    def connections_of(self, connector_id: int) -> list[Connection]:
        """Those made with a connector and not deleted."""
        return [
            found for found in self.connections.values() if found.connector_id == connector_id and not found.deleted
        ]

    def mapping(self, connection_id: int, actor_type: str) -> ActorMapping | None:
        """The mapping of one kind of actor in one connection; None where either is unknown."""
        connection = self.connection(connection_id)
        return None if connection is None else connection.mappings.get(actor_type)

    def new_field_ids(self) -> Iterator[int]:
        """Ids that no field of any mapping has."""
        taken = (
            mapping.field_id
            for connection in self.connections.values()
            for actor in connection.mappings.values()
            for mapping in actor.fields
        )
        return count(max(taken, default=0) + 1)

    def site_at(self, url: str | None) -> ConnectorSite | None:
        """The web service that answers at an address, or None."""
        wanted = _same_address(url or "")
        return next((site for site in self.sites if site.answers and _same_address(site.url) == wanted), None)

    def site_of(self, connector_id: int) -> ConnectorSite | None:
        """The web service that answers for a connector; None where it does not, or there is no such connector."""
        connector = self.connector(connector_id)
        return None if connector is None else self.site_at(connector.url)

    def trouble_with(self, connection: Connection) -> Failure | None:
        """Why a connection cannot serve; None where it can."""
        if connection.failure is not None:
            return connection.failure
        site = self.site_of(connection.connector_id)
        if site is None:
            why = f"no connector answers at the address of connector {connection.connector_id}."
        elif site.open(connection.config_fields) is None:
            why = "the ERP refuses the connection's configuration."
        else:
            return None
        name = connection.display_name
        return Failure(
            tech_explanation=why,
            user_explanation=in_two_languages(us=f"{name} cannot be reached.", no=f"{name} svarer ikke."),
        )

    def active_connections(self) -> list[Connection]:
        """Those that the sync serves, in the order of their priorities."""
        active = [found for found in self.connections.values() if found.active and not found.deleted]
        return sorted(active, key=lambda found: (found.priority, found.connection_id))


def _same_address(url: str) -> str:
    return url.strip().rstrip("/").casefold()
