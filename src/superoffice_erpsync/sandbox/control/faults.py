"""Faults on demand, over HTTP."""

from __future__ import annotations

from typing import Any, Final

from superoffice_erpsync.sandbox.control.errors import bad_request
from superoffice_erpsync.sandbox.control.requests import ControlRequest, Route, Routes
from superoffice_erpsync.sandbox.faults.notation import rule_from_json, rule_to_json


def list_faults(request: ControlRequest) -> dict[str, Any]:
    """The rules in force and those that are spent, with how often each struck so far."""
    return {"faults": [rule_to_json(counted) for counted in request.installation.faults.rules]}


def add_faults(request: ControlRequest) -> dict[str, Any]:
    """Put one rule in force, or several in a list: all of them, or none where one of them makes no sense."""
    several = isinstance(request.content, list)
    rules = []
    for place, value in enumerate(request.content if several else [request.content]):
        try:
            rules.append(rule_from_json(value))
        except ValueError as problem:
            raise bad_request(f"[{place}]: {problem}." if several else f"{problem}.") from None
    request.installation.faults.add(*rules)
    return list_faults(request)


def clear_faults(request: ControlRequest) -> None:
    """Let everything go well again."""
    request.members()
    request.installation.faults.clear()


ROUTES: Final[Routes] = {
    "/faults": {"GET": Route(list_faults), "POST": Route(add_faults), "DELETE": Route(clear_faults)}
}
