"""Envelopes as a reader wants to see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree
from rich.console import RenderableType
from rich.syntax import Syntax
from rich.text import Text

from superoffice_erpsync.cli.output import plain

if TYPE_CHECKING:
    from superoffice_erpsync.transports.exchange import Exchange


def exchange_parts(exchange: Exchange) -> list[RenderableType]:
    """A request and its answer, indented and in colour."""
    answer = "no answer" if exchange.status is None else f"HTTP {exchange.status}"
    return [
        Text(),
        Text(f"{exchange.operation}: request to {exchange.url}", style="bold"),
        _xml(exchange.request),
        Text(f"{exchange.operation}: answer, {answer} after {exchange.seconds * 1000:.0f} ms", style="bold"),
        _xml(exchange.response),
    ]


def indented(text: str) -> str:
    """XML with one element a line; the text itself where it is no XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return text
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")


def _xml(text: str) -> Syntax:
    return Syntax(plain(indented(text)), "xml", word_wrap=True, background_color="default")
