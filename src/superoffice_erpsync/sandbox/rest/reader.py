"""The JSON of a request turned into plain values, along the contract.

Names are bound without case and unknown ones passed over, as ASP.NET does. All else is strict: ASP.NET would turn
`"5"` into 5 and take the last of two members of one name, and a sandbox that forgives hides the client's error.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable
from typing import Any, NoReturn

from superoffice_erpsync.sandbox.rest.values import kind_of, read_scalar
from superoffice_erpsync.sandbox.soap.contract import Composite, Member, Scalar
from superoffice_erpsync.sandbox.soap.values import default_scalar


class Unreadable(Exception):
    """The request is not what the operation takes; says what and where."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}" if where else what)


def parse(body: bytes, charset: str | None = None) -> Any:
    """The JSON value of a body; None for an empty one.

    Raises:
        Unreadable: It is no JSON, or has a name twice in one object.
    """
    try:
        text = _text(body, charset)
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant) if text.strip() else None
    except ValueError as problem:
        raise Unreadable("", f"the body is not JSON: {_reason(problem)}") from None


def read_members(members: Iterable[Member], value: Any, where: str = "") -> dict[str, Any]:
    """The values of an object's members by wire name; what is absent has .NET's default.

    Raises:
        Unreadable: A value is not what the contract says.
    """
    if not isinstance(value, dict):
        raise Unreadable(where or "body", f"{kind_of(value)} stands where an object is wanted")
    by_name: dict[str, tuple[str, Any]] = {}
    for name, item in value.items():
        if name.lower() in by_name:
            raise Unreadable(where, f"{by_name[name.lower()][0]!r} and {name!r} are the same name")
        by_name[name.lower()] = (name, item)
    return {
        member.name: read_value(member.type, by_name[member.name.lower()][1], f"{where}/{member.name}".lstrip("/"))
        if member.name.lower() in by_name
        else default_scalar(member.type)
        if isinstance(member.type, Scalar)
        else None
        for member in members
    }


def read_value(kind: Scalar | Composite, value: Any, where: str) -> Any:
    """The value of one member, or of a whole body.

    Raises:
        Unreadable: It is not what the contract says.
    """
    if isinstance(kind, Scalar):
        # A mask is written empty where there is none, and null means the same.
        if value is None and (not kind.is_value_type or kind.kind == "mask"):
            return default_scalar(kind)
        try:
            return read_scalar(kind, value)
        except ValueError as problem:
            raise Unreadable(where, str(problem)) from None
    if value is None:
        return None
    if kind.shape == "array":
        return _read_array(kind, value, where)
    if kind.shape == "dictionary":
        return _read_dictionary(kind, value, where)
    return read_members(kind.members, value, where)


def _read_array(array: Composite, value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise Unreadable(where, f"{kind_of(value)} stands where an array is wanted")
    return [read_value(array.members[0].type, item, f"{where}[{place}]") for place, item in enumerate(value)]


def _read_dictionary(dictionary: Composite, value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable(where, f"{kind_of(value)} stands where an object is wanted")
    key, item = dictionary_parts(dictionary)
    return {
        read_value(key.type, name, f"{where}: a name in it"): read_value(item.type, one, f"{where}/{name}")
        for name, one in value.items()
    }


def dictionary_parts(dictionary: Composite) -> tuple[Member, Member]:
    """Key and value of a dictionary's pairs."""
    pair = dictionary.members[0].type
    assert isinstance(pair, Composite)
    key, value = pair.members
    return key, value


def _text(body: bytes, charset: str | None) -> str:
    if charset == "utf-16" or body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16")
    return body.decode("utf-8-sig")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _reason(problem: ValueError) -> str:
    # The texts of other errors show pieces of the body, in which there may be a password.
    if isinstance(problem, json.JSONDecodeError):
        return f"{problem.msg} in line {problem.lineno}, column {problem.colno}"
    return "its encoding is broken" if isinstance(problem, UnicodeDecodeError) else str(problem)
