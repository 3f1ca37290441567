"""Keeps foreign web pages from steering the sandbox through the browser of whoever runs it.

The control API asks for no login, so a page on the web must not reach it: not by sending a request to this machine,
which browsers mark with where it comes from, and not by having its own name resolve to this machine's address, which
the Host header gives away. What is not a browser sends neither mark and is let in.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from superoffice_erpsync.sandbox.control.errors import bad_request, forbidden

FORM: Final = "application/x-www-form-urlencoded"
TOKEN_FIELD: Final = "token"  # noqa: S105 - the name of a field, not what is in it

_HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:/@\s]+)(?::[0-9]{1,5})?")
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
_MOST_FIELDS: Final = 1000


class Guard:
    """Says who may come in at one server.

    Args:
        host: The address that the server listens on, as its users write it.
    """

    def __init__(self, host: str) -> None:
        self._host = _normal(host)
        self.form_token: Final = secrets.token_urlsafe(24)
        """Stands in the hidden field `token` of the sandbox's own forms, which no foreign page can read."""

    def check(self, request: Request) -> None:
        """Let a request pass that does not come from a foreign page.

        Raises:
            ControlError: 403.
        """
        stated = request.headers.get("host", "")
        if not self._is_own_host(request, stated):
            raise forbidden(f"This is not the sandbox's address: {stated[:100]!r} in the Host header.")
        own = f"{request.scope['scheme']}://{stated}".lower()
        origins = request.headers.getlist("origin")
        if any(origin.lower() != own for origin in origins):
            raise forbidden(f"A page of another origin may not do this: {origins[0][:100]!r}.")
        if request.headers.get("sec-fetch-site", "none").lower() not in ("same-origin", "none"):
            raise forbidden("A page of another site may not do this.")

    def check_content(self, request: Request) -> None:
        """Let a request with a method that changes something pass if it states JSON, or is one of our own forms.

        Browsers let any page send a form anywhere, but ask before they send JSON.

        Raises:
            ControlError: 400 for another content type, 403 for a form from no known page.
        """
        kind, _, parameters = request.headers.get("content-type", "").partition(";")
        if kind.strip().lower() == FORM:
            if not request.headers.getlist("origin"):
                raise forbidden("A form must come from the sandbox's own page.")
            return
        charset = _CHARSET.search(parameters)
        if kind.strip().lower() != "application/json" or (charset and charset[1].lower() != "utf-8"):
            raise bad_request("Send this with the header Content-Type: application/json, in UTF-8.")

    def read_form(self, body: bytes) -> dict[str, str]:
        """The fields of one of our own forms, without its token.

        Raises:
            ControlError: 403 for a missing or wrong token, 400 for what is no form.
        """
        try:
            pairs = parse_qsl(body.decode(), True, True, errors="strict", max_num_fields=_MOST_FIELDS)
        except ValueError:
            if body:
                raise bad_request("The form cannot be read.") from None
            pairs = []
        fields = dict(pairs)
        if len(fields) < len(pairs):
            raise bad_request("The form has a field twice.")
        if not secrets.compare_digest(fields.pop(TOKEN_FIELD, "").encode(), self.form_token.encode()):
            raise forbidden("The form has not the token of the sandbox's own page; load that page again.")
        return fields

    def _is_own_host(self, request: Request, stated: str) -> bool:
        found = _HOST.fullmatch(stated)
        server = request.scope.get("server") or ("",)
        # Where the server listens on all addresses, the connection's own end says which one was meant.
        return found is not None and _normal(found[1]) in {"localhost", self._host, _normal(str(server[0]))} - {""}


def _normal(host: str) -> str:
    """One spelling for each name and address."""
    bare = host.lower().removeprefix("[").removesuffix("]")
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return bare
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)
