"""The whole state as plain JSON values, and back.

What is not of the installation itself is left out: users, tickets and cookies, the clock, and the record of calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from superoffice_erpsync.sandbox.errors import SnapshotError
from superoffice_erpsync.sandbox.state.connections import Connection, Connector
from superoffice_erpsync.sandbox.state.crm import TABLE_OF_CRM_ACTOR, Crm, CrmRecord
from superoffice_erpsync.sandbox.state.crm_fields import CRM_ACTOR_OF_ERP_ACTOR
from superoffice_erpsync.sandbox.state.engine import Engine
from superoffice_erpsync.sandbox.state.erp import Erp, ErpActor
from superoffice_erpsync.sandbox.state.installed import BatchTask, Change, State
from superoffice_erpsync.sandbox.state.links import ExternalKey, InternalKey, Links
from superoffice_erpsync.sandbox.state.plain import (
    BrokenValue,
    from_plain,
    items_from_plain,
    read_duration,
    reader_of,
    to_plain,
)
from superoffice_erpsync.sandbox.state.sessions import Sessions
from superoffice_erpsync.sandbox.state.sites import ConnectorSite, ErpClient

FORMAT: Final = "superoffice-erpsync-sandbox"
VERSION: Final = 1

_FIELD_TYPES: Final = frozenset({"Checkbox", "Text", "Password", "Integer", "Double", "List", "Date", "Label"})
_FIELD_ACCESS: Final = frozenset({"Normal", "Mandatory", "ReadOnly"})


def dump(state: State) -> dict[str, Any]:
    """The state as plain JSON values; `load` makes the same of it."""
    erps = erps_of(state)
    return {
        "format": FORMAT,
        "version": VERSION,
        **dump_setup(state, erps),
        "connections": [dump_connection(connection, erps) for connection in state.connections.values()],
        "erps": [
            {**dump_erp(erp), "actors": [to_plain(actor) for actor in sorted(erp, key=_place_of_actor)]} for erp in erps
        ],
        "crm": {
            **dump_crm(state.crm),
            "records": [to_plain(record) for record in sorted(state.crm, key=_place_of_record)],
        },
        "links": {
            **dump_links(state.links),
            "internal": [to_plain(internal) for internal in state.links.internal_keys()],
            "external": [to_plain(external) for external in state.links],
        },
        "log": [to_plain(change) for change in state.log],
    }


def erps_of(state: State) -> list[Erp]:
    """Every ERP once, though a site and several connections may lead to it; its place here stands for it."""
    found = [client.erp for site in state.sites for client in site.clients]
    found += [connection.erp for connection in state.connections.values()]
    return list({id(erp): erp for erp in found}.values())


def dump_setup(state: State, erps: list[Erp]) -> dict[str, Any]:
    """What is small and has no counterpart of its own in `dump`."""
    return {
        "engine": to_plain(state.engine),
        "batch_delay": to_plain(state.batch_delay),
        "connectors": [to_plain(connector) for connector in state.connectors.values()],
        "sites": [
            {
                **to_plain(site, but=("clients",)),
                "clients": [
                    {"login": to_plain(client.login), "erp": _index(erps, client.erp)} for client in site.clients
                ],
            }
            for site in state.sites
        ],
        "archive_columns": [
            {"owner": owner, "connection_id": connection_id, "columns": list(columns)}
            for (owner, connection_id), columns in state.archive_columns.items()
        ],
        "queue": to_plain(state.queue),
    }


def dump_connection(connection: Connection, erps: list[Erp]) -> dict[str, Any]:
    """A connection with its mappings; its ERP is only named."""
    return {**to_plain(connection, but=("erp",)), "erp": _index(erps, connection.erp)}


def dump_erp(erp: Erp) -> dict[str, Any]:
    """An ERP without its actors."""
    return {"changes": erp.changes, "lists": to_plain(erp.lists)}


def dump_crm(crm: Crm) -> dict[str, Any]:
    """The CRM without its records."""
    return {"changes": crm.changes, "lists": to_plain(crm.lists)}


def dump_links(links: Links) -> dict[str, Any]:
    """The links without the keys."""
    return {"last_external_id": links.last_external_id}


def load(data: Any, clock: Callable[[], datetime], sessions: Sessions) -> State:
    """The state that `dump` made the data of.

    Raises:
        SnapshotError: The data is no snapshot, one of another version, or broken; the message says where.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise SnapshotError(f'This is no snapshot of a sandbox: one says "format": "{FORMAT}".')
    if type(data.get("version")) is not int or data["version"] != VERSION:
        raise SnapshotError(
            f"The snapshot has version {str(data.get('version'))[:20]}, and this sandbox reads version {VERSION} only."
        )
    try:
        return _load(data, clock, sessions)
    except BrokenValue as broken:
        raise SnapshotError(f"The snapshot is broken at {broken}.") from None


