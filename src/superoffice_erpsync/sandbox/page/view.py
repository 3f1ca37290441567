"""The installation as the page shows it: plain values, taken while nothing changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from superoffice_erpsync.sandbox.faults.register import CountedRule
from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.state import State
from superoffice_erpsync.sandbox.state.connections import Connection
from superoffice_erpsync.sandbox.state.links import ExternalKey

LINKS_A_PAGE: Final = 25
_NAMES: Final = ("name", "lastName", "heading")
_LOGIN_IN_URL: Final = re.compile(r"//[^/@\s]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorView:
    """One kind of actor in a connection."""

    actor_type: str
    crm_actor_type: str
    mapped: int
    fields: int
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionView:
    """One connection; of its configuration nothing."""

    connection_id: int
    name: str
    connector: str
    url: str
    """Of the connector, without what may be a login in it."""
    active: bool
    deleted: bool
    timestamp: str
    last_sync: datetime | None
    """In UTC."""
    trouble: str
    """Why it cannot serve; empty where it can."""
    actors: list[ActorView]
    links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """What joins a record of the CRM to an actor of an ERP."""

    connection_id: int
    connection: str
    record: str
    record_name: str
    """Empty where the CRM no longer has it."""
    actor: str
    internal_key_id: int
    synced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """A fault on demand."""

    kind: str
    strikes: str
    """Which calls, in words."""
    matched: int
    struck: int
    spent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineView:
    """The engine that syncs by itself."""

    running: bool
    message: str
    interval: str
    last_sync: datetime | None
    """In UTC."""
    queued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationView:
    """Everything but the calls."""

    connections: list[ConnectionView]
    links: list[LinkView]
    links_total: int
    links_page: int
    """From 1."""
    links_pages: int
    engine: EngineView
    rules: list[RuleView]
    records: int
    received: int
    logins: int


def view_installation(installation: Installation, links_page: int = 1) -> InstallationView:
    """What there is now.

    Args:
        installation: Is held still meanwhile.
        links_page: Which part of the links, from 1; the nearest where there are not so many.
    """
    with installation.lock:
        state = installation.state
        counts: dict[int, int] = {}
        for link in state.links:
            counts[link.connection_id] = counts.get(link.connection_id, 0) + 1
        total = sum(counts.values())
        pages = max(1, -(-total // LINKS_A_PAGE))
        page = min(max(1, links_page), pages)
        shown = islice(state.links, (page - 1) * LINKS_A_PAGE, page * LINKS_A_PAGE)
        return InstallationView(
            connections=[
                _connection(state, connection, counts.get(connection.connection_id, 0))
                for connection in state.connections.values()
            ],
            links=[_link(state, link) for link in shown],
            links_total=total,
            links_page=page,
            links_pages=pages,
            engine=_engine(state),
            rules=[_rule(counted) for counted in installation.faults.rules],
            records=sum(1 for _ in state.crm),
            received=len(installation.received),
            logins=state.sessions.logins,
        )


def _connection(state: State, connection: Connection, links: int) -> ConnectionView:
    connector = state.connectors.get(connection.connector_id)
    trouble = None if connection.deleted else state.trouble_with(connection)
    return ConnectionView(
        connection_id=connection.connection_id,
        name=connection.display_name,
        connector=f"{connection.connector_id}" if connector is None else connector.display_name,
        url="" if connector is None else _LOGIN_IN_URL.sub("//***@", connector.url).partition("?")[0],
        active=connection.active,
        deleted=connection.deleted,
        timestamp=connection.most_recent_timestamp,
        last_sync=_in_utc(connection.last_sync),
        trouble="" if trouble is None else trouble.tech_explanation,
        actors=[
            ActorView(
                actor_type=mapping.actor_type,
                crm_actor_type=mapping.crm_actor_type,
                mapped=sum(1 for field in mapping.fields if field.crm_field_key),
                fields=len(mapping.fields),
                active=mapping.is_active,
            )
            for mapping in connection.mappings.values()
        ],
        links=links,
    )


def _link(state: State, link: ExternalKey) -> LinkView:
    connection = state.connections.get(link.connection_id)
    internal = state.links.internal(link.internal_key_id)
    record = None if internal is None else state.crm.find(internal.table, internal.record_id)
    values = {} if record is None else record.values
    return LinkView(
        connection_id=link.connection_id,
        connection="" if connection is None else connection.display_name,
        record="" if internal is None else f"{internal.table} {internal.record_id}",
        record_name=" ".join(values[key] for key in ("firstName", *_NAMES) if values.get(key)),
        actor=f"{link.actor_type} {link.key}",
        internal_key_id=link.internal_key_id,
        synced=link.synced,
    )


def _engine(state: State) -> EngineView:
    engine = state.engine
    return EngineView(
        running=engine.running,
        message=engine.message,
        interval=interval_in_words(engine.interval) if engine.interval else "never by itself",
        last_sync=_in_utc(engine.last_sync),
        queued=len(state.queue),
    )


def interval_in_words(interval: timedelta) -> str:
    """A time span for people, such as "1 h 15 min"."""
    seconds = interval.total_seconds()
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{number:g} {unit}" for number, unit in parts if number)


def _rule(counted: CountedRule) -> RuleView:
    rule = counted.rule
    return RuleView(
        kind=rule.kind if rule.seconds is None else f"{rule.kind} ({rule.seconds:g} s)",
        strikes=", ".join(
            part
            for part in (
                rule.operation or "every operation",
                f"of {rule.service}" if rule.service else "",
                f"over {rule.wire}" if rule.wire else "",
                f"{rule.share * 100:.4g} % of the calls" if rule.share < 1 else "",
                f"after the first {rule.skip}" if rule.skip else "",
                "once" if rule.count == 1 else f"{rule.count} times" if rule.count else "",
            )
            if part
        ),
        matched=counted.matched,
        struck=counted.struck,
        spent=counted.spent,
    )


def _in_utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)
