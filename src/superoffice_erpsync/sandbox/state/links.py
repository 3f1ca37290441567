"""Internal keys (records of the CRM) and external keys (actors of ERPs), and what joins them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self


@dataclass(slots=True, kw_only=True)
class InternalKey:
    """A record of the CRM that is joined to at least one actor."""

    internal_key_id: int
    """Its own id, which is not the record's."""
    table: str
    record_id: int


@dataclass(slots=True, kw_only=True)
class ExternalKey:
    """An actor of one connection's ERP, joined to an internal key."""

    external_key_id: int
    internal_key_id: int
    connection_id: int
    actor_type: str
    key: str
    synced: bool = False
    """Whether a sync has carried the two records' values yet; the first carries them all."""


@dataclass(slots=True)
class Links:
    """All keys; a record has one internal key, an actor at most one external key."""

    touched: dict[int, ExternalKey | None] = field(default_factory=dict, repr=False, compare=False)
    """External keys added and changed by id, None for one that is gone, for whoever stores them and then empties it."""
    _internal: dict[int, InternalKey] = field(default_factory=dict)
    _external: dict[tuple[int, str, str], ExternalKey] = field(default_factory=dict)
    _id_of_record: dict[tuple[str, int], int] = field(default_factory=dict)
    _externals_of: dict[int, list[ExternalKey]] = field(default_factory=dict)
    _last_internal_id: int = 0
    _last_external_id: int = 0

    @classmethod
    def of_keys(cls, internals: Iterable[InternalKey], externals: Iterable[ExternalKey], last_external_id: int) -> Self:
        """The links that consist of these keys, as they once were.

        Raises:
            ValueError: Two keys are for the same thing, or an external key for an internal one that is not there.
        """
        links = cls(_last_external_id=last_external_id)
        for internal in internals:
            place = (internal.table, internal.record_id)
            if internal.internal_key_id in links._internal or place in links._id_of_record:
                raise ValueError(f"internal key {internal.internal_key_id} or its record is there twice")
            links._internal[internal.internal_key_id] = internal
            links._id_of_record[place] = internal.internal_key_id
            links._last_internal_id = max(links._last_internal_id, internal.internal_key_id)
        numbers = set()
        for external in externals:
            actor = (external.connection_id, external.actor_type, external.key)
            if external.external_key_id in numbers or actor in links._external:
                raise ValueError(f"external key {external.external_key_id} or its actor is there twice")
            if external.internal_key_id not in links._internal:
                raise ValueError(
                    f"external key {external.external_key_id} is for internal key {external.internal_key_id}, "
                    "which is not there"
                )
            if external.external_key_id > last_external_id:
                raise ValueError(f"external key {external.external_key_id} is beyond the last id, {last_external_id}")
            numbers.add(external.external_key_id)
            links._external[actor] = external
            links._externals_of.setdefault(external.internal_key_id, []).append(external)
        return links

    @property
    def last_external_id(self) -> int:
        """The highest id that an external key has had, also one that is gone."""
        return self._last_external_id

    def __iter__(self) -> Iterator[ExternalKey]:
        return iter(self._external.values())

    def join(
        self, internal_key_id: int, table: str, record_id: int, *, connection_id: int, actor_type: str, key: str
    ) -> ExternalKey:
        """Join a record to an actor.

        Raises:
            ValueError: The actor is joined already, the id belongs to another record, or the record has another id.
        """
        place = (connection_id, actor_type, key)
        if place in self._external:
            raise ValueError(f"{actor_type} {key} of connection {connection_id} is joined already")
        internal = self._internal.get(internal_key_id)
        if internal is not None and (internal.table, internal.record_id) != (table, record_id):
            raise ValueError(f"internal key {internal_key_id} belongs to {internal.table} {internal.record_id}")
        if self._id_of_record.get((table, record_id), internal_key_id) != internal_key_id:
            raise ValueError(f"{table} {record_id} has another internal key already")
        self._internal[internal_key_id] = InternalKey(internal_key_id=internal_key_id, table=table, record_id=record_id)
        self._id_of_record[table, record_id] = internal_key_id
        self._last_internal_id = max(self._last_internal_id, internal_key_id)
        self._last_external_id += 1
        external = ExternalKey(
            external_key_id=self._last_external_id,
            internal_key_id=internal_key_id,
            connection_id=connection_id,
            actor_type=actor_type,
            key=key,
        )
        self._external[place] = external
        self._externals_of.setdefault(internal_key_id, []).append(external)
        self.touched[external.external_key_id] = external
        return external

    def link(self, table: str, record_id: int, *, connection_id: int, actor_type: str, key: str) -> ExternalKey:
        """Join a record to an actor, under the record's internal key or a new one.

        Raises:
            ValueError: One of the two is joined already; a record may be joined once in each connection.
        """
        internal = self.of_record(table, record_id)
        if internal is not None and self.externals_of(internal.internal_key_id, connection_id):
            raise ValueError(f"{table} {record_id} is joined already in connection {connection_id}")
        number = self._last_internal_id + 1 if internal is None else internal.internal_key_id
        return self.join(number, table, record_id, connection_id=connection_id, actor_type=actor_type, key=key)

    def part(self, external: ExternalKey) -> None:
        """Break one link; the internal key stays.

        Raises:
            KeyError: The link is broken already.
        """
        del self._external[external.connection_id, external.actor_type, external.key]
        self._externals_of[external.internal_key_id].remove(external)
        self.touched[external.external_key_id] = None

    def call_synced(self, external: ExternalKey) -> None:
        """Note that a sync has carried the two records' values."""
        external.synced = True
        self.touched[external.external_key_id] = external

    def internal(self, internal_key_id: int) -> InternalKey | None:
        """The internal key of that id, or None."""
        return self._internal.get(internal_key_id)

    def internal_keys(self) -> list[InternalKey]:
        """All internal keys, by id."""
        return [self._internal[number] for number in sorted(self._internal)]

    def of_record(self, table: str, record_id: int) -> InternalKey | None:
        """The internal key of a record, or None where it is joined to nothing."""
        internal_key_id = self._id_of_record.get((table, record_id))
        return None if internal_key_id is None else self._internal[internal_key_id]

    def external(self, connection_id: int, actor_type: str, key: str) -> ExternalKey | None:
        """The external key of an actor, or None where it is joined to nothing."""
        return self._external.get((connection_id, actor_type, key))

    def externals_of(self, internal_key_id: int, connection_id: int | None = None) -> list[ExternalKey]:
        """The actors joined to an internal key, of one connection or of all."""
        return [
            external
            for external in self._externals_of.get(internal_key_id, ())
            if connection_id in (None, external.connection_id)
        ]

    def externals_in(self, connection_id: int, actor_type: str | None = None) -> list[ExternalKey]:
        """The joined actors of one connection, of one type or of all."""
        return [
            external
            for external in self._external.values()
            if external.connection_id == connection_id and actor_type in (None, external.actor_type)
        ]
