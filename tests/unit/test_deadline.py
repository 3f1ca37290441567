"""A deadline is a moment; time limits within it make it earlier and never later."""

from __future__ import annotations

import threading
import time

import pytest

from superoffice_erpsync.deadline import Deadline


def test_without_a_moment_there_is_no_limit() -> None:
    never = Deadline()
    assert never == Deadline.after(None)
    assert never.left() is None
    assert never.allows(1e9)
    assert never.within(None) == never


def test_what_is_left_shrinks_until_it_is_nothing_and_then_less() -> None:
    deadline = Deadline.after(0.02)
    first = deadline.left()
    time.sleep(0.03)
    second = deadline.left()
    assert first is not None
    assert second is not None
    assert 0 < first <= 0.02
    assert second < 0


@pytest.mark.parametrize(
    ("whole", "step", "wanted"),
    [(10, 1, 1), (1, 10, 1), (None, 10, 10), (10, None, 10), (None, None, None), (-5, 10, -5), (10, 0, 0)],
)
def test_the_earlier_of_two_moments_holds(whole: float | None, step: float | None, wanted: float | None) -> None:
    left = Deadline.after(whole).within(step).left()
    assert left == (None if wanted is None else pytest.approx(wanted, abs=0.5))


def test_a_step_leaves_the_whole_as_it_was() -> None:
    whole = Deadline.after(10)
    moment = whole.moment
    whole.within(1)
    assert whole.moment == moment


@pytest.mark.parametrize(
    ("left", "seconds", "allowed"), [(10, 5, True), (10, 15, False), (0, 0, False), (-1, 0, False)]
)
def test_a_wait_is_allowed_where_something_is_left_after_it(left: float, seconds: float, allowed: bool) -> None:
    assert Deadline.after(left).allows(seconds) is allowed


@pytest.mark.parametrize("seconds", [None, 10, 1e12, 0, -1])
def test_a_free_lock_is_acquired_whatever_is_left(seconds: float | None) -> None:
    assert Deadline.after(seconds).acquire(threading.Lock())


def test_a_lock_that_is_kept_is_waited_for_until_the_deadline() -> None:
    lock = threading.Lock()
    lock.acquire()
    started = time.monotonic()
    assert [Deadline.after(seconds).acquire(lock) for seconds in (0.03, 0, -1)] == [False, False, False]
    assert 0.02 <= time.monotonic() - started < 5
