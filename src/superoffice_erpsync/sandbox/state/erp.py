"""A fake ERP, one for each connection: its actors with their values, and its lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

_ENDING_NUMBER: Final = re.compile(r"[0-9]+$")


@dataclass(slots=True, kw_only=True)
class ErpActor:
    """One record of the ERP."""

    actor_type: str
    """Wire name, such as "Customer"."""
    key: str
    values: dict[str, str]
    """By ERP field key, in the vendor's form of values; "" is blank."""
    modified: int = 0
    """The count of changes to this ERP when the actor last changed."""


@dataclass(slots=True)
class Erp:
    """All actors, and how often anything has changed."""

    changes: int = 0
    lists: dict[str, dict[str, str]] = field(default_factory=dict)
    """By list name: names by id."""
    touched: set[tuple[str, str]] = field(default_factory=set, repr=False, compare=False)
    """Types and keys of actors added, changed and removed, for whoever stores them and then empties it."""
    _actors: dict[tuple[str, str], ErpActor] = field(default_factory=dict)

    def __iter__(self) -> Iterator[ErpActor]:
        return iter(self._actors.values())

    def add(self, actor_type: str, key: str, values: Mapping[str, str]) -> ErpActor:
        """Put an actor in, replacing one of the same key."""
        self.changes += 1
        actor = ErpActor(actor_type=actor_type, key=key, values=dict(values), modified=self.changes)
        self._actors[actor_type, key] = actor
        self.touched.add((actor_type, key))
        return actor

    def put_back(self, actor: ErpActor) -> None:
        """Put an actor in as it once was, which counts as no change."""
        self._actors[actor.actor_type, actor.key] = actor

    def find(self, actor_type: str, key: str) -> ErpActor | None:
        """The actor, or None."""
        return self._actors.get((actor_type, key))

    def actor(self, actor_type: str, key: str) -> ErpActor:
        """The actor.

        Raises:
            KeyError: There is none.
        """
        return self._actors[actor_type, key]

    def next_key(self, actor_type: str) -> str:
        """A key that no actor of the type has, in the form of those that are there."""
        keys = [actor.key for actor in self if actor.actor_type == actor_type]
        numbers = [(int(found[0]), key) for key in keys if (found := _ENDING_NUMBER.search(key))]
        highest, pattern = max(numbers, default=(0, f"{actor_type[:1]}0"))
        return _ENDING_NUMBER.sub(str(highest + 1).zfill(len(_ENDING_NUMBER.findall(pattern)[0])), pattern)

    def change(self, actor_type: str, key: str, values: Mapping[str, str]) -> None:
        """Overwrite the given values; the next sync will carry them to the CRM.

        Raises:
            KeyError: There is no such actor.
        """
        actor = self.actor(actor_type, key)
        self.changes += 1
        actor.values.update(values)
        actor.modified = self.changes
        self.touched.add((actor_type, key))

    def remove(self, actor_type: str, key: str) -> None:
        """Take an actor out, as if somebody had deleted it in the ERP.

        Raises:
            KeyError: There is none.
        """
        del self._actors[actor_type, key]
        self.touched.add((actor_type, key))
