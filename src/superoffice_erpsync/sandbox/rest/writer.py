"""Plain values as JSON values, every member there, null where there is no value; a carrier's rights come last."""

from __future__ import annotations

from typing import Any, Final

from superoffice_erpsync.sandbox.rest.presentation import Presentation
from superoffice_erpsync.sandbox.rest.reader import dictionary_parts
from superoffice_erpsync.sandbox.rest.values import write_scalar
from superoffice_erpsync.sandbox.soap.contract import Composite, Member, Scalar
from superoffice_erpsync.sandbox.soap.values import NO_DATE, default_scalar

_CARRIER: Final = ("TableRight", "FieldProperties")


def write_value(kind: Scalar | Composite, value: Any, form: Presentation) -> Any:
    """The JSON value of a result or of a part of it.

    Raises:
        TypeError: The value does not fit the type.
        ValueError: It has a member or name that the contract does not know.
    """
    if isinstance(kind, Scalar):
        if value is None and kind.is_value_type:
            value = default_scalar(kind)
        if value is None:
            return NO_DATE if kind.kind == "dateTime" else None
        return write_scalar(kind, value, form)
    if value is None:
        return None
    if kind.shape == "array":
        return [write_value(kind.members[0].type, item, form) for item in value]
    if kind.shape == "dictionary":
        _, item_of = dictionary_parts(kind)
        return {name: write_value(item_of.type, item, form) for name, item in value.items()}
    return _write_object(kind, dict(value), form)


def _write_object(kind: Composite, content: dict[str, Any], form: Presentation) -> dict[str, Any]:
    written = {
        member.name: write_value(member.type, content.pop(member.name, None), form) for member in _in_order(kind)
    }
    if content:
        raise ValueError(f"{kind.name} has no {', '.join(content)}")
    return written


def _in_order(kind: Composite) -> list[Member]:
    own = [member for member in kind.members if member.name not in _CARRIER]
    return own + [member for member in kind.members if member.name in _CARRIER]
