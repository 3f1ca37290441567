"""One declaration for each operation of the contract, by noun. A noun is loaded with the first use of it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from superoffice_erpsync.operations.base import Argument, Nature, Operation, RestForm, snake_case

if TYPE_CHECKING:
    from superoffice_erpsync.operations import (
        actors,
        connections,
        connectors,
        engine,
        mappings,
        principal,
        sync,
        system,
    )

    OPERATIONS: dict[str, Operation[Any]]
    """All operations by wire name."""

__all__ = [
    "OPERATIONS",
    "Argument",
    "Nature",
    "Operation",
    "RestForm",
    "actors",
    "connections",
    "connectors",
    "engine",
    "mappings",
    "principal",
    "snake_case",
    "sync",
    "system",
]

_NOUNS = ("sync", "engine", "connectors", "connections", "actors", "mappings", "principal", "system")


def _all() -> dict[str, Operation[Any]]:
    nouns = [import_module(f"{__name__}.{noun}") for noun in _NOUNS]
    return {operation.wire: operation for noun in nouns for operation in noun.OPERATIONS}


if not TYPE_CHECKING:  # for a type checker, any name would do then

    def __getattr__(name: str) -> Any:
        if name in _NOUNS:
            return import_module(f"{__name__}.{name}")
        if name == "OPERATIONS":
            return globals().setdefault(name, _all())
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
