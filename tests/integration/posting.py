"""Requests to a web server that wants a login, without a client around them."""

from __future__ import annotations

from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.transports.http import HttpAnswer, HttpRequest, HttpSession

BODY = b"<what is asked/>"


def post(session: HttpSession, url: str, *, seconds: float | None = 10) -> HttpAnswer:
    """Send one request with a body."""
    request = HttpRequest(operation="AuthenticateImplicit", method="POST", url=f"{url}/SoPrincipal.svc", body=BODY)
    return session.send(request, connect=seconds, read=seconds, deadline=Deadline.after(seconds))
