"""The readers of answers, and what must hold of each whatever comes: a true result or one of the typed errors."""

from __future__ import annotations

import gzip
import io
import math
import zlib
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

from lxml import etree
from urllib3 import HTTPHeaderDict, HTTPResponse

from fuzz.corpus import NAMESPACE, Message
from fuzz.mutations import CANARY
from fuzz.plain_reading import check_plain, check_rest, check_soap
from superoffice_erpsync.codec.html import html_page
from superoffice_erpsync.codec.rest import answers
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.errors import ErpSyncError, Outcome, ProtocolError, ServerFault
from superoffice_erpsync.operations import OPERATIONS
from superoffice_erpsync.options import Limits
from superoffice_erpsync.redaction import SECRET_ANSWERS, SECRET_ELEMENTS, Secret, redact_json, redact_xml, scrub
from superoffice_erpsync.transports.http import HttpAnswer, HttpRequest
from superoffice_erpsync.transports.http.body import BadBody, read_body
from superoffice_erpsync.transports.status import retry_after, status_error

LIMITS = Limits(answer_bytes=1_000_000, ratio=50)
_CLEAN = partial(scrub, secrets=[Secret(CANARY)])
_CODECS = {services: SoapCodec(NAMESPACE.format(services), {}) for services in ("Services86", "Services88")}
_SECRETS = {name.lower() for name in SECRET_ELEMENTS | SECRET_ANSWERS}


def read_soap(message: Message) -> bool:
    """An answer over SOAP; whether it was taken."""
    operation, codec = OPERATIONS[message.operation], _CODECS[message.services]
    try:
        result = codec.answer(operation, message.data, status=message.status, scrub=_CLEAN)
    except (ProtocolError, ServerFault) as error:
        check_error(error, message.operation)
        return False
    try:
        check_soap(operation, NAMESPACE.format(message.services), message.data, result)
    except (ET.ParseError, LookupError, ValueError):
        # Expat knows fewer encodings than libxml2, whose reading of them is taken on trust; what follows is not.
        words = etree.tostring(etree.fromstring(message.data, etree.XMLParser(remove_comments=True)), encoding="utf-8")
        check_soap(operation, NAMESPACE.format(message.services), words, result)
    return True


def read_rest(message: Message) -> bool:
    """An answer over REST, read as it is and into objects; whether it was taken for these."""
    operation = OPERATIONS[message.operation]
    status = 204 if message.status == 204 else 200
    taken = False
    for read, check in ((answers.plain, check_plain), (answers.answer, partial(check_rest, operation))):
        try:
            result = read(operation, message.data, status=status, scrub=_CLEAN)
        except (ProtocolError, ServerFault) as error:
            check_error(error, message.operation)
            taken = False
        else:
            check(message.data, status, result)
            taken = True
    return taken


def check_error(error: ErpSyncError, operation: str) -> None:
    """What must hold of an error: it can be shown, says what is known of the call, and gives nothing away."""
    shown = f"{error} {error!r} {error.code} {getattr(error, 'path', '')} {getattr(error, 'exception_info', '')!r}"
    shown.encode("utf-8")
    assert CANARY not in shown
    assert error.operation == operation
    assert error.outcome in (Outcome.UNKNOWN, Outcome.REJECTED)


def read_status(status: int, headers: dict[str, str], body: bytes) -> None:
    """What comes around an answer: its status, its headers, and a page in its place."""
    page = html_page(body)
    assert page is None or page.startswith("an HTML page")
    answers.error_in(body)
    answer = HttpAnswer(status=status, reason="", headers=headers, body=body)
    request = HttpRequest(operation="SyncAll", method="POST", url="https://crm.example.com/x", headers={}, body=b"x")
    error = status_error(answer, request, page)
    assert (error is None) == (status == 200)
    if error is not None:
        f"{error}".encode()
        assert error.status == status
    seconds = retry_after(headers.get("Retry-After"))
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0)


def redact(text: str) -> None:
    """A text that is shown with secrets masked."""
    for shown in (redact_xml(text), redact_json(text), redact_json(text, whole=True)):
        shown.encode("utf-8", "surrogatepass")
    shown = redact_xml(text)
    assert redact_xml(shown) == shown
    if CANARY in text and _canary_is_secret(text):
        assert CANARY not in shown
    assert CANARY not in redact_xml(text, [Secret(CANARY)])
    assert CANARY not in redact_json(text, [Secret(CANARY)])


def _canary_is_secret(text: str) -> bool:
    """Whether the canary stands in the content of secret elements alone, in a text that is XML."""
    try:
        root = etree.fromstring(text.encode("utf-8"), etree.XMLParser(resolve_entities=False, huge_tree=True))
    except (etree.XMLSyntaxError, ValueError):
        return False
    within = sum(
        "".join(element.itertext()).count(CANARY)
        for element in root.iter(etree.Element)
        if _is_secret(element) and not any(_is_secret(one) for one in element.iterancestors())
    )
    return within == text.count(CANARY)


def _is_secret(element: Any) -> bool:
    return etree.QName(element).localname.lower() in _SECRETS


def read_packed(data: bytes, packing: str | None, random: Random) -> None:
    """A body as it comes, packed or not."""
    headers = HTTPHeaderDict()
    if packing is not None:
        headers.add("Content-Encoding", packing)
    if random.random() < 0.2:
        headers.add("Content-Length", random.choice(["0", str(len(data)), "x", "²", "-1", "1, 1"]))
    if random.random() < 0.1:
        headers.add("Transfer-Encoding", random.choice(["chunked", "gzip", "chunked, chunked", ""]))
    response = HTTPResponse(
        io.BytesIO(data), headers, preload_content=False, decode_content=False, enforce_content_length=False
    )
    try:
        found = read_body(response, LIMITS)
    except BadBody:
        return
    assert len(found) <= LIMITS.answer_bytes
    assert found == _UNPACK[(packing or "").strip().lower()](data)


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return zlib.decompress(data, -zlib.MAX_WBITS)


_UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.decompress,
    "x-gzip": gzip.decompress,
    "deflate": lambda data: _inflated(data) if data else b"",
}
