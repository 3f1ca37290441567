"""Rights as the REST API tells them: one text of names, some of which stand for several rights at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

_ATOMS: Final[Mapping[str, Mapping[str, int]]] = {
    "ETableRight": {
        "Select": 1,
        "Update": 2,
        "Insert": 4,
        "Delete": 8,
        "Filtering": 16,
        "RestrictedUpdate": 32,
        "Unused1": 64,
        "Uninitialized": 128,
    },
    "EFieldRight": {
        "Read": 1,
        "Write": 2,
        "Unused1": 4,
        "Unused2": 8,
        "Unused3": 16,
        "Unused4": 32,
        "UIHintMandatory": 64,
        "UIHintReadOnly": 128,
        "UndefinedValue256": 256,
    },
}
"""By type: the name of each bit that every version of the contract has, or the newest where only that has one."""

_OTHERS: Final[Mapping[str, Mapping[str, int]]] = {
    "ETableRight": {
        "R": 1,
        "F": 16,
        "FULL": 15,
        "UR": 3,
        "RI": 5,
        "URI": 7,
        "UDR": 11,
        "RF": 17,
        "FI": 20,
        "URU": 34,
        "WRITE": 38,
    },
    "EFieldRight": {"Nullable": 32, "FULL": 3, "Update": 3, "UIHints": 192},
}
"""By type: further names, most of them for several bits."""

_NOT_WRITTEN: Final = {"ETableRight": ("R", "F"), "EFieldRight": ("Update", "Unused4")}
"""By type: of two names for the same bits, the one that is only read."""


def read_mask(type_name: str, text: str) -> list[str]:
    """The single rights in a text such as `FULL, Filtering`.

    Raises:
        ValueError: A name is not known; the message says which.
    """
    known = {**_ATOMS[type_name], **_OTHERS[type_name], "None": 0}
    bits = 0
    for name in (part.strip() for part in text.split(",")) if text.strip() else ():
        if name not in known:
            raise ValueError(f"{name[:40]!r} is not a name of {type_name}, whose names are separated by commas")
        bits |= known[name]
    return [name for name, bit in _ATOMS[type_name].items() if bits & bit]


def write_mask(type_name: str, names: Iterable[str]) -> str:
    """The text for rights, with the names .NET chooses: the one for them all, or the largest first, and so on down.

    Raises:
        ValueError: A name is not known.
    """
    values = {**_ATOMS[type_name], **_OTHERS[type_name]}
    bits = 0
    for name in names:
        if name not in values:
            raise ValueError(f"{name!r} is not of {type_name}")
        bits |= values[name]
    chosen: list[str] = []
    for name, value in sorted(values.items(), key=lambda entry: -entry[1]):
        if value & bits == value and name not in _NOT_WRITTEN[type_name]:
            chosen.insert(0, name)
            bits -= value
    return ", ".join(chosen) or "None"
