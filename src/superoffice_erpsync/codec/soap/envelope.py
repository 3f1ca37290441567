"""The envelope of an answer: its headers, and the one thing in its body."""

from __future__ import annotations

from dataclasses import fields

from lxml import etree

from superoffice_erpsync import models
from superoffice_erpsync.codec.problems import Unreadable
from superoffice_erpsync.codec.shapes import Kind, Model, Scalar
from superoffice_erpsync.codec.soap.decode import Decoder
from superoffice_erpsync.codec.soap.names import SOAP_11, SOAP_12, services_of
from superoffice_erpsync.codec.soap.reading import Element, Reading, local_name, not_ours


def open_envelope(root: Element) -> tuple[Element | None, Element | None]:
    """Take an envelope apart.

    Returns:
        The Header element, if there is one; and the one element in the body, None where the body is empty.

    Raises:
        Unreadable: It is no envelope, has no body, or more than one thing in it.
    """
    name = etree.QName(root)
    if name.localname != "Envelope" or name.namespace not in (SOAP_11, SOAP_12):
        raise Unreadable(f"the element {name.text} came where a SOAP envelope is due")
    header = body = None
    for child in root:
        if child.tag == f"{{{name.namespace}}}Header":
            if header is not None:
                raise Unreadable("two Header elements in one envelope")
            header = child
        elif child.tag == f"{{{name.namespace}}}Body":
            if body is not None:
                raise Unreadable("two Body elements in one envelope")
            body = child
    if body is None:
        raise Unreadable("an envelope without a Body")
    if len(body) > 1:
        raise Unreadable(f"{len(body)} elements in the Body where one is due")
    return header, body[0] if len(body) else None


def read_headers(
    header: Element | None, namespace: str, decoder: Decoder, reading: Reading
) -> tuple[bool | None, models.SoExceptionInfo | None]:
    """Read `Succeeded` and `ExceptionInfo`; all other header blocks are passed over.

    Returns:
        The first, None where the server did not say, and the second, None where there is none or it says nothing.

    Raises:
        Unreadable: One of the two is malformed, or there are two that differ.
    """
    succeeded: set[bool] = set()
    infos: list[models.SoExceptionInfo] = []
    for block in header if header is not None else ():
        try:
            if block.tag == f"{{{namespace}}}Succeeded":
                succeeded.add(decoder.reader(Scalar(Kind.BOOLEAN))(block, reading))
            elif block.tag == f"{{{namespace}}}ExceptionInfo":
                # Mostly nil, and then nobody needs the class of those that are not.
                if block.attrib and reading.is_nil(block, (namespace, "SoExceptionInfo")):
                    continue
                info = decoder.reader(Model(models.SoExceptionInfo))(block, reading)
                if _says_something(info):
                    infos.append(info)
        except Unreadable as problem:
            problem.inside(local_name(block))
            raise
    if len(succeeded) > 1:
        raise Unreadable("two Succeeded headers that differ")
    return next(iter(succeeded), None), infos[0] if infos else None


def check_headers_missed(header: Element | None, namespace: str) -> None:
    """Raise Unreadable for `Succeeded` or `ExceptionInfo` of other services, or of none, where ours is not there.

    A failure that is told so would count as a success.
    """
    blocks = [] if header is None else [(etree.QName(block), block) for block in header.iterchildren(etree.Element)]
    missed = {"Succeeded", "ExceptionInfo"} - {name.localname for name, _ in blocks if name.namespace == namespace}
    for name, block in blocks:
        if not name.namespace or services_of(name.namespace):
            not_ours(block, missed)


def _says_something(info: models.SoExceptionInfo) -> bool:
    return any(getattr(info, field.name) for field in fields(info))


def read_fault(element: Element) -> tuple[str, str, models.SoExceptionInfo | None]:
    """Read a Fault of either version. Whatever it lacks is left blank: it is a failure however poorly it is written.

    Returns:
        The innermost code's local name, for example `ActionNotSupported`; the reason in words; and what a detail of WCF
        tells about the exception, None without one.
    """
    texts: dict[str, str] = {}
    detail = None
    for child in element.iter(etree.Element):
        name = local_name(child)
        if name.lower() == "detail":
            detail = child
            break
        if name in ("faultcode", "Value", "faultstring", "Text"):
            text = " ".join((child.text or "").split())
            if text:
                # Subcodes come after their code and say more.
                texts["code" if name in ("faultcode", "Value") else "text"] = text
    code = texts.get("code", "").rpartition(":")[2]
    info = None
    if detail is not None:
        found = next((one for one in detail.iter(etree.Element) if local_name(one) == "ExceptionDetail"), None)
        info = None if found is None else _exception_detail(found, depth=0)
    return code, texts.get("text", ""), info


_DETAIL_DEPTH = 50


def _exception_detail(element: Element, depth: int) -> models.SoExceptionInfo:
    info = models.SoExceptionInfo()
    for child in element.iterchildren(etree.Element):
        match local_name(child):
            case "Message":
                info.message = child.text
            case "Type":
                info.exception_type = child.text
            case "StackTrace":
                info.stack_trace = child.text
            case "InnerException" if len(child) and depth < _DETAIL_DEPTH:
                info.inner_exception = _exception_detail(child, depth + 1)
    return info
