"""Options of a call, and the pure function that merges them with a client's defaults."""

from __future__ import annotations

from typing import NamedTuple, TypedDict

from superoffice_erpsync.deadline import Deadline

TRIES_IN_A_DEADLINE = 3
"""The deadline of a call is as many times its time limit where only that is said."""


LONGEST_WAIT = 2_000_000
"""Seconds, some 23 days: sockets can wait for hardly more."""
SECONDS = f"seconds above zero, {LONGEST_WAIT} at most, or None for no limit"


def can_wait(seconds: object) -> bool:
    """Whether it is a time limit that can be kept."""
    if seconds is None:
        return True
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds <= LONGEST_WAIT


class Timeouts(NamedTuple):
    """Time limits in seconds that suit the work. None waits without limit.

    Attributes:
        connect: For the connection to be made, TLS included.
        read: For a request to be sent and its answer to be complete, for operations that answer at once.
        sync: The same for operations that move data while the caller waits: sync, resync and connecting an actor.
        deadline: For a whole call with its login, repeats and waiting, for operations that answer at once.
        sync_deadline: The same for operations that move data.
        until: A moment by which every call must have ended, for a job that may take so long and no longer. It counts
            in processes of this machine only.
    """

    connect: float | None = 10.0
    read: float | None = 60.0
    sync: float | None = 1800.0
    deadline: float | None = 180.0
    sync_deadline: float | None = 5400.0
    until: Deadline = Deadline()

    @property
    def seconds(self) -> tuple[float | None, ...]:
        """The limits that are numbers of seconds."""
        return self.connect, self.read, self.sync, self.deadline, self.sync_deadline

    @classmethod
    def of(cls, seconds: float) -> Timeouts:
        """Time limits that follow from one: how long any answer may take.

        Args:
            seconds: For an answer. A whole call gets three times as long, and a connection no more than 10.
        """
        whole = TRIES_IN_A_DEADLINE * seconds
        return cls(connect=min(seconds, 10.0), read=seconds, sync=seconds, deadline=whole, sync_deadline=whole)


class Limits(NamedTuple):
    """How much of an answer a client takes. What is beyond them is refused as a ProtocolError.

    Attributes:
        answer_bytes: Bytes of an answer, unpacked.
        ratio: How many times longer than its packed form an answer may be, once it is over a megabyte.
        depth: How deep elements of XML, or values of JSON, may stand in each other.
    """

    answer_bytes: int = 256 * 1024 * 1024
    ratio: int = 200
    depth: int = 100


class CallOptions(TypedDict, total=False):
    """What may be said for a single call, as keyword arguments after those of the operation.

    Attributes:
        timeout: Seconds to wait for an answer to be complete, instead of the client's default for this kind of
            operation.
        deadline: Seconds for the whole call with its login, repeats and waiting, instead of the client's default;
            three times `timeout` where only that is said.
        repeat_unknown: Repeat the call also when its answer was lost and the server may have acted. Refused for
            operations that must not be done twice.
        time_zone: Time zone that times are converted to: the id or the location code, instead of the client's.
        include_tz_offset: REST only: have times carry their offset. Needs a time zone.
        accept_language: REST only: languages that texts are wanted in, in order of preference, as in `de,en`.
        language: REST only: the language that texts are wanted in; beats `accept_language`. `*` leaves them
            untranslated.
        culture: REST only: the culture that numbers and dates in texts are written in. Needs a language.
    """

    timeout: float | None
    deadline: float | None
    repeat_unknown: bool
    time_zone: int | str | None
    include_tz_offset: bool
    accept_language: str | None
    language: str | None
    culture: str | None


class Localisation(NamedTuple):
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


class ClientOptions(NamedTuple):
    """The defaults of a client."""

    timeouts: Timeouts = Timeouts()
    localisation: Localisation = Localisation()


class EffectiveOptions(NamedTuple):
    """What holds for one call after merging.

    Attributes:
        connect_timeout: Seconds for a connection to be made.
        read_timeout: Seconds for a request to be sent and its answer to be complete.
        deadline: When the whole call must have ended.
        repeat_unknown: Whether the call is repeated when the server may have acted.
        select: REST only: members of the result to keep, by wire name; empty for all.
        localisation: Time zone and languages.
    """

    connect_timeout: float | None
    read_timeout: float | None
    deadline: Deadline
    repeat_unknown: bool = False
    select: tuple[str, ...] = ()
    localisation: Localisation = Localisation()


def merge(defaults: ClientOptions, call: CallOptions, *, moves_data: bool) -> EffectiveOptions:
    """The options of one call, which begins now: what the call says, else the client's defaults.

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
    read = call.get("timeout", timeouts.sync if moves_data else timeouts.read)
    whole = timeouts.sync_deadline if moves_data else timeouts.deadline
    if "timeout" in call:
        whole = None if read is None else TRIES_IN_A_DEADLINE * read
    localised = {name: value for name, value in call.items() if name in Localisation._fields}
    return EffectiveOptions(
        connect_timeout=timeouts.connect,
        read_timeout=read,
        deadline=timeouts.until.within(call.get("deadline", whole)),
        repeat_unknown=call.get("repeat_unknown", False),
        localisation=defaults.localisation._replace(**localised),  # type: ignore[arg-type]
    )


_OPTIONS = ", ".join(sorted(CallOptions.__optional_keys__))
