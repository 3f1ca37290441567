"""What a row of the table says: what the server does, which call is made, and what must come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from integration.hostile.calls import BOTH, SYNC, Call
from integration.hostile.server import Turn
from integration.hostile.steps import GOOD, Step
from superoffice_erpsync import ErpSyncError, Outcome, ProtocolError, RequestTimeout, TransportError

UNKNOWN = Outcome.UNKNOWN
NOT_SENT = Outcome.NOT_SENT
REJECTED = Outcome.REJECTED


class Who(Enum):
    """How the client logs in."""

    TICKET = "a ticket"
    PASSWORD = "user and password, for a ticket over SOAP"
    BASIC = "user and password with each request over REST"


class Listening(Enum):
    """What there is at the address."""

    SERVING = "the hostile server"
    REFUSED = "a port where nobody listens"
    BLACK_HOLE = "a port whose queue is full, so that connecting never ends"


@dataclass(frozen=True, kw_only=True)
class Tls:
    """How the server makes its connections secure.

    Attributes:
        certificate: Which of the certificates it shows: `good`, `expired`, `early`, `other_host`, `self_signed`,
            `stranger`.
        newest: The newest version of TLS that it speaks, as ssl.TLSVersion names it.
        wants_certificate: It wants the client to show one.
    """

    certificate: str = "good"
    newest: str | None = None
    wants_certificate: bool = False


@dataclass(frozen=True)
class Gives:
    """The call gives its good result.

    Attributes:
        changes: What is another than in the good result, by member; or the whole result where it is no object.
    """

    changes: Any = None

    def result(self, call: Call) -> Any:
        if isinstance(self.changes, Mapping) and isinstance(call.result, Mapping):
            return {**call.result, **self.changes}
        return call.result if self.changes is None else self.changes


@dataclass(frozen=True)
class GivesNone:
    """The call gives None: the server had nothing to say."""

    def result(self, call: Call) -> Any:
        return None


class Fails:
    """The call raises.

    Attributes:
        kinds: The error's class, exactly; one of them.
        outcomes: Its outcome, one of them.
        says: What stands in the error's text with its hint, whatever the case.
        more: Other attributes of the error.
    """

    def __init__(
        self,
        kinds: type[ErpSyncError] | tuple[type[ErpSyncError], ...],
        outcomes: Outcome | tuple[Outcome, ...],
        *says: str,
        **more: Any,
    ) -> None:
        self.kinds = kinds if isinstance(kinds, tuple) else (kinds,)
        self.outcomes = outcomes if isinstance(outcomes, tuple) else (outcomes,)
        self.says = says
        self.more = more


Ending = Gives | GivesNone | Fails
Endings = tuple[Ending, ...]
"""Any of these is right."""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One row. Texts in options and environment may hold places, as in `{ca}`; see `placed`.

    Attributes:
        name: What is going on, and why it matters.
        turns: What the server does about the call's first request, its second and so on; the last one goes on.
        must: What the call ends with; any of several where each is right.
        wires: On which wires.
        call: Which call is made.
        calls: How often it is made, one after the other; the last one counts and the others may end as they like.
        pause: Seconds between the calls.
        who: How the client logs in.
        login: What the server does about logins, as `turns`; a good answer where it says nothing.
        documents: The same for GETs, by the last part of the path; `*` for all others.
        connecting: What the server does with new connections before it reads, as `turns`.
        accepting: The same before the connection is made secure.
        listening: What there is at the address.
        tls: Secure connections; None for plain ones.
        url: The client's address, where it is another than the server's.
        options: Options of the client.
        call_options: Options of the call.
        environment: Variables of the environment.
        elsewhere: What a second server does about any request.
        requests: How many requests for the operation must have arrived wholly; several where each is right.
        logins: The same for logins; None where it does not matter.
        connections: How many connections must have been made; None where it does not matter.
        strays: How many connections must have gone to the second server.
        within: Seconds that the call may take at most.
        at_least: Seconds that it must take at least.
    """

    name: str
    turns: Sequence[Turn]
    must: Ending | Endings
    wires: tuple[str, ...] = BOTH
    call: Call = SYNC
    calls: int = 1
    pause: float = 0.0
    who: Who = Who.TICKET
    login: Sequence[Turn] = ()
    documents: Mapping[str, Sequence[Turn]] = field(default_factory=dict)
    connecting: Sequence[Turn] = ()
    accepting: Sequence[Turn] = ()
    listening: Listening = Listening.SERVING
    tls: Tls | None = None
    url: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    call_options: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Sequence[Turn] = ((GOOD,),)
    requests: int | tuple[int, ...] = 1
    logins: int | None = None
    connections: int | None = None
    strays: int = 0
    within: float = 5.0
    at_least: float = 0.0

    @property
    def endings(self) -> Endings:
        return self.must if isinstance(self.must, tuple) else (self.must,)


def row(name: str, *steps: Step, must: Ending | Endings, **more: Any) -> Scenario:
    """A row in which the server does the same about every request."""
    return Scenario(name=name, turns=(steps,), must=must, **more)


GARBLED = Fails(ProtocolError, UNKNOWN)
"""Something came and cannot be trusted."""
LOST = Fails(TransportError, UNKNOWN)
"""The request left, and no complete answer came."""
BROKEN = Fails((ProtocolError, TransportError), UNKNOWN)
"""No answer that can be trusted, whichever way one calls it."""
LATE = Fails(RequestTimeout, UNKNOWN)
"""The request left, and the time passed."""
RIGHT = Gives()
RIGHT_OR_GARBLED = (RIGHT, GARBLED)
RIGHT_OR_BROKEN = (RIGHT, BROKEN)
"""What came is against the rules of HTTP, and still it is plain what is meant: refusing it is as good as reading it."""
