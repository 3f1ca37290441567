"""Tickets as somebody who waits too long finds them."""

from __future__ import annotations

from typing import Final

from superoffice_erpsync.sandbox.control.requests import ControlRequest, Route, Routes


def expire_tickets(request: ControlRequest) -> None:
    """Refuse every ticket issued and end every cookie session opened so far."""
    request.members()
    request.installation.state.sessions.expire_all()


ROUTES: Final[Routes] = {"/expire-tickets": {"POST": Route(expire_tickets)}}
