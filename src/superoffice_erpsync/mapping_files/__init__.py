"""Field mappings as files, to move them from one installation to another with a look at the changes first.

    fetching.py -> writing.py                            mappings of a connection, as a file
    reading.py -> comparing.py -> plan.py -> applying.py  a file, compared with a connection, then applied

A file has what people set: counterparts, directions, what is shown. Nothing here prints.

    text = write_mapping_file(fetch_mappings(client, 1))
    plan = compare_mappings(other, read_mapping_file(text), 1)
    applied = apply_plan(other, plan)
"""

from typing import TYPE_CHECKING

from superoffice_erpsync.mapping_files.applying import AppliedMappings, apply_plan
from superoffice_erpsync.mapping_files.comparing import compare_mappings
from superoffice_erpsync.mapping_files.errors import InvalidMappingFile, MappingsChanged, MappingsLack
from superoffice_erpsync.mapping_files.fetching import ConnectionMappings, fetch_mappings
from superoffice_erpsync.mapping_files.plan import ActorPlan, Change, Lack, MappingPlan
from superoffice_erpsync.mapping_files.reading import MappingFile, WantedActor, read_mapping_file
from superoffice_erpsync.on_use import loaded_on_use

if TYPE_CHECKING:
    from superoffice_erpsync.mapping_files.writing import write_mapping_file

__all__ = [
    "ActorPlan",
    "AppliedMappings",
    "Change",
    "ConnectionMappings",
    "InvalidMappingFile",
    "Lack",
    "MappingFile",
    "MappingPlan",
    "MappingsChanged",
    "MappingsLack",
    "WantedActor",
    "apply_plan",
    "compare_mappings",
    "fetch_mappings",
    "read_mapping_file",
    "write_mapping_file",
]

if not TYPE_CHECKING:
    # What writes TOML loads with the first file that is written.
    __getattr__ = loaded_on_use(__name__, {"writing": ("write_mapping_file",)})
