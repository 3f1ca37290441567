"""More data in a running installation: companies by the thousand, or single records, actors and links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from superoffice_erpsync.sandbox.state.connections import Connection
from superoffice_erpsync.sandbox.state.crm import TABLE_OF_CRM_ACTOR
from superoffice_erpsync.sandbox.state.crm_fields import recognised_field
from superoffice_erpsync.sandbox.state.erp import ErpActor
from superoffice_erpsync.sandbox.state.installed import State
from superoffice_erpsync.sandbox.state.mappings import ActorMapping, FieldMapping
from superoffice_erpsync.sandbox.state.plain import BrokenValue, from_plain, items_from_plain

MOST_COMPANIES: Final = 100_000
"""At a time."""

_FIRST_NUMBER: Final = 100_001
_FIRST_INTERNAL_KEY: Final = 500_001
_HIGHEST_ID: Final = 2**31 - 1_000_000
_KEY: Final = re.compile(r"C([0-9]{1,9})")
_TRADES: Final = ("Timber", "Optics", "Foods", "Dairy", "Coffee", "Books", "Works", "Travel", "Lights", "Tools")
_CITIES: Final = ("Bergen", "Hamar", "Tromsø", "Ålesund", "Skien", "Røros", "Oslo", "Moss", "Molde", "Arendal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What was added."""

    companies: int = 0
    first_key: str = ""
    """ERP key of the first company's customer; the others follow by number."""
    last_key: str = ""
    first_contact_id: int = 0
    first_internal_key_id: int = 0
    records: int = 0
    actors: int = 0
    links: int = 0
    """The last three count what was named one by one."""

    @property
    def keys(self) -> list[str]:
        """ERP keys of the companies' customers."""
        first = int(self.first_key[1:] or 0)
        return [f"C{first + place}" for place in range(self.companies)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _NewRecord:
    table: str
    record_id: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _NewActor:
    connection_id: int
    actor_type: str
    key: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _NewLink:
    connection_id: int
    actor_type: str
    key: str
    table: str
    record_id: int


def seed(
    state: State,
    companies: int = 0,
    connection_id: int = 1,
    records: Iterable[Mapping[str, Any]] = (),
    actors: Iterable[Mapping[str, Any]] = (),
    links: Iterable[Mapping[str, Any]] = (),
) -> Seeded:
    """Add data, all of it or, where something is wrong, nothing.

    Args:
        state: What is added to.
        companies: How many contacts to make, each with a customer in the ERP that it is linked to and in step with.
            Keys, ids and values are the same each time: `C100001` and on, after the highest there is.
        connection_id: Of the connection that the companies' customers belong to.
        records: Of the CRM, with `table`, `record_id` and `values`; one that exists gets these values beside its own.
        actors: Of ERPs, with `connection_id`, `actor_type`, `key` and `values`; likewise.
        links: With `connection_id`, `actor_type`, `key`, `table` and `record_id`; of what exists or is added here.

    Raises:
        ValueError: Something of it is not possible; the message says what.
    """
    new_records = _read("records", records, _NewRecord)
    new_actors = _read("actors", actors, _NewActor)
    new_links = _read("links", links, _NewLink)
    for record in new_records:
        if record.table not in TABLE_OF_CRM_ACTOR.values():
            raise ValueError(f"records: the CRM has no table {record.table[:60]!r}")
    for actor in new_actors:
        _mapping(state, "actors", actor.connection_id, actor.actor_type)
        if not actor.key:
            raise ValueError("actors: a key is blank")
    _check_links(state, new_records, new_actors, new_links)
    customers = _customers(state, connection_id, companies)
    highest = max([_FIRST_INTERNAL_KEY, *(record.record_id for record in new_records), *_key_numbers(new_actors)])
    if customers is not None and max(highest, *_first_numbers(state, customers[0])) + companies > _HIGHEST_ID:
        raise ValueError("companies: there are no ids left for so many")
    _put(state, new_records, new_actors, new_links)
    seeded = Seeded(records=len(new_records), actors=len(new_actors), links=len(new_links))
    if customers is None:
        return seeded
    first, internal = _add_companies(state, *customers, companies)
    return replace(
        seeded,
        companies=companies,
        first_key=f"C{first}",
        last_key=f"C{first + companies - 1}",
        first_contact_id=first,
        first_internal_key_id=internal,
    )


def _read(name: str, items: Iterable[Mapping[str, Any]], kind: type[Any]) -> list[Any]:
    try:
        return items_from_plain(
            items if isinstance(items, list) else [dict(item) for item in items], lambda item: from_plain(kind, item)
        )
    except BrokenValue as broken:
        raise ValueError(str(broken.within(name))) from None


def _customers(state: State, connection_id: int, companies: int) -> tuple[Connection, ActorMapping] | None:
    if not 0 <= companies <= MOST_COMPANIES:
        raise ValueError(f"companies: from 0 to {MOST_COMPANIES} at a time, not {companies}")
    if not companies:
        return None
    mapping = _mapping(state, "companies", connection_id, "Customer")
    return state.connections[connection_id], mapping


def _mapping(state: State, name: str, connection_id: int, actor_type: str) -> ActorMapping:
    if state.connection(connection_id) is None:
        raise ValueError(f"{name}: there is no connection {connection_id}")
    mapping = state.mapping(connection_id, actor_type)
    if mapping is None:
        raise ValueError(f"{name}: connection {connection_id} has no actors of the type {actor_type[:60]!r}")
    return mapping


def _check_links(state: State, records: list[_NewRecord], actors: list[_NewActor], links: list[_NewLink]) -> None:
    new_records = {(record.table, record.record_id) for record in records}
    new_actors = {(actor.connection_id, actor.actor_type, actor.key) for actor in actors}
    joined_actors: set[tuple[int, str, str]] = set()
    joined_records: set[tuple[int, str, int]] = set()
    for link in links:
        mapping = _mapping(state, "links", link.connection_id, link.actor_type)
        actor, record = (link.connection_id, link.actor_type, link.key), (link.table, link.record_id)
        named = f"links: {link.actor_type} {link.key} of connection {link.connection_id}"
        if TABLE_OF_CRM_ACTOR[mapping.crm_actor_type] != link.table:
            raise ValueError(f"{named} is no counterpart of a {link.table[:60]}")
        if actor not in new_actors and state.connections[link.connection_id].erp.find(*actor[1:]) is None:
            raise ValueError(f"{named} does not exist")
        if record not in new_records and state.crm.find(*record) is None:
            raise ValueError(f"links: there is no {link.table} {link.record_id}")
        internal = state.links.of_record(*record)
        if actor in joined_actors or state.links.external(*actor) is not None:
            raise ValueError(f"{named} is linked already")
        place = (link.connection_id, *record)
        if place in joined_records or (
            internal and state.links.externals_of(internal.internal_key_id, link.connection_id)
        ):
            raise ValueError(f"links: {link.table} {link.record_id} is linked already in that connection")
        joined_actors.add(actor)
        joined_records.add(place)


def _put(state: State, records: list[_NewRecord], actors: list[_NewActor], links: list[_NewLink]) -> None:
    for record in records:
        if state.crm.find(record.table, record.record_id) is None:
            state.crm.add(record.table, record.record_id, record.values)
        else:
            state.crm.change(record.table, record.record_id, record.values)
    for actor in actors:
        erp = state.connections[actor.connection_id].erp
        if erp.find(actor.actor_type, actor.key) is None:
            erp.add(actor.actor_type, actor.key, actor.values)
        else:
            erp.change(actor.actor_type, actor.key, actor.values)
    for link in links:
        state.links.link(
            link.table, link.record_id, connection_id=link.connection_id, actor_type=link.actor_type, key=link.key
        )


def _add_companies(state: State, connection: Connection, mapping: ActorMapping, companies: int) -> tuple[int, int]:
    """The first number and the first internal key of those that were added."""
    first, internal = _first_numbers(state, connection)
    for place in range(companies):
        number = first + place
        contact = _contact(number)
        state.crm.add("contact", number, contact)
        customer = {field.erp_field_key: _erp_value(mapping, field, contact) for field in mapping.fields}
        connection.erp.add("Customer", f"C{number}", customer)
        external = state.links.join(
            internal + place,
            "contact",
            number,
            connection_id=connection.connection_id,
            actor_type="Customer",
            key=f"C{number}",
        )
        state.links.call_synced(external)
    return first, internal


def _first_numbers(state: State, connection: Connection) -> tuple[int, int]:
    """Where new contacts and keys, and new internal keys, begin: beyond all that are there."""
    contacts = (record.record_id for record in state.crm if record.table == "contact")
    keys = _key_numbers(connection.erp)
    internals = (internal.internal_key_id for internal in state.links.internal_keys())
    return max(_FIRST_NUMBER - 1, *contacts, *keys) + 1, max(_FIRST_INTERNAL_KEY - 1, *internals) + 1


def _key_numbers(actors: Iterable[ErpActor | _NewActor]) -> Iterator[int]:
    return (int(found[1]) for actor in actors if (found := _KEY.fullmatch(actor.key)))


def _contact(number: int) -> dict[str, str]:
    ordinal = number - _FIRST_NUMBER
    return {
        "name": f"Seeded {_TRADES[ordinal % len(_TRADES)]} {number}",
        "orgnr": f"{910_000_000 + ordinal}",
        "phone": f"+47 23 {number // 10_000 % 100:02d} {number // 100 % 100:02d} {number % 100:02d}",
        "city": _CITIES[ordinal // len(_TRADES) % len(_CITIES)],
        "creditLimit": f"[F:{ordinal % 40 * 2500}]",
        "paymentDays": f"[I:{(14, 30, 45)[ordinal % 3]}]",
        "customerSince": f"[DT:{ordinal % 12 + 1:02d}/{ordinal % 28 + 1:02d}/2015 00:00:00.0000000]",
        "category": str(ordinal % 3 + 1),
    }


def _erp_value(mapping: ActorMapping, field: FieldMapping, contact: Mapping[str, str]) -> str:
    recognised = recognised_field(mapping.crm_actor_type, field.erp_field_key)
    value = contact.get(field.crm_field_key or (recognised.key if recognised else ""), "")
    if field.field_type == "List":
        return next((item for item, number in field.list_items.items() if str(number) == value), "")
    return value
