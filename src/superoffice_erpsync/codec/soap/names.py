"""Namespaces and element names of SOAP messages."""

from __future__ import annotations

import re

from superoffice_erpsync.codec.shapes import DictOf, Enumeration, Kind, ListOf, Mask, Model, Scalar, Shape

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
SERIALIZATION = "http://schemas.microsoft.com/2003/10/Serialization/"
CRYPTOGRAPHY = "http://schemas.datacontract.org/2004/07/System.Security.Cryptography"

_DSA = "DSAParameters"
"""The one model of another namespace, by name: so it need not be loaded to find out that another is not it."""

_SERVICES = r"/(Services[0-9]+)\Z"


def services_of(namespace: str) -> str | None:
    """`Services86` of a namespace that ends in it, else None."""
    match = re.search(_SERVICES, namespace)
    return match[1] if match else None


def item_name(item: Shape, namespace: str) -> tuple[str, str]:
    """Namespace and element name of an array's items, given the services' namespace."""
    match item:
        case Scalar(kind):
            return ARRAYS, kind.value
        case Enumeration(cls) | Model(cls):
            return namespace, cls.__name__
    raise TypeError(f"no array of {item!r} in the contract")


def member_namespace(shape: Model, namespace: str) -> str:
    """Namespace of a model's members, given the services' namespace."""
    return CRYPTOGRAPHY if shape.cls.__name__ == _DSA else namespace


def type_name(shape: Shape, namespace: str) -> tuple[str, str]:
    """Namespace and name of the schema type, given the services' namespace."""
    match shape:
        case Scalar(Kind.DURATION):
            return SERIALIZATION, "duration"
        case Scalar(kind):
            return XSD, kind.value
        case Enumeration(cls) | Mask(cls):
            return namespace, cls.__name__
        case Model(cls):
            return member_namespace(shape, namespace), cls.__name__
        case DictOf():
            return namespace, shape.type_name
        case ListOf(item):
            where, name = item_name(item, namespace)
            return where, f"ArrayOf{name}"
