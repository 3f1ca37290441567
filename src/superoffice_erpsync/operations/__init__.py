"""One declaration for each operation of the contract, by noun."""

from typing import Any

from superoffice_erpsync.operations import (
    actors,
    connections,
    connectors,
    engine,
    mappings,
    principal,
    sync,
)
from superoffice_erpsync.operations.base import Argument, Nature, Operation, RestForm, snake_case

OPERATIONS: dict[str, Operation[Any]] = {
    operation.wire: operation
    for noun in (sync, engine, connectors, connections, actors, mappings, principal)
    for operation in noun.OPERATIONS
}
"""All operations by wire name."""

__all__ = ["OPERATIONS", "Argument", "Nature", "Operation", "RestForm", "snake_case"]
