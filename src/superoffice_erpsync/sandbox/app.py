"""Where everything lies on the HTTP server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.reason_phrase import REASON_HEADER
from superoffice_erpsync.sandbox.soap.contract import ServiceContract, load_contract
from superoffice_erpsync.sandbox.soap.description import write_page, write_wsdl
from superoffice_erpsync.sandbox.soap.endpoint import XML_UTF8, SoapEndpoint, SoapRequest

SERVED: Final = (("Services86", "ErpSync"), ("Services86", "SoPrincipal"))
"""Version and name of every `.svc`."""

_TICK_SECONDS: Final = 0.05
_DRAINED_BYTES: Final = 32 * 1024 * 1024
"""How much of a request that is too large is read and thrown away, so that its sender gets to read the answer."""


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """How the HTTP server treats its callers."""

    max_request_bytes: int | None = 65_536
    """A larger body is refused with 413; None for no limit."""
    latency: timedelta = timedelta(0)
    """Waited before every answer to a POST."""


def create_app(installation: Installation, limits: HttpLimits) -> Starlette:
    """The ASGI application of one installation."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        ticking = asyncio.create_task(_tick(installation))
        try:
            yield
        finally:
            ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ticking

    places = {
        f"/remote/{services}/{service}.svc".lower(): _ServicePlace(
            installation, load_contract(service, services), limits
        )
        for services, service in SERVED
    }

    async def remote(request: Request) -> Response:
        # IIS, in front of the real thing, does not tell upper from lower case in a path.
        place = places.get(str(request.scope["path"]).lower())
        return PlainTextResponse("There is nothing here.", 404) if place is None else await place.answer(request)

    methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
    return Starlette(routes=[Route("/{path:path}", remote, methods=methods)], lifespan=lifespan)


async def _tick(installation: Installation) -> None:
    while True:
        await asyncio.sleep(_TICK_SECONDS)
        installation.run_due_work()


class _ServicePlace:
    """One `.svc`: its operations by POST, its WSDL and its page by GET."""

    def __init__(self, installation: Installation, contract: ServiceContract, limits: HttpLimits) -> None:
        self._endpoint = SoapEndpoint(installation, contract)
        self._contract = contract
        self._limits = limits

    async def answer(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._operation(request)
        if request.method in ("GET", "HEAD"):
            return self._description(request)
        return PlainTextResponse("Only GET and POST are answered here.", 405, headers={"Allow": "GET, HEAD, POST"})

    def _description(self, request: Request) -> Response:
        # Put together from what was sent: the caller's own name for this machine, whatever the socket is bound to.
        address = f"{request.scope['scheme']}://{request.headers.get('host', 'localhost')}{request.scope['path']}"
        if {"wsdl", "singlewsdl"} & {name.lower() for name in request.query_params}:
            return Response(write_wsdl(self._contract, address), media_type=XML_UTF8)
        return HTMLResponse(write_page(self._contract, address))

    async def _operation(self, request: Request) -> Response:
        body = await self._body(request)
        if self._limits.latency:
            await asyncio.sleep(self._limits.latency.total_seconds())
        if body is None:
            return Response(status_code=413)
        headers = request.headers
        answer = self._endpoint.answer(SoapRequest(headers.get("content-type"), headers.get("soapaction"), body))
        response = Response(answer.body, answer.status, media_type=answer.content_type)
        if answer.reason is not None:
            response.headers[REASON_HEADER] = _one_line(answer.reason)
        return response

    async def _body(self, request: Request) -> bytes | None:
        """The whole body, or None when it is larger than allowed."""
        limit = self._limits.max_request_bytes
        stated = request.headers.get("content-length", "")
        waiting = request.headers.get("expect", "").lower() == "100-continue"
        if limit is not None and waiting and stated.isdecimal() and int(stated) > limit:
            return None  # Its sender holds the body back until told to go on, so there is nothing to drain.
        body = bytearray()
        size = 0
        try:
            async for chunk in request.stream():
                size += len(chunk)
                if limit is None or size <= limit:
                    body += chunk
                elif size > _DRAINED_BYTES:
                    break
        except ClientDisconnect:
            return b""
        return bytes(body) if limit is None or size <= limit else None


def _one_line(text: str) -> str:
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text)
