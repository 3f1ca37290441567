"""The connection that a request came on. ASGI tells its two addresses, and those may come back with another client."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any, Final

from superoffice_erpsync.sandbox.http.closing import ClosingProtocol

EXTENSION: Final = "superoffice_erpsync.sandbox.connection"


@dataclass(slots=True)
class Connection:
    """What the web server knows of a connection."""

    login: str = field(default_factory=lambda: uuid.uuid4().hex)
    """Name of the Windows login that is under way on it."""
    account: str | None = None
    """The Windows account that has logged in on it."""


class ConnectionProtocol(ClosingProtocol):
    """uvicorn's protocol with the connection in the scopes it gives out, as an extension."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        application = self.app
        connection = Connection()

        async def with_connection(scope: Any, receive: Any, send: Any) -> None:
            extensions = {**scope.get("extensions", {}), EXTENSION: {"connection": connection}}
            await application({**scope, "extensions": extensions}, receive, send)

        self.app = with_connection


def connection_of(scope: Any) -> Connection:
    """The connection of a request's scope."""
    connection: Connection = scope["extensions"][EXTENSION]["connection"]
    return connection
