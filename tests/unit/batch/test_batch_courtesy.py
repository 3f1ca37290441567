"""Rates and circuits."""

from __future__ import annotations

import pytest

from superoffice_erpsync import InvalidRequest
from superoffice_erpsync.batch.courtesy import Circuit, Pace


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("rate", [0.5, 3, 40, 1000])
@pytest.mark.parametrize("tick", [0.001, 0.03, 0.7])
def test_no_more_calls_go_than_the_rate_allows_and_hardly_fewer(rate, tick):
    clock = Clock()
    pace = Pace(rate, clock)
    gone = 0
    while clock.now < 130:
        count = pace.allowed(10_000)
        pace.took(count)
        gone += count
        clock.now += tick
    assert gone <= 30 * rate + 1
    if tick <= 0.1:
        assert gone >= 30 * rate * 0.95 - 1


def test_what_was_missed_is_not_made_up_for():
    clock = Clock()
    pace = Pace(10, clock)
    clock.now += 60
    assert pace.allowed(1_000) == 2


def test_without_a_rate_nobody_waits():
    pace = Pace(None)
    pace.took(5)
    assert (pace.allowed(7), pace.wait()) == (7, 0.0)


def test_a_circuit_breaks_after_so_many_in_a_row():
    circuit = Circuit(2)
    for answered, broken in [(False, False), (True, False), (False, False), (False, True)]:
        circuit.note(answered=answered)
        assert circuit.broken is broken


@pytest.mark.parametrize("make", [lambda: Pace(0), lambda: Pace(float("inf")), lambda: Pace(-1), lambda: Circuit(0)])
def test_numbers_that_make_no_sense_are_refused(make):
    with pytest.raises(InvalidRequest):
        make()
