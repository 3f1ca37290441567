"""The page on the HTTP server: looked at by GET, its forms sent by POST."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from superoffice_erpsync.sandbox.control.errors import ControlError, bad_request, method_not_allowed, not_found
from superoffice_erpsync.sandbox.control.guard import FORM, Guard
from superoffice_erpsync.sandbox.errors import SandboxError
from superoffice_erpsync.sandbox.http.limits import read_body
from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.page.forms import FORMS, FormRefused, SentForm
from superoffice_erpsync.sandbox.page.rendering import render_page, render_refusal

PREFIX: Final = "/_page/"

_LOG = logging.getLogger(__name__)
_MOST_BYTES: Final = 64 * 1024
_HTML: Final = "text/html; charset=utf-8"
_HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not "no-referrer": that would take the origin from the forms' requests too.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class PagePlace:
    """Answers what is asked at `/`, and what the forms there send to addresses below `/_page`."""

    def __init__(self, installation: Installation, guard: Guard) -> None:
        self._installation = installation
        self._guard = guard

    async def answer(self, request: Request) -> Response:
        """The answer to a request of any method; every failure becomes one too."""
        try:
            self._guard.check(request)
            if request.scope["path"] == "/":
                return await self._looked_at(request)
            return await self._form_sent(request)
        except ControlError as error:
            return _refusal(error.status, error.message, error.headers)
        except SandboxError as problem:
            return _refusal(500, str(problem))
        except ModuleNotFoundError as missing:
            text = f'The page needs the package {missing.name}: pip install "superoffice-erpsync[sandbox]"'
            return Response(text, 500, dict(_HEADERS), "text/plain; charset=utf-8")
        except ClientDisconnect:
            raise
        except Exception:
            _LOG.exception("the sandbox could not show its page")
            return Response("The sandbox failed at this; its log says why.", 500, dict(_HEADERS), "text/plain")

    async def _looked_at(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            raise method_not_allowed(request.method, ("GET", "HEAD"))
        query = request.query_params
        form = FORMS.get(query.get("done", ""))
        number = query.get("links", "1")
        return await self._page(
            request,
            links_page=int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 1,
            form=SentForm() if form is None else SentForm(section=form.section, done=form.done),
        )

    async def _form_sent(self, request: Request) -> Response:
        name = str(request.scope["path"]).lower().removeprefix(PREFIX)
        form = FORMS.get(name)
        if form is None:
            raise not_found("There is nothing at this address.")
        if request.method != "POST":
            raise method_not_allowed(request.method, ("POST",))
        fields = await self._fields(request)
        try:
            form.act(self._installation, fields)
        except FormRefused as refused:
            sent = SentForm(section=form.section, refused=refused.message, fields=refused.fields)
            return await self._page(request, status=400, form=sent)
        where = f"/?done={quote(name, safe='')}#{form.section}"
        return Response(status_code=303, headers={**_HEADERS, "Location": where})

    async def _fields(self, request: Request) -> dict[str, str]:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
            raise bad_request("Only forms are taken here; programs use the control API.")
        self._guard.check_content(request)
        body = await read_body(request, _MOST_BYTES)
        if body is None:
            raise ControlError(413, f"The form is larger than {_MOST_BYTES} bytes.")
        return self._guard.read_form(body)

    async def _page(self, request: Request, *, links_page: int = 1, status: int = 200, form: SentForm) -> Response:
        root = f"{request.scope['scheme']}://{request.headers['host']}"

        # Elsewhere, as it may take long to make many large messages readable, and calls are to be answered meanwhile.
        def render(nonce: str) -> str:
            return render_page(
                self._installation,
                root=root,
                nonce=nonce,
                form_token=self._guard.form_token,
                links_page=links_page,
                form=form,
            )

        nonce = secrets.token_urlsafe(16)
        return _response(await asyncio.to_thread(render, nonce), status, nonce)


def _refusal(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    nonce = secrets.token_urlsafe(16)
    return _response(render_refusal(message, nonce), status, nonce, headers)


def _response(html: str, status: int, nonce: str, headers: Mapping[str, str] | None = None) -> Response:
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    # Half a surrogate pair, which JSON can spell, has no place in UTF-8.
    body = html.encode("utf-8", "replace")
    return Response(body, status, {**_HEADERS, **(headers or {}), "Content-Security-Policy": policy}, _HTML)
