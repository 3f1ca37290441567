"""How the REST API takes each operation's arguments and gives its result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from superoffice_erpsync.sandbox.soap.contract import Composite, Member, OperationContract, ServiceContract

Form = Literal["object", "entity", "query", "nothing"]

_BODY_IS_THE_ENTITY: Final = frozenset({"SaveErpSyncConnectorEntity"})
_IN_THE_QUERY: Final = frozenset({"GetErpSyncConnectorEntity", "DeleteErpSyncConnectorEntity"})
_NOT_TRIMMED: Final = frozenset(
    {"CreateDefaultErpSyncConnectorEntity", "SaveErpSyncConnectorEntity", "DeleteErpSyncConnectorEntity"}
)


@dataclass(frozen=True, slots=True, eq=False)
class RestOperation:
    """One operation as the REST API offers it."""

    name: str
    arguments: tuple[Member, ...]
    form: Form
    """Where the arguments are: members of an object in the body, the body itself, the query, or there are none."""
    result: Member | None
    """None for an operation without a result, which answers 204."""
    selectable: bool
    """Whether `$select` trims the result."""


def rest_operations(contract: ServiceContract) -> dict[str, RestOperation]:
    """All operations of a service, by name in small letters: addresses are told apart without case."""
    return {name.lower(): _rest_operation(operation) for name, operation in contract.operations.items()}


def _rest_operation(operation: OperationContract) -> RestOperation:
    results = _members(operation.response)
    arguments = _members(operation.request)
    return RestOperation(
        name=operation.name,
        arguments=arguments,
        form=_form(operation.name) if arguments else "nothing",
        result=results[0] if results else None,
        selectable=operation.name not in _NOT_TRIMMED,
    )


def _members(element: Member) -> tuple[Member, ...]:
    return element.type.members if isinstance(element.type, Composite) else ()


def _form(name: str) -> Form:
    if name in _BODY_IS_THE_ENTITY:
        return "entity"
    return "query" if name in _IN_THE_QUERY else "object"
