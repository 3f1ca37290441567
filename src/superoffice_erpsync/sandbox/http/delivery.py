"""How an answer leaves: whole, packed, in part, or not at all."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from superoffice_erpsync.sandbox.faults.register import UNSTRUCK, Struck
from superoffice_erpsync.sandbox.http.closing import hang_up
from superoffice_erpsync.sandbox.http.exchanges import FAULTS_KEY
from superoffice_erpsync.sandbox.http.limits import HttpLimits
from superoffice_erpsync.sandbox.http.packing import pack


def delivered(response: Response, request: Request, limits: HttpLimits, struck: Struck = UNSTRUCK) -> Response:
    """The response as it leaves.

    Args:
        response: What is to be answered.
        request: What it is the answer to; its body was read to its end.
        limits: How this server treats its callers.
        struck: What the call suffers.
    """
    request.scope[FAULTS_KEY] = struck.faults
    if struck.kind in ("drop", "lost_answer"):
        return _NoAnswer()
    if limits.gzip:
        pack(response, request)
    if struck.kind == "cut_answer":
        return _HalfAnswer(response) if response.body else _NoAnswer()
    return response


class _NoAnswer(Response):
    """The connection ends instead."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI has it
        await hang_up(scope, receive)


class _HalfAnswer(Response):
    """The connection ends within the body, whose whole length was announced."""

    def __init__(self, whole: Response) -> None:
        self.status_code = whole.status_code
        self.body = whole.body
        self.raw_headers = whole.raw_headers
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: dict[str, Any] = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        part = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": part, "more_body": True})
        await hang_up(scope, receive)
