"""The bundled WSDLs keep the wire contract.

They are read twice, neither time by the project's own code: by zeep, as a client would, and by lxml for what zeep
reads over (enumerations, the annotations of .NET's serializer, how headers and bodies are bound).
"""

import socket
from copy import deepcopy
from functools import cache
from typing import Any, NoReturn

import pytest
import zeep
import zeep.xsd
from lxml import etree
from zeep.wsdl.bindings.soap import Soap11Binding
from zeep.xsd.types.collection import ListType

from contract.contract_facts import (
    CONTRACTS,
    OPERATIONS,
    TYPES,
    XSD,
    all_lines,
    braces,
    case_id,
    complex_types,
    fact_line,
    facts,
    line,
    namespace,
    own_lines,
    simple_types,
)
from superoffice_erpsync.wsdl_files import wsdl_file

XS = f"{{{XSD}}}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
SER = "{http://schemas.microsoft.com/2003/10/Serialization/}"

each_contract = pytest.mark.parametrize(("services", "service"), CONTRACTS, ids=case_id)
each_operation = pytest.mark.parametrize(("services", "service", "operation"), OPERATIONS, ids=case_id)
each_type = pytest.mark.parametrize(("services", "service", "name"), TYPES, ids=case_id)
each_complex_type = pytest.mark.parametrize(("services", "service", "name"), complex_types(), ids=case_id)
each_simple_type = pytest.mark.parametrize(("services", "service", "name"), simple_types(), ids=case_id)


# -- as zeep reads them -----------------------------------------------------------------------------------------------


@cache
def client(services: str, service: str) -> zeep.Client:
    return zeep.Client(str(wsdl_file(service, services)))


def port(services: str, service: str) -> Any:
    (found,) = next(iter(client(services, service).wsdl.services.values())).ports.values()
    return found


def zeep_lines(services: str, service: str, kind: Any) -> list[str]:
    """The members of a complex type, those of its base among them."""
    lines = []
    for _, element in kind.elements:
        inner = element.type
        if isinstance(inner, zeep.xsd.ComplexType) and not inner.is_global:
            type_name = braces(zeep_lines(services, service, inner))
        elif isinstance(inner, ListType):
            type_name = zeep_list_name(services, service, inner)
        else:
            type_name = inner.qname.text
        lines.append(line(element.qname.text, type_name, element.nillable, element.min_occurs, element.max_occurs))
    return lines


def zeep_list_name(services: str, service: str, kind: ListType) -> str:
    """zeep forgets what a list type is called, but hands out one and the same object for it."""
    names = [name for name in facts(services, service)["types"] if zeep_type(services, service, name) is kind]
    return " or ".join(names) or "a list unknown to the facts"


def zeep_type(services: str, service: str, name: str) -> Any:
    return client(services, service).wsdl.types.get_type(name)


@each_contract
def test_zeep_finds_the_service(services: str, service: str) -> None:
    found = client(services, service).wsdl.services
    ((wanted, binding),) = facts(services, service)["services"].items()
    assert [f"{{{namespace(services)}}}{name}" for name in found] == [wanted]
    assert port(services, service).name == binding["port"]
    assert str(port(services, service).binding.name) == binding["binding"]
    assert type(port(services, service).binding) is Soap11Binding


@each_contract
def test_zeep_finds_exactly_the_operations(services: str, service: str) -> None:
    assert sorted(port(services, service).binding.all()) == sorted(facts(services, service)["operations"])


@each_operation
@pytest.mark.parametrize("side", ["input", "output"])
def test_zeep_sees_the_message(services: str, service: str, operation: str, side: str) -> None:
    wanted = facts(services, service)["operations"][operation][side]
    message = getattr(port(services, service).binding.get(operation), side)
    assert message.body.qname.text == f"{{{wanted['body']['ns']}}}{wanted['body']['name']}"
    parts = [fact_line(fact) for fact in wanted["body"]["type"]["fields"]]
    assert zeep_lines(services, service, message.body.type) == parts
    assert zeep_lines(services, service, message.header.type) == [fact_line(fact) for fact in wanted["headers"]]


@each_operation
def test_zeep_sees_the_soap_action(services: str, service: str, operation: str) -> None:
    wanted = facts(services, service)["operations"][operation]
    found = port(services, service).binding.get(operation)
    assert (found.soapaction, found.style) == (wanted["soapAction"], wanted["style"])


@each_complex_type
def test_zeep_sees_the_members(services: str, service: str, name: str) -> None:
    found = zeep_lines(services, service, zeep_type(services, service, name))
    assert found == all_lines(services, service, name)


@each_complex_type
def test_zeep_sees_the_base(services: str, service: str, name: str) -> None:
    wanted = facts(services, service)["types"][name].get("base")
    # zeep keeps the whole line of ancestors, as the classes it makes for values
    found = [value._xsd_type.qname.text for value in zeep_type(services, service, name)._extension_types]
    assert found == ([wanted] if wanted else [])


