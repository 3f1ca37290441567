"""Chunks in a journal: which go next, what is noted of them, and what stands in place of one that is split."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from superoffice_erpsync.batch.chunk import ChunkAnswer, Verdict
from superoffice_erpsync.batch.chunks import Chunk, Chunks
from superoffice_erpsync.batch.request_size import bytes_of_key
from superoffice_erpsync.batch.schema import TABLES
from superoffice_erpsync.batch.states import State

KEYS = 10
ROWS = [(1, 4, 4, 100), (5, 8, 4, 200), (9, 10, 2, 300)]


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """Ten keys in three chunks."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        made.executescript(TABLES)
        numbers = range(1, KEYS + 1)
        made.executemany("INSERT INTO key (number, key, line) VALUES (?, ?, 1)", [(one, f"K{one}") for one in numbers])
        Chunks(made).add(ROWS)
        yield made


@pytest.fixture
def chunks(connection: sqlite3.Connection) -> Chunks:
    return Chunks(connection)


def answer(verdict: Verdict = Verdict.UNKNOWN, **facts: Any) -> ChunkAnswer:
    return ChunkAnswer(number=1, verdict=verdict, **facts)


def row(connection: sqlite3.Connection, number: int, columns: str) -> tuple[Any, ...]:
    return connection.execute(f"SELECT {columns} FROM chunk WHERE number = ?", (number,)).fetchone()


def sent(chunks: Chunks, number: int) -> Chunk:
    """Hand out a chunk that is to be sent; how it stood before."""
    chunk = next(one for one in chunks.to_send(KEYS, 100) if one.number == number)
    chunks.mark_sent(chunk)
    return chunk


def lost(chunks: Chunks, number: int) -> Chunk:
    chunk = sent(chunks, number)
    chunks.settle(chunk, State.UNKNOWN, answer())
    return chunk


def numbers(found: list[Chunk]) -> list[int]:
    return [one.number for one in found]


# -- which go next -----------------------------------------------------------------------------------------------------


def test_a_planned_chunk_is_as_it_was_cut(chunks: Chunks) -> None:
    first = Chunk(number=1, first=1, last=4, keys=4, bytes=100, depth=0, attempts=0, bisected=False, lost=False)
    assert chunks.to_send(1, None) == [first]
    assert chunks.keys_of(first) == ("K1", "K2", "K3", "K4")


def test_no_more_go_than_are_wanted_in_the_order_of_the_plan(chunks: Chunks) -> None:
    assert numbers(chunks.to_send(2, None)) == [1, 2]
    assert numbers(chunks.to_send(9, None)) == [1, 2, 3]


def test_parts_go_after_what_nobody_has_sent_yet(chunks: Chunks) -> None:
    chunks.split(sent(chunks, 1), 2, bisected=True)
    assert numbers(chunks.to_send(9, None)) == [2, 3, 4, 5]


def test_what_was_tried_goes_after_what_was_not(chunks: Chunks) -> None:
    first = sent(chunks, 1)
    chunks.settle(first, State.PLANNED, answer(Verdict.NOT_SENT))
    assert numbers(chunks.to_send(9, None)) == [2, 3, 1]


def test_unknown_ones_go_when_no_others_are_left_and_until_they_were_tried_often_enough(chunks: Chunks) -> None:
    lost(chunks, 1)
    lost(chunks, 2)
    assert numbers(chunks.to_send(9, 5)) == [3]
    lost(chunks, 3)
    assert chunks.to_send(9, None) == []
    assert chunks.to_send(9, 1) == []
    assert numbers(chunks.to_send(2, 2)) == [1, 2]
    lost(chunks, 1)
    assert numbers(chunks.to_send(9, 2)) == [2, 3]
    assert numbers(chunks.to_send(9, 3)) == [2, 3, 1]


# -- what is noted -----------------------------------------------------------------------------------------------------


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_chunk_that_leaves_is_noted_with_the_time(chunks: Chunks, connection: sqlite3.Connection) -> None:
    sent(chunks, 2)
    state, attempts, tries, sent_at, answered_at = row(connection, 2, "state, attempts, tries, sent_at, answered_at")
    assert (state, attempts, tries, answered_at) == ("sent", 1, 1, None)
    assert timedelta() <= datetime.now(UTC) - moment(sent_at) < timedelta(minutes=1)
    assert row(connection, 1, "state, attempts, tries, sent_at") == ("planned", 0, 0, None)


def test_an_earlier_answer_goes_when_a_chunk_leaves_again(chunks: Chunks, connection: sqlite3.Connection) -> None:
    for number in (1, 2, 3):
        lost(chunks, number)
    assert row(connection, 1, "answered_at")[0] is not None
    sent(chunks, 1)
    assert row(connection, 1, "state, attempts, tries, answered_at") == ("sent", 2, 2, None)