def _load(data: dict[str, Any], clock: Callable[[], datetime], sessions: Sessions) -> State:
    whole = _Members(data, "format", "version")
    erps = whole.read("erps", lambda value: items_from_plain(value, _erp))
    state = State(clock=clock, sessions=sessions)
    state.engine = whole.read("engine", lambda value: from_plain(Engine, value))
    state.batch_delay = whole.read("batch_delay", read_duration)
    state.connectors = whole.read("connectors", lambda value: _by_id(value, _connector))
    state.sites = whole.read("sites", lambda value: items_from_plain(value, lambda item: _site(item, erps)))
    state.connections = whole.read("connections", lambda value: _by_id(value, lambda item: _connection(item, erps)))
    state.crm = whole.read("crm", _crm)
    state.links = whole.read("links", _links)
    state.archive_columns = whole.read("archive_columns", _archive_columns)
    state.queue = whole.read("queue", reader_of(list[BatchTask]))
    state.log = whole.read("log", reader_of(list[Change]))
    whole.end()
    return state


class _Members:
    """The members of an object, each read once."""

    def __init__(self, value: Any, *known: str) -> None:
        if type(value) is not dict:
            raise BrokenValue("an object is wanted")
        self._value = value
        self._unread = dict.fromkeys(name for name in value if name not in known)

    def read(self, name: str, read: Callable[[Any], Any]) -> Any:
        if name not in self._unread:
            raise BrokenValue(f"{name!r} is missing")
        del self._unread[name]
        try:
            return read(self._value[name])
        except BrokenValue as broken:
            raise broken.within(name) from None

    def end(self) -> None:
        for name in self._unread:
            raise BrokenValue(f"{name!r} is unknown here")


def _erp(value: Any) -> Erp:
    members = _Members(value)
    erp = Erp(
        changes=members.read("changes", reader_of(int)),
        lists=members.read("lists", reader_of(dict[str, dict[str, str]])),
    )
    for place, actor in enumerate(members.read("actors", reader_of(list[ErpActor]))):
        if erp.find(actor.actor_type, actor.key) is not None:
            raise BrokenValue(f"{actor.actor_type} {actor.key!r} is there twice").within(place).within("actors")
        erp.put_back(actor)
    members.end()
    return erp


def _crm(value: Any) -> Crm:
    members = _Members(value)
    crm = Crm(
        changes=members.read("changes", reader_of(int)),
        lists=members.read("lists", reader_of(dict[str, dict[int, str]])),
    )
    for place, record in enumerate(members.read("records", reader_of(list[CrmRecord]))):
        if crm.find(record.table, record.record_id) is not None:
            raise BrokenValue(f"{record.table} {record.record_id} is there twice").within(place).within("records")
        crm.put_back(record)
    members.end()
    return crm


def _links(value: Any) -> Links:
    members = _Members(value)
    last = members.read("last_external_id", reader_of(int))
    internal = members.read("internal", reader_of(list[InternalKey]))
    external = members.read("external", reader_of(list[ExternalKey]))
    members.end()
    try:
        return Links.of_keys(internal, external, last)
    except ValueError as problem:
        raise BrokenValue(str(problem)) from None


