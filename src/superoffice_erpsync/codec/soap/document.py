"""From bytes to an element tree, with everything refused that a SOAP message must not have."""

from __future__ import annotations

from lxml import etree

from superoffice_erpsync.codec.html import html_page
from superoffice_erpsync.codec.problems import Unreadable
from superoffice_erpsync.codec.soap.decode import Element


def parse(data: bytes) -> Element:
    """The root element.

    Raises:
        Unreadable: It is not XML, or has a document type, an entity of its own or a processing instruction.
    """
    if not data.strip():
        raise Unreadable("nothing came where an XML message is due")
    # Comments go while parsing, so that the text around one stays in one piece.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, collect_ids=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        page = html_page(data)
        raise Unreadable(f"{page} came where XML is due" if page else f"not well-formed XML: {problem.msg}") from None
    except (ValueError, LookupError) as problem:
        raise Unreadable(f"not XML: {problem}") from None
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
    return root