def test_everything_that_an_answer_says_is_kept(chunks: Chunks, connection: sqlite3.Connection) -> None:
    chunk = sent(chunks, 1)
    said = {"explanation": "No", "code": "X", "error": "ServerFault", "outcome": "rejected", "seconds": 1.5}
    chunks.settle(chunk, State.REFUSED, answer(Verdict.REFUSED, changes={"contact": {"updated": 2}}, **said))
    assert row(connection, 1, "state, lost, explanation, code, error, outcome, seconds, changes") == (
        "refused", 0, "No", "X", "ServerFault", "rejected", 1.5, '{"contact": {"updated": 2}}',
    )  # fmt: skip
    assert timedelta() <= datetime.now(UTC) - moment(row(connection, 1, "answered_at")[0]) < timedelta(minutes=1)
    assert row(connection, 2, "state, explanation") == ("planned", None)


def test_an_answer_without_changes_has_none(chunks: Chunks, connection: sqlite3.Connection) -> None:
    chunks.settle(sent(chunks, 1), State.DONE, answer(Verdict.DONE))
    assert row(connection, 1, "state, changes, code, error, outcome") == ("done", None, None, None, None)


def test_what_was_lost_once_stays_so_whatever_comes_later(chunks: Chunks, connection: sqlite3.Connection) -> None:
    for number in (1, 2, 3):
        lost(chunks, number)
    again = sent(chunks, 1)
    assert again.lost
    chunks.settle(again, State.DONE, answer(Verdict.DONE))
    assert row(connection, 1, "state, lost") == ("done", 1)


def test_a_chunk_that_never_went_to_a_worker_is_planned_as_before(
    chunks: Chunks, connection: sqlite3.Connection
) -> None:
    first, second = sent(chunks, 1), sent(chunks, 2)
    chunks.put_back(first)
    assert row(connection, 1, "state, attempts") == ("planned", 0)
    assert row(connection, 2, "state, attempts") == ("sent", 1)
    assert chunks.awaits(second)
    assert not chunks.awaits(first)


def test_one_that_was_lost_before_is_unknown_again(chunks: Chunks, connection: sqlite3.Connection) -> None:
    for number in (1, 2, 3):
        lost(chunks, number)
    chunks.put_back(sent(chunks, 1))
    assert row(connection, 1, "state, attempts") == ("unknown", 1)


# -- parts -------------------------------------------------------------------------------------------------------------


def test_parts_have_the_keys_of_the_whole_between_them(chunks: Chunks, connection: sqlite3.Connection) -> None:
    second = sent(chunks, 2)
    chunks.split(second, 3, bisected=True)
    rows = connection.execute(
        "SELECT parent, depth, bisected, first, last, keys, bytes, state FROM chunk WHERE number > 3 ORDER BY number"
    ).fetchall()
    size = bytes_of_key("K5")
    assert rows == [
        (2, 1, 1, 5, 5, 1, size, "planned"),
        (2, 1, 1, 6, 6, 1, size, "planned"),
        (2, 1, 1, 7, 8, 2, 2 * size, "planned"),
    ]
    assert row(connection, 2, "state") == ("split",)
    assert row(connection, 1, "state") == ("planned",)


def test_parts_of_what_was_lost_are_as_unknown_as_the_whole(chunks: Chunks, connection: sqlite3.Connection) -> None:
    for number in (1, 2, 3):
        lost(chunks, number)
    chunks.split(sent(chunks, 1), 2, bisected=True)
    for part in (4, 5):
        assert row(connection, part, "state, lost") == ("unknown", 1)
    assert chunks.to_send(9, None) == []


def test_keys_that_are_left_out_are_in_no_part(chunks: Chunks, connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE key SET state = 'left_out' WHERE number IN (6, 7)")
    second = sent(chunks, 2)
    assert chunks.keys_of(second) == ("K5", "K8")
    chunks.split(second, 2, bisected=False)
    parts = chunks.to_send(9, None)[-2:]
    assert [(one.first, one.last, one.keys, one.bisected) for one in parts] == [(5, 5, 1, False), (8, 8, 1, False)]


def test_a_part_of_a_part_is_bisected_if_either_was(chunks: Chunks) -> None:
    chunks.split(sent(chunks, 1), 2, bisected=True)
    chunks.split(sent(chunks, 2), 2, bisected=False)
    assert chunks.bisected() == 2
    chunks.split(sent(chunks, 4), 2, bisected=False)
    chunks.split(sent(chunks, 6), 2, bisected=True)
    assert chunks.bisected() == 6
    deepest = chunks.to_send(9, None)[-4:]
    assert [(one.depth, one.bisected) for one in deepest] == [(2, True)] * 4
