"""Where everything lies on the HTTP server."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Final, Protocol

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from superoffice_erpsync.sandbox.control.guard import Guard
from superoffice_erpsync.sandbox.control.place import PREFIX as CONTROL_PREFIX
from superoffice_erpsync.sandbox.control.place import ControlPlace
from superoffice_erpsync.sandbox.front.door import FrontDoor
from superoffice_erpsync.sandbox.front.guarding import GuardedByDoor
from superoffice_erpsync.sandbox.http.exchanges import RecordExchanges
from superoffice_erpsync.sandbox.http.limits import HttpLimits
from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.page.place import PREFIX as PAGE_PREFIX
from superoffice_erpsync.sandbox.page.place import PagePlace
from superoffice_erpsync.sandbox.rest.place import PREFIX as REST_PREFIX
from superoffice_erpsync.sandbox.rest.place import RestPlace
from superoffice_erpsync.sandbox.soap.contract import load_contract
from superoffice_erpsync.sandbox.soap.place import ServicePlace

SERVED: Final = tuple(
    (services, service)
    for services in ("Services86", "Services87", "Services88")
    for service in ("ErpSync", "SoPrincipal")
)
"""Version and name of every `.svc`."""

_LOG = logging.getLogger(__name__)
_TICK_SECONDS: Final = 0.05
_TROUBLED_TICK_SECONDS: Final = 1.0
_SOAP_PREFIX: Final = "/remote/"


class _Place(Protocol):
    """Answers what is asked at one address, or below it."""

    async def answer(self, request: Request) -> Response: ...


def create_app(installation: Installation, limits: HttpLimits, door: FrontDoor, host: str = "127.0.0.1") -> Starlette:
    """The ASGI application of one installation.

    Args:
        installation: What answers.
        limits: On requests of the installation's own services; the control API has none of these.
        door: Who is let in to the SOAP services.
        host: The address that is listened on, as users write it.
    """

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
        f"{_SOAP_PREFIX}{services}/{service}.svc".lower(): ServicePlace(
            installation, load_contract(service, services), limits
        )
        for services, service in SERVED
    }
    rest = RestPlace(installation, load_contract("ErpSync", "Services88"), limits)

    guard = Guard(host)
    control = ControlPlace(installation, guard)
    page = PagePlace(installation, guard)

    async def anywhere(request: Request) -> Response:
        # IIS, in front of the real thing, does not tell upper from lower case in a path.
        path = str(request.scope["path"]).lower()
        place: _Place | None = places.get(path)
        if f"{path}/".startswith(REST_PREFIX):
            place = rest
        elif f"{path}/".startswith(CONTROL_PREFIX):
            place = control
        elif path == "/" or path.startswith(PAGE_PREFIX):
            place = page
        if place is None:
            return PlainTextResponse("There is nothing here.", 404)
        try:
            return await place.answer(request)
        except ClientDisconnect:
            # Half a request is none, whatever it asked for; nobody is there to read this.
            return Response(status_code=400)
        except asyncio.CancelledError:
            # The server ends, and has been patient with what waited or was sent slowly.
            return PlainTextResponse("The server is shutting down.", 503)

    methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
    recording = Middleware(
        RecordExchanges,
        log=installation.exchanges,
        clock=installation.state.clock,
        but=(CONTROL_PREFIX.rstrip("/"), PAGE_PREFIX),
    )
    guarding = [] if door.is_open else [Middleware(GuardedByDoor, door=door, folder=_SOAP_PREFIX)]
    return Starlette(
        routes=[Route("/{path:path}", anywhere, methods=methods)], middleware=[recording, *guarding], lifespan=lifespan
    )


async def _tick(installation: Installation) -> None:
    failing = False
    while True:
        await asyncio.sleep(_TROUBLED_TICK_SECONDS if failing else _TICK_SECONDS)
        try:
            installation.run_due_work()
            failing = False
        except Exception:
            # What did not work now is tried again, and whoever calls meanwhile is told.
            if not failing:
                _LOG.exception("the sandbox could not do what was due")
            failing = True
