"""Requests as the SOAP transport puts them together, and what a message means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.operations import Operation


def request(
    codec: SoapCodec, operation: Operation[Any], arguments: Mapping[str, Any], headers: Sequence[tuple[str, Any]] = ()
) -> bytes:
    """The envelope of a request with these arguments, by Python name, and header elements."""
    return codec.envelope(codec.body(operation, arguments), headers)


def canonical(element: Any) -> Any:
    """Name, attributes by full name, and text or children: what a message means whatever its prefixes."""
    children = [canonical(child) for child in element]
    return (element.tag, dict(element.attrib), "" if children else element.text or "", children)
