"""Names of a package whose modules are loaded with the first use of one of them: a start loads what it needs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from superoffice_erpsync.process.collector import paused


def loaded_on_use(package: str, names: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """What a package needs as its `__getattr__`, which Python asks for names that are not there yet.

    A package defines it out of sight of type checkers, which would take any name for one of its own then.

    Args:
        package: The package's `__name__`.
        names: Names by the module of the package that has them.
    """
    modules = {name: f"{package}.{module}" for module, its in names.items() for name in its}

    def load(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        # What is loaded stays: the collector would look through it in vain.
        with paused():
            value = getattr(import_module(modules[name]), name)
        # There from now on, so that this is not asked again.
        setattr(sys.modules[package], name, value)
        return value

    return load
