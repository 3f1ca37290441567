"""The envelope of a request taken apart, and that of an answer put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

from superoffice_erpsync.sandbox.soap.contract import OperationContract
from superoffice_erpsync.sandbox.soap.faults import SoapFault, bad_request, deserialization_failed
from superoffice_erpsync.sandbox.soap.names import SOAP11, SOAP12, XSI, local_name, namespace_of
from superoffice_erpsync.sandbox.soap.reader import SchemaViolation, read_member
from superoffice_erpsync.sandbox.soap.writer import write_member

_MUST_UNDERSTAND = f"{{{SOAP11}}}mustUnderstand"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The elements of a request's header and of its body."""

    headers: tuple[etree._Element, ...]
    contents: tuple[etree._Element, ...]


@dataclass(frozen=True, slots=True)
class RequestMessage:
    """What a request says, in plain values."""

    headers: dict[str, Any]
    """By header name; a header that was not sent is absent, one sent as nil is None."""
    arguments: dict[str, Any]


def parse_envelope(body: bytes, charset: str | None = None) -> Envelope:
    """Read the outer parts of a request.

    Raises:
        SoapFault: The bytes are no XML, hold a DTD, or are no SOAP 1.1 envelope.
    """
    root = _parse(body, charset)
    name, namespace = local_name(str(root.tag)), namespace_of(str(root.tag))
    if name != "Envelope":
        raise bad_request(f"The document is a {name} and not a SOAP envelope.")
    if namespace != SOAP11:
        version = "SOAP 1.2" if namespace == SOAP12 else "no version of SOAP known here"
        raise SoapFault(
            "VersionMismatch",
            f"The envelope is in the namespace {namespace!r}, {version}; this address speaks SOAP 1.1, {SOAP11!r}.",
        )
    parts = [child for child in root if isinstance(child.tag, str)]
    bodies = [part for part in parts if part.tag == f"{{{SOAP11}}}Body"]
    if len(bodies) != 1:
        raise bad_request(f"The envelope has {len(bodies)} Body elements in the envelope's namespace, not one.")
    headers = [child for part in parts if part.tag == f"{{{SOAP11}}}Header" for child in part]
    return Envelope(
        headers=tuple(child for child in headers if isinstance(child.tag, str)),
        contents=tuple(child for child in bodies[0] if isinstance(child.tag, str)),
    )


def _parse(body: bytes, charset: str | None) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, encoding=charset
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as problem:
        raise bad_request(f"The request is not well-formed XML: {problem.msg}.") from None
    except (LookupError, ValueError) as problem:
        raise bad_request(f"The request cannot be read as XML: {problem}.") from None
    if root.getroottree().docinfo.doctype:
        raise bad_request("The request holds a document type declaration, which SOAP does not allow.")
    return root


def read_request(envelope: Envelope, operation: OperationContract) -> RequestMessage:
    """The values of headers and arguments.

    Raises:
        SoapFault: They do not follow the contract, or a header that must be understood is not known.
    """
    try:
        return RequestMessage(_read_headers(envelope, operation), _read_arguments(envelope, operation))
    except SchemaViolation as problem:
        raise deserialization_failed(f"The request does not follow the contract at {problem}.") from None


def _read_headers(envelope: Envelope, operation: OperationContract) -> dict[str, Any]:
    known = {member.tag: member for member in operation.request_headers}
    headers: dict[str, Any] = {}
    for element in envelope.headers:
        tag = str(element.tag)
        member = known.get(tag)
        if member is None:
            if element.get(_MUST_UNDERSTAND, "").strip() in ("1", "true"):
                raise SoapFault("MustUnderstand", f"The header {tag} must be understood and is not known here.")
            continue
        if member.name in headers:
            raise SchemaViolation("Header", f"holds {member.name} twice")
        headers[member.name] = read_member(element, member, f"Header/{member.name}")
    return headers


def _read_arguments(envelope: Envelope, operation: OperationContract) -> dict[str, Any]:
    if len(envelope.contents) != 1:
        raise SchemaViolation("Body", f"holds {len(envelope.contents)} elements, not the one of the operation")
    content = envelope.contents[0]
    if content.tag != operation.request.tag:
        raise SchemaViolation("Body", f"holds {content.tag!s}, and {operation.request.tag} is wanted")
    arguments: dict[str, Any] = read_member(content, operation.request, operation.request.name)
    return arguments


def write_answer(
    operation: OperationContract, content: dict[str, Any], exception_info: dict[str, Any] | None = None
) -> bytes:
    """The whole envelope of an answer.

    Args:
        content: Values of the members of the response element; those left out are nil, or the type's default.
        exception_info: Why the operation failed, for the header of that name; None when it succeeded.
    """
    values = {"ExceptionInfo": exception_info, "Succeeded": exception_info is None}
    envelope = etree.Element(f"{{{SOAP11}}}Envelope", nsmap={"s": SOAP11})
    header = etree.SubElement(envelope, f"{{{SOAP11}}}Header")
    for member in operation.response_headers:
        write_member(header, member, values.get(member.name), {"h": namespace_of(member.tag), "i": XSI})
    body = etree.SubElement(envelope, f"{{{SOAP11}}}Body")
    write_member(body, operation.response, content, {None: namespace_of(operation.response.tag), "i": XSI})
    return etree.tostring(envelope, encoding="utf-8")
