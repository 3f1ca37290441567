"""Requests that the control API does not carry out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class ControlError(Exception):
    """The answer is `{"error": message}` with this status.

    Args:
        status: Of HTTP.
        message: What is wrong, and where it helps what to do.
        headers: Of the answer.
    """

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


def bad_request(message: str) -> ControlError:
    """The request cannot be understood, or asks for what is not possible."""
    return ControlError(400, message)


def forbidden(message: str) -> ControlError:
    """The request may come from a foreign web page."""
    return ControlError(403, message)


def not_found(message: str) -> ControlError:
    """What is asked for does not exist."""
    return ControlError(404, message)


def method_not_allowed(method: str, allowed: Iterable[str]) -> ControlError:
    """The address exists, and does not answer to this method."""
    names = ", ".join(allowed)
    return ControlError(405, f"{method[:20]} is not possible here, only {names}.", {"Allow": names})
