"""What a GET tells about the operations."""

from __future__ import annotations

from typing import Any

from superoffice_erpsync.sandbox.rest.operations import RestOperation
from superoffice_erpsync.sandbox.soap.contract import Composite, Member, Scalar


def describe(operation: RestOperation, address: str) -> dict[str, Any]:
    """How to call one operation."""
    arguments = {member.name: type_name(member) for member in operation.arguments}
    query = dict(arguments) if operation.form == "query" else {}
    if operation.selectable and operation.result is not None:
        query["$select"] = "string"
    return {
        "Method": "POST",
        "Url": address,
        "Query": query,
        "Body": _body(operation, arguments),
        "Result": None if operation.result is None else type_name(operation.result),
    }


def type_name(member: Member) -> str:
    """The member's type, as in `int32`, `string[]` or `PluginResponse`."""
    if isinstance(member.type, Scalar):
        return _scalar_name(member.type)
    return _composite_name(member.type)


def _body(operation: RestOperation, arguments: dict[str, str]) -> Any:
    if operation.form == "object":
        return arguments
    return next(iter(arguments.values())) if operation.form == "entity" else None


def _scalar_name(scalar: Scalar) -> str:
    return {"int": "int32", "boolean": "bool", "dateTime": "date-time", "duration": "time-span"}.get(
        scalar.kind, "string"
    )


def _composite_name(composite: Composite) -> str:
    if composite.shape == "array":
        return f"{type_name(composite.members[0])}[]"
    return "object" if composite.shape == "dictionary" else composite.name
