"""What an answer says, read a second time in the plainest way: by expat or `json`, and by Python's own ideas of values.

It says nothing of messages that are refused. What a codec made of a message that it took is compared part by part.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import MISSING, fields
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import isodate

from superoffice_erpsync.codec.shapes import (
    DictOf,
    Enumeration,
    Kind,
    ListOf,
    Mask,
    Member,
    Model,
    Scalar,
    Shape,
    shape_of,
)
from superoffice_erpsync.models import DSAParameters, PluginResponse
from superoffice_erpsync.operations import Operation

_SOAP = ("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
_CRYPTOGRAPHY = "http://schemas.datacontract.org/2004/07/System.Security.Cryptography"
_SPACE = " \t\r\n"
_OTHER_NAMES = re.compile(r"\b(?:None|R|UR|RI|URI|UDR|FULL|F|RF|FI|URU|WRITE|Update|Nullable|UIHints)\b")


class Differs(AssertionError):
    """The codec read something else."""


def _same(read: Any, plain: Any, path: str) -> None:
    if type(read) is not type(plain) or read != plain:
        raise Differs(f"{path}: the codec read {read!r}, and it is {plain!r}")


# -- values ------------------------------------------------------------------------------------------------------------


def _duration(text: str) -> timedelta:
    if "P" in text:
        found = isodate.parse_duration(text)
        assert isinstance(found, timedelta)
        return found
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text)
    hours, minutes, seconds = text.split(":")
    days, _, hours = hours.rpartition(".")
    return sign * timedelta(days=int(days or 0), hours=int(hours), minutes=int(minutes), seconds=float(seconds))


def _moment(text: str) -> datetime | None:
    midnight_after = "T24:" in text
    found = datetime.fromisoformat(text.replace("T24:", "T00:")) + timedelta(days=midnight_after)
    return None if found.replace(tzinfo=None) == datetime(1, 1, 1) else found


def _same_value(read: Any, text: str, shape: Shape, path: str, separators: str) -> None:
    words = text.strip(_SPACE)
    match shape:
        case Scalar(Kind.STRING):
            _same(read, text, path)
        case Scalar(Kind.INT):
            _same(read, int(words), path)
        case Scalar(Kind.BOOLEAN):
            _same(read, {"true": True, "1": True, "false": False, "0": False}[words], path)
        case Scalar(Kind.BASE64):
            _same(read, base64.b64decode(text), path)
        case Scalar(Kind.DURATION):
            # Both cut or round the seventh digit.
            if abs(read - _duration(words)) > timedelta(microseconds=1):
                raise Differs(f"{path}: the codec read {read!r}, and it is {words}")
        case Scalar(Kind.DATE_TIME):
            _same(read, _moment(words), path)
        case Enumeration():
            _same(str(read), words, path)
        case Mask() if not _OTHER_NAMES.search(words):
            _same({str(one) for one in read}, {one.strip(_SPACE) for one in re.split(separators, words)} - {""}, path)


def _same_default(read: Any, member: Member, model: Model, path: str) -> None:
    if (model.cls, member.name) == (PluginResponse, "status"):
        # What the server does not state follows from its yes or no.
        assert str(read) in ("Ok", "Error"), path
        return
    field = next(one for one in fields(model.cls) if one.name == member.name)
    default = field.default if field.default_factory is MISSING else field.default_factory()
    _same(read, default, path)


# -- XML ---------------------------------------------------------------------------------------------------------------


def check_soap(operation: Operation[Any], namespace: str, data: bytes, result: Any) -> None:
    """Raise Differs where a result is not what the message says, and anything else where that cannot be read."""
    root = ET.fromstring(data)
    (body,) = [child for child in root if child.tag in [f"{{{one}}}Body" for one in _SOAP]]
    (content,) = body
    _same(content.tag, f"{{{namespace}}}{operation.response_element}", "")
    if operation.result is None:
        _same(result, None, operation.wire)
        return
    reading = _XmlReading(namespace)
    shape = shape_of(operation.result)
    if operation.result_member is None:
        reading.check(result, content, shape, operation.wire)
        return
    found = content.findall(f"{{{namespace}}}{operation.result_member}")
    if not found:
        _same(result, None, operation.wire)
        return
    reading.check(result, found[0], shape, operation.wire)


class _XmlReading:
    def __init__(self, namespace: str) -> None:
        self._namespace = namespace

    def check(self, read: Any, element: ET.Element, shape: Shape, path: str) -> None:
        if element.get(f"{{{_XSI}}}nil", "").strip(_SPACE) in ("true", "1"):
            _same(read, None, path)
            return
        match shape:
            case ListOf(item):
                self._check_list(read, element, item, path)
            case DictOf():
                self._check_dict(read, element, shape, path)
            case Model():
                self._check_model(read, element, shape, path)
            case _:
                _same_value(read, element.text or "", shape, path, f"[{_SPACE}]")

    def _check_list(self, read: Any, element: ET.Element, item: Shape, path: str) -> None:
        match item:
            case Scalar(kind):
                tag = f"{{{_ARRAYS}}}{kind.value}"
            case Enumeration(cls) | Model(cls):
                tag = f"{{{self._namespace}}}{cls.__name__}"
        found = element.findall(tag)
        _same(len(read), len(found), f"{path}, length")
        for place, (one, child) in enumerate(zip(read, found, strict=True)):
            self.check(one, child, item, f"{path}[{place}]")

    def _check_dict(self, read: Any, element: ET.Element, shape: DictOf, path: str) -> None:
        found = {}
        for pair in element.findall(f"{{{self._namespace}}}{shape.pair}"):
            found[pair.findtext(f"{{{self._namespace}}}Key")] = pair.find(f"{{{self._namespace}}}Value")
        _same(list(read), list(found), f"{path}, keys")
        for key, child in found.items():
            if child is None:
                _same(read[key], None, f"{path}[{key!r}]")
            else:
                self.check(read[key], child, shape.value, f"{path}[{key!r}]")

    def _check_model(self, read: Any, element: ET.Element, shape: Model, path: str) -> None:
        _same(type(read), shape.cls, path)
        namespace = _CRYPTOGRAPHY if shape.cls is DSAParameters else self._namespace
        for member in shape.members:
            child = element.find(f"{{{namespace}}}{member.wire}")
            value, where = getattr(read, member.name), f"{path}/{member.wire}"
            if child is None:
                _same_default(value, member, shape, where)
            else:
                self.check(value, child, member.shape, where)


# -- JSON --------------------------------------------------------------------------------------------------------------


def check_rest(operation: Operation[Any], data: bytes, status: int, result: Any) -> None:
    """Raise Differs where a result is not what the message says, and anything else where that cannot be read."""
    nothing = status == 204 or (operation.result is None and not data.strip())
    value = None if nothing else json.loads(data)
    if operation.result is None or value is None:
        _same((result, value), (None, None), operation.wire)
        return
    _check_json(result, value, shape_of(operation.result), operation.wire)


def check_plain(data: bytes, status: int, result: Any) -> None:
    """Raise Differs where JSON values are not those of the message."""
    if status != 204 and data.strip():
        _same(json.dumps(result), json.dumps(json.loads(data)), "")


def _check_json(read: Any, value: Any, shape: Shape, path: str) -> None:
    if value is None:
        _same(read, None, path)
        return
    match shape:
        case Scalar(Kind.INT | Kind.BOOLEAN):
            _same(read, value, path)
        case ListOf(item):
            _same(len(read), len(value), f"{path}, length")
            for place, (one, plain) in enumerate(zip(read, value, strict=True)):
                _check_json(one, plain, item, f"{path}[{place}]")
        case DictOf():
            _same(list(read), list(value), f"{path}, keys")
            for key, plain in value.items():
                _check_json(read[key], plain, shape.value, f"{path}[{key!r}]")
        case Model():
            _same(type(read), shape.cls, path)
            for member in shape.members:
                plain = value.get(member.wire)
                if plain is None:
                    _same_default(getattr(read, member.name), member, shape, f"{path}/{member.wire}")
                else:
                    _check_json(getattr(read, member.name), plain, member.shape, f"{path}/{member.wire}")
        case _:
            _same(type(value), str, path)
            _same_value(read, value, shape, path, ",")
