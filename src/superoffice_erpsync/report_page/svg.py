"""A picture of matplotlib made fit to stand in a page: its colours and fonts, and nothing that clashes with another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lxml import etree

PAINTS: Final[Mapping[str, str]] = {
    "text": "#010101",
    "quiet": "#020202",
    "line": "#030303",
    "card": "#040404",
    "done": "#010002",
    "failed": "#010003",
    "refused": "#010004",
    "unknown": "#010005",
    "unanswered": "#010006",
    "sent": "#010007",
    "left_out": "#010008",
    "bad": "#010009",
    "planned": "#01000a",
}
"""Stand-ins by the names of the page's colours; in the picture they become references to these."""

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_STYLES: Final = {paint: f"var(--{name.replace('_', '-')})" for name, paint in PAINTS.items()}
_PAINT = re.compile(r"#[0-9a-f]{6}\b")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_FONT_FAMILY = re.compile(r"font-family:[^;]*;?\s*")


def inlined(picture: bytes, name: str, title: str, description: str, *, stretched: bool = False) -> str:
    """A picture as an element of a page.

    Args:
        picture: What matplotlib wrote.
        name: Comes before all ids in it.
        title: What it is.
        description: What it shows, for those who do not see it.
        stretched: Fill the place in both directions, instead of keeping the proportions.
    """
    root = etree.fromstring(picture, etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False))
    for child in root.findall(f"{_SVG}metadata"):
        root.remove(child)
    _drop_stylesheet(root)
    for element in root.iter(etree.Element):
        _make_own(element, name)
    for size in ("width", "height", "version", "id"):
        root.attrib.pop(size, None)
    # What the stylesheet said; it would hold for the whole page.
    root.set("style", "stroke-linejoin: round; stroke-linecap: butt")
    root.set("class", f"chart {name}")
    if stretched:
        root.set("preserveAspectRatio", "none")
    _label(root, name, title, description)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def _drop_stylesheet(root: etree._Element) -> None:
    for style in list(root.iter(f"{_SVG}style")):
        parent = style.getparent()
        if parent is not None:
            parent.remove(style)


def _make_own(element: etree._Element, name: str) -> None:
    if "id" in element.attrib:
        element.set("id", f"{name}-{element.attrib['id']}")
    if _XLINK in element.attrib:
        # The plain attribute is understood by all browsers of today, and needs no namespace.
        element.set("href", element.attrib.pop(_XLINK).replace("#", f"#{name}-", 1))
    fill = element.attrib.pop("fill", None)
    style = _FONT_FAMILY.sub("", element.attrib.pop("style", ""))
    if fill is not None:
        # A reference to a colour is understood in a style only.
        style = f"fill: {fill}; {style}"
    if style:
        element.set("style", _REFERENCE.sub(rf"url(#{name}-\1)", _PAINT.sub(_reference, style)).strip())
    if "clip-path" in element.attrib:
        element.set("clip-path", _REFERENCE.sub(rf"url(#{name}-\1)", element.attrib["clip-path"]))


def _reference(found: re.Match[str]) -> str:
    return _STYLES.get(found[0], "currentColor")


def _label(root: etree._Element, name: str, title: str, description: str) -> None:
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-description")
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        label = etree.Element(f"{_SVG}{tag}")
        label.set("id", f"{name}-{'title' if tag == 'title' else 'description'}")
        label.text = text
        root.insert(place, label)
