"""The template filled in."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from superoffice_erpsync.batch import ResyncReport
from superoffice_erpsync.batch.journal import reading
from superoffice_erpsync.report_page.calls import Course, Waits, course_of, waits_of
from superoffice_erpsync.report_page.drawing import draw_bar, draw_course, draw_waits
from superoffice_erpsync.report_page.head import (
    STATES,
    csv_command,
    facts_of,
    steps_of,
    stopped_of,
    times_of,
    verdict_of,
)
from superoffice_erpsync.report_page.listed import list_keys
from superoffice_erpsync.report_page.outcomes import OUTCOMES, all_keys, count_of
from superoffice_erpsync.report_page.texts import counted, duration, moment_of, number, share, visible
from superoffice_erpsync.version import VERSION

_TEMPLATES: Final = Path(__file__).parent / "templates"
_WIDTHS: Final = {"wide": 540, "narrow": 320}
"""In points: a picture for desks and paper, and one for phones, whose letters would be too small otherwise."""
_MOST_TABLES: Final = 100


def render_page(report: ResyncReport) -> str:
    """The whole page.

    Args:
        report: What became of the batch.

    Raises:
        JournalError: The journal cannot be read.
    """
    with reading(report.journal) as connection:
        # One moment for all of it, also while a run goes on.
        connection.execute("BEGIN")
        times = times_of(connection)
        course = course_of(connection)
        waits = waits_of(connection)
    listed = list_keys(report)
    script = (_TEMPLATES / "find.js").read_text(encoding="utf-8")
    return (
        _environment()
        .get_template("page.html")
        .render(
            report=report,
            state=STATES[report.state],
            verdict=verdict_of(report),
            stopped=stopped_of(report),
            steps=steps_of(report),
            facts=facts_of(report, times),
            total=all_keys(report),
            **_outcomes(report),
            **_course(course),
            **_waits(waits),
            **_changes(report),
            listed=listed,
            all_listed=csv_command(report, [outcome.name for outcome in listed.counts]),
            script=Markup(script),  # noqa: S704 # our own file
            script_hash=b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            version=VERSION,
        )
    )


def _outcomes(report: ResyncReport) -> dict[str, Any]:
    counts = {outcome: count_of(report, outcome) for outcome in OUTCOMES}
    some = {outcome: count for outcome, count in counts.items() if count}
    words = ", ".join(f"{outcome.label.lower()} {number(count)}" for outcome, count in some.items()) or "no keys"
    bar = draw_bar([(outcome.name, count) for outcome, count in some.items()], "Keys by outcome", words)
    # Where something is left open it is good to see at a glance that nothing is done as well.
    shown = some or {outcome: count for outcome, count in counts.items() if outcome.name == "done"}
    return {"outcomes": shown, "bar": Markup(bar)}  # noqa: S704 # of texts of our own


def _course(course: Course | None) -> dict[str, Any]:
    if course is None:
        return {"course": None}
    done, refused, unanswered = course.totals
    words = (
        f"{counted(sum(course.totals), 'call', 'calls')} within {duration(course.worked)}: {number(done)} done, "
        f"{number(refused)} refused or sent again in parts, {number(unanswered)} without an answer that can be "
        f"trusted. Each bar is {duration(course.step)}."
    )
    pictures = {name: draw_course(course, f"course-{name}", width, words) for name, width in _WIDTHS.items()}
    stretches = [
        (duration(place * course.step) if place else "0 s", numbers)
        for place, numbers in enumerate(course.stretches)
        if any(numbers)
    ]
    pauses = [(duration(pause.seconds), moment_of(pause.begin)) for pause in course.pauses]
    return {
        "course": course,
        "course_words": words,
        "course_pictures": _markup(pictures),
        "stretches": stretches,
        "pauses": pauses,
    }


def _waits(waits: Waits | None) -> dict[str, Any]:
    if waits is None:
        return {"waits": None}
    middle, most, longest = (duration(waits.quantiles[percent]) for percent in (50, 95, 100))
    words = (
        f"Half of {counted(waits.count, 'call', 'calls')} took no longer than {middle}, 95 % no longer than {most}; "
        f"the longest took {longest}."
    )
    pictures = {name: draw_waits(waits, f"waits-{name}", width, words) for name, width in _WIDTHS.items()}
    classes = [
        (f"{duration(low)} to {duration(high)}", numbers)
        for low, high, numbers in zip(waits.edges, waits.edges[1:], waits.classes, strict=False)
        if any(numbers)
    ]
    return {"waits": waits, "waits_words": words, "waits_pictures": _markup(pictures), "classes": classes}


def _changes(report: ResyncReport) -> dict[str, Any]:
    kinds = ("added", "updated", "deleted")
    tables = sorted(report.changes.items())
    rows = [(name, [of_table.get(kind, 0) for kind in kinds]) for name, of_table in tables[:_MOST_TABLES]]
    return {"changed_tables": rows, "more_tables": len(tables) - len(rows)}


def _markup(pictures: Mapping[str, str]) -> dict[str, Markup]:
    return {name: Markup(picture) for name, picture in pictures.items()}  # noqa: S704 # of texts of our own


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Whatever is put in, wherever: nothing in it stays unseen, or turns the text around it.
        finalize=lambda value: visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )
    environment.filters["number"] = number
    environment.filters["share"] = share
    return environment
