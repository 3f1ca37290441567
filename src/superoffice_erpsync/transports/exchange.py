"""The account of an exchange that an observer gets. It loads with the first exchange that is observed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and what came of it, redacted: no password, ticket, token or configuration is in any of its texts.

    Attributes:
        operation: The vendor's operation name.
        url: Where the request went.
        request_headers: HTTP headers of the request.
        request: Body of the request.
        status: HTTP status of the answer, None where no answer came.
        response_headers: HTTP headers of the answer.
        response: Body of the answer.
        seconds: How long it took.
        error: Why no answer came, None where one came.
    """

    operation: str
    url: str
    request_headers: Mapping[str, str]
    request: str
    status: int | None
    response_headers: Mapping[str, str]
    response: str
    seconds: float
    error: str | None


Observer = Callable[[Exchange], None]
