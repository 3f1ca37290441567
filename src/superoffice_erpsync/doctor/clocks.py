"""The clocks: how far that of the server is from ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime

from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.finding import Finding, note, ok, warning
from superoffice_erpsync.doctor.spans import in_words

CLOCK = "clock"
_MUCH_SECONDS = 60
_KERBEROS_SECONDS = 300


def look(chart: Chart) -> Iterator[Finding]:
    """Compare the Date of the first answer with our time."""
    assert chart.answer is not None, "HTTP is looked at first"
    assert chart.answered_at is not None, "HTTP is looked at first"
    try:
        said = parsedate_to_datetime(chart.answer.headers.get("Date") or "")
    except (TypeError, ValueError, OverflowError):
        yield note(CLOCK, "the server does not say what time it has")
        return
    theirs = said if said.tzinfo else said.replace(tzinfo=UTC)
    seconds = round((theirs - chart.answered_at).total_seconds())
    if abs(seconds) <= _MUCH_SECONDS:
        yield ok(CLOCK, "the server's clock and ours agree", seconds=seconds)
        return
    text = f"the server's clock is {in_words(abs(seconds))} {'ahead of' if seconds > 0 else 'behind'} ours"
    fix = "set the clock that is wrong, best by a time server: tickets, certificates and times of syncs go by it"
    if abs(seconds) > _KERBEROS_SECONDS:
        fix += "; Windows refuses logins by Kerberos from 5 minutes on"
    yield warning(CLOCK, text, fix, seconds=seconds)
