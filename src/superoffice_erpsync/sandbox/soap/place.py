"""One `.svc` on the HTTP server: its operations by POST, its WSDL and its page by GET."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from superoffice_erpsync.sandbox.faults.register import UNSTRUCK
from superoffice_erpsync.sandbox.front.guarding import ACCOUNT_KEY
from superoffice_erpsync.sandbox.http.delivery import delivered
from superoffice_erpsync.sandbox.http.limits import HttpLimits
from superoffice_erpsync.sandbox.http.packing import PackingError, read_unpacked_body
from superoffice_erpsync.sandbox.http.reason_phrase import REASON_HEADER
from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.soap.contract import ServiceContract
from superoffice_erpsync.sandbox.soap.description import write_page, write_wsdl
from superoffice_erpsync.sandbox.soap.endpoint import XML_UTF8, SoapEndpoint, SoapRequest


class ServicePlace:
    """Answers what is asked at one `.svc`."""

    def __init__(self, installation: Installation, contract: ServiceContract, limits: HttpLimits) -> None:
        self._endpoint = SoapEndpoint(installation, contract)
        self._contract = contract
        self._limits = limits

    async def answer(self, request: Request) -> Response:
        """The answer to a request of any method."""
        if request.method == "POST":
            return await self._operation(request)
        if request.method in ("GET", "HEAD"):
            return delivered(self._description(request), request, self._limits)
        return PlainTextResponse("Only GET and POST are answered here.", 405, headers={"Allow": "GET, HEAD, POST"})

    def _description(self, request: Request) -> Response:
        # Put together from what was sent: the caller's own name for this machine, whatever the socket is bound to.
        address = f"{request.scope['scheme']}://{request.headers.get('host', 'localhost')}{request.scope['path']}"
        if {"wsdl", "singlewsdl"} & {name.lower() for name in request.query_params}:
            return Response(write_wsdl(self._contract, address), media_type=XML_UTF8)
        return HTMLResponse(write_page(self._contract, address))

    async def _operation(self, request: Request) -> Response:
        try:
            body = await read_unpacked_body(request, self._limits.max_request_bytes)
        except PackingError as problem:
            return PlainTextResponse(problem.message, problem.status)
        asked = SoapRequest(
            request.headers.get("content-type"),
            request.headers.get("soapaction"),
            body or b"",
            account=request.scope.get(ACCOUNT_KEY),
        )
        struck = UNSTRUCK if body is None else self._endpoint.strike(asked)
        await asyncio.sleep(self._limits.latency.total_seconds() + struck.latency)
        if body is None:
            return Response(status_code=413)
        answer = self._endpoint.answer(asked, struck)
        response = Response(answer.body, answer.status, answer.headers, answer.content_type)
        if answer.reason is not None:
            response.headers[REASON_HEADER] = _one_line(answer.reason)
        return delivered(response, request, self._limits, struck)


def _one_line(text: str) -> str:
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text)
