"""The XML namespaces of the envelope, the schemas and the WSDL, each ready to stand before a local name."""

from __future__ import annotations

from typing import Final

SOAP11: Final = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12: Final = "http://www.w3.org/2003/05/soap-envelope"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
XS: Final = "http://www.w3.org/2001/XMLSchema"
WSDL: Final = "http://schemas.xmlsoap.org/wsdl/"
WSDL_SOAP: Final = "http://schemas.xmlsoap.org/wsdl/soap/"
SERIALIZATION: Final = "http://schemas.microsoft.com/2003/10/Serialization/"
XML: Final = "http://www.w3.org/XML/1998/namespace"

DISPATCHER: Final = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"
"""Namespace of the fault codes with which WCF's dispatcher reports a message it could not use."""

ADDRESSING_NONE: Final = "http://schemas.microsoft.com/ws/2005/05/addressing/none"
"""Namespace of the fault code with which WCF refuses an action, where no WS-Addressing is in use."""


def local_name(tag: str) -> str:
    """The name without its namespace."""
    return tag.rpartition("}")[2]


def namespace_of(tag: str) -> str:
    """The namespace without the name; empty for none."""
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""
