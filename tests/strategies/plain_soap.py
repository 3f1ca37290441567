"""SOAP answers read as plainly as can be: one element after the other, nothing taken out, made ready or kept.

What the codec does in a hurry is held against this. It shares shapes, single values and names with the codec, which
have tests of their own, and no step of reading.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from superoffice_erpsync.codec import values
from superoffice_erpsync.codec.problems import Unreadable
from superoffice_erpsync.codec.shapes import (
    DictOf,
    Enumeration,
    Kind,
    ListOf,
    Mask,
    Model,
    Scalar,
    Shape,
    allows_none,
    is_value,
    shape_of,
)
from superoffice_erpsync.codec.soap.names import (
    SOAP_11,
    SOAP_12,
    XSI,
    item_name,
    member_namespace,
    services_of,
    type_name,
)
from superoffice_erpsync.errors import ProtocolError, ServerFault
from superoffice_erpsync.models import SoExceptionInfo
from superoffice_erpsync.operations import Operation

PARSE = {
    Kind.INT: values.parse_int,
    Kind.BOOLEAN: values.parse_boolean,
    Kind.DURATION: values.parse_duration,
    Kind.DATE_TIME: values.parse_date_time,
    Kind.BASE64: values.parse_base64,
    Kind.STRING: str,
}


def plain_answer(operation: Operation[Any], data: bytes, namespace: str, depth: int = 100) -> Any:
    """What `SoapCodec(namespace, {}, depth=depth).answer(operation, data)` must give, or raise."""
    try:
        return _answer(operation, data, namespace, depth)
    except Unreadable as problem:
        where = f"at {problem.path}: " if problem.path else ""
        error = ProtocolError(f"the answer cannot be understood: {where}{problem.reason}", operation=operation.wire)
        error.path = problem.path or None
        raise error from None


def _answer(operation: Operation[Any], data: bytes, namespace: str, depth: int) -> Any:
    envelope = _tree(data, depth)
    soap = _space(envelope)
    if _name(envelope) != "Envelope" or soap not in (SOAP_11, SOAP_12):
        raise Unreadable(f"the element {etree.QName(envelope).text} came where a SOAP envelope is due")
    headers = [child for child in envelope if child.tag == f"{{{soap}}}Header"]
    bodies = [child for child in envelope if child.tag == f"{{{soap}}}Body"]
    for child in envelope:
        seen = [one for one in (headers, bodies) if len(one) > 1 and one[1] is child]
        if seen:
            raise Unreadable(f"two {_name(child)} elements in one envelope")
    if not bodies:
        raise Unreadable("an envelope without a Body")
    if len(bodies[0]) > 1:
        raise Unreadable(f"{len(bodies[0])} elements in the Body where one is due")
    if any(child.tag in (f"{{{SOAP_11}}}Fault", f"{{{SOAP_12}}}Fault") for child in bodies[0]):
        raise ServerFault("a Fault", operation=operation.wire)
    blocks = [block for header in headers for block in header]
    _check_headers(operation, blocks, namespace)
    if not len(bodies[0]):
        raise Unreadable("an empty Body, and no header that tells why")
    response = bodies[0][0]
    if response.tag != f"{{{namespace}}}{operation.response_element}":
        raise Unreadable(_wrong(response, operation.response_element, namespace))
    result = _inside(operation.response_element, _result, operation, response, namespace)
    ours = {_name(block) for block in blocks if _space(block) == namespace}
    for block in blocks:
        if not _space(block) or services_of(_space(block)):
            _not_ours(block, {"Succeeded", "ExceptionInfo"} - ours)
    return result


def _tree(data: bytes, depth: int) -> Any:
    if not data.strip():
        raise Unreadable("nothing came where an XML message is due")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        too_deep = "nested too deep: nested deeper than 100 levels; " if "Excessive depth" in problem.msg else ""
        raise Unreadable(f"{too_deep}not well-formed XML: {problem.msg}") from None
    except (ValueError, LookupError) as problem:
        raise Unreadable(f"not XML: {problem}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("a document type, which SOAP does not allow")
    strange = [one for one in root.iter() if not isinstance(one.tag, str)]
    if strange or root.getprevious() is not None or root.getnext() is not None:
        raise Unreadable("a processing instruction or entity, which SOAP does not allow")
    if any(1 + len(list(one.iterancestors())) > depth for one in root.iter() if not len(one)):
        raise Unreadable(f"nested too deep: nested deeper than {depth} levels")
    return root


def _check_headers(operation: Operation[Any], blocks: list[Any], namespace: str) -> None:
    said: set[bool] = set()
    infos = []
    for block in blocks:
        if block.tag == f"{{{namespace}}}Succeeded":
            said.add(_inside("Succeeded", _read, Scalar(Kind.BOOLEAN), block, namespace))
        if block.tag == f"{{{namespace}}}ExceptionInfo":
            infos.append(_inside("ExceptionInfo", _read, Model(SoExceptionInfo), block, namespace))
    if len(said) > 1:
        raise Unreadable("two Succeeded headers that differ")
    if said == {False} or any(info is not None and info != SoExceptionInfo() for info in infos):
        raise ServerFault("the headers say so", operation=operation.wire)


def _result(operation: Operation[Any], response: Any, namespace: str) -> Any:
    if operation.result_member is None:
        result = _read(shape_of(operation.result), response, namespace)
        if result is None:
            raise Unreadable("nil where an answer is due")
        return result
    if _is_nil(response, None):
        raise Unreadable("nil where an answer is due")
    if operation.result is None:
        return None
    wire, shape = operation.result_member, shape_of(operation.result)
    found = []
    _no_text(response.text)
    for child in response:
        if child.tag == f"{{{namespace}}}{wire}":
            found.append(_inside(wire, _read, shape, child, namespace))
        _no_text(child.tail)
    if not found:
        for child in response:
            if _name(child) == wire:
                raise Unreadable(_wrong(child, wire, namespace))
    if len(found) > 1:
        raise Unreadable(f"{wire} stands there twice")
    result = found[0] if found else None
    if result is None and (is_value(shape) or not allows_none(operation.result)):
        raise Unreadable(f"{wire} is {'nil' if found else 'absent'}, and no default can stand for it")
    return result


def _wrong(element: Any, expected: str, namespace: str) -> str:
    if _name(element) != expected:
        return f"the element {_name(element)} came where {expected} is due"
    if _space(element) is None:
        return f"{expected} is in no namespace"
    theirs, ours = services_of(_space(element)), services_of(namespace)
    if theirs and theirs != ours:
        return f"the server answered as {theirs}, and this client talks to it as {ours}"
    return f"{expected} is in another namespace, {_space(element)}"


def _read(shape: Shape, element: Any, namespace: str) -> Any:
    if _is_nil(element, type_name(shape, namespace)):
        if is_value(shape):
            raise Unreadable("nil where a value is due")
        return None
    if isinstance(shape, (Scalar, Enumeration, Mask)):
        if len(element):
            raise Unreadable("an element inside a value")
        try:
            return _value(shape, element.text or "")
        except ValueError as problem:
            raise Unreadable(str(problem)) from None
    _no_text(element.text)
    if isinstance(shape, ListOf):
        return _list(shape.item, element, namespace)
    if isinstance(shape, DictOf):
        return _dict(shape, element, namespace)
    return _model(shape, element, namespace)


def _value(shape: Shape, text: str) -> Any:
    if isinstance(shape, Scalar):
        return PARSE[shape.kind](text)
    if isinstance(shape, Mask):
        return values.parse_mask(text, shape.cls)
    assert isinstance(shape, Enumeration)
    if not text.strip(values.XML_SPACE):
        raise ValueError("empty where a name is due")
    return shape.cls.keep(text.strip(values.XML_SPACE))


def _list(item: Shape, element: Any, namespace: str) -> list[Any]:
    where, name = item_name(item, namespace)
    items: list[Any] = []
    for child in element:
        if child.tag == f"{{{where}}}{name}":
            items.append(_inside(f"{name}[{len(items)}]", _read, item, child, namespace))
        else:
            _not_ours(child, {name})
        _no_text(child.tail)
    return items


def _dict(shape: DictOf, element: Any, namespace: str) -> dict[str, Any]:
    entries = shape.factory()
    place = 0
    for child in element:
        if child.tag == f"{{{namespace}}}{shape.pair}":
            _inside(f"{shape.pair}[{place}]", _pair, shape, child, namespace, entries)
            place += 1
        else:
            _not_ours(child, {shape.pair})
        _no_text(child.tail)
    return entries


def _pair(shape: DictOf, element: Any, namespace: str, entries: dict[str, Any]) -> None:
    if _is_nil(element, None):
        raise Unreadable("nil where an entry is due")
    _no_text(element.text)
    found: dict[str, Any] = {}
    for child in element:
        name = _name(child)
        if name not in ("Key", "Value") or _space(child) != namespace:
            _not_ours(child, {"Key", "Value"})
        elif name in found:
            raise Unreadable(f"{name} stands there twice")
        else:
            found[name] = _inside(name, _read, Scalar(Kind.STRING) if name == "Key" else shape.value, child, namespace)
        _no_text(child.tail)
    if found.get("Key") is None:
        raise Unreadable("an entry without a key")
    if found["Key"] in entries:
        raise Unreadable(f"the key {found['Key']!r} stands there twice")
    entries[found["Key"]] = found.get("Value")


def _model(shape: Model, element: Any, namespace: str) -> Any:
    where = member_namespace(shape, namespace)
    found: dict[str, Any] = {}
    for child in element:
        for member in shape.members:
            if child.tag == f"{{{where}}}{member.wire}":
                if member.name in found:
                    problem = Unreadable("stands there twice")
                    problem.inside(member.wire)
                    raise problem
                found[member.name] = _inside(member.wire, _read, member.shape, child, namespace)
        _no_text(child.tail)
    for child in element:
        if child.tag not in {f"{{{where}}}{member.wire}" for member in shape.members}:
            _not_ours(child, {member.wire for member in shape.members if member.name not in found})
    for member in shape.members:
        if member.required and member.name not in found:
            problem = Unreadable("absent, and no default can stand for it")
            problem.inside(member.wire)
            raise problem
    return shape.cls(**found)


def _is_nil(element: Any, declared: tuple[str, str] | None) -> bool:
    stated = element.get(f"{{{XSI}}}type")
    if stated is not None:
        prefix, _, name = stated.strip(values.XML_SPACE).rpartition(":")
        if declared is None or (element.nsmap.get(prefix or None), name) != declared:
            raise Unreadable(f"xsi:type says {stated!r}, which is not the declared type")
    nil = element.get(f"{{{XSI}}}nil")
    try:
        found = nil is not None and values.parse_boolean(nil)
    except ValueError as problem:
        raise Unreadable(f"xsi:nil is {problem}") from None
    if found and (len(element) or (element.text or "").strip(values.XML_SPACE)):
        raise Unreadable("nil and yet with content")
    return found


def _not_ours(element: Any, missed: set[str]) -> None:
    if _name(element) in missed:
        space = _space(element)
        problem = Unreadable(f"in another namespace, {space}" if space else "in no namespace")
        problem.inside(_name(element))
        raise problem


def _no_text(text: str | None) -> None:
    if (text or "").strip(values.XML_SPACE):
        raise Unreadable("text between elements")


def _inside(step: str, do: Any, *given: Any) -> Any:
    try:
        return do(*given)
    except Unreadable as problem:
        problem.inside(step)
        raise


def _name(element: Any) -> str:
    return etree.QName(element).localname


def _space(element: Any) -> Any:
    return etree.QName(element).namespace
