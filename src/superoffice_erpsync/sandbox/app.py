"""Where everything lies on the HTTP server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.limits import HttpLimits
from superoffice_erpsync.sandbox.rest.place import PREFIX, RestPlace
from superoffice_erpsync.sandbox.soap.contract import load_contract
from superoffice_erpsync.sandbox.soap.place import ServicePlace

SERVED: Final = tuple(
    (services, service)
    for services in ("Services86", "Services87", "Services88")
    for service in ("ErpSync", "SoPrincipal")
)
"""Version and name of every `.svc`."""

_TICK_SECONDS: Final = 0.05


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
        f"/remote/{services}/{service}.svc".lower(): ServicePlace(
            installation, load_contract(service, services), limits
        )
        for services, service in SERVED
    }
    rest = RestPlace(installation, load_contract("ErpSync", "Services88"), limits)

    async def remote(request: Request) -> Response:
        # IIS, in front of the real thing, does not tell upper from lower case in a path.
        path = str(request.scope["path"]).lower()
        place = rest if f"{path}/".startswith(PREFIX) else places.get(path)
        return PlainTextResponse("There is nothing here.", 404) if place is None else await place.answer(request)

    methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
    return Starlette(routes=[Route("/{path:path}", remote, methods=methods)], lifespan=lifespan)


async def _tick(installation: Installation) -> None:
    while True:
        await asyncio.sleep(_TICK_SECONDS)
        installation.run_due_work()
