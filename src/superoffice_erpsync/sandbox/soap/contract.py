"""What a WSDL promises, reduced to what reader and writer need: operations, their elements, and the shapes of types.

Members of a type stand in wire order, those of the base class first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from lxml import etree

from superoffice_erpsync.sandbox.soap.names import SERIALIZATION, WSDL, WSDL_SOAP, XS, local_name
from superoffice_erpsync.wsdl_files import wsdl_file

ScalarKind = Literal["int", "boolean", "string", "dateTime", "duration", "base64Binary", "mask", "enumeration"]

_REFERENCE_KINDS = frozenset({"string", "base64Binary"})
_BUILT_IN: dict[str, ScalarKind] = {
    "int": "int",
    "boolean": "boolean",
    "string": "string",
    "dateTime": "dateTime",
    "duration": "duration",
    "base64Binary": "base64Binary",
}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A type written as text."""

    name: str
    kind: ScalarKind
    allowed: tuple[str, ...] = ()
    """The names an enumeration or a mask may use; the first is an enumeration's default."""

    @property
    def is_value_type(self) -> bool:
        """Whether .NET has no null for it, so that an empty or nil element is an error."""
        return self.kind not in _REFERENCE_KINDS


@dataclass(slots=True, eq=False)
class Composite:
    """A type made of elements."""

    name: str
    qualified_name: str | None = None
    """`{namespace}name`, or None for a type without a name of its own."""
    shape: Literal["object", "array", "dictionary"] = "object"
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """An element and what may stand in it."""

    name: str
    tag: str
    """The element's name with its namespace, `{namespace}name`."""
    type: Scalar | Composite
    nillable: bool = False
    required: bool = False
    repeated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class OperationContract:
    """One operation: its SOAPAction and the elements that carry it."""

    name: str
    action: str
    request: Member
    response: Member
    request_headers: tuple[Member, ...]
    response_headers: tuple[Member, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ServiceContract:
    """One `.svc`: all its operations."""

    name: str
    services: str
    namespace: str
    operations: dict[str, OperationContract]
    """By wire name."""
    by_action: dict[str, OperationContract]


@cache
def load_contract(service: str, services: str = "Services86") -> ServiceContract:
    """Read the contract of one service from its WSDL.

    Args:
        service: "ErpSync" or "SoPrincipal".
        services: The version, as it stands in the address.
    """
    return _WsdlReader(wsdl_bytes(service, services)).service(service, services)


def wsdl_bytes(service: str, services: str) -> bytes:
    """The bundled WSDL; that of Services87, which is not bundled, is Services86's under another namespace."""
    if services == "Services87":
        return wsdl_file(service, "Services86").read_bytes().replace(b"Services86", b"Services87")
    return wsdl_file(service, services).read_bytes()


class _WsdlReader:
    def __init__(self, wsdl: bytes) -> None:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        self._root = etree.fromstring(wsdl, parser)
        self._types: dict[str, etree._Element] = {}
        self._elements: dict[str, etree._Element] = {}
        self._composites: dict[str, Composite] = {}
        for schema in self._root.iter(f"{{{XS}}}schema"):
            namespace = schema.get("targetNamespace", "")
            for node in schema.iterchildren(f"{{{XS}}}element", f"{{{XS}}}complexType", f"{{{XS}}}simpleType"):
                found = self._elements if local_name(str(node.tag)) == "element" else self._types
                found[f"{{{namespace}}}{node.get('name')}"] = node
        self._messages = {
            f"{{{self._namespace}}}{message.get('name')}": message for message in self._root.iter(f"{{{WSDL}}}message")
        }

    @property
    def _namespace(self) -> str:
        return self._root.get("targetNamespace", "")

    def service(self, name: str, services: str) -> ServiceContract:
        binding = next(self._root.iter(f"{{{WSDL}}}binding"))
        abstract = {
            str(node.get("name")): node
            for port_type in self._root.iter(f"{{{WSDL}}}portType")
            for node in port_type.iterchildren(f"{{{WSDL}}}operation")
        }
        operations = {
            str(node.get("name")): self._operation(node, abstract[str(node.get("name"))])
            for node in binding.iterchildren(f"{{{WSDL}}}operation")
        }
        return ServiceContract(
            name, services, self._namespace, operations, {found.action: found for found in operations.values()}
        )

    def _operation(self, bound: etree._Element, abstract: etree._Element) -> OperationContract:
        soap = _only(bound, f"{{{WSDL_SOAP}}}operation")
        return OperationContract(
            name=str(bound.get("name")),
            action=soap.get("soapAction", ""),
            request=self._body(_only(abstract, f"{{{WSDL}}}input")),
            response=self._body(_only(abstract, f"{{{WSDL}}}output")),
            request_headers=self._headers(_only(bound, f"{{{WSDL}}}input")),
            response_headers=self._headers(_only(bound, f"{{{WSDL}}}output")),
        )

    def _body(self, side: etree._Element) -> Member:
        return self._part(_resolve(side, side.get("message", "")), None)

    def _headers(self, side: etree._Element) -> tuple[Member, ...]:
        return tuple(
            self._part(_resolve(header, header.get("message", "")), header.get("part"))
            for header in side.iterchildren(f"{{{WSDL_SOAP}}}header")
        )

    def _part(self, message: str, part: str | None) -> Member:
        for node in self._messages[message].iterchildren(f"{{{WSDL}}}part"):
            if part in (None, node.get("name")):
                element = _resolve(node, node.get("element", ""))
                return self._member(self._elements[element], element[1:].partition("}")[0])
        raise LookupError(f"the WSDL's message {message} has no part {part}")

    def _member(self, node: etree._Element, namespace: str) -> Member:
        name = str(node.get("name"))
        return Member(
            name=name,
            tag=f"{{{namespace}}}{name}",
            type=self._type_of(node, namespace),
            nillable=node.get("nillable") == "true",
            required=node.get("minOccurs", "1") != "0",
            repeated=node.get("maxOccurs", "1") != "1",
        )

    def _type_of(self, node: etree._Element, namespace: str) -> Scalar | Composite:
        named = node.get("type")
        if named is not None:
            return self._named(_resolve(node, named))
        composite = Composite(str(node.get("name")))
        self._fill(composite, _only(node, f"{{{XS}}}complexType"), namespace)
        return composite

    def _named(self, name: str) -> Scalar | Composite:
        if name.startswith(f"{{{XS}}}"):
            return Scalar(f"xs:{local_name(name)}", _BUILT_IN[local_name(name)])
        node = self._types[name]
        if node.tag == f"{{{XS}}}simpleType":
            return self._simple(node, name)
        if name not in self._composites:
            # Entered before its members are read: a type may contain itself.
            self._composites[name] = Composite(local_name(name), name)
            self._fill(self._composites[name], node, name[1:].partition("}")[0])
        return self._composites[name]

    def _simple(self, node: etree._Element, name: str) -> Scalar:
        names = tuple(str(value.get("value")) for value in node.iter(f"{{{XS}}}enumeration"))
        if node.find(f"{{{XS}}}list") is not None:
            return Scalar(local_name(name), "mask", names)
        if names:
            return Scalar(local_name(name), "enumeration", names)
        restriction = _only(node, f"{{{XS}}}restriction")
        base = self._named(_resolve(restriction, restriction.get("base", "")))
        if not isinstance(base, Scalar):
            raise TypeError(f"the WSDL's simple type {name} restricts a complex one")
        return base

    def _fill(self, composite: Composite, node: etree._Element, namespace: str) -> None:
        own = node
        inherited: tuple[Member, ...] = ()
        extension = node.find(f"{{{XS}}}complexContent/{{{XS}}}extension")
        if extension is not None:
            base = self._named(_resolve(extension, extension.get("base", "")))
            inherited = base.members if isinstance(base, Composite) else ()
            own = extension
        elements = own.iterfind(f"{{{XS}}}sequence/{{{XS}}}element")
        composite.members = inherited + tuple(self._member(element, namespace) for element in elements)
        dictionary = node.find(f"{{{XS}}}annotation/{{{XS}}}appinfo/{{{SERIALIZATION}}}IsDictionary")
        if dictionary is not None and (dictionary.text or "").strip() == "true":
            composite.shape = "dictionary"
        elif len(composite.members) == 1 and composite.members[0].repeated:
            composite.shape = "array"


def _only(node: etree._Element, tag: str) -> etree._Element:
    found = node.find(tag)
    if found is None:
        raise LookupError(f"the WSDL's {node.get('name') or node.tag!r} has no {local_name(tag)}")
    return found


def _resolve(node: etree._Element, value: str) -> str:
    prefix, _, name = value.rpartition(":")
    return f"{{{node.nsmap.get(prefix or None, '')}}}{name}"
