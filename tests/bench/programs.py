"""Programs as processes of their own: how long they take from nothing to an answer, and how much memory they need."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from superoffice_erpsync.wsdl_files import wsdl_file

from .messages import LOGIN
from .replaying import replaying
from .sizes import NotMeasured, Place, Sizes
from .timing import best, wall


def cold_start(sizes: Sizes, place: Place) -> float:
    """Time from the start of a process to the answer of its one call, login included, in that of zeep's."""
    with replaying(place.small_answer, login=LOGIN) as folder:
        ours, theirs = _programs(place, folder, 1)
        environment = _with_bytecode(place)
        # The first start of all compiles, and reads files that the later ones find in memory.
        _run(ours, environment)
        _run(theirs, environment)
        mine, its = best(wall(lambda: _run(ours, environment)), wall(lambda: _run(theirs, environment)), sizes.starts)
    return mine / its


def peak_memory(sizes: Sizes, place: Place) -> float:
    """The most memory that a process needs which holds a long answer, in that of zeep's."""
    with replaying(place.long_answer, login=LOGIN) as folder:
        ours, theirs = _programs(place, folder, sizes.records)
        return _peak(ours) / _peak(theirs)


def _programs(place: Place, folder: str, records: int) -> tuple[list[str], list[str]]:
    def program(name: str, *more: Path) -> list[str]:
        return [sys.executable, str(place.programs / name), folder, str(records), *map(str, more)]

    wsdls = (wsdl_file(service) for service in ("SoPrincipal", "ErpSync"))
    return program("with_erpsync.py"), program("with_zeep.py", *wsdls)


def _with_bytecode(place: Place) -> dict[str, str]:
    """An environment in which everything is compiled once, as it is where packages were installed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**environment, "PYTHONPYCACHEPREFIX": str(place.bytecode)}


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    subprocess.run(command, check=True, env=environment)


# A process that is started from a large one has the large one's peak for its own, until it has a higher one itself.
# So each program is started by a small process that does nothing else.
_STARTER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _peak(command: Sequence[str]) -> int:
    if sys.platform == "win32":
        raise NotMeasured("Windows has no ru_maxrss")
    starter = [sys.executable, "-I", "-S", "-c", _STARTER, *command]
    return int(subprocess.run(starter, check=True, capture_output=True, text=True).stdout)
