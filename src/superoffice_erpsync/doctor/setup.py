"""What is to be examined."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from superoffice_erpsync.auth import Credentials
from superoffice_erpsync.client_settings import ClientSettings
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.transports.http.connection import Found, resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """An installation's address and the way to it, as a client would be given them.

    Attributes:
        url: Its address; None where nobody said one.
        rest: Whether it is that of the REST API.
        services: Version of the SOAP services where the address does not end in it.
        soap_url: With REST: where the SOAP services lie.
        wsdl: As `ErpSyncClient.soap` takes it.
        credentials: Gives what to log in with, when it is needed; it may ask somebody. None from it, or in its place,
            where nobody said how to log in.
        windows_login: Whether these are a Windows account's, which the web server asks for.
        settings: What else a client is told; `retry` and `ticket_cache` do not count.
        connections: Ids of the connections to look at; empty for all that the installation lists.
        origins: Where the settings are from, by name, in words.
        seconds: How long any one question to the installation or the way to it may take; a step may ask several.
        until: When all of it must have ended: what is asked later fails at once.
        resolve: Looks a name up.
    """

    url: str | None
    rest: bool = False
    services: str | None = None
    soap_url: str | None = None
    wsdl: str | Path | None = None
    credentials: Callable[[], Credentials | None] | None = field(default=None, repr=False)
    windows_login: bool = False
    settings: ClientSettings = field(default_factory=ClientSettings, repr=False)
    connections: Sequence[int] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 60.0
    until: Deadline = field(default_factory=Deadline)
    resolve: Callable[[str, int], Found] = resolve
