"""The WSDL and the page that a browser sees, with the address under which they were asked for."""

from __future__ import annotations

from html import escape

from lxml import etree

from superoffice_erpsync.sandbox.soap.contract import ServiceContract, wsdl_bytes
from superoffice_erpsync.sandbox.soap.names import WSDL_SOAP


def write_wsdl(contract: ServiceContract, address: str) -> bytes:
    """The bundled WSDL, its address replaced."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(wsdl_bytes(contract.name, contract.services), parser)
    for element in root.iter(f"{{{WSDL_SOAP}}}address"):
        element.set("location", address)
    return etree.tostring(root.getroottree(), encoding="utf-8", xml_declaration=True)


def write_page(contract: ServiceContract, address: str) -> str:
    """A small page in HTML that says what lies at the address."""
    name, where = escape(contract.name), escape(address)
    operations = "".join(f"<li>{escape(operation)}</li>" for operation in contract.operations)
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{name} Service</title></head><body>"
        f"<h1>{name} Service</h1><p>This is a sandbox, not an installation. It speaks SOAP 1.1; its contract is at "
        f"<a href='{where}?wsdl'>{where}?wsdl</a>.</p><ul>{operations}</ul></body></html>"
    )