def _connector(value: Any) -> tuple[int, Connector]:
    connector = from_plain(Connector, value)
    return connector.connector_id, connector


def _connection(value: Any, erps: list[Erp]) -> tuple[int, Connection]:
    erp, rest = _split_erp(value, erps)
    connection = from_plain(Connection, rest, erp=erp)
    for actor_type, mapping in connection.mappings.items():
        try:
            _check_word(mapping.actor_type, {actor_type} & CRM_ACTOR_OF_ERP_ACTOR.keys(), "actor_type")
            _check_word(mapping.crm_actor_type, TABLE_OF_CRM_ACTOR.keys(), "crm_actor_type")
            for place, field in enumerate(mapping.fields):
                _check_field(field.field_type, field.access, place)
        except BrokenValue as broken:
            raise broken.within(actor_type).within("mappings") from None
    return connection.connection_id, connection


def _site(value: Any, erps: list[Erp]) -> ConnectorSite:
    if type(value) is not dict or "clients" not in value:
        raise BrokenValue("'clients' is missing")

    def client(item: Any) -> ErpClient:
        erp, rest = _split_erp(item, erps)
        return from_plain(ErpClient, rest, erp=erp)

    rest = {name: item for name, item in value.items() if name != "clients"}
    try:
        clients = items_from_plain(value["clients"], client)
    except BrokenValue as broken:
        raise broken.within("clients") from None
    site = from_plain(ConnectorSite, rest, clients=clients)
    for actor_type, actor in site.actors.items():
        try:
            _check_word(actor.actor_type, {actor_type} & CRM_ACTOR_OF_ERP_ACTOR.keys(), "actor_type")
            for place, field in enumerate(actor.fields):
                _check_field(field.field_type, field.access, place)
        except BrokenValue as broken:
            raise broken.within(actor_type).within("actors") from None
    return site


def _archive_columns(value: Any) -> dict[tuple[str, int], list[str]]:
    def item(value: Any) -> tuple[tuple[str, int], list[str]]:
        members = _Members(value)
        owner = members.read("owner", reader_of(str))
        connection_id = members.read("connection_id", reader_of(int))
        columns: list[str] = members.read("columns", reader_of(list[str]))
        members.end()
        return (owner, connection_id), columns

    return dict(items_from_plain(value, item))


def _by_id(value: Any, read: Callable[[Any], tuple[int, Any]]) -> dict[int, Any]:
    items = items_from_plain(value, read)
    made = dict(items)
    if len(made) < len(items):
        raise BrokenValue("an id is there twice")
    return made


def _split_erp(value: Any, erps: list[Erp]) -> tuple[Erp, dict[str, Any]]:
    """The ERP that an object names, and the other members."""
    if type(value) is not dict:
        raise BrokenValue("an object is wanted")
    number = value.get("erp")
    if type(number) is not int or not 0 <= number < len(erps):
        raise BrokenValue(f"the place of one of the {len(erps)} ERPs is wanted").within("erp")
    return erps[number], {name: item for name, item in value.items() if name != "erp"}


def _check_word(word: str, known: Iterable[str], member: str) -> None:
    if word not in known:
        raise BrokenValue(f"{word[:60]!r} is unknown or out of place").within(member)


def _check_field(field_type: str, access: str, place: int) -> None:
    try:
        _check_word(field_type, _FIELD_TYPES, "field_type")
        _check_word(access, _FIELD_ACCESS, "access")
    except BrokenValue as broken:
        raise broken.within(place).within("fields") from None


def _index(erps: list[Erp], wanted: Erp) -> int:
    return next(place for place, erp in enumerate(erps) if erp is wanted)


def _place_of_actor(actor: ErpActor) -> tuple[str, str]:
    return actor.actor_type, actor.key


def _place_of_record(record: CrmRecord) -> tuple[str, int]:
    return record.table, record.record_id
