"""The state as rows of texts, and which of them are different from those written before.

A call changes little of a large state, so little should have to be written. Only what is small is turned into text to
see whether it changed; records, actors and keys, of which there may be many, are compared with copies.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from superoffice_erpsync.sandbox.errors import SnapshotError
from superoffice_erpsync.sandbox.state.installed import Change, State
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

    def difference(self, state: State) -> Difference:
        """What has to be done to rows that stand as they were when last asked for; at first, all is to be written."""
        found = Difference()
        known = self._known
        count = 0
        for place, mark, thing in _cells(state):
            count += 1
            if known.get(place) != mark:
                # A dict in it goes on changing with the state.
                known[place] = (mark[0], dict(mark[1])) if place[0] in ("actor", "record") else mark
                found.put.append(_row(place, mark if thing is None else _text(to_plain(thing))))
        if count != len(known):
            still = {place for place, _, _ in _cells(state)}
            for place in known.keys() - still:
                del known[place]
                found.gone.append(_key(place))
        self._note_log(state.log, found)
        return found

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


def _cells(state: State) -> Iterator[tuple[_Place, Any, Any]]:
    """Where each row stands, a mark that differs when the row does, and what it is made of.

    Where the last is None, the mark is the row's content.
    """
    erps = erps_of(state)
    yield ("setup",), _text(dump_setup(state, erps)), None
    yield ("crm",), _text(dump_crm(state.crm)), None
    yield ("links",), _text(dump_links(state.links)), None
    for connection in state.connections.values():
        yield ("connection", connection.connection_id), _text(dump_connection(connection, erps)), None
    for number, erp in enumerate(erps):
        yield ("erp", number), _text(dump_erp(erp)), None
        for actor in erp:
            place = ("actor", number, actor.actor_type, actor.key)
            yield place, (actor.modified, actor.values), actor
    for record in state.crm:
        place_of_record = ("record", record.table, record.record_id)
        yield place_of_record, (record.modified, record.values), record
    for internal in state.links.internal_keys():
        mark = (internal.table, internal.record_id)
        yield ("internal", internal.internal_key_id), mark, internal
    for external in state.links:
        yield (
            ("external", external.external_key_id),
            (external.internal_key_id, external.connection_id, external.actor_type, external.key, external.synced),
            external,
        )


def _row(place: _Place, content: str) -> Row:
    return (*_key(place), content)


def _key(place: _Place) -> tuple[str, str]:
    section, *key = place
    return str(section), _text(key)


def _text(value: Any) -> str:
    # In ASCII, because a text may hold half a surrogate pair, which no encoding takes.
    return json.dumps(value, separators=(",", ":"))
