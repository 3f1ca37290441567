"""What the page's forms do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from superoffice_erpsync.sandbox.faults.notation import rule_from_json
from superoffice_erpsync.sandbox.installation import Installation

_TEXTS: Final = ("kind", "operation", "service", "wire")
_WHOLE_NUMBERS: Final = ("count", "skip")
_NUMBERS: Final = ("seconds", "percent")
_LONGEST_NUMBER: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SentForm:
    """What became of the form that was sent last."""

    section: str = ""
    """Where on the page it stands; empty: none was sent."""
    done: str = ""
    """Said when it was done."""
    refused: str = ""
    """Said when it made no sense."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What was filled in, when it made no sense."""


class FormRefused(Exception):
    """The form was filled in with something that makes no sense; the message is for whoever did.

    Args:
        message: What is wrong.
        fields: What was filled in.
    """

    def __init__(self, message: str, fields: Mapping[str, str]) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields)


Act = Callable[[Installation, Mapping[str, str]], None]
"""Does what a form with these fields asks for; raises `FormRefused`."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of the page."""

    act: Act
    done: str
    """Said when it is done."""
    section: str
    """Where on the page it stands."""


def switch_engine(installation: Installation, fields: Mapping[str, str]) -> None:
    """Order the engine to run or to rest, as ChangeEngineStatus does."""
    run = fields.get("run")
    if run not in ("yes", "no"):
        raise FormRefused("The engine can be switched on or off.", fields)
    with installation.lock:
        installation.state.engine.order(run == "yes", installation.state.clock())
        installation.run_due_work()
        installation.keep()


def add_fault(installation: Installation, fields: Mapping[str, str]) -> None:
    """Put a fault in force."""
    members: dict[str, Any] = {name: fields[name] for name in _TEXTS if fields.get(name)}
    for name in (*_WHOLE_NUMBERS, *_NUMBERS):
        text = fields.get(name, "").strip()
        if text:
            members[name] = _number(name, text, fields)
    percent = members.pop("percent", 100)
    if not 0 < percent <= 100:
        raise FormRefused("Percent must be above 0 and up to 100.", fields)
    members["share"] = percent / 100
    try:
        installation.faults.add(rule_from_json(members))
    except ValueError as problem:
        text = str(problem)
        raise FormRefused(f"{text[:1].upper()}{text[1:]}.", fields) from None


def clear_faults(installation: Installation, _fields: Mapping[str, str]) -> None:
    """Let everything go well again."""
    installation.faults.clear()


def reset(installation: Installation, _fields: Mapping[str, str]) -> None:
    """Begin anew."""
    installation.reset()


def _number(name: str, text: str, fields: Mapping[str, str]) -> int | float:
    whole = name in _WHOLE_NUMBERS
    plain = text.replace(".", "", 0 if whole else 1)
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= _LONGEST_NUMBER):
        kind = "a whole number" if whole else "a number such as 12.5"
        raise FormRefused(f"{name.capitalize()} must be {kind}, not {text[:40]!r}.", fields)
    return int(text) if whole else float(text)


FORMS: Final[Mapping[str, Form]] = {
    "engine": Form(switch_engine, "The engine has its order.", "engine"),
    "faults": Form(add_fault, "The fault is in force.", "faults"),
    "faults/clear": Form(clear_faults, "There are no faults any more.", "faults"),
    "reset": Form(reset, "The installation is as it was at the beginning.", "top"),
}
"""By what follows `/_page/` in the address."""
