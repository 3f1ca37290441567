"""Plain values written as elements, every member in schema order, nil where there is no value, as .NET writes them."""

from __future__ import annotations

from typing import Any, Final

from lxml import etree

from superoffice_erpsync.sandbox.soap.contract import Composite, Member, Scalar
from superoffice_erpsync.sandbox.soap.names import XSI, namespace_of
from superoffice_erpsync.sandbox.soap.values import default_scalar, write_scalar

_NIL = f"{{{XSI}}}nil"

_NEWER: Final = {"PluginResponse": ("Status",)}
"""Members that handlers give and versions before Services88 do not have, by type; left out there."""


def write_member(parent: etree._Element, member: Member, value: Any, prefixes: dict[str | None, str]) -> None:
    """Append the member's element (for a repeated member: one for each item) to its parent.

    Args:
        prefixes: Declared at the element itself, for those the surroundings lack.

    Raises:
        TypeError: The value does not fit the type.
        ValueError: It has a member or name that the contract does not know.
    """
    if member.repeated:
        for item in value or ():
            _write_one(parent, member, item, prefixes)
    else:
        _write_one(parent, member, value, prefixes)


def _write_one(parent: etree._Element, member: Member, value: Any, prefixes: dict[str | None, str]) -> None:
    element = etree.SubElement(parent, member.tag, nsmap=prefixes | _prefixes_of(member))
    if isinstance(member.type, Scalar):
        if value is None and member.type.is_value_type:
            value = default_scalar(member.type)
        if value is None and member.type.kind != "dateTime":
            element.set(_NIL, "true")
            return
        element.text = write_scalar(member.type, value)
    elif value is None and member.nillable:
        element.set(_NIL, "true")
    else:
        _write_composite(element, member.type, value)


def _prefixes_of(member: Member) -> dict[str | None, str]:
    """A prefix for an array's items where they stand in another namespace; without it each would declare its own."""
    if isinstance(member.type, Composite) and member.type.members:
        inner = namespace_of(member.type.members[0].tag)
        if inner != namespace_of(member.tag):
            return {"a": inner}
    return {}


def _write_composite(element: etree._Element, composite: Composite, value: Any) -> None:
    if composite.shape == "array":
        write_member(element, composite.members[0], value, {})
    elif composite.shape == "dictionary":
        pairs = [{"Key": key, "Value": item} for key, item in (value or {}).items()]
        write_member(element, composite.members[0], pairs, {})
    else:
        content: dict[str, Any] = dict(value or {})
        for member in composite.members:
            write_member(element, member, content.pop(member.name, None), {})
        for name in _NEWER.get(composite.name, ()):
            content.pop(name, None)
        if content:
            raise ValueError(f"{composite.name} has no {', '.join(content)}")
