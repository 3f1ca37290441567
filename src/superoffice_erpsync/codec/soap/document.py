"""From bytes to an element tree, with everything refused that a SOAP message must not have."""

from __future__ import annotations

from lxml import etree

from superoffice_erpsync.codec.html import html_page
from superoffice_erpsync.codec.problems import Unreadable, nested_deeper
from superoffice_erpsync.codec.soap.reading import Element

_NAMESPACE, _ERROR = etree.ErrorDomains.NAMESPACE, etree.ErrorLevels.ERROR


def parse(data: bytes, depth: int) -> Element:
    """The root element.

    Args:
        data: The message.
        depth: How many elements may stand in each other.

    Raises:
        Unreadable: It is not XML, has a document type, an entity of its own or a processing instruction, or is nested
            too deep.
    """
    if not data.strip():
        raise Unreadable("nothing came where an XML message is due")
    # Comments go while parsing, so that the text around one stays in one piece. `collect_ids=False` would have
    # lxml load the file that a document type names, whatever `load_dtd` says.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        page = html_page(data)
        if page:
            raise Unreadable(f"{page} came where XML is due") from None
        # The parser has a limit of its own, and what lies behind the place is not known then.
        too_deep = f"{nested_deeper(depth)}; " if (problem.msg or "").startswith("Excessive depth") else ""
        raise Unreadable(f"{too_deep}not well-formed XML: {problem.msg}") from None
    except (ValueError, LookupError) as problem:
        raise Unreadable(f"not XML: {problem}") from None
    # The parser goes on after these, and what it makes of an undeclared prefix is no name.
    undeclared = [one.message for one in parser.error_log if one.domain == _NAMESPACE and one.level >= _ERROR]
    if undeclared:
        raise Unreadable(f"not well-formed XML: {undeclared[0]}")
    if etree.QName(root).localname.lower() == "html" and (page := html_page(data)):
        raise Unreadable(f"{page} came where XML is due")
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None:
        page = html_page(data)
        raise Unreadable(f"{page} came where XML is due" if page else "a document type, which SOAP does not allow")
    inside = next(root.iter(etree.ProcessingInstruction, etree.Entity), None)
    around = next((one for side in (True, False) for one in root.itersiblings(preceding=side)), None)
    if inside is not None or around is not None:
        raise Unreadable("a processing instruction or entity, which SOAP does not allow")
    if _is_deeper(root, depth):
        raise Unreadable(nested_deeper(depth))
    return root


def _is_deeper(root: Element, depth: int) -> bool:
    # No more than libxml2 takes: a longer path would only take longer.
    path = etree.XPath(f"boolean({'/*' * (min(depth, 256) + 1)})")
    try:
        return bool(path(root))
    except etree.XPathError:
        return _is_deeper_by_levels(root, depth)


def _is_deeper_by_levels(root: Element, depth: int) -> bool:
    """The same without the limit of ten million elements side by side that XPath has."""
    level = [root]
    for _ in range(depth - 1):
        level = [child for element in level for child in element if len(child)]
    return any(len(element) for element in level)
