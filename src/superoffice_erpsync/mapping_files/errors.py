"""What can go wrong with a file of mappings before or beside its calls.

InvalidRequest
├── InvalidMappingFile   the file cannot be used; the message has the line
├── MappingsLack         the installation lacks what the file names
└── MappingsChanged      somebody else has changed the mappings meanwhile
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from superoffice_erpsync.errors import InvalidRequest

if TYPE_CHECKING:
    from superoffice_erpsync.mapping_files.plan import Lack


class InvalidMappingFile(InvalidRequest):
    """The file cannot be used. The message says on which line, and what stands there."""


class MappingsLack(InvalidRequest):
    """The installation lacks what the file names.

    Attributes:
        lacks: All of it.
    """

    lacks: tuple[Lack, ...] = ()


class MappingsChanged(InvalidRequest):
    """Somebody else has changed the mappings since they were compared with the file."""
