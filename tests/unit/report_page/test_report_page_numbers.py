"""The numbers of the page: calls over time, how long they took, and the way they are written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing

import pytest

from superoffice_erpsync.batch.schema import TABLES
from superoffice_erpsync.report_page.calls import MOST_STRETCHES, Course, Waits, course_of, waits_of
from superoffice_erpsync.report_page.listed import shares
from superoffice_erpsync.report_page.outcomes import OPEN
from superoffice_erpsync.report_page.texts import duration, number, share
from unit.report_page.runs import BEGIN, at


def calls(rows: Iterable[tuple[float, float | None, str]]) -> tuple[Course | None, Waits | None]:
    """What is made of calls, given by when they were sent, how long they took, and their state."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(TABLES)
        connection.executemany(
            "INSERT INTO chunk (first, last, keys, bytes, attempts, sent_at, answered_at, seconds, state) "
            "VALUES (1, 1, 1, 1, 1, ?, ?, ?, ?)",
            [
                (at(sent), None if seconds is None else at(sent + seconds), seconds, state)
                for sent, seconds, state in rows
            ],
        )
        return course_of(connection), waits_of(connection)


def test_calls_are_counted_by_time_and_kind() -> None:
    states = ("done", "failed", "refused", "split", "unknown", "planned", "sent")
    course, _ = calls((place * 10.0, None if state == "sent" else 1.0, state) for place, state in enumerate(states))
    assert course is not None
    assert course.totals == [1, 3, 3]
    assert (course.begin, course.worked) == (pytest.approx(BEGIN.timestamp()), pytest.approx(60.0, abs=0.01))
    assert course.step == 2


@pytest.mark.parametrize("seconds", [0, 0.01, 1, 47, 100, 5_000, 100_000, 10_000_000])
def test_no_run_has_more_stretches_than_a_chart_shows(seconds: float) -> None:
    course, _ = calls([(0, 0, "done"), *[(seconds * place / 99, 0, "done") for place in range(100)]])
    assert course is not None
    assert 1 <= len(course.stretches) <= MOST_STRETCHES + 1
    assert sum(course.totals) == 101


def test_a_night_between_two_parts_of_a_run_is_left_out() -> None:
    night = 14 * 3_600
    rows = [(place, 0.5, "done") for place in range(100)]
    course, _ = calls([*rows, *[(night + sent, seconds, state) for sent, seconds, state in rows]])
    assert course is not None
    (pause,) = course.pauses
    assert (pause.seconds, pause.worked) == (pytest.approx(night - 99.5, abs=0.01), pytest.approx(99.5, abs=0.01))
    assert course.worked == pytest.approx(199, abs=0.01)
    assert min(sum(stretch) for stretch in course.stretches[:-1]) > 0


def test_a_call_that_takes_long_is_no_pause() -> None:
    course, _ = calls([(0, 900, "done"), (1, 1, "done"), (899, 5, "done")])
    assert course is not None
    assert course.pauses == []


def test_waits_are_told_by_their_shares() -> None:
    _, waits = calls((place, 0.01 * (place + 1), "done") for place in range(100))
    assert waits is not None
    assert waits.quantiles == pytest.approx({50: 0.5, 95: 0.95, 100: 1.0})
    assert sum(sum(numbers) for numbers in waits.classes) == waits.count == 100
    assert len(waits.edges) == len(waits.classes) + 1
    assert waits.edges[0] <= 0.01
    assert waits.edges[-1] >= 1.0


@pytest.mark.parametrize("seconds", [0.0, -1.0, 1e-9, 1e9])
def test_waits_beyond_all_classes_are_counted_in_the_last(seconds: float) -> None:
    _, waits = calls([(0, seconds, "done"), (0, 1.0, "unknown")])
    assert waits is not None
    assert sum(sum(numbers) for numbers in waits.classes) == 2


def test_a_run_without_calls_has_neither() -> None:
    assert calls([]) == (None, None)


def test_times_that_are_none_are_passed_over() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(TABLES)
        connection.execute(
            "INSERT INTO chunk (first, last, keys, bytes, attempts, sent_at, state) "
            "VALUES (1, 1, 1, 1, 1, '<b>', 'done')"
        )
        assert course_of(connection) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0004, "0 ms"),
        (0.34, "340 ms"),
        (3.14, "3.1 s"),
        (9.97, "10 s"),
        (59.4, "59 s"),
        (59.9, "1 min"),
        (204, "3 min 24 s"),
        (7_500, "2 h 5 min"),
        (190_000, "2 d 4 h"),
    ],
)
def test_stretches_of_time_are_told_in_two_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_parts_are_never_rounded_to_nothing_or_to_everything() -> None:
    assert [share(part, 100_000) for part in (0, 1, 50_000, 99_999, 100_000)] == [
        "0 %",
        "< 0.1 %",
        "50 %",
        "> 99.9 %",
        "100 %",
    ]
    assert share(0, 0) == "0 %"
    assert number(1_234_567) == "1,234,567"


def test_few_keys_of_one_outcome_are_not_crowded_out_by_many_of_another() -> None:
    failed, refused, unknown, *_ = OPEN
    counts = {failed: 50_000, refused: 3, unknown: 40_000}
    assert shares(counts, 2_000) == {failed: 999, refused: 3, unknown: 998}
    assert shares({failed: 5, refused: 0}, 2_000) == {failed: 5, refused: 0}
