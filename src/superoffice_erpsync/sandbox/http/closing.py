"""Connections that an application may end by itself, in the middle of an answer too.

ASGI has no message for that: an application that stops halfway has made a mistake, and the server mends it with an
answer of its own. Here each request's scope holds an extension with a callable that closes the connection after what
was written so far. From then on the application's messages go nowhere, as with a client that went away.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.types import Receive, Scope

from superoffice_erpsync.sandbox.http.reason_phrase import ReasonPhraseProtocol

EXTENSION: Final = "superoffice_erpsync.sandbox.close"


class ClosingProtocol(ReasonPhraseProtocol):
    """uvicorn's protocol with that extension in the scopes it gives out."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        application = self.app

        async def with_extension(scope: Any, receive: Any, send: Any) -> None:
            extensions = {**scope.get("extensions", {}), EXTENSION: {"close": self._close}}
            await application({**scope, "extensions": extensions}, receive, send)

        self.app = with_extension

    def _close(self) -> None:
        # Not abort(), which would throw away what is still on its way to the client.
        self.transport.close()


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Close the request's connection, and come back when the server knows of it.

    Args:
        scope: Of the request.
        receive: Of the request, whose body was read to its end.
    """
    scope["extensions"][EXTENSION]["close"]()
    while (await receive())["type"] != "http.disconnect":
        pass
