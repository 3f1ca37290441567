"""The templates filled in."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from superoffice_erpsync.sandbox.faults.rule import KINDS, WIRES
from superoffice_erpsync.sandbox.handlers.catalogue import HANDLERS
from superoffice_erpsync.sandbox.handlers.principal import COMPANY
from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.page.calls import view_call
from superoffice_erpsync.sandbox.page.forms import SentForm
from superoffice_erpsync.sandbox.page.view import view_installation

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES: Final = Path(__file__).parent / "templates"

KINDS_IN_WORDS: Final = {
    "latency": "waits before it is carried out",
    "drop": "connection cut before it is carried out",
    "lost_answer": "carried out, then no answer",
    "cut_answer": "carried out, answer cut off halfway",
    "unavailable": "503 with Retry-After",
    "too_many": "429 with Retry-After",
    "expired_ticket": "its ticket expires first",
    "quota": "refused as too large",
    "server_fault": "the server breaks",
    "html": "200 with a login page of a proxy",
    "error_object": "REST: 200 with an error object",
}


def render_page(
    installation: Installation,
    *,
    root: str,
    nonce: str,
    form_token: str,
    form: SentForm,
    links_page: int = 1,
) -> str:
    """The whole page.

    Args:
        installation: What it shows.
        root: Scheme, host and port of the addresses on it.
        nonce: Lets the page's own styles in.
        form_token: Proves that a form came from this page.
        form: What became of the form that was sent last.
        links_page: Which part of the links, from 1.
    """
    return (
        _environment()
        .get_template("page.html")
        .render(
            company=COMPANY,
            root=root,
            nonce=nonce,
            form_token=form_token,
            form=form,
            now=installation.state.clock(),
            installation=view_installation(installation, links_page),
            calls=[view_call(exchange) for exchange in installation.exchanges.latest()],
            kinds={kind: KINDS_IN_WORDS.get(kind, "") for kind in KINDS},
            operations=HANDLERS,
            wires=WIRES,
        )
    )


def render_refusal(message: str, nonce: str) -> str:
    """A small page that says why the page is not shown."""
    return _environment().get_template("refusal.html").render(message=message, nonce=nonce)


@cache
def _environment() -> Environment:
    # Here and not at the top: most sandboxes serve programs, which never look at a page.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clock"] = lambda at: at.strftime("%H:%M:%S")
    environment.filters["minute"] = lambda at: at.strftime("%Y-%m-%d %H:%M:%S")
    return environment
