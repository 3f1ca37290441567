"""Everything there is below `/_sandbox`."""

from __future__ import annotations

from typing import Any, Final

from superoffice_erpsync.sandbox.control import faults, received, snapshots, tickets
from superoffice_erpsync.sandbox.control.requests import ControlRequest, Route, Routes


def list_routes(_request: ControlRequest) -> dict[str, Any]:
    """What there is, for whoever comes without knowing."""
    return {"routes": {f"/_sandbox{path}": list(methods) for path, methods in ROUTES.items()}}


ROUTES: Final[Routes] = {
    "": {"GET": Route(list_routes)},
    **faults.ROUTES,
    **received.ROUTES,
    **snapshots.ROUTES,
    **tickets.ROUTES,
}
