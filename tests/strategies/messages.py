"""Requests as the SOAP transport puts them together."""

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
