"""What the steps know of an installation so far, and what they need to ask it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from superoffice_erpsync.assembly import Made
from superoffice_erpsync.auth import Credentials
from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.doctor.setup import Setup
from superoffice_erpsync.errors import ErpSyncError
from superoffice_erpsync.models import ErpSyncEngineStatus, SoPrincipalCarrier, SoSystemInfoCarrier
from superoffice_erpsync.options import CallOptions
from superoffice_erpsync.redaction import scrub
from superoffice_erpsync.transports.http import HttpAnswer, HttpRequest, HttpSession
from superoffice_erpsync.transports.soap.address import Address

_CONNECT_SECONDS = 10.0
_PORTS = {"http": 80, "https": 443}


class Door(NamedTuple):
    """A host and a port to knock at."""

    host: str
    port: int

    @classmethod
    def of(cls, address: str) -> Door:
        """That of a web address which was checked before."""
        parts = urlsplit(address)
        return cls(parts.hostname or "", parts.port or _PORTS[parts.scheme])


@dataclass(slots=True, kw_only=True, eq=False)
class Chart:
    """Made by the first step, filled in by the others.

    Attributes:
        setup: What is examined.
        services: Where the SOAP services are; None over REST where nobody said it.
        page: What is asked for first: the service's own page, or what the REST API says about its agent.
        proxy: Address of the proxy on the way, None for none.
        idle_proxy: Names of the environment's proxy that does not count, None for none.
        tls: How secure connections are made; None for plain http.
        probe: Connections to the installation that carry no login.
        found: Addresses of the first door's name.
        reached: The one of these that answers.
        answer: What the installation's web server answers first.
        answered_at: When that was, by our clock.
        wants_login: Whether the web server shows nothing without a login of its own.
        neighbours: What else answers beside the address, by name.
        system: What the installation says about itself.
        who: What to log in with.
        principal: Who that is.
        engine: What the engine said.
        engine_error: Why it said nothing; None where it did.
        principal_way: Carries calls of SoPrincipal, which need no ticket.
        client: Calls ErpSync, logged in.
    """

    setup: Setup
    services: Address | None
    page: str
    proxy: str | None
    idle_proxy: str | None
    tls: ssl.SSLContext | None
    probe: HttpSession
    found: list[tuple[Any, ...]] = field(default_factory=list)
    reached: tuple[Any, ...] | None = None
    answer: HttpAnswer | None = None
    answered_at: datetime | None = None
    wants_login: bool = False
    neighbours: dict[str, str] = field(default_factory=dict)
    system: SoSystemInfoCarrier | None = None
    who: Credentials | None = None
    principal: SoPrincipalCarrier | None = None
    engine: ErpSyncEngineStatus | None = None
    engine_error: ErpSyncError | None = None
    principal_way: Made | None = None
    client: ErpSyncClient | None = None

    @property
    def target(self) -> Door:
        """The installation's host and port."""
        return Door.of(self.page)

    @property
    def door(self) -> Door:
        """The host and port that connections are made to: the installation's, or its proxy's."""
        return self.target if self.proxy is None else Door.of(self.proxy)

    @property
    def door_name(self) -> str:
        """What to call it in findings."""
        return f"the proxy {self.door.host}" if self.proxy else self.door.host

    def limit(self) -> Deadline:
        """When a question that is asked now must be answered."""
        return self.setup.until.within(self.setup.seconds)

    def call_limit(self) -> CallOptions:
        """The same for a call."""
        return {"timeout": self.setup.seconds, "deadline": self.setup.seconds}

    def get(self, url: str, limit: Deadline) -> HttpAnswer:
        """What the installation answers to a request without a login.

        Raises:
            ErpSyncError: No complete answer came.
        """
        request = HttpRequest(operation="GET", method="GET", url=url)
        try:
            return self.probe.send(request, connect=_CONNECT_SECONDS, read=None, deadline=limit)
        except ErpSyncError as error:
            # Not the vendor's name of an operation, and of no use in a finding.
            error.operation = None
            raise

    def masked(self, text: str) -> str:
        """A text as it may be shown: no password, ticket or token is in it."""
        known = [*self.probe.secrets, *(() if self.who is None else self.who.secrets)]
        if self.principal_way is not None:
            known += self.principal_way[0].secrets
        return scrub(text if self.client is None else self.client.masked(text), known)

    def close(self) -> None:
        """Close all connections."""
        self.probe.close()
        if self.principal_way is not None:
            self.principal_way[0].close()
        if self.client is not None:
            self.client.close()