@each_simple_type
def test_zeep_sees_what_a_simple_type_is_made_of(services: str, service: str, name: str) -> None:
    wanted = facts(services, service)["types"][name]
    found = zeep_type(services, service, name)
    assert isinstance(found, ListType) == wanted.get("list", False)
    value = found.item_type if isinstance(found, ListType) else found
    assert type(value).__mro__[1]._default_qname.text == wanted["base"]


@each_contract
def test_zeep_adds_no_header_of_its_own(services: str, service: str) -> None:
    """As soon as a WSDL so much as declares WS-Addressing, zeep sends its headers with every request."""
    operation = {"ErpSync": "SyncAll", "SoPrincipal": "GetSystemInfo"}[service]
    bound = client(services, service)
    envelope = bound.create_message(bound.service, operation)
    assert [etree.QName(part).localname for part in envelope] == ["Body"]


@each_contract
def test_loading_opens_no_socket(services: str, service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def refuse(*args: object, **kwargs: object) -> NoReturn:
        asked.append(args)
        raise AssertionError(f"loading a WSDL reached for the network: {args}")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    zeep.Client(str(wsdl_file(service, services)))
    assert asked == []


# -- as they are written ----------------------------------------------------------------------------------------------


@cache
def document(services: str, service: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.parse(str(wsdl_file(service, services)), parser).getroot()


def clark(node: Any, name: str) -> str:
    """A prefixed name in the text of a node, with the namespace that the prefix stands for there."""
    prefix, _, rest = name.rpartition(":")
    return f"{{{node.nsmap[prefix or None]}}}{rest}"


def declared(services: str, service: str, *tags: str) -> dict[str, Any]:
    """The global declarations of the embedded schemas by name."""
    found = {}
    for schema in document(services, service).iter(f"{XS}schema"):
        for node in schema.iterchildren(*(XS + tag for tag in tags)):
            name = f"{{{schema.get('targetNamespace')}}}{node.get('name')}"
            assert name not in found, f"{name} is declared twice"
            found[name] = node
    return found


def written_line(node: Any) -> str:
    """An element declaration; its namespace is its schema's, which `test_every_element_is_qualified` makes sure of."""
    schema = next(node.iterancestors(f"{XS}schema"))
    inner = node.findall(f"{XS}complexType/{XS}sequence/{XS}element")
    type_name = clark(node, node.get("type")) if node.get("type") else braces([written_line(child) for child in inner])
    return line(
        f"{{{schema.get('targetNamespace')}}}{node.get('name')}",
        type_name,
        node.get("nillable") == "true",
        node.get("minOccurs", "1"),
        node.get("maxOccurs", "1"),
    )


class Embedded(etree.Resolver):
    """Gives libxml2 the embedded schemas, as if each were a file."""

    def __init__(self, texts: dict[str, bytes]) -> None:
        self.texts = texts

    def resolve(self, url: Any, public_id: Any, context: Any) -> Any:
        return self.resolve_string(self.texts[url], context, base_url=url)


@each_contract
def test_every_element_is_qualified(services: str, service: str) -> None:
    schemas = list(document(services, service).iter(f"{XS}schema"))
    assert {schema.get("elementFormDefault") for schema in schemas} == {"qualified"}
    assert [node for schema in schemas for node in schema.iterfind(".//*[@form]")] == []


@each_contract
def test_nothing_but_the_contract_is_declared(services: str, service: str) -> None:
    contract = facts(services, service)
    messages = [operation[side] for operation in contract["operations"].values() for side in ("input", "output")]
    elements = {
        f"{{{part['ns']}}}{part['name']}" for message in messages for part in (message["body"], *message["headers"])
    }
    assert set(declared(services, service, "element")) == elements
    assert set(declared(services, service, "complexType", "simpleType")) == set(contract["types"])


@each_contract
def test_global_elements_keep_type_and_nillable(services: str, service: str) -> None:
    found = declared(services, service, "element")
    for operation, sides in facts(services, service)["operations"].items():
        for side in ("input", "output"):
            for part in (sides[side]["body"], *sides[side]["headers"]):
                name = f"{{{part['ns']}}}{part['name']}"
                assert written_line(found[name]) == fact_line(part), f"{name}, met in the {side} of {operation}"


@each_complex_type
def test_members_are_written_in_order(services: str, service: str, name: str) -> None:
    node = declared(services, service, "complexType")[name]
    extension = node.find(f"{XS}complexContent/{XS}extension")
    base = None if extension is None else clark(extension, extension.get("base"))
    members = (node if extension is None else extension).findall(f"{XS}sequence/{XS}element")
    assert base == facts(services, service)["types"][name].get("base")
    assert [written_line(member) for member in members] == own_lines(services, service, name)


@each_simple_type
def test_enumerations_keep_names_order_and_numbers(services: str, service: str, name: str) -> None:
    wanted = facts(services, service)["types"][name]
    node = declared(services, service, "simpleType")[name]
    (restriction,) = node.iter(f"{XS}restriction")
    members = restriction.findall(f"{XS}enumeration")
    numbers = {
        member.get("value"): int(number)
        for member in members
        for number in [member.findtext(f"{XS}annotation/{XS}appinfo/{SER}EnumerationValue")]
        if number is not None
    }
    assert (node.find(f"{XS}list") is not None) == wanted.get("list", False)
    assert clark(restriction, restriction.get("base")) == wanted["base"]
    assert [member.get("value") for member in members] == wanted.get("enum", [])
    assert numbers == wanted.get("values", {})


@each_type
def test_annotations_of_the_serializer(services: str, service: str, name: str) -> None:
    wanted = facts(services, service)["types"][name]
    node = declared(services, service, "complexType", "simpleType")[name]
    notes = node.findall(f"{XS}annotation/{XS}appinfo/*")
    found = [(note.tag, note.text, dict(note.attrib)) for note in notes]
    expected: list[tuple[str, str | None, dict[str, str]]] = []
    if wanted.get("dictionary"):
        expected.append((f"{SER}IsDictionary", "true", {}))
    if "actual" in wanted:
        expected.append((f"{SER}ActualType", None, {"Name": wanted["actual"], "Namespace": XSD}))
    assert found == expected


@each_operation
@pytest.mark.parametrize("side", ["input", "output"])
def test_headers_and_body_are_bound(services: str, service: str, operation: str, side: str) -> None:
    root, wanted = document(services, service), facts(services, service)["operations"][operation][side]
    parts = {
        (f"{{{namespace(services)}}}{message.get('name')}", part.get("name")): clark(part, part.get("element"))
        for message in root.iterfind(f"{WSDL}message")
        for part in message.iterfind(f"{WSDL}part")
    }
    bound = root.find(f"{WSDL}binding/{WSDL}operation[@name='{operation}']/{WSDL}{side}")
    abstract = root.find(f"{WSDL}portType/{WSDL}operation[@name='{operation}']/{WSDL}{side}")
    headers = [
        (parts[clark(header, header.get("message")), header.get("part")], header.get("use"))
        for header in bound.findall(f"{SOAP}header")
    ]
    body = [element for (message, _), element in parts.items() if message == clark(abstract, abstract.get("message"))]
    assert headers == [(f"{{{header['ns']}}}{header['name']}", header["use"]) for header in wanted["headers"]]
    assert body == [f"{{{wanted['body']['ns']}}}{wanted['body']['name']}"]
    assert [node.get("use") for node in bound.findall(f"{SOAP}body")] == [wanted["use"]]


@each_contract
def test_binding_and_placeholder_address(services: str, service: str) -> None:
    root = document(services, service)
    (wanted,) = facts(services, service)["services"].values()
    (binding,) = root.iter(f"{SOAP}binding")
    (address,) = root.iter(f"{SOAP}address")
    assert (binding.get("style"), binding.get("transport")) == ("document", wanted["transport"])
    assert address.get("location") == f"http://localhost/Remote/{services}/{service}.svc"


@each_contract
def test_each_file_stands_alone(services: str, service: str) -> None:
    root = document(services, service)
    here = {schema.get("targetNamespace") for schema in root.iter(f"{XS}schema")}
    assert [node.tag for node in root.iter(f"{WSDL}import", f"{XS}include", f"{XS}redefine")] == []
    assert {node.get("namespace") for node in root.iter(f"{XS}import")} <= here
    assert [node.get("namespace") for node in root.iter(f"{XS}import") if node.get("schemaLocation")] == []
    assert "addressing" not in wsdl_file(service, services).read_text(encoding="utf-8").lower()


@each_contract
def test_the_schemas_compile(services: str, service: str) -> None:
    """As a third reader, libxml2 takes every declaration for valid and every name in it for known."""
    root = deepcopy(document(services, service))
    schemas = {schema.get("targetNamespace"): schema for schema in root.iter(f"{XS}schema")}
    for node in root.iter(f"{XS}import"):
        # libxml2 follows an import only where it names a place; the resolver below answers for these
        node.set("schemaLocation", f"embedded:{node.get('namespace')}")
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Embedded({f"embedded:{name}": etree.tostring(schema) for name, schema in schemas.items()}))
    main = etree.fromstring(etree.tostring(schemas[namespace(services)]), parser)
    assert etree.XMLSchema(main).validate(etree.XML(f'<Succeeded xmlns="{namespace(services)}">true</Succeeded>'))
