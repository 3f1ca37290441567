"""The calls of a batch as its journal has them: when they were made, how long they took, and what came of them."""

from __future__ import annotations

import heapq
import sqlite3
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TypeAlias

from superoffice_erpsync.batch.states import State

MOST_STRETCHES = 48
"""Bars of a chart over time."""
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400)
_SHORTEST_PAUSE = 60.0
_MOST_PAUSES = 20
_EDGES = tuple(
    round(factor * 10.0**power, 6) for power in range(-3, 5) for factor in (1, 1.5, 2, 3, 5, 7)
)  # in seconds, evenly spread to the eye on a logarithmic scale

Numbers: TypeAlias = list[int]
"""Calls by kind, in the order of `CALL_KINDS`."""
CALL_KINDS = ("done", "refused", "unanswered")

_CALLS = (
    "SELECT (julianday(sent_at) - 2440587.5) * 86400.0 AS sent, "
    "(julianday(coalesce(answered_at, sent_at)) - 2440587.5) * 86400.0, state "
    "FROM chunk WHERE attempts > 0 AND julianday(sent_at) IS NOT NULL ORDER BY sent"
)
"""When each call was made and over, in seconds since 1970."""
_TIMED = "FROM chunk WHERE attempts > 0 AND seconds IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which no call was under way.

    Attributes:
        begin: When it began, in seconds since 1970.
        seconds: How long it was.
        worked: Seconds from the first call to it, earlier pauses not counted.
    """

    begin: float
    seconds: float
    worked: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The calls over time, each by its last attempt.

    Attributes:
        begin: When the first was made, in seconds since 1970.
        end: When the last one was answered.
        step: Seconds of a stretch.
        stretches: Calls that were answered in each, by kind.
        pauses: Long ones, which the stretches leave out.
    """

    begin: float
    end: float
    step: float
    stretches: list[Numbers]
    pauses: list[Pause]

    @property
    def totals(self) -> Numbers:
        """Calls by kind."""
        return [sum(of_kind) for of_kind in zip(*self.stretches, strict=True)]

    @property
    def worked(self) -> float:
        """Seconds without the pauses."""
        return self.end - self.begin - sum(pause.seconds for pause in self.pauses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long answers took.

    Attributes:
        count: Calls of which it is known.
        edges: Bounds of the classes in seconds; one more than there are classes.
        classes: Calls in each, by kind.
        quantiles: Seconds within which a share of the calls was over, by the share in percent; 100 is the longest.
    """

    count: int
    edges: list[float]
    classes: list[Numbers]
    quantiles: dict[int, float] = field(default_factory=dict)


def course_of(connection: sqlite3.Connection) -> Course | None:
    """The calls over time; None where there was none. They are read one by one, and not kept."""
    begin, end, idle = _idle(connection)
    if begin is None:
        return None
    pauses = _pauses(begin, end, idle)
    worked = end - begin - sum(pause.seconds for pause in pauses)
    step = next((step for step in _STEPS if worked < step * MOST_STRETCHES), None)
    if step is None:
        step = _STEPS[-1] * (worked // (_STEPS[-1] * MOST_STRETCHES) + 1)
    stretches = [[0] * len(CALL_KINDS) for _ in range(int(worked // step) + 1)]
    for _, answered, state in connection.execute(_CALLS):
        at = answered - begin - sum(pause.seconds for pause in pauses if pause.begin < answered)
        stretches[min(max(int(at // step), 0), len(stretches) - 1)][_kind(state)] += 1
    return Course(begin=begin, end=end, step=step, stretches=stretches, pauses=pauses)


def waits_of(connection: sqlite3.Connection) -> Waits | None:
    """How long answers took; None where there was none."""
    (count,) = connection.execute(f"SELECT count(*) {_TIMED}").fetchone()
    if not count:
        return None
    classes = [[0] * len(CALL_KINDS) for _ in range(len(_EDGES) - 1)]
    for seconds, state in connection.execute(f"SELECT seconds, state {_TIMED}"):
        classes[min(max(bisect_right(_EDGES, seconds) - 1, 0), len(classes) - 1)][_kind(state)] += 1
    filled = [place for place, numbers in enumerate(classes) if any(numbers)]
    first, last = filled[0], filled[-1]
    return Waits(
        count=count,
        edges=list(_EDGES[first : last + 2]),
        classes=classes[first : last + 1],
        quantiles={percent: _quantile(connection, count, percent) for percent in (50, 95, 100)},
    )


def _kind(state: str) -> int:
    match state:
        case State.DONE:
            return 0
        case State.REFUSED | State.FAILED | State.SPLIT:
            return 1
    return 2


def _idle(connection: sqlite3.Connection) -> tuple[float | None, float, list[tuple[float, float]]]:
    """When the first call was made and the last one was over, and the longest stretches without any: length, begin."""
    begin: float | None = None
    until = 0.0
    idle: list[tuple[float, float]] = []
    for sent, answered, _ in connection.execute(_CALLS):
        if begin is None:
            begin = until = sent
        if sent - until >= _SHORTEST_PAUSE:
            heapq.heappush(idle, (sent - until, until))
            if len(idle) > _MOST_PAUSES:
                heapq.heappop(idle)
        until = max(until, sent, answered)
    return begin, until, idle


def _pauses(begin: float, end: float, idle: list[tuple[float, float]]) -> list[Pause]:
    """The stretches without a call that would take more than a fifth of a chart, as where a batch was resumed."""
    rest = end - begin
    long: list[tuple[float, float]] = []
    for seconds, at in sorted(idle, reverse=True):
        if seconds < rest / 5:
            break
        rest -= seconds
        long.append((at, seconds))
    pauses: list[Pause] = []
    for at, seconds in sorted(long):
        pauses.append(Pause(at, seconds, at - begin - sum(pause.seconds for pause in pauses)))
    return pauses


def _quantile(connection: sqlite3.Connection, count: int, percent: int) -> float:
    place = max(-(-count * percent // 100) - 1, 0)
    (seconds,) = connection.execute(f"SELECT seconds {_TIMED} ORDER BY seconds LIMIT 1 OFFSET ?", (place,)).fetchone()
    return float(seconds)
