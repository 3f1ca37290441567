"""What an examination says: one finding, how bad it is, and what kind of thing is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from superoffice_erpsync.errors import (
    AuthenticationError,
    ErpSyncError,
    OperationRefused,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TlsError,
    TransportError,
)


class Level(StrEnum):
    """How bad a finding is, best first."""

    OK = "ok"
    SKIPPED = "skipped"
    """It could not be looked at."""
    NOTE = "note"
    """Worth knowing."""
    WARNING = "warning"
    """Calls work, and something should be done."""
    FAILED = "failed"
    """Calls cannot work, or the installation says no."""


_ORDER = tuple(Level)


class Fault(StrEnum):
    """What kind of thing is broken."""

    SETTINGS = "settings"
    LOGIN = "login"
    UNREACHED = "unreached"
    """Names, network, proxy or TLS."""
    SERVER = "server"
    """The server says that it failed."""
    NOT_UNDERSTOOD = "not understood"
    """What answers is not the service."""
    REFUSED = "refused"
    """The installation works, and its answer is no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one step has found.

    Attributes:
        step: The step, as in `tls`; those of a connection carry its id, as in `connection 1`.
        level: How bad it is.
        text: What was found, in plain words.
        fix: What to do about it; None where there is nothing to do.
        facts: What was measured or read, as JSON values.
        fault: What is broken; None where nothing has failed.
    """

    step: str
    level: Level
    text: str
    fix: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    fault: Fault | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding as scripts read it."""
        return {
            "step": self.step,
            "level": self.level.value,
            "finding": self.text,
            "fix": self.fix,
            "facts": dict(self.facts),
        }

    def masked(self, mask: Callable[[str], str]) -> Finding:
        """The finding with what is secret masked in all its texts, those among its facts too.

        Args:
            mask: Masks what is secret in a text.
        """
        fix = None if self.fix is None else mask(self.fix)
        return replace(self, text=mask(self.text), fix=fix, facts=_masked(dict(self.facts), mask))


def _masked(value: Any, mask: Callable[[str], str]) -> Any:
    match value:
        case str():
            return mask(value)
        case Mapping():
            return {name: _masked(one, mask) for name, one in value.items()}
        case list() | tuple():
            return [_masked(one, mask) for one in value]
    return value


def worst(levels: Iterable[Level]) -> Level:
    """The worst of some levels; ok where there are none.

    Args:
        levels: Levels of findings.
    """
    return max(levels, key=_ORDER.index, default=Level.OK)


def ok(step: str, text: str, **facts: Any) -> Finding:
    """All is well."""
    return Finding(step=step, level=Level.OK, text=text, facts=facts)


def note(step: str, text: str, fix: str | None = None, **facts: Any) -> Finding:
    """Worth knowing."""
    return Finding(step=step, level=Level.NOTE, text=text, fix=fix, facts=facts)


def warning(step: str, text: str, fix: str, **facts: Any) -> Finding:
    """Something should be done."""
    return Finding(step=step, level=Level.WARNING, text=text, fix=fix, facts=facts)


def failed(step: str, fault: Fault, text: str, fix: str, **facts: Any) -> Finding:
    """Something is broken."""
    return Finding(step=step, level=Level.FAILED, text=text, fix=fix, facts=facts, fault=fault)


def skipped(step: str, why: str, fix: str | None = None) -> Finding:
    """It could not be looked at."""
    return Finding(step=step, level=Level.SKIPPED, text=f"skipped: {why}", fix=fix)


_BY_ERROR: tuple[tuple[type[ErpSyncError], Fault, str], ...] = (
    (OperationRefused, Fault.REFUSED, "ask who looks after the installation why it says no"),
    (AuthenticationError, Fault.LOGIN, "check the user, the password and the account's rights"),
    (
        RequestTimeout,
        Fault.UNREACHED,
        "see why the server is slow; if it is meant to be, raise --timeout",
    ),
    (TlsError, Fault.UNREACHED, "see what the server wants: it may be a client certificate (--client-certificate)"),
    (TransportError, Fault.UNREACHED, "check the way to the server, and what on it closes connections"),
    (ServerFault, Fault.SERVER, "look into the server's event log at this time"),
    (
        ProtocolError,
        Fault.NOT_UNDERSTOOD,
        "see with --trace FILE what came, and what stands between you and the server",
    ),
)
_SETTINGS = (Fault.SETTINGS, "correct the setting that it names")


def of_error(step: str, error: ErpSyncError, fix: str | None = None) -> Finding:
    """A call that failed.

    Args:
        step: The step that made it.
        error: What was raised.
        fix: What to do; None for what the error says, or what helps with its kind.
    """
    kinds = ((fault, advice) for kind, fault, advice in _BY_ERROR if isinstance(error, kind))
    fault, advice = next(kinds, _SETTINGS)
    where = f"{error.operation}: " if error.operation else ""
    facts = {"status": error.status, "code": error.code}
    return failed(
        step,
        fault,
        f"{where}{error.message}",
        fix or error.hint or advice,
        error=type(error).__name__,
        **{name: value for name, value in facts.items() if value is not None},
    )
