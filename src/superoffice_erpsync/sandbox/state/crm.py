"""The fake CRM: contacts, persons and projects with their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

TABLE_OF_CRM_ACTOR: Final[Mapping[str, str]] = {
    "Contact": "contact",
    "Person": "person",
    "Project": "project",
    "Sale": "sale",
}
"""Lower-case table names, as `Changes` shows them, by CRM actor type."""


@dataclass(slots=True, kw_only=True)
class CrmRecord:
    """One row that may be joined to actors of ERPs."""

    table: str
    record_id: int
    values: dict[str, str]
    """By CRM field key, in the vendor's form of values; "" is blank."""
    modified: int = 0
    """The count of changes to the CRM when this record last changed."""


@dataclass(slots=True)
class Crm:
    """All records, and how often anything has changed."""

    changes: int = 0
    lists: dict[str, dict[int, str]] = field(default_factory=dict)
    """By list name: names by id."""
    touched: set[tuple[str, int]] = field(default_factory=set, repr=False, compare=False)
    """Tables and ids of records added and changed, for whoever stores them and then empties it."""
    _records: dict[tuple[str, int], CrmRecord] = field(default_factory=dict)

    def __iter__(self) -> Iterator[CrmRecord]:
        return iter(self._records.values())

    def add(self, table: str, record_id: int, values: Mapping[str, str]) -> CrmRecord:
        """Put a record in, replacing one of the same id."""
        self.changes += 1
        record = CrmRecord(table=table, record_id=record_id, values=dict(values), modified=self.changes)
        self._records[table, record_id] = record
        self.touched.add((table, record_id))
        return record

    def put_back(self, record: CrmRecord) -> None:
        """Put a record in as it once was, which counts as no change."""
        self._records[record.table, record.record_id] = record

    def find(self, table: str, record_id: int) -> CrmRecord | None:
        """The record, or None."""
        return self._records.get((table, record_id))

    def record(self, table: str, record_id: int) -> CrmRecord:
        """The record.

        Raises:
            KeyError: There is none.
        """
        return self._records[table, record_id]

    def change(self, table: str, record_id: int, values: Mapping[str, str]) -> None:
        """Overwrite the given values; the next sync will carry them to the ERPs.

        Raises:
            KeyError: There is no such record.
        """
        record = self.record(table, record_id)
        self.changes += 1
        record.values.update(values)
        record.modified = self.changes
        self.touched.add((table, record_id))
