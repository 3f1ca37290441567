"""The front door before the ASGI application."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse

from superoffice_erpsync.sandbox.front.connection import connection_of
from superoffice_erpsync.sandbox.front.door import FrontDoor
from superoffice_erpsync.sandbox.http.limits import read_body

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

ACCOUNT_KEY: Final = "superoffice_erpsync.account"
"""Where in a request's ASGI scope the account stands that the web server vouches for."""


class GuardedByDoor:
    """ASGI middleware that lets in only whom the door does.

    Args:
        app: What answers those who are let in.
        door: Who they are.
        folder: Beginning of the guarded paths, in small letters.
    """

    def __init__(self, app: ASGIApp, door: FrontDoor, folder: str) -> None:
        self._app = app
        self._door = door
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does, or with 401."""
        if scope["type"] != "http" or not scope["path"].lower().startswith(self._folder):
            await self._app(scope, receive, send)
            return
        authorization = Headers(scope=scope).get("authorization")
        verdict = await asyncio.to_thread(self._door.judge, authorization, connection_of(scope))

        async def challenging_send(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for challenge in verdict.challenges:
                    headers.append("WWW-Authenticate", challenge)
            await send(message)

        if verdict.admitted:
            await self._app({**scope, ACCOUNT_KEY: verdict.account}, receive, challenging_send)
            return
        # What the client still sends would be taken for its next request, and a Windows login must keep the connection.
        with suppress(ClientDisconnect):
            await read_body(Request(scope, receive), 0)
        await PlainTextResponse("Unauthorized", 401)(scope, receive, challenging_send)
