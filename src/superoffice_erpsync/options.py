"""Options of a call, and the pure function that merges them with a client's defaults."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypedDict


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Time limits in seconds that suit the work. None waits without limit."""

    connect: float | None = 10.0
    """For the connection to be made, TLS included."""
    read: float | None = 60.0
    """For the next bytes of an answer, for operations that answer at once."""
    sync: float | None = 1800.0
    """The same for operations that move data while the caller waits: sync, resync and connecting an actor."""


class CallOptions(TypedDict, total=False):
    """What may be said for a single call, as keyword arguments after those of the operation."""

    timeout: float | None
    """Seconds to wait for the answer, instead of the client's default for this kind of operation."""
    time_zone: int | str | None
    """Time zone that times are converted to: the id or the location code, instead of the client's."""
    include_tz_offset: bool
    """REST only: have times carry their offset. Needs a time zone."""
    accept_language: str | None
    """REST only: languages that texts are wanted in, in order of preference, as in `de,en`."""
    language: str | None
    """REST only: the language that texts are wanted in; beats `accept_language`. `*` leaves them untranslated."""
    culture: str | None
    """REST only: the culture that numbers and dates in texts are written in. Needs a language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Localisation:
    """Time zone and languages of answers, see `CallOptions`."""

    time_zone: int | str | None = None
    include_tz_offset: bool = False
    accept_language: str | None = None
    language: str | None = None
    culture: str | None = None

    def rest_only(self) -> list[str]:
        """Names of what is set and only the REST API can carry."""
        names = ("include_tz_offset", "accept_language", "language", "culture")
        return [name for name in names if getattr(self, name)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOptions:
    """The defaults of a client."""

    timeouts: Timeouts = Timeouts()
    localisation: Localisation = Localisation()


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveOptions:
    """What holds for one call after merging."""

    connect_timeout: float | None
    read_timeout: float | None
    localisation: Localisation


def merge(defaults: ClientOptions, call: CallOptions, *, moves_data: bool) -> EffectiveOptions:
    """The options of one call: what the call says, else the client's defaults.

    Args:
        defaults: The client's defaults.
        call: What was said for this call.
        moves_data: Whether the operation moves data while the caller waits, see `Timeouts.sync`.

    Raises:
        TypeError: The call says something that is no option.
    """
    unknown = sorted(set(call) - CallOptions.__optional_keys__)
    if unknown:
        raise TypeError(f"{unknown[0]!r} is neither an argument nor an option; options are: {_OPTIONS}")
    timeouts = defaults.timeouts
    localised = {name: value for name, value in call.items() if name != "timeout"}
    return EffectiveOptions(
        connect_timeout=timeouts.connect,
        read_timeout=call.get("timeout", timeouts.sync if moves_data else timeouts.read),
        localisation=replace(defaults.localisation, **localised) if localised else defaults.localisation,  # type: ignore[arg-type]
    )


_OPTIONS = ", ".join(sorted(CallOptions.__optional_keys__))
