"""What a Python type means on a wire: the types of models and operations, taken apart once.

A shape is neutral: how it looks in XML or JSON is for the codecs to know. Wire names of members follow from their
Python names, with the few exceptions listed here.

Shapes are tuples: they are hashed with every member that is written. No two kinds of them can hold the same, so that
one never equals another's.
"""

from __future__ import annotations

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from superoffice_erpsync import models
from superoffice_erpsync.models import (
    AuthenticationGenericData,
    ConfigFields,
    EFieldRight,
    ETableRight,
    FieldProperty,
)
from superoffice_erpsync.models.wire_enum import WireEnum

_IRREGULAR = {"url": "URL", "missing_in_erp": "MissingInERP", "missing_in_crm": "MissingInCRM"}


class Kind(Enum):
    """Kinds of single values. The value is the XML Schema type's name."""

    STRING = "string"
    INT = "int"
    BOOLEAN = "boolean"
    DURATION = "duration"
    DATE_TIME = "dateTime"
    BASE64 = "base64Binary"


class Scalar(NamedTuple):
    """A single value."""

    kind: Kind


class Enumeration(NamedTuple):
    """One of a list of names."""

    cls: type[WireEnum]


class Mask(NamedTuple):
    """A set of names of rights."""

    cls: type[ETableRight] | type[EFieldRight]


class ListOf(NamedTuple):
    """An array."""

    item: Shape


class DictOf(NamedTuple):
    """A dictionary with texts as keys.

    Attributes:
        value: Shape of the values.
        type_name: The contract's name for the type.
        pair: The contract's name for one entry.
        factory: Class of the dictionary in Python.
    """

    value: Shape
    type_name: str
    pair: str
    factory: type[dict[str, Any]] = dict


class Model(NamedTuple):
    """A dataclass. Its members are looked up when they are needed, since types refer to themselves."""

    cls: type[Any]

    @property
    def members(self) -> tuple[Member, ...]:
        """In the contract's order, those of the base first."""
        return _members(self.cls)  # type: ignore[arg-type] # classes are hashable


Shape = Scalar | Enumeration | Mask | ListOf | DictOf | Model


class Member(NamedTuple):
    """One member of a model.

    Attributes:
        name: Python name.
        wire: Name on the wire.
        shape: What it holds.
        required: It must be in an answer: no default can stand for it.
    """

    name: str
    wire: str
    shape: Shape
    required: bool


def is_value(shape: Shape) -> bool:
    """Whether .NET means a value type, which cannot be nil, rather than a reference."""
    if isinstance(shape, Scalar):
        return shape.kind not in (Kind.STRING, Kind.BASE64)
    return isinstance(shape, Enumeration | Mask)


def allows_none(annotation: Any) -> bool:
    """Whether a type has None beside the value itself."""
    return annotation is None or type(None) in get_args(annotation)


def wire_name(name: str) -> str:
    """The wire name of a member's Python name."""
    return _IRREGULAR.get(name) or "".join(part[:1].upper() + part[1:] for part in name.split("_"))


_SCALARS = {
    str: Scalar(Kind.STRING),
    int: Scalar(Kind.INT),
    bool: Scalar(Kind.BOOLEAN),
    timedelta: Scalar(Kind.DURATION),
    datetime: Scalar(Kind.DATE_TIME),
    bytes: Scalar(Kind.BASE64),
}


@cache
def shape_of(annotation: Any) -> Shape:
    """The shape of a type as models and operations state it. `X | None` has the shape of X."""
    if get_origin(annotation) in (Union, types.UnionType):
        # `ConfigFields | dict[str, str | None] | None`: the first is what reading gives.
        return shape_of(next(arg for arg in get_args(annotation) if arg is not type(None)))
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    if get_origin(annotation) is list:
        return ListOf(shape_of(get_args(annotation)[0]))
    if get_origin(annotation) is dict:
        value = shape_of(get_args(annotation)[1])
        if value == Model(FieldProperty):
            return DictOf(value, "FieldPropertyDictionary", "FieldPropertyDictionaryKeyValuePair")
        return DictOf(value, "StringDictionary", "StringKeyValuePair")
    if annotation is ConfigFields:
        return DictOf(_SCALARS[str], "StringDictionary", "StringKeyValuePair", ConfigFields)
    if annotation is AuthenticationGenericData:
        pair = "AuthenticationGenericDataKeyValuePair"
        return DictOf(_SCALARS[str], "AuthenticationGenericData", pair, AuthenticationGenericData)
    if get_origin(annotation) is frozenset:
        return Mask(next(arg for arg in get_args(get_args(annotation)[0]) if arg is not str))
    if isinstance(annotation, type) and issubclass(annotation, WireEnum):
        return Enumeration(annotation)
    if is_dataclass(annotation):
        return Model(annotation)  # type: ignore[arg-type]
    raise TypeError(f"no shape for {annotation!r}")


_PARAMETERS = DictOf(_SCALARS[str], "SoExceptionInfoParameters", "SoExceptionInfoParametersKeyValuePair")


def _is_parameters(cls: type[Any], name: str) -> bool:
    return name == "parameters" and cls is models.SoExceptionInfo


@cache
def _members(cls: type[Any]) -> tuple[Member, ...]:
    hints = get_type_hints(cls)
    return tuple(
        Member(
            name=field.name,
            wire=wire_name(field.name),
            shape=_PARAMETERS if _is_parameters(cls, field.name) else shape_of(hints[field.name]),
            required=field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(cls)
        if field.init
    )


@cache
def models_in_arrays(shape: Shape) -> frozenset[Model]:
    """The models that a shape has arrays of, at any depth."""
    seen: set[Shape] = set()
    found: set[Model] = set()
    waiting = [shape]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        match one:
            case ListOf(item):
                waiting.append(item)
                if isinstance(item, Model):
                    found.add(item)
            case DictOf(value):
                waiting.append(value)
            case Model():
                waiting += [member.shape for member in one.members]
            case _:
                pass
    return frozenset(found)
