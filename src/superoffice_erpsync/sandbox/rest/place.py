"""The REST API on the HTTP server: its operations by POST, what they are by GET."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from superoffice_erpsync.sandbox.faults.register import UNSTRUCK
from superoffice_erpsync.sandbox.http.delivery import delivered
from superoffice_erpsync.sandbox.http.limits import HttpLimits
from superoffice_erpsync.sandbox.http.packing import PackingError, read_unpacked_body
from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.rest.endpoint import RestAnswer, RestEndpoint, RestRequest
from superoffice_erpsync.sandbox.rest.errors import method_not_allowed, not_found
from superoffice_erpsync.sandbox.soap.contract import ServiceContract

PREFIX = "/api/"
_AGENT = "/api/v1/agents/erpsync"


class RestPlace:
    """Answers what is asked below `/api`."""

    def __init__(self, installation: Installation, contract: ServiceContract, limits: HttpLimits) -> None:
        self._endpoint = RestEndpoint(installation, contract)
        self._limits = limits

    async def answer(self, request: Request) -> Response:
        """The answer to a request of any method."""
        agent, _, operation = str(request.scope["path"]).rstrip("/").rpartition("/")
        if f"{agent}/{operation}".lower() == _AGENT:
            agent, operation = f"{agent}/{operation}", ""
        if agent.lower() != _AGENT:
            return _response(RestAnswer.failing(not_found("There is nothing at this address.")))
        if request.method == "POST":
            return await self._operation(request, operation)
        if request.method in ("GET", "HEAD"):
            here = f"{request.scope['scheme']}://{request.headers.get('host', 'localhost')}{agent}"
            return delivered(_response(self._endpoint.describe(operation, here)), request, self._limits)
        return _response(RestAnswer.failing(method_not_allowed(request.method)))

    async def _operation(self, request: Request, operation: str) -> Response:
        try:
            body = await read_unpacked_body(request, self._limits.max_rest_request_bytes)
        except PackingError as problem:
            return PlainTextResponse(problem.message, problem.status)
        query = [(name.lower(), value) for name, value in request.query_params.multi_items()]
        asked = RestRequest(operation, query, dict(request.headers), body or b"")
        struck = UNSTRUCK if body is None else self._endpoint.strike(asked)
        await asyncio.sleep(self._limits.latency.total_seconds() + struck.latency)
        if body is None:
            return Response(status_code=413)
        return delivered(_response(self._endpoint.answer(asked, struck)), request, self._limits, struck)


def _response(answer: RestAnswer) -> Response:
    return Response(answer.body, answer.status, headers=answer.headers)
