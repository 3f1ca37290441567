"""What a batch is asked for; a journal is good for nothing else."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

BlankValues: TypeAlias = Literal["overwrite", "keep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a batch is asked for.

    Attributes:
        address: The installation's address, as the client was given it.
        operation: The vendor's name of the operation that does it.
        connection_id: The source.
        actor_type: Kind of the actors; None where keys are ids of internal keys.
        blank_values: What blank values of the source do.
        preflight: Whether values were compared before, since the services cannot keep them.
    """

    address: str
    operation: str
    connection_id: int
    actor_type: str | None
    blank_values: BlankValues
    preflight: bool = False

    def differing(self, other: Terms) -> list[str]:
        """Names of what is not the same.

        Args:
            other: What to compare with.
        """
        return [one.name for one in fields(self) if getattr(self, one.name) != getattr(other, one.name)]
