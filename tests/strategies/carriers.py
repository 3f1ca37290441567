"""Values of the contract's types as hypothesis makes them up, from the type hints of the models.

What is made up can be written and read again as the same. Where a receiver is narrower than the contract says
(an enumeration with no room for new names, say), a `Breadth` says what to leave out.
"""

from __future__ import annotations

import types
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from superoffice_erpsync.codec.shapes import shape_of
from superoffice_erpsync.models import EFieldRight, ETableRight
from superoffice_erpsync.models.wire_enum import WireEnum

# Names that the vendor has for bits which have another name already; they are read into that one.
_OTHER_NAMES = {"None", "R", "UR", "RI", "URI", "UDR", "FULL", "F", "RF", "FI", "URU", "WRITE", "Update", "Nullable"}
_OTHER_NAMES |= {"UIHints"}

# What has gone wrong in one place or another: line ends, tabs, ends of sections, characters beyond 16 bits, blanks.
_AWKWARD = [
    "",
    " ",
    "\r\n",
    "\r",
    "\n\t x \t",
    "]]>",
    "<![CDATA[x]]>",
    "<!-- no -->",
    "&amp;",
    "&#13;",
    "\u00a0",
    "\u0085\u2028",
    "🧾👩‍🚀",
    "Blåbær & Sønner <AS>",
    "\ufeffbom",
    "\U0010ffff",
    "'\"{}%s\\",
    "true",
    "0",
]


@dataclass(frozen=True, slots=True)
class Breadth:
    """What a receiver can take.

    Attributes:
        unknown_names: Names of enumerations and rights that this release does not know.
        services86: Only rights that Services86 has a name for.
    """

    unknown_names: bool = True
    services86: bool = False


EVERYTHING = Breadth()
OF_SERVICES86 = Breadth(unknown_names=False, services86=True)
OF_JSON = Breadth(unknown_names=False)
"""Names that are not known are refused in JSON, where a slip of the pen is likelier than a newer server."""


def texts() -> st.SearchStrategy[str]:
    """Whatever XML can carry."""
    characters = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff").filter(
        lambda one: one in "\t\r\n" or one >= " "
    )
    return st.sampled_from(_AWKWARD) | st.text(characters, max_size=20)


def integers() -> st.SearchStrategy[int]:
    """An xs:int."""
    return st.integers(-(2**31), 2**31 - 1)


def durations() -> st.SearchStrategy[timedelta]:
    """Any duration that Python has."""
    return st.timedeltas() | st.sampled_from([timedelta.min, timedelta.max, timedelta(minutes=15)])


def moments() -> st.SearchStrategy[datetime]:
    """Dates with and without an offset; not the first of all, which stands for none."""
    offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    return st.datetimes(
        min_value=datetime(1, 1, 1, 0, 0, 0, 1), timezones=st.none() | st.just(UTC) | offsets, allow_imaginary=True
    )


def right_names(right: type[ETableRight] | type[EFieldRight], services86: bool = False) -> st.SearchStrategy[str]:
    """Rights that are known."""
    later = {ETableRight.UNUSED1, ETableRight.UNINITIALIZED} if services86 and right is ETableRight else set()
    return st.sampled_from([one for one in right if one not in later])


def unknown_right_names(right: type[ETableRight] | type[EFieldRight]) -> st.SearchStrategy[str]:
    """Names that a newer server could have for a right."""
    names = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,8}", fullmatch=True)
    return names.filter(lambda name: name not in _OTHER_NAMES and name not in list(right))


def members_of(cls: type[WireEnum], breadth: Breadth) -> st.SearchStrategy[WireEnum]:
    """Members of an enumeration, and some that are not known."""
    known = st.sampled_from(list(cls))
    if not breadth.unknown_names:
        return known
    return known | st.from_regex(r"[A-Za-z][A-Za-z0-9 _.-]{0,8}[A-Za-z0-9]", fullmatch=True).map(cls.keep)


def masks(right: type[ETableRight] | type[EFieldRight], breadth: Breadth) -> st.SearchStrategy[frozenset[str]]:
    """Sets of rights."""
    names = right_names(right, breadth.services86)
    return st.frozensets(names | unknown_right_names(right) if breadth.unknown_names else names, max_size=4)


_SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: texts(),
    int: integers(),
    bool: st.booleans(),
    timedelta: durations(),
    datetime: moments(),
    bytes: st.binary(max_size=12),
}


def of_type(annotation: Any, breadth: Breadth = EVERYTHING, depth: int = 3) -> st.SearchStrategy[Any]:
    """Values of a type as models and operations state it.

    Args:
        annotation: The type.
        breadth: What the receiver can take.
        depth: How many dataclasses may lie inside one another; below that, None.
    """
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    if get_origin(annotation) in (Union, types.UnionType):
        inside = [one for one in get_args(annotation) if one is not type(None)]
        found = of_type(inside[0], breadth, depth)
        return found if len(get_args(annotation)) == len(inside) else st.none() | found
    if get_origin(annotation) is list:
        return st.lists(of_type(get_args(annotation)[0], breadth, depth), max_size=3)
    if get_origin(annotation) is frozenset:
        (right,) = [one for one in get_args(get_args(annotation)[0]) if one is not str]
        return masks(right, breadth)
    if get_origin(annotation) is dict:
        return st.dictionaries(texts(), of_type(get_args(annotation)[1], breadth, depth), max_size=3)
    if issubclass(annotation, dict):
        return st.dictionaries(texts(), st.none() | texts(), max_size=3).map(annotation)
    if issubclass(annotation, Enum):
        return members_of(annotation, breadth)
    assert is_dataclass(annotation)
    return instances(annotation, breadth, depth) if depth else st.nothing()


def instances(cls: type[Any], breadth: Breadth = EVERYTHING, depth: int = 3) -> st.SearchStrategy[Any]:
    """Instances of a model, with any of its members left at their defaults.

    Args:
        cls: The model.
        breadth: What the receiver can take.
        depth: How many dataclasses may lie inside one another.
    """
    hints = get_type_hints(cls)
    required, optional = {}, {}
    for field in (one for one in fields(cls) if one.init):
        if not field.init:
            continue
        values = of_type(hints[field.name], breadth, depth - 1)
        shape_of(hints[field.name])  # a member that has no shape fails here, and not deep inside a draw
        if values.is_empty:
            continue
        without_default = field.default is MISSING and field.default_factory is MISSING
        (required if without_default else optional)[field.name] = values
    return st.fixed_dictionaries(required, optional=optional).map(lambda members: cls(**members))
