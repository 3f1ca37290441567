"""What can have become of a key, in words, and of how many that is so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from superoffice_erpsync.batch import ResyncReport, State

BAD = "bad"
"""Keys that were skipped have no state in the journal; this is what `erpsync report --state` calls them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What can have become of a key.

    Attributes:
        name: What `erpsync report --state` calls it.
        label: Its title.
        meaning: What it means, for somebody who reads of it for the first time.
        open: Whether somebody has to look at such keys.
    """

    name: str
    label: str
    meaning: str
    open: bool = True


OUTCOMES = (
    Outcome("done", "Done", "The server said yes.", open=False),
    Outcome("failed", "Failed", "The server said no to this very key."),
    Outcome(
        "refused",
        "Refused in a group",
        "The server said no to a group of keys, and which of them it means was not found out. Some may be done.",
    ),
    Outcome(
        "unknown",
        "Unknown",
        "Sent, and no answer came that could be trusted. The server may have done them or not. "
        "A resync can be repeated without harm.",
    ),
    Outcome("sent", "Under way", "Sent, and not answered yet; or cut off, and then nobody knows."),
    Outcome("left_out", "Left out", "Kept back on purpose, since filled values of the CRM would have been blanked."),
    Outcome(BAD, "Bad", "Skipped, since they cannot be sent: blank, too long, or with characters that no key has."),
    Outcome("planned", "Not sent yet", "Planned, and still to be sent.", open=False),
)
OPEN = tuple(outcome for outcome in OUTCOMES if outcome.open)
"""What somebody has to look at."""


def count_of(report: ResyncReport, outcome: Outcome) -> int:
    """Number of keys of which it is true."""
    return report.bad_keys if outcome.name == BAD else report.keys[State(outcome.name)]


def all_keys(report: ResyncReport) -> int:
    """Number of keys, with the bad ones."""
    return report.total + report.bad_keys


def fates_of(report: ResyncReport, outcome: Outcome) -> Iterator[tuple[str, int, str | None, str | None]]:
    """The keys of which it is true: key, line, explanation and code, or the error's name where there is no code."""
    if outcome.name == BAD:
        for bad in report.bad():
            yield bad.text, bad.line, bad.reason, None
        return
    for fate in report.fates(State(outcome.name)):
        yield fate.key, fate.line, fate.explanation, fate.code or fate.error
