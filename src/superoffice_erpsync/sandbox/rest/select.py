"""`$select`: an answer trimmed to some of its members, the others null."""

from __future__ import annotations

from typing import Any, TypeAlias

from superoffice_erpsync.sandbox.soap.contract import Composite, Scalar

Selection: TypeAlias = "dict[str, Selection | None]"
"""By member in small letters: what is kept inside it, None for all."""


def read_selection(text: str) -> Selection:
    """The members named in a list such as `IsOk,Changes/UpdatedRecords`; empty where nothing is named."""
    selection: Selection = {}
    for path in text.split(","):
        names = [name.strip().lower() for name in path.split("/") if name.strip()]
        inner = selection
        for name in names[:-1]:
            found = inner.setdefault(name, {})
            if found is None:
                break
            inner = found
        else:
            if names:
                inner[names[-1]] = None
    return selection


def trimmed(kind: Scalar | Composite, value: Any, selection: Selection) -> Any:
    """The JSON value with null for every member that is not selected; names nobody knows select nothing."""
    if value is None or not selection or isinstance(kind, Scalar) or kind.shape == "dictionary":
        return value
    if kind.shape == "array":
        return [trimmed(kind.members[0].type, item, selection) for item in value]
    types = {member.name: member.type for member in kind.members}
    return {
        name: trimmed(types[name], item, selection[name.lower()] or {}) if name.lower() in selection else None
        for name, item in value.items()
    }
