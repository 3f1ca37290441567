"""SOAP 1.1 Faults with the codes WCF uses, and the element that carries them."""

from __future__ import annotations

from lxml import etree

from superoffice_erpsync.sandbox.faults.pages import BROKEN_TEXT, QUOTA_TEXT
from superoffice_erpsync.sandbox.soap.names import ADDRESSING_NONE, DISPATCHER, SOAP11, XML


class SoapFault(Exception):
    """A call that ends in a Fault and never reaches an operation, or breaks inside one.

    Args:
        code: The fault code's local name, such as "DeserializationFailed".
        text: The fault string.
        namespace: Of the code; the envelope's own for the codes SOAP defines.
        status: Of the HTTP answer.
    """

    def __init__(self, code: str, text: str, *, namespace: str = SOAP11, status: int = 500) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.namespace = namespace
        self.status = status


def deserialization_failed(text: str) -> SoapFault:
    """The message was well-formed and did not follow the contract."""
    return SoapFault("DeserializationFailed", text, namespace=DISPATCHER)


def action_not_supported(action: str | None, service: str) -> SoapFault:
    """The SOAPAction names no operation of this address, or there is none."""
    said = f"The SOAPAction {action[:200]!r} names" if action else "There is no SOAPAction, so this names"
    return SoapFault(
        "ActionNotSupported",
        f"{said} no operation of {service}. Client and service have to agree on the contract and its version.",
        namespace=ADDRESSING_NONE,
    )


def internal_fault(operation: str) -> SoapFault:
    """The sandbox itself broke; the details are in its log and not in the answer."""
    return SoapFault(
        "InternalServiceFault",
        f"The sandbox could not carry out {operation} because of an error of its own; its log says which.",
        namespace=DISPATCHER,
    )


def service_fault() -> SoapFault:
    """The service broke, as WCF says it to callers who are to learn nothing of its insides."""
    return SoapFault("InternalServiceFault", BROKEN_TEXT, namespace=DISPATCHER)


def quota_exceeded() -> SoapFault:
    """The message holds more than the server's reader takes."""
    return SoapFault("DeserializationFailed", QUOTA_TEXT, namespace=DISPATCHER)


def not_in_the_sandbox(operation: str) -> SoapFault:
    """An operation of the contract that the sandbox does not play."""
    return SoapFault("Server", f"{operation} is not in the sandbox yet.")


def bad_request(text: str) -> SoapFault:
    """The request's bytes are no SOAP message at all."""
    return SoapFault("Client", text, status=400)


def write_fault(fault: SoapFault) -> bytes:
    """The whole envelope of a Fault."""
    envelope = etree.Element(f"{{{SOAP11}}}Envelope", nsmap={"s": SOAP11})
    body = etree.SubElement(envelope, f"{{{SOAP11}}}Body")
    element = etree.SubElement(body, f"{{{SOAP11}}}Fault")
    prefix = "s" if fault.namespace == SOAP11 else "a"
    # Its children have no namespace: SOAP 1.1 defines them so.
    code = etree.SubElement(element, "faultcode", nsmap={prefix: fault.namespace})
    code.text = f"{prefix}:{fault.code}"
    text = etree.SubElement(element, "faultstring", {f"{{{XML}}}lang": "en-US"})
    text.text = "".join(letter if letter.isprintable() else " " for letter in fault.text)
    return etree.tostring(envelope, encoding="utf-8")
