"""What became of a batch's keys, as the user sees it: a table, JSON, or NDJSON and CSV with one line a key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from enum import StrEnum
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeAlias

from superoffice_erpsync.cli.csv_rows import csv_text
from superoffice_erpsync.cli.output import Output, write

if TYPE_CHECKING:
    from rich.console import RenderableType

    from superoffice_erpsync.batch import ResyncReport

_LISTED = 20
"""Keys in a table. The other forms have all."""
_ROWS = 500
_COLUMNS = ("key", "line", "state", "explanation", "code")
_BY_STATE = {
    "done": "done",
    "failed": "failed: refused, each by itself",
    "refused": "refused in groups",
    "unknown": "unknown: the server may have done them",
    "sent": "sent: under way, or cut off while they were",
    "planned": "planned: not sent yet",
    "left_out": "left out: filled values would be blanked",
}


class KeyState(StrEnum):
    """What can be asked for: the states of the library, and keys that were skipped since they cannot be sent."""

    FAILED = "failed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    SENT = "sent"
    LEFT_OUT = "left_out"
    BAD = "bad"
    PLANNED = "planned"
    DONE = "done"


TROUBLED = (KeyState.FAILED, KeyState.REFUSED, KeyState.UNKNOWN, KeyState.SENT, KeyState.LEFT_OUT, KeyState.BAD)
"""What somebody has to look at."""

Scrub: TypeAlias = Callable[[str], str]
Row: TypeAlias = tuple[str, int, str, str | None, str | None]


def show_report(
    report: ResyncReport, output: Output, states: Sequence[KeyState] | None = None, *, scrub: Scrub = str
) -> None:
    """Show a report in the form that is wanted.

    Args:
        report: What became of the keys.
        output: The form.
        states: Only keys in these; None for all in NDJSON and CSV, and else those that somebody has to look at.
        scrub: Masks what must not be shown.
    """
    match output:
        case Output.TABLE:
            _show_table(report, states or TROUBLED, scrub)
        case Output.JSON:
            _show_json(report, states or TROUBLED, scrub)
        case Output.NDJSON:
            _show_ndjson(report, states or tuple(KeyState), scrub)
        case Output.CSV:
            _show_csv(report, states or tuple(KeyState), scrub)


def _show_table(report: ResyncReport, states: Sequence[KeyState], scrub: Scrub) -> None:
    """The numbers, and the first keys in the given states."""
    from superoffice_erpsync.cli.tables import facts_table, rows_table, show

    parts: list[RenderableType] = [facts_table(report.terms.operation, _facts(report, scrub))]
    rows = [
        (key, str(line), state, explanation)
        for key, line, state, explanation, _ in islice(_rows(report, states, scrub), _LISTED)
    ]
    if rows:
        more = _count(report, states) - len(rows)
        title = f"The first {len(rows)} of {len(rows) + more:,} keys" if more else "Keys"
        parts.append(rows_table(title, ("Key", "Line", "State", "Explanation"), rows))
    show(*parts)


def _show_json(report: ResyncReport, states: Sequence[KeyState], scrub: Scrub) -> None:
    """The numbers, and all keys in the given states, as one object. It is written as it is read."""
    head = json.dumps(_summary(report, scrub), indent=2, ensure_ascii=False).removesuffix("\n}")
    write(f'{head},\n  "listed": [')
    separator, end = "\n    ", "]\n}\n"
    texts = _texts(report, states, scrub)
    while piece := list(islice(texts, _ROWS)):
        if not write(separator + ",\n    ".join(piece)):
            return
        separator, end = ",\n    ", "\n  ]\n}\n"
    write(end)


def _show_ndjson(report: ResyncReport, states: Sequence[KeyState], scrub: Scrub) -> None:
    """A line for each key in the given states. It is written as it is read."""
    texts = _texts(report, states, scrub)
    while piece := list(islice(texts, _ROWS)):
        if not write("\n".join(piece) + "\n"):
            return


def _show_csv(report: ResyncReport, states: Sequence[KeyState], scrub: Scrub) -> None:
    """A header, and a line for each key in the given states. It is written as it is read."""
    rows: Iterator[Sequence[object]] = chain([_COLUMNS], _rows(report, states, scrub))
    while piece := list(islice(rows, _ROWS)):
        if not write(csv_text(piece)):
            return


def _texts(report: ResyncReport, states: Iterable[KeyState], scrub: Scrub) -> Iterator[str]:
    """A JSON object for each key."""
    rows = (dict(zip(_COLUMNS, row, strict=True)) for row in _rows(report, states, scrub))
    return (json.dumps(row, ensure_ascii=False) for row in rows)


def _rows(report: ResyncReport, states: Iterable[KeyState], scrub: Scrub) -> Iterator[Row]:
    from superoffice_erpsync.batch import State

    for state in states:
        if state is KeyState.BAD:
            for bad in report.bad():
                yield bad.text, bad.line, state, bad.reason, None
        else:
            for fate in report.fates(State(state)):
                yield fate.key, fate.line, state, fate.explanation and scrub(fate.explanation), fate.code


def _count(report: ResyncReport, states: Iterable[KeyState]) -> int:
    from superoffice_erpsync.batch import State

    return sum(report.bad_keys if state is KeyState.BAD else report.keys[State(state)] for state in states)


def _facts(report: ResyncReport, scrub: Scrub) -> list[tuple[str, str | None]]:
    terms = report.terms
    holder = report.holder
    counts = [(name.capitalize(), f"{count:,}") for name, count in _counts(report) if count]
    return [
        ("Address", terms.address),
        ("Connection", str(terms.connection_id)),
        ("ActorType", terms.actor_type),
        ("Blank values", f"{terms.blank_values}, compared before" if terms.preflight else terms.blank_values),
        ("Keys from", report.source),
        ("State", report.state.replace("_", " ")),
        ("Stopped", report.stop_explanation and scrub(report.stop_explanation)),
        ("At work", f"process {holder.pid} on {holder.host} since {holder.since}, if it lives" if holder else None),
        ("Keys", f"{report.total:,}"),
        *counts,
        ("Calls", f"{report.calls:,}"),
        ("Seconds", f"{report.seconds:,.1f}"),
        ("Changes", _changes(report)),
    ]


def _counts(report: ResyncReport) -> list[tuple[str, int]]:
    from superoffice_erpsync.batch import State

    named = [(text, report.keys[State(state)]) for state, text in _BY_STATE.items()]
    return [
        *named,
        ("bad: skipped, since they cannot be sent", report.bad_keys),
        ("came again", report.duplicates),
    ]


def _changes(report: ResyncReport) -> str:
    return "; ".join(
        f"{table}: {', '.join(f'{count:,} {kind}' for kind, count in kinds.items())}"
        for table, kinds in sorted(report.changes.items())
    )


def _summary(report: ResyncReport, scrub: Scrub) -> dict[str, object]:
    return {
        "journal": str(report.journal),
        "state": report.state,
        "all_done": report.all_done,
        **asdict(report.terms),
        "source": report.source,
        "total": report.total,
        "keys": dict(report.keys),
        "chunks": dict(report.chunks),
        "calls": report.calls,
        "duplicates": report.duplicates,
        "bad_keys": report.bad_keys,
        "seconds": round(report.seconds, 3),
        "changes": report.changes,
        "stopped_because": report.stopped_because,
        "stop_explanation": report.stop_explanation and scrub(report.stop_explanation),
        "holder": asdict(report.holder) if report.holder else None,
    }
