"""Elements of a request turned into plain values, strictly along the contract.

An object is a dict by wire names, an array a list, a dictionary a dict. An absent or nil reference is None, an absent
value type .NET's default. WCF itself passes over some mistakes in silence (a member out of order loses its value);
here every one is refused, because a sandbox that forgives hides the client's error.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from superoffice_erpsync.sandbox.soap.contract import Composite, Member, Scalar
from superoffice_erpsync.sandbox.soap.names import XSI, local_name, namespace_of
from superoffice_erpsync.sandbox.soap.values import default_scalar, read_scalar

_NIL = f"{{{XSI}}}nil"
_TYPE = f"{{{XSI}}}type"


class SchemaViolation(Exception):
    """The message breaks the contract; says what and where."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        """Path of the element, such as `ForceResync/InternalKeyIds/int[3]`."""
        self.what = what


def read_member(element: etree._Element, member: Member, where: str) -> Any:
    """The value of one element.

    Raises:
        SchemaViolation: The element is not what the contract says.
    """
    _check_attributes(element, where)
    _check_type(element, member, where)
    if _is_nil(element, where):
        if not member.nillable:
            raise SchemaViolation(where, f"is nil, which {member.type.name} here may not be")
        if len(element) or (element.text or "").strip():
            raise SchemaViolation(where, "is nil and yet has content")
        return None
    if isinstance(member.type, Scalar):
        return _read_text(element, member.type, where)
    return _read_composite(element, member.type, where)


def _check_attributes(element: etree._Element, where: str) -> None:
    for name in element.attrib:
        # Attributes of foreign namespaces are other people's annotations, which .NET's reader passes over.
        if not namespace_of(str(name)):
            raise SchemaViolation(where, f"has the attribute {str(name)!r}, which the schema does not know")


def _check_type(element: etree._Element, member: Member, where: str) -> None:
    stated = element.get(_TYPE)
    if stated is None:
        return
    prefix, _, name = stated.strip().rpartition(":")
    stated_name = f"{{{element.nsmap.get(prefix or None, '')}}}{name}"
    declared = member.type.name.removeprefix("xs:")
    if name != declared or (
        isinstance(member.type, Composite) and member.type.qualified_name not in (None, stated_name)
    ):
        raise SchemaViolation(where, f"says it is of type {stated!r}, and {member.type.name} is wanted")


def _is_nil(element: etree._Element, where: str) -> bool:
    stated = element.get(_NIL)
    if stated is None or stated.strip() in ("false", "0"):
        return False
    if stated.strip() in ("true", "1"):
        return True
    raise SchemaViolation(where, f"has nil={stated!r}, which is not an xs:boolean")


def _read_text(element: etree._Element, scalar: Scalar, where: str) -> Any:
    for child in element:
        if isinstance(child.tag, str):
            raise SchemaViolation(where, f"holds the element {local_name(child.tag)}, and {scalar.name} is text")
        if not isinstance(child, etree._Comment):
            raise SchemaViolation(where, "holds a processing instruction or an entity")
    # A comment splits the text in two: both halves count.
    text = (element.text or "") + "".join(child.tail or "" for child in element)
    if scalar.is_value_type and scalar.kind != "mask" and not text.strip():
        raise SchemaViolation(where, f"is empty, which {scalar.name} may not be")
    try:
        return read_scalar(scalar, text)
    except ValueError as problem:
        raise SchemaViolation(where, str(problem)) from None


def _read_composite(element: etree._Element, composite: Composite, where: str) -> Any:
    found: dict[str, list[Any]] = {}
    position = 0
    members = composite.members
    _check_blank(element.text, where)
    for child in element:
        _check_blank(child.tail, where)
        if isinstance(child, etree._Comment):
            continue
        if not isinstance(child.tag, str):
            raise SchemaViolation(where, "holds a processing instruction or an entity")
        while position < len(members) and members[position].tag != child.tag:
            position += 1
        if position == len(members):
            raise SchemaViolation(where, _why_unexpected(child.tag, composite, set(found)))
        member = members[position]
        items = found.setdefault(member.name, [])
        if items and not member.repeated:
            raise SchemaViolation(where, f"holds {member.name} twice")
        there = f"{where}/{member.name}[{len(items) + 1}]" if member.repeated else f"{where}/{member.name}"
        items.append(read_member(child, member, there))
    for member in members:
        if member.required and member.name not in found:
            raise SchemaViolation(where, f"has no {member.name}")
    return _shaped(composite, found, where)


def _shaped(composite: Composite, found: dict[str, list[Any]], where: str) -> Any:
    if composite.shape == "object":
        return {member.name: _value_of(member, found.get(member.name)) for member in composite.members}
    items = found.get(composite.members[0].name, [])
    if composite.shape == "array":
        return items
    values: dict[str, Any] = {}
    for pair in items:
        if pair["Key"] is None:
            raise SchemaViolation(where, "has a nil Key")
        if pair["Key"] in values:
            raise SchemaViolation(where, f"has the Key {pair['Key']!r} twice")
        values[pair["Key"]] = pair["Value"]
    return values


def _value_of(member: Member, items: list[Any] | None) -> Any:
    if items is None:
        return default_scalar(member.type) if isinstance(member.type, Scalar) else None
    return items if member.repeated else items[0]


def _check_blank(text: str | None, where: str) -> None:
    if text and text.strip(" \t\r\n"):
        # The text is not shown: a ticket put straight into Credentials would go into the caller's log.
        raise SchemaViolation(where, "holds text between its elements")


def _why_unexpected(tag: str, composite: Composite, seen: set[str]) -> str:
    name = local_name(tag)
    order = ", ".join(member.name for member in composite.members) or "nothing"
    for member in composite.members:
        if member.tag == tag:
            if member.name in seen:
                return f"holds {name} twice"
            return f"holds {name} out of order; the order is {order}"
        if member.name == name:
            return f"holds {name} in the namespace {namespace_of(tag)!r}, and {namespace_of(member.tag)!r} is wanted"
    return f"holds the element {name}, which {composite.name} does not have; it has {order}"
