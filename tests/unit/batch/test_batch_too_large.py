"""Chunks that are too large for the server: what was refused once for its size is not sent again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from superoffice_erpsync.batch.bisection import Bisection, default_budget
from superoffice_erpsync.batch.chunk import ChunkAnswer, Verdict
from superoffice_erpsync.batch.chunks import Chunk, Chunks
from superoffice_erpsync.batch.schema import TABLES

TOO_LARGE = ChunkAnswer(number=1, verdict=Verdict.TOO_LARGE)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """Five chunks of sizes that grow, the last with one key."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        made.executescript(TABLES)
        keys = [(number, f"K{number}", 1) for number in range(1, 12)]
        made.executemany("INSERT INTO key (number, key, line) VALUES (?, ?, ?)", keys)
        Chunks(made).add([(1, 2, 2, 99), (3, 4, 2, 100), (5, 7, 3, 150), (8, 10, 3, 200), (11, 11, 1, 300)])
        yield made


@pytest.fixture
def chunks(connection: sqlite3.Connection) -> Chunks:
    return Chunks(connection)


def planned(chunks: Chunks) -> dict[int, Chunk]:
    return {one.number: one for one in chunks.to_send(99, None)}


def fate(connection: sqlite3.Connection, number: int) -> str:
    return connection.execute("SELECT state FROM chunk WHERE number = ?", (number,)).fetchone()[0]


def test_before_any_was_too_large_none_is_halved(chunks: Chunks) -> None:
    bisection = Bisection(chunks, 0)
    assert not any(bisection.split_too_large(one) for one in planned(chunks).values())


def test_one_as_large_as_what_was_too_large_is_halved_and_a_smaller_one_is_sent(
    chunks: Chunks, connection: sqlite3.Connection
) -> None:
    bisection, found = Bisection(chunks, 0), planned(chunks)
    bisection.settle(found[3], TOO_LARGE)
    assert [bisection.split_too_large(found[number]) for number in (1, 2, 4, 5)] == [False, False, True, False]
    assert [fate(connection, number) for number in range(1, 6)] == ["planned", "planned", "split", "split", "planned"]
    assert [(one.keys, one.depth, one.bisected) for one in list(planned(chunks).values())[-4:]] == [
        (1, 1, False), (2, 1, False), (1, 1, False), (2, 1, False),
    ]  # fmt: skip


def test_of_two_that_were_too_large_the_smaller_counts(chunks: Chunks) -> None:
    for first, second in ((4, 2), (2, 4)):
        bisection, found = Bisection(chunks, 0), planned(chunks)
        if first in found:
            bisection.settle(found[first], TOO_LARGE)
            bisection.settle(found[second], TOO_LARGE)
            assert bisection.split_too_large(found[3])
            assert not bisection.split_too_large(found[1])


def test_one_of_exactly_that_size_is_halved(chunks: Chunks) -> None:
    bisection, found = Bisection(chunks, 0), planned(chunks)
    bisection.settle(found[2], TOO_LARGE)
    same = Chunk(number=1, first=1, last=2, keys=2, bytes=100, depth=0, attempts=0, bisected=False, lost=False)
    assert bisection.split_too_large(same)


def test_what_is_no_larger_than_one_that_the_server_took_goes_as_it_is(chunks: Chunks) -> None:
    # Something before the server objects to one key in that way: the other chunks must not all end as single keys.
    bisection, found = Bisection(chunks, 0), planned(chunks)
    bisection.settle(found[3], ChunkAnswer(number=3, verdict=Verdict.DONE))
    bisection.settle(found[1], TOO_LARGE)
    assert not bisection.split_too_large(found[2])
    assert bisection.split_too_large(found[4])


def test_a_single_key_that_is_too_large_has_failed(chunks: Chunks, connection: sqlite3.Connection) -> None:
    bisection = Bisection(chunks, 0)
    bisection.settle(planned(chunks)[5], TOO_LARGE)
    assert fate(connection, 5) == "failed"
    assert chunks.bisected() == 0


def test_a_single_key_that_is_refused_is_not_asked_about_again(chunks: Chunks, connection: sqlite3.Connection) -> None:
    Bisection(chunks, 99).settle(planned(chunks)[5], ChunkAnswer(number=5, verdict=Verdict.REFUSED))
    assert fate(connection, 5) == "failed"
    assert chunks.bisected() == 0


def test_halving_costs_nothing_of_the_budget_and_bisecting_does(chunks: Chunks, connection: sqlite3.Connection) -> None:
    bisection, found = Bisection(chunks, 5), planned(chunks)
    refused = ChunkAnswer(number=1, verdict=Verdict.REFUSED)
    bisection.settle(found[4], TOO_LARGE)
    bisection.settle(found[3], refused)
    assert chunks.bisected() == 3
    bisection.settle(found[2], refused)
    assert chunks.bisected() == 5
    bisection.settle(found[1], refused)
    assert (chunks.bisected(), fate(connection, 1)) == (5, "refused")
    assert fate(connection, 2) == "split"
    # What another run spent counts as well.
    Bisection(chunks, 6).settle(found[1], refused)
    assert fate(connection, 1) == "refused"
    Bisection(chunks, 7).settle(found[1], refused)
    assert fate(connection, 1) == "split"


@pytest.mark.parametrize(
    ("answer", "lost", "state"),
    [
        (ChunkAnswer(number=1, verdict=Verdict.DONE), True, "done"),
        (ChunkAnswer(number=1, verdict=Verdict.UNKNOWN), False, "unknown"),
        (ChunkAnswer(number=1, verdict=Verdict.NOT_SENT, outcome="not_sent"), False, "planned"),
        (ChunkAnswer(number=1, verdict=Verdict.NOT_SENT, outcome="not_sent"), True, "unknown"),
        (ChunkAnswer(number=1, verdict=Verdict.NOT_SENT, outcome="unknown"), False, "unknown"),
    ],
)
def test_what_follows_from_an_answer_depends_on_the_attempt_before_it_too(
    chunks: Chunks, connection: sqlite3.Connection, answer: ChunkAnswer, lost: bool, state: str
) -> None:
    chunk = Chunk(number=1, first=1, last=2, keys=2, bytes=99, depth=0, attempts=1, bisected=False, lost=lost)
    Bisection(chunks, 9).settle(chunk, answer)
    assert fate(connection, 1) == state


@pytest.mark.parametrize(
    ("keys", "chunk_size", "calls"),
    [(1, 1, 64), (1, 4, 64), (1, 5, 128), (1_600, 16, 128), (1_700, 16, 136), (200_000, 500, 40_000)],
)
def test_the_default_budget_grows_with_the_keys_and_with_the_size_of_a_chunk(
    keys: int, chunk_size: int, calls: int
) -> None:
    assert default_budget(keys, chunk_size) == calls
