"""The record of the calls a sandbox received."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

MASK: Final = "***"
NO_ANSWER: Final = 0
"""Stands where a status does, for a call that was cut off before there was an answer."""

_SECRET_NAMES: Final = frozenset(
    {"Password", "AccessToken", "AuthenticationData", "ConfigFields", "Ticket", "Credentials"}
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReceivedCall:
    """One call that named an operation, whatever became of it."""

    operation: str
    """Wire name."""
    service: str
    """"ErpSync" or "SoPrincipal"."""
    services: str = "Services86"
    """The version, as it stands in the address; "REST" for the REST API."""
    transport: str = "soap"
    """"soap" or "rest"."""
    arguments: dict[str, Any]
    """By wire name, with what is secret masked; empty where they could not be read."""
    ticket_known: bool
    """Whether the call brought a ticket that this sandbox issued and that had not expired; over REST, whether the
    sandbox knew the caller by any means."""
    application_token: str | None = None
    """As it came; None when there was none."""
    time_zone: dict[str, Any] | None = None
    """The header's members, or None when there was none."""
    authorization: str | None = None
    """Over REST, how the caller proved himself: "Basic", "SOTicket", "Bearer" or "Cookie"."""
    headers: dict[str, str] = field(default_factory=dict)
    """Over REST, the headers of its own that came, with what is secret masked."""
    status: int
    """HTTP status of the answer, of a lost one too; `NO_ANSWER` for a call that was cut off before."""
    failure: str | None = None
    """Code of the Fault, type of the exception in the answer's header, or kind of the fault on demand that kept the
    call from being carried out; None when the call succeeded."""
    faults: tuple[str, ...] = ()
    """Kinds of the faults on demand that struck it."""
    at: datetime
    """When the answer was ready."""

    def __repr__(self) -> str:
        token = None if self.application_token is None else MASK
        return (
            f"ReceivedCall(operation={self.operation!r}, service={self.service!r}, services={self.services!r}, "
            f"arguments={self.arguments!r}, "
            f"ticket_known={self.ticket_known}, application_token={token!r}, time_zone={self.time_zone!r}, "
            f"status={self.status}, failure={self.failure!r}, faults={self.faults!r}, at={self.at.isoformat()!r})"
        )


def without_secrets(value: Any) -> Any:
    """A copy of plain values in which everything with a secret's name is masked."""
    if isinstance(value, dict):
        return {
            name: MASK if name in _SECRET_NAMES and item is not None else without_secrets(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    return value
