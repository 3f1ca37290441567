"""What a page in HTML is: the service's own, a login, or anything else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from superoffice_erpsync.codec.html import html_page
from superoffice_erpsync.transports.http import HttpAnswer
from superoffice_erpsync.transports.web_login.challenges import challenges


class Kind(StrEnum):
    """What an answer without a login is."""

    SERVICE = "service"
    LOGIN_PAGE = "login page"
    OTHER_PAGE = "other page"
    DATA = "data"
    """XML, JSON or text."""
    NOTHING = "nothing"


class Page(NamedTuple):
    """An answer as people would call it.

    Attributes:
        kind: What it is.
        words: What to call it, as in "an HTML page titled 'Log in'".
        maker: Whose login it is, where that can be told.
    """

    kind: Kind
    words: str
    maker: str | None = None


_SERVICE = re.compile(
    rb"(?i)\?(?:single)?wsdl\b|svcutil|you have created a service|metadata publishing for this service is currently"
)
_LOGIN = re.compile(rb"(?i)type\s*=\s*[\"']?password|samlrequest|name\s*=\s*[\"']?wresult|>\s*(?:sign|log) ?in\s*<")
_MAKERS: tuple[tuple[bytes, str], ...] = (
    (b"/adfs/", "ADFS"),
    (b"login.microsoftonline.com", "Microsoft Entra ID"),
    (b"_layouts/", "SharePoint"),
    (b"sharepoint", "SharePoint"),
    (b"superid.superoffice.com", "SuperOffice CRM Online"),
    (b"citrix", "Citrix"),
    (b"/my.policy", "F5"),
    (b"okta.com", "Okta"),
)
_LOOKED_AT = 65_536


def page_of(answer: HttpAnswer) -> Page:
    """What a web server's answer is."""
    head = answer.body[:_LOOKED_AT]
    words = html_page(answer.body)
    if words is None:
        said = (answer.headers.get("Content-Type") or "").partition(";")[0].strip()
        return Page(Kind.DATA, said or "data") if head.strip() else Page(Kind.NOTHING, "an empty answer")
    if _SERVICE.search(head):
        return Page(Kind.SERVICE, words)
    maker = maker_of(head)
    if maker is not None or _LOGIN.search(head):
        return Page(Kind.LOGIN_PAGE, words, maker)
    return Page(Kind.OTHER_PAGE, words)


def maker_of(text: bytes) -> str | None:
    """Whose login a page or an address belongs to; None where that cannot be told."""
    small = text.lower()
    return next((maker for sign, maker in _MAKERS if sign in small), None)


def schemes_of(answer: HttpAnswer) -> list[str]:
    """The logins that a 401 offers, in the server's order."""
    getlist = getattr(answer.headers, "getlist", None)
    values = getlist("WWW-Authenticate") if getlist else _single(answer.headers)
    return list(dict.fromkeys(one.scheme for one in challenges(values)))


def server_of(answer: HttpAnswer) -> str:
    """What calls itself the web server, as in `Microsoft-IIS/10.0`; empty where it does not say."""
    return (answer.headers.get("Server") or "").strip()[:80]


def _single(headers: Mapping[str, str]) -> list[str]:
    value = headers.get("WWW-Authenticate")
    return [] if value is None else [value]
