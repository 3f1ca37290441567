"""Rules written down: as one word on a command line, and as JSON."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, Final, cast

from superoffice_erpsync.sandbox.faults.register import CountedRule
from superoffice_erpsync.sandbox.faults.rule import FaultKind, FaultRule

FORM: Final = "KIND[=SECONDS][:OPERATION[:COUNT|SHARE%]]"

_ALL: Final = ("", "*")
_COUNT: Final = re.compile(r"[0-9]{1,9}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_FIELDS: Final = frozenset(field.name for field in dataclasses.fields(FaultRule))


def parse_rule(text: str) -> FaultRule:
    """A rule from one word such as `lost_answer:ForceResync:1`, `drop:*:10%` or `unavailable=30`.

    Raises:
        ValueError: The word is not in that form, or the rule makes no sense.
    """
    first, *rest = (part.strip() for part in text.split(":"))
    if len(rest) > 2:
        raise ValueError(f"{text!r} is not in the form {FORM}")
    kind, equals, seconds = (part.strip() for part in first.partition("="))
    how_often: dict[str, Any] = {}
    if len(rest) == 2:
        how_often = _how_often(text, rest[1])
    return FaultRule(
        kind=cast(FaultKind, kind),
        operation=None if not rest or rest[0] in _ALL else rest[0],
        seconds=_number(text, seconds, "SECONDS") if equals else None,
        **how_often,
    )


def _how_often(text: str, part: str) -> dict[str, Any]:
    if part.endswith("%"):
        return {"share": _number(text, part[:-1].strip(), "SHARE") / 100}
    if not _COUNT.fullmatch(part):
        raise ValueError(f"{text!r} is not in the form {FORM}: {part!r} is neither a whole number nor a share")
    return {"count": int(part)}


def _number(text: str, part: str, name: str) -> float:
    if not _NUMBER.fullmatch(part):
        raise ValueError(f"{text!r} is not in the form {FORM}: {part!r} is no number for {name}")
    return float(part)


def rule_from_json(value: Any) -> FaultRule:
    """A rule from an object with the names of FaultRule's fields.

    Raises:
        ValueError: It is no such object, or the rule makes no sense.
    """
    if not isinstance(value, dict):
        raise ValueError('a rule is an object such as {"kind": "drop", "operation": "ForceResync", "count": 1}')
    unknown = sorted(set(value) - _FIELDS)
    if unknown:
        raise ValueError(f"a rule has no {unknown[0]!r}; it has {', '.join(sorted(_FIELDS))}")
    if "kind" not in value:
        raise ValueError("a rule needs a kind")
    # A null says as much as leaving the member out.
    return FaultRule(**{name: item for name, item in value.items() if item is not None or name == "kind"})


def rule_to_json(counted: CountedRule) -> dict[str, Any]:
    """The members of a rule, and how often it matched and struck."""
    return {**dataclasses.asdict(counted.rule), "matched": counted.matched, "struck": counted.struck}
