"""What goes wrong, and for which calls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Literal, get_args

from superoffice_erpsync.sandbox.handlers.catalogue import HANDLERS, OPEN_SERVICES

FaultKind = Literal[
    "latency",
    "drop",
    "lost_answer",
    "cut_answer",
    "unavailable",
    "too_many",
    "expired_ticket",
    "quota",
    "server_fault",
    "html",
    "error_object",
]

KINDS: Final[tuple[FaultKind, ...]] = get_args(FaultKind)
WIRES: Final = ("soap", "rest", "Services86", "Services87", "Services88")

_RETRY_AFTER: Final = frozenset({"unavailable", "too_many"})
_TIMED: Final = _RETRY_AFTER | {"latency"}
_LONGEST_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRule:
    """One thing that goes wrong, and the calls that it strikes.

    A rule that names no operation, service or wire strikes them all, but only calls: neither the WSDL nor any other
    page. The kinds are

        latency         the call waits for `seconds` before it is carried out
        drop            the connection is cut before the call is carried out, and no answer comes
        lost_answer     the call is carried out, then the connection is cut, and no answer comes
        cut_answer      the call is carried out, and the connection is cut within the body of the answer; an answer
                        without a body is lost whole
        unavailable     503 with Retry-After, not carried out
        too_many        429 with Retry-After, not carried out
        expired_ticket  the call's ticket expires just before the call, so that a new login helps; strikes only calls
                        that live on a ticket: those to ErpSync over SOAP, over REST those with SOTicket or a cookie
        quota           refused because the request exceeds a quota of the server, not carried out: a SOAP Fault as
                        WCF's reader raises it, over REST an error object
        server_fault    the server breaks, not carried out: the Fault InternalServiceFault, over REST an error object
        html            200 with a page to log in on, as from a proxy, not carried out
        error_object    REST only: 200 with a Message and a MessageDetail in place of the result, not carried out

    Raises:
        ValueError: The rule makes no sense; the message says why.
    """

    kind: FaultKind
    operation: str | None = None
    """Wire name; None for all."""
    service: str | None = None
    """"ErpSync" or "SoPrincipal"; None for both."""
    wire: str | None = None
    """"soap", "rest", or one version of SOAP such as "Services88"; None for all."""
    count: int | None = None
    """How many calls it strikes before it is spent; None for no end."""
    share: float = 1.0
    """The share of the calls that it strikes, as a probability above 0 and up to 1."""
    skip: int = 0
    """How many of its calls it lets pass first."""
    seconds: float | None = None
    """For latency how long the call waits, for unavailable and too_many what Retry-After asks for (a whole number);
    1 where it is left out. All other kinds have none."""
    seed: int = 0
    """Where the dice of `share` start: the same seed strikes the same calls of a run."""

    def __post_init__(self) -> None:
        _check_name("fault", self.kind, KINDS)
        self._check_calls()
        self._check_numbers()
        if self.kind in _TIMED and self.seconds is None:
            object.__setattr__(self, "seconds", 1.0)

    def selects(self, operation: str, service: str, services: str, transport: str, *, has_ticket: bool) -> bool:
        """Whether a call is one of the rule's; see `Call` for the arguments."""
        return (
            self.operation in (None, operation)
            and self.service in (None, service)
            and self.wire in (None, services, transport)
            and (self.kind != "error_object" or transport == "rest")
            and (self.kind != "expired_ticket" or has_ticket)
        )

    def _check_calls(self) -> None:
        if self.service is not None:
            _check_name("service", self.service, HANDLERS)
        if self.wire is not None:
            _check_name("wire", self.wire, WIRES)
        services = list(HANDLERS) if self.service is None else [self.service]
        if self.operation is not None:
            among = [name for service in services for name in HANDLERS[service]]
            _check_name(f"operation of {self.service}" if self.service else "operation", self.operation, among)
            services = [service for service in services if self.operation in HANDLERS[service]]
        if self.kind == "error_object" and self.wire not in (None, "rest"):
            raise ValueError(f"error_object exists on REST only, and the wire is {self.wire}")
        if OPEN_SERVICES.issuperset(services):
            if self.kind == "expired_ticket":
                raise ValueError(f"expired_ticket cannot strike {self._what}: it needs no ticket")
            if "rest" in (self.wire, "rest" if self.kind == "error_object" else None):
                raise ValueError(f"{self.kind} cannot strike {self._what} over REST: it exists on SOAP only")

    @property
    def _what(self) -> str:
        return self.operation or self.service or "a call"

    def _check_numbers(self) -> None:
        for name, value, least in (("count", self.count, 1), ("skip", self.skip, 0)):
            if value is not None and (not _is_whole(value) or value < least):
                raise ValueError(f"{name} must be a whole number from {least} on, not {value!r}")
        if not _is_whole(self.seed):
            raise ValueError(f"seed must be a whole number, not {self.seed!r}")
        if not _is_number(self.share) or not 0 < self.share <= 1:
            raise ValueError(f"share must be a number above 0 and up to 1, not {self.share!r}")
        if self.seconds is None:
            return
        if self.kind not in _TIMED:
            raise ValueError(f"{self.kind} has no seconds; {', '.join(sorted(_TIMED))} have")
        if not _is_number(self.seconds) or not 0 <= self.seconds <= _LONGEST_SECONDS:
            raise ValueError(f"seconds must be a number from 0 to {_LONGEST_SECONDS}, not {self.seconds!r}")
        if self.kind in _RETRY_AFTER and self.seconds != int(self.seconds):
            raise ValueError(f"seconds must be whole for {self.kind}, as HTTP's Retry-After is, not {self.seconds!r}")


def _check_name(what: str, name: object, known: Iterable[str]) -> None:
    known = list(known)
    if name in known:
        return
    said = f"there is no {what} {name!r}"
    close = get_close_matches(name, known, 1) if isinstance(name, str) else []
    if close:
        raise ValueError(f"{said}; perhaps {close[0]} is meant")
    raise ValueError(f"{said}; there are {', '.join(known)}" if len(known) <= len(KINDS) else said)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
