"""What is to become of the mappings of a connection."""

from __future__ import annotations

from dataclasses import dataclass

from superoffice_erpsync.mapping_files.reading import MappingFile
from superoffice_erpsync.mapping_files.settings import Setting
from superoffice_erpsync.models import ErpActorType, ErpSyncActorTypeMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One setting that differs.

    Attributes:
        actor_type: Kind of the actor.
        erp_field_key: The field; None for a setting of the kind itself.
        setting: Its name, as in a file.
        before: What it is.
        after: What it is to be.
    """

    actor_type: ErpActorType
    erp_field_key: str | None
    setting: str
    before: Setting
    after: Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something that a file names and an installation does not have.

    Attributes:
        actor_type: Kind of the actor.
        erp_field_key: The field; None where the whole kind is concerned.
        message: What is lacking, with file and line.
        hint: What may be meant, None where nothing is near.
    """

    actor_type: ErpActorType
    erp_field_key: str | None
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorPlan:
    """What is to become of one kind of actor.

    Attributes:
        current: The mapping as it was read.
        changes: What is to be changed in it.
        unproven: Fields that are to be mapped to fields of the CRM of which only a save tells whether they exist.
    """

    current: ErpSyncActorTypeMapping
    changes: tuple[Change, ...]
    unproven: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingPlan:
    """What is to become of the mappings of a connection.

    Attributes:
        erp_connection_id: The connection's id.
        connection_name: What people call it, in one language or in several.
        file: What is wanted.
        actors: The kinds of actors that the connection has, in the order of the file.
        lacks: What it does not have. No change belongs to it.
        not_in_file: Fields of these kinds that the file does not name, and that stay as they are.
    """

    erp_connection_id: int
    connection_name: str
    file: MappingFile
    actors: tuple[ActorPlan, ...]
    lacks: tuple[Lack, ...]
    not_in_file: tuple[tuple[ErpActorType, str], ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes."""
        return tuple(change for actor in self.actors for change in actor.changes)
