"""The control API on the HTTP server."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from superoffice_erpsync.sandbox.control.errors import ControlError, bad_request, method_not_allowed, not_found
from superoffice_erpsync.sandbox.control.guard import FORM, Guard
from superoffice_erpsync.sandbox.control.requests import ControlRequest, Route
from superoffice_erpsync.sandbox.control.routes import ROUTES
from superoffice_erpsync.sandbox.http.limits import read_body
from superoffice_erpsync.sandbox.installation import Installation

PREFIX: Final = "/_sandbox/"

_LOG = logging.getLogger(__name__)
_MOST_BYTES: Final = 256 * 1024 * 1024
_HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class ControlPlace:
    """Answers what is asked below `/_sandbox`."""

    def __init__(self, installation: Installation, guard: Guard) -> None:
        self._installation = installation
        self._guard = guard

    async def answer(self, request: Request) -> Response:
        """The answer to a request of any method; every failure becomes one too."""
        try:
            return _response(await self._value(request))
        except ControlError as error:
            return _response({"error": error.message}, error.status, error.headers)
        except ClientDisconnect:
            raise
        except Exception:
            _LOG.exception("the sandbox could not carry out %s %s", request.method, request.scope["path"])
            return _response({"error": "The sandbox failed at this; its log says why."}, 500)

    async def _value(self, request: Request) -> Any:
        self._guard.check(request)
        route, tail = _route_of(request)
        content = {} if request.method in ("GET", "HEAD") else await self._content(request)
        query = _query(request, route)
        with self._installation.lock:
            return route.handler(ControlRequest(self._installation, query, content, tail))

    async def _content(self, request: Request) -> Any:
        self._guard.check_content(request)
        body = await read_body(request, _MOST_BYTES)
        if body is None:
            raise ControlError(413, f"The body is larger than {_MOST_BYTES} bytes.")
        if request.headers["content-type"].lower().startswith(FORM):
            return self._guard.read_form(body)
        try:
            return json.loads(body.decode(), parse_constant=_refuse_constant) if body.strip() else {}
        except (ValueError, RecursionError) as problem:
            raise bad_request(f"The body is no JSON in UTF-8: {problem}.") from None


def _route_of(request: Request) -> tuple[Route, str]:
    path = str(request.scope["path"])[len(PREFIX) - 1 :].rstrip("/")
    head, _, tail = path.rpartition("/")
    path, head = path.lower(), head.lower()
    methods = ROUTES.get(path)
    if methods is None:
        methods = ROUTES.get(f"{head}/{{}}")
    else:
        tail = ""
    if methods is None:
        raise not_found(f"There is nothing at this address; there are: {', '.join(PREFIX[:-1] + at for at in ROUTES)}.")
    route = methods.get("GET" if request.method == "HEAD" else request.method)
    if route is None:
        raise method_not_allowed(request.method, methods)
    return route, tail


def _query(request: Request, route: Route) -> dict[str, str]:
    pairs = request.query_params.multi_items()
    for name, _ in pairs:
        if name not in route.parameters:
            known = ", ".join(route.parameters) or "none"
            raise bad_request(f"{name[:100]!r} is unknown in the query; known are: {known}.")
    query = dict(pairs)
    if len(query) < len(pairs):
        raise bad_request("The query has a name twice.")
    return query


def _response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    if value is None:
        return Response(status_code=204, headers=dict(_HEADERS))
    text = json.dumps(value, ensure_ascii=False, indent=2)
    try:
        body = text.encode()
    except UnicodeEncodeError:  # Half a surrogate pair, which JSON can spell and UTF-8 cannot.
        body = json.dumps(value, indent=2).encode()
    return Response(body, status, headers={**_HEADERS, **(headers or {})}, media_type="application/json")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
