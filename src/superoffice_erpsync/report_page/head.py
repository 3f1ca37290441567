"""What stands at the head of the page: what ran, how far it came, and what to do next."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from superoffice_erpsync.batch import ResyncReport, State, StopReason
from superoffice_erpsync.report_page.outcomes import OPEN, all_keys, count_of
from superoffice_erpsync.report_page.texts import bare_address, command_line, counted, duration, moment, number

STATES = {
    "complete": "Complete",
    "incomplete": "Incomplete",
    "planned": "Planned, not begun",
    "not_planned": "Not planned",
}
_STOPS = {
    StopReason.ASKED: "It was asked to stop",
    StopReason.INTERRUPTED: "It was interrupted from the keyboard",
    StopReason.SERVER_DOWN: "The server did not answer any more",
    StopReason.LOGIN: "The login or the ticket was refused",
    StopReason.CONFIGURATION: "The client cannot work as it was set up, or the services lack the operation",
    StopReason.JOURNAL: "The journal could not be written any more",
    StopReason.EXECUTOR: "The workers broke",
}

_WHERE = ", with --profile or --url and the like as before"
"""The journal does not know how its installation was named."""
_SENT_AGAIN = ("unknown", "sent")
"""Outcomes that need nobody's help but that the batch goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When it was, as the journal says it.

    Attributes:
        created: When the batch was begun.
        first: When its first call was made; None where there was none.
        last: When its last answer came, likewise.
    """

    created: str
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do next, with the command that does it."""

    text: str
    command: str | None = None


def times_of(connection: sqlite3.Connection) -> Times:
    """When the run was."""
    (created,) = connection.execute("SELECT created_at FROM run").fetchone()
    first, last = connection.execute("SELECT min(sent_at), max(answered_at) FROM chunk WHERE attempts > 0").fetchone()
    return Times(created=created, first=first, last=last)


def verdict_of(report: ResyncReport) -> str:
    """How it went, in one sentence."""
    keys, done = all_keys(report), report.keys[State.DONE]
    some = f"{number(done)} of {counted(keys, 'key is', 'keys are')} done"
    if report.state == "not_planned":
        return "The plan is not complete, and nothing was sent."
    if report.state == "planned":
        return f"{counted(report.keys[State.PLANNED], 'key is', 'keys are')} planned, and nothing was sent yet."
    if report.all_done:
        return "The one key is done." if keys == 1 else f"All {number(keys)} keys are done."
    open_keys = sum(count_of(report, outcome) for outcome in OPEN)
    look = f"{counted(open_keys, 'needs', 'need')} a look" if open_keys else ""
    left = report.keys[State.PLANNED]
    rest = f"{counted(left, 'is', 'are')} still to be sent" if left else ""
    return f"{some}; {' and '.join(filter(None, (rest, look)))}."


def stopped_of(report: ResyncReport) -> str | None:
    """Why it stopped before its end; None where it did not."""
    if report.stopped_because is None:
        return None
    words = _STOPS[report.stopped_because]
    return f"{words}: {report.stop_explanation}" if report.stop_explanation else f"{words}."


def steps_of(report: ResyncReport) -> list[Step]:
    """What to do next."""
    resume = command_line("erpsync", "resync", "--resume", str(report.journal))
    steps = [_going_on(report, resume)] if not report.complete or report.any_unknown else []
    if report.state == "not_planned":
        return steps
    names = [outcome.name for outcome in OPEN if outcome.name not in _SENT_AGAIN and count_of(report, outcome)]
    if names:
        text = (
            "Look at the keys below. What you put right goes into another batch with a journal of its own. "
            "They are listed by:"
        )
        steps.append(Step(text, csv_command(report, names)))
    return steps or [Step("Nothing is left to do.")]


def csv_command(report: ResyncReport, names: list[str]) -> str:
    """The command that lists all keys of some outcomes."""
    states = [word for name in names for word in ("--state", name)]
    return command_line("erpsync", "report", str(report.journal), "--output", "csv", *states) + " > keys.csv"


def facts_of(report: ResyncReport, times: Times) -> list[tuple[str, str]]:
    """What ran, when, and on what."""
    terms = report.terms
    source = "0, the CRM itself" if terms.connection_id == 0 else str(terms.connection_id)
    done = report.keys[State.DONE]
    facts = [
        ("Operation", terms.operation),
        ("Connection", source),
        ("Actor type", terms.actor_type or "none: the keys are ids of internal keys"),
        ("Blank values", _blank_values(report)),
        ("Installation", bare_address(terms.address) or "not known"),
        ("Keys from", report.source or "not known yet"),
        ("Journal", str(report.journal)),
        ("Begun", moment(times.created)),
        ("First call", moment(times.first) if times.first else "none"),
        ("Last answer", moment(times.last) if times.last else "none"),
        ("Time at work", _time_at_work(report, done)),
        ("Calls", number(report.calls)),
    ]
    if report.duplicates:
        facts.append(("Came again", f"{counted(report.duplicates, 'key', 'keys')}, sent once all the same"))
    return facts


def _going_on(report: ResyncReport, resume: str) -> Step:
    holder = report.holder
    if holder is not None:
        who = f"process {holder.pid} on {holder.host} has the journal since {moment(holder.since)}"
        if not report.planned:
            return Step(f"{who[0].upper()}{who[1:]}. If it no longer runs, start the resync again with its keys.")
        return Step(
            f"{who[0].upper()}{who[1:]}. If it still runs, ask again later; if not, go on with the batch{_WHERE}:",
            resume,
        )
    if not report.planned:
        return Step("Start the resync again with its keys and the same journal.")
    if report.state == "planned":
        return Step(f"Carry out the plan{_WHERE}:", resume)
    if not report.complete:
        return Step(f"Go on with the batch{_WHERE}; what is done is not sent again:", resume)
    return Step(f"Try the unknown keys again{_WHERE}; a resync can be repeated without harm:", resume)


def _blank_values(report: ResyncReport) -> str:
    if report.terms.blank_values == "overwrite":
        return "overwrite filled ones"
    if report.terms.preflight:
        return "filled ones are kept: values were compared before, and keys that would lose some are left out"
    return "filled ones are kept"


def _time_at_work(report: ResyncReport, done: int) -> str:
    if not report.seconds:
        return "not known: no process came to its end" if report.calls else "none"
    speed = done / report.seconds
    rate = f", {number(speed) if speed >= 10 else f'{speed:.1f}'} keys done a second" if done else ""
    return duration(report.seconds) + rate
