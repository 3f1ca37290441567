"""The record of calls stays small."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime

import pytest

from superoffice_erpsync.sandbox import ReceivedCall
from superoffice_erpsync.sandbox.call_log import CallLog


def call(number=0, **arguments):
    return ReceivedCall(
        operation=f"Op{number}",
        service="ErpSync",
        arguments=arguments,
        ticket_known=True,
        status=200,
        at=datetime(2026, 3, 1, tzinfo=UTC),
    )


def test_it_is_a_list_of_the_latest_calls():
    log = CallLog(most_calls=3)
    assert log == []
    log.extend(call(number) for number in range(5))
    assert [one.operation for one in log] == ["Op2", "Op3", "Op4"]
    assert log[-1].operation == "Op4"
    assert [number for number, _ in log.numbered()] == [3, 4, 5]
    assert log.last_number == 5


def test_numbers_go_on_after_clearing():
    log = CallLog()
    log.append(call())
    log.clear()
    assert (log, log.last_number) == ([], 1)
    log.append(call())
    assert [number for number, _ in log.numbered()] == [2]


def test_large_arguments_are_kept_while_there_is_room_and_then_shortened():
    log = CallLog(most_weight=250_000)
    keys = [f"C{number}" for number in range(1500)]
    for number in range(4):
        log.append(call(number, ErpConnectionId=1, ExternalKeys=keys))
    assert log[3].arguments == log[2].arguments == {"ErpConnectionId": 1, "ExternalKeys": keys}
    assert log[0].arguments == {"ErpConnectionId": 1, "ExternalKeys": [*keys[:10], "… 1490 more"]}
    assert log[1].operation == "Op1"


@pytest.mark.parametrize(
    ("value", "short"),
    [
        ("x" * 300, "x" * 200 + "… 100 more"),
        (b"x" * 300, b"x" * 200),
        ([["y" * 201]], [["y" * 200 + "… 1 more"]]),
        ({str(number): number for number in range(60)}, {**{str(n): n for n in range(50)}, "…": "10 more"}),
    ],
)
def test_whatever_is_long_is_shortened(value, short):
    log = CallLog(most_weight=0)
    log.append(call(Long=value, Padding=["z"] * 200))
    assert log[0].arguments["Long"] == short


def test_small_arguments_are_never_shortened():
    log = CallLog(most_weight=0)
    log.append(call(ExternalKeys=["C1"] * 20))
    assert log[0].arguments == {"ExternalKeys": ["C1"] * 20}


def test_calls_that_are_gone_take_no_room():
    log = CallLog(most_calls=2, most_weight=250_000)
    for number in range(6):
        log.append(call(number, Keys=["C1001"] * 1500))
    assert [len(one.arguments["Keys"]) for one in log] == [1500, 1500]


def test_memory_stays_flat():
    log = CallLog(most_calls=50, most_weight=125_000)

    def fill(calls):
        for number in range(calls):
            log.append(call(number, Keys=[f"C{number}-{place}" for place in range(500)]))

    tracemalloc.start()
    try:
        fill(75)
        before, _ = tracemalloc.get_traced_memory()
        fill(150)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after < before * 1.1
    assert after < 500_000
