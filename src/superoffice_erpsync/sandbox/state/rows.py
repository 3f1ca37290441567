"""The state as rows of texts, and which of them are different from those written before.

A call changes little of a large state, so little should have to be written. Only what is small is turned into text to
see whether it changed; of records, actors and keys, of which there may be many, those are looked at that were touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import is_
from typing import Any, Final

from superoffice_erpsync.sandbox.errors import SnapshotError
from superoffice_erpsync.sandbox.state.crm import Crm, CrmRecord
from superoffice_erpsync.sandbox.state.erp import Erp, ErpActor
from superoffice_erpsync.sandbox.state.installed import Change, State
from superoffice_erpsync.sandbox.state.links import ExternalKey, InternalKey, Links
from superoffice_erpsync.sandbox.state.plain import to_plain
from superoffice_erpsync.sandbox.state.snapshot import (
    FORMAT,
    VERSION,
    dump_connection,
    dump_crm,
    dump_erp,
    dump_links,
    dump_setup,
    erps_of,
)

Row = tuple[str, str, str]
"""Section, key within the section, and the content in JSON."""

_Place = tuple[str | int, ...]
"""Section, and the parts of the key."""

_Cell = tuple[_Place, Any, Any]
"""Where a row stands; a mark that differs when the row does, or None for a row that is gone; and what the row is made
of, or None where the mark itself is its content."""

_LIST_OF: Final = {"record": ("crm", "records"), "internal": ("links", "internal"), "external": ("links", "external")}


@dataclass(slots=True)
class Difference:
    """What is to be written and what to be deleted."""

    put: list[Row] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.put or self.gone)


class Rows:
    """The rows as they were when last asked for."""

    def __init__(self) -> None:
        self._known: dict[_Place, Any] = {}
        self._log: tuple[int, Change | None] = (0, None)
        self._parts: list[Any] = []

    def difference(self, state: State, *, thoroughly: bool = False) -> Difference:
        """What has to be done to rows that stand as they were when last asked for; at first, all is to be written.

        Args:
            state: What the rows are to hold.
            thoroughly: Compare everything, also what changed without CRM, ERPs and links knowing.
        """
        found = Difference()
        erps = erps_of(state)
        holders: list[Crm | Links | Erp] = [state.crm, state.links, *erps]
        parts = [*holders, *state.connections.values()]
        same = len(parts) == len(self._parts) and all(map(is_, parts, self._parts))
        if thoroughly or not same:
            self._compare_all(state, erps, found)
        else:
            self._compare(_small_cells(state, erps), found)
            self._compare(_touched_cells(state, erps), found)
        self._parts = parts
        for holder in holders:
            holder.touched.clear()
        self._note_log(state.log, found)
        return found

    def _compare_all(self, state: State, erps: list[Erp], found: Difference) -> None:
        there = self._compare(_small_cells(state, erps), found) | self._compare(_large_cells(state, erps), found)
        for place in self._known.keys() - there:
            self._drop(place, found)

    def _compare(self, cells: Iterable[_Cell], found: Difference) -> set[_Place]:
        """The places that there are."""
        there = set()
        for place, mark, thing in cells:
            if mark is None:
                self._drop(place, found)
                continue
            there.add(place)
            if self._known.get(place) != mark:
                # A dict in it goes on changing with the state.
                self._known[place] = (mark[0], dict(mark[1])) if place[0] in ("actor", "record") else mark
                found.put.append(_row(place, mark if thing is None else _text(to_plain(thing))))
        return there

    def _drop(self, place: _Place, found: Difference) -> None:
        if self._known.pop(place, None) is not None:
            found.gone.append(_key(place))

    def _note_log(self, log: list[Change], found: Difference) -> None:
        count, last = self._log
        if len(log) < count or (count and log[count - 1] is not last):
            found.gone += [_key(("log", number)) for number in range(len(log), count)]
            count = 0
        found.put += [_row(("log", number), _text(to_plain(log[number]))) for number in range(count, len(log))]
        self._log = (len(log), log[-1] if log else None)


def snapshot_of(rows: Iterable[Row]) -> dict[str, Any]:
    """The rows as `snapshot.load` reads them; their order does not matter.

    Raises:
        SnapshotError: They are not rows of a state.
    """
    sections: dict[str, list[tuple[list[Any], Any]]] = {}
    try:
        for section, key, content in rows:
            sections.setdefault(section, []).append((json.loads(key), json.loads(content)))
        for items in sections.values():
            items.sort(key=lambda item: item[0])
        return _assembled(sections)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as problem:
        raise SnapshotError(f"The rows of the state are broken: {problem!r}.") from None


def _assembled(sections: dict[str, list[tuple[list[Any], Any]]]) -> dict[str, Any]:
    def contents(section: str) -> list[Any]:
        return [content for _, content in sections.pop(section, ())]

    (setup,), (crm,), (links,) = contents("setup"), contents("crm"), contents("links")
    erps = [{**erp, "actors": []} for erp in contents("erp")]
    for (number, *_), actor in sections.pop("actor", ()):
        erps[number]["actors"].append(actor)
    whole = {
        "format": FORMAT,
        "version": VERSION,
        **setup,
        "connections": contents("connection"),
        "erps": erps,
        "crm": crm,
        "links": links,
        "log": contents("log"),
    }
    for section, (part, name) in _LIST_OF.items():
        whole[part][name] = contents(section)
    if sections:
        raise KeyError(", ".join(sections))
    return whole


def _small_cells(state: State, erps: list[Erp]) -> Iterator[_Cell]:
    yield ("setup",), _text(dump_setup(state, erps)), None
    yield ("crm",), _text(dump_crm(state.crm)), None
    yield ("links",), _text(dump_links(state.links)), None
    for number, erp in enumerate(erps):
        yield ("erp", number), _text(dump_erp(erp)), None
    for connection in state.connections.values():
        yield ("connection", connection.connection_id), _text(dump_connection(connection, erps)), None


def _large_cells(state: State, erps: list[Erp]) -> Iterator[_Cell]:
    for number, erp in enumerate(erps):
        for actor in erp:
            yield _actor_cell(number, (actor.actor_type, actor.key), actor)
    for record in state.crm:
        yield _record_cell((record.table, record.record_id), record)
    for internal in state.links.internal_keys():
        yield _internal_cell(internal)
    for external in state.links:
        yield _external_cell(external.external_key_id, external)


def _touched_cells(state: State, erps: list[Erp]) -> Iterator[_Cell]:
    for number, erp in enumerate(erps):
        for actor_key in erp.touched:
            yield _actor_cell(number, actor_key, erp.find(*actor_key))
    for record_key in state.crm.touched:
        yield _record_cell(record_key, state.crm.find(*record_key))
    for external_key_id, external in state.links.touched.items():
        internal = None if external is None else state.links.internal(external.internal_key_id)
        if internal is not None:
            yield _internal_cell(internal)
        yield _external_cell(external_key_id, external)


def _actor_cell(number: int, key: tuple[str, str], actor: ErpActor | None) -> _Cell:
    return ("actor", number, *key), None if actor is None else (actor.modified, actor.values), actor


def _record_cell(key: tuple[str, int], record: CrmRecord | None) -> _Cell:
    return ("record", *key), None if record is None else (record.modified, record.values), record


def _internal_cell(internal: InternalKey) -> _Cell:
    return ("internal", internal.internal_key_id), (internal.table, internal.record_id), internal


def _external_cell(external_key_id: int, external: ExternalKey | None) -> _Cell:
    if external is None:
        return ("external", external_key_id), None, None
    mark = (external.internal_key_id, external.connection_id, external.actor_type, external.key, external.synced)
    return ("external", external_key_id), mark, external


def _row(place: _Place, content: str) -> Row:
    return (*_key(place), content)


def _key(place: _Place) -> tuple[str, str]:
    section, *key = place
    return str(section), _text(key)


def _text(value: Any) -> str:
    # In ASCII, because a text may hold half a surrogate pair, which no encoding takes.
    return json.dumps(value, separators=(",", ":"))
