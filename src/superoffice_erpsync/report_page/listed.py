"""The keys on the page: as many as a page bears, of each outcome some, and their places in every order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from superoffice_erpsync.batch import ResyncReport
from superoffice_erpsync.report_page.outcomes import OPEN, Outcome, count_of, fates_of
from superoffice_erpsync.report_page.texts import visible_key

MOST_ROWS = 2_000
"""Beyond it, browsers get slow and nobody reads on; CSV has all."""
_LONGEST_EXPLANATION = 500
_DIGITS = re.compile(r"([0-9]+)")


@dataclass(slots=True)
class Row:
    """One key.

    Attributes:
        key: The key, with everything visible.
        line: Where it stood in the input.
        outcome: What became of it.
        explanation: Why; cut where it is long.
        code: The server's code or the error's name.
        places: Its place in each order, by the order's name.
    """

    key: str
    line: int
    outcome: Outcome
    explanation: str
    code: str
    places: dict[str, int]


@dataclass(frozen=True, slots=True)
class Listed:
    """The keys that somebody has to look at.

    Attributes:
        rows: Some of each outcome, or all.
        total: How many there are.
        counts: How many rows there are of each outcome that has some.
    """

    rows: Sequence[Row]
    total: int
    counts: Mapping[Outcome, int]

    @property
    def missing(self) -> int:
        """How many there is no room for."""
        return self.total - len(self.rows)


_ORDERS: Mapping[str, Callable[[Row], Any]] = {
    "key": lambda row: _natural(row.key),
    "line": lambda row: row.line,
    "explanation": lambda row: _natural(row.explanation),
    "code": lambda row: _natural(row.code),
}
"""Besides the order of the outcomes, which is the one that rows come in."""


def list_keys(report: ResyncReport, most: int = MOST_ROWS) -> Listed:
    """The keys that somebody has to look at.

    Args:
        report: Where they are told.
        most: How many there is room for.

    Raises:
        JournalError: The journal cannot be read.
    """
    counts = {outcome: count_of(report, outcome) for outcome in OPEN}
    rows: list[Row] = []
    listed: dict[Outcome, int] = {}
    for outcome, room in shares(counts, most).items():
        found = [_row(outcome, *fate) for fate in islice(fates_of(report, outcome), room)]
        if found:
            listed[outcome] = len(found)
            rows += found
    for name, order in _ORDERS.items():
        _number(rows, name, order)
    # A batch that goes on meanwhile may have come to more than there were.
    return Listed(rows=rows, total=max(sum(counts.values()), len(rows)), counts=listed)


def shares(counts: Mapping[Outcome, int], most: int) -> dict[Outcome, int]:
    """Room for each outcome, so that fifty thousand keys of one do not crowd out three of another."""
    shares = dict.fromkeys(counts, 0)
    waiting = sorted(counts, key=lambda outcome: counts[outcome])
    while waiting:
        outcome = waiting.pop(0)
        shares[outcome] = min(counts[outcome], most // (len(waiting) + 1))
        most -= shares[outcome]
    return shares


def _row(outcome: Outcome, key: str, line: int, explanation: str | None, code: str | None) -> Row:
    words = (explanation or "").strip()
    if len(words) > _LONGEST_EXPLANATION:
        words = f"{words[:_LONGEST_EXPLANATION].rstrip()} […]"
    return Row(key=visible_key(key), line=line, outcome=outcome, explanation=words, code=code or "", places={})


def _number(rows: Sequence[Row], name: str, order: Callable[[Row], Any]) -> None:
    place, before = 0, None
    for row in sorted(rows, key=order):
        value = order(row)
        # Equal ones keep the order that they came in.
        place += value != before
        row.places[name], before = place, value


def _natural(text: str) -> list[tuple[int, str, str]]:
    """What to sort by, so that C9 comes before C10."""
    parts = _DIGITS.split(text.casefold())
    # Python makes no number of thousands of digits: their count and the digits themselves sort alike.
    return [
        (len(bare := part.lstrip("0")), bare, part) if place % 2 else (0, part, part)
        for place, part in enumerate(parts)
    ]
