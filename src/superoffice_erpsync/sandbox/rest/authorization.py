"""Who sends a request: the Authorization header, or the cookie of a session in a browser."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping

from superoffice_erpsync.sandbox.rest.errors import forbidden, unauthorized
from superoffice_erpsync.sandbox.state.sessions import Sessions


def admit(sessions: Sessions, headers: Mapping[str, str]) -> None:
    """Let the request in if somebody known sends it.

    Args:
        sessions: Who may come in.
        headers: Of the request, by name in small letters.

    Raises:
        RestError: Nobody known: 401. A known cookie without its token: 403.
    """
    stated = headers.get("authorization", "").strip()
    if not stated:
        _check_cookie(sessions, headers)
        return
    scheme, _, value = stated.partition(" ")
    value = value.strip()
    match scheme.lower():
        case "basic":
            user = sessions.of_password(*_name_and_password(value))
        case "soticket":
            user = sessions.use(value)
        case "bearer":
            user = sessions.of_token(value)
        case _:
            raise unauthorized("The authorization scheme is not one of Basic, SOTicket and Bearer.")
    if user is None:
        raise unauthorized("The login, ticket or token is unknown, or has expired.")


def expire(sessions: Sessions, headers: Mapping[str, str]) -> None:
    """End what the request lives on, if it is something that a new login replaces: its ticket or its session."""
    if not headers.get("authorization", "").strip():
        sessions.cookies.end(headers.get("cookie"))
    elif scheme_of(headers) == "SOTicket":
        sessions.expire(headers["authorization"].strip().partition(" ")[2].strip())


def scheme_of(headers: Mapping[str, str]) -> str | None:
    """The kind of authorization in the request, without what is secret in it."""
    stated = headers.get("authorization", "").split()
    if stated:
        # Somebody who forgets the scheme sends the secret in its place.
        known = {"basic": "Basic", "soticket": "SOTicket", "bearer": "Bearer", "negotiate": "Negotiate"}
        return known.get(stated[0].lower(), "unknown")
    return "Cookie" if headers.get("cookie") else None


def _check_cookie(sessions: Sessions, headers: Mapping[str, str]) -> None:
    session = sessions.cookies.use(headers.get("cookie"))
    if session is None:
        raise unauthorized("The request has no Authorization header and no known session's cookie.")
    if not secrets.compare_digest(session.xsrf_token.encode(), headers.get("x-xsrf-token", "").encode()):
        raise forbidden("The header X-XSRF-TOKEN is missing or not that of the session.")


def _name_and_password(value: str) -> tuple[str, str]:
    try:
        name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        raise unauthorized("The Basic authorization is not a name and a password in base64.") from None
    return name, password
