"""What a route of the control API is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from superoffice_erpsync.sandbox.control.errors import bad_request
from superoffice_erpsync.sandbox.installation import Installation


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A request that was let in."""

    installation: Installation
    """Its lock is held while the route works."""
    query: Mapping[str, str] = field(default_factory=dict)
    """Only names that the route knows."""
    content: Any = field(default_factory=dict)
    """The JSON value in the body, or the fields of a form; `{}` where the body is empty."""
    tail: str = ""
    """What stands in the place of `{}` in the route's path."""

    def members(self, *known: str) -> Mapping[str, Any]:
        """The content as an object that has no members but the known ones.

        Raises:
            ControlError: 400.
        """
        if not isinstance(self.content, dict):
            raise bad_request("An object is wanted: {…}.")
        for name in self.content:
            if name not in known:
                raise bad_request(f"{name[:100]!r} is unknown here; known are: {', '.join(known) or 'no members'}.")
        return self.content


Handler = Callable[[ControlRequest], Any]
"""Gives back a plain JSON value, or None where there is nothing to say; raises `ControlError`."""


@dataclass(frozen=True, slots=True)
class Route:
    """What one method does at one path."""

    handler: Handler
    parameters: tuple[str, ...] = ()
    """Names that may stand in the query."""


Routes = Mapping[str, Mapping[str, Route]]
"""By path below `/_sandbox`, such as "/state" or "/faults/{}", then by method."""
