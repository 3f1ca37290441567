"""The search for the keys that a server refuses: it names these and no others, within the calls that it may make."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from superoffice_erpsync.batch.bisection import Bisection, default_budget
from superoffice_erpsync.batch.chunk import ChunkAnswer, Verdict
from superoffice_erpsync.batch.chunks import Chunks
from superoffice_erpsync.batch.plan import Cutting, cut
from superoffice_erpsync.batch.report import counted
from superoffice_erpsync.batch.schema import TABLES
from superoffice_erpsync.batch.states import State


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(planned(1, 1)) as made:
        yield made


def planned(keys: int, chunk_size: int) -> sqlite3.Connection:
    """The tables of a journal, in memory, with keys that are their own numbers."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(TABLES)
    numbered = [(number, str(number)) for number in range(1, keys + 1)]
    connection.executemany("INSERT INTO key (number, key, line) VALUES (?, ?, 1)", numbered)
    Chunks(connection).add(cut(numbered, Cutting(keys=chunk_size)))
    return connection


def run(connection: sqlite3.Connection, bad: set[int], budget: int, *, largest: int = 10**9) -> int:
    """Send all there is to a server that knows the bad keys and takes no larger chunks; how many calls it took."""
    chunks = Chunks(connection)
    bisection = Bisection(chunks, budget)
    calls = 0
    while found := chunks.to_send(3, None):
        for chunk in found:
            if bisection.split_too_large(chunk):
                continue
            chunks.mark_sent(chunk)
            calls += 1
            keys = {int(key) for key in chunks.keys_of(chunk)}
            verdict = Verdict.REFUSED if keys & bad else Verdict.DONE
            verdict = Verdict.TOO_LARGE if len(keys) > largest else verdict
            bisection.settle(chunk, ChunkAnswer(number=chunk.number, verdict=verdict))
    return calls


def keys_in(connection: sqlite3.Connection, state: State) -> set[int]:
    return {int(key) for (key,) in connection.execute("SELECT key FROM key_fate WHERE state = ?", (state,))}


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 300), st.integers(1, 120))
def test_with_enough_calls_it_names_the_bad_keys_and_no_others(data, keys, chunk_size):
    bad = data.draw(st.sets(st.integers(1, keys), max_size=20))
    with closing(planned(keys, chunk_size)) as connection:
        run(connection, bad, 10**6, largest=data.draw(st.integers(1, 120)))
        assert keys_in(connection, State.FAILED) == bad
        assert keys_in(connection, State.DONE) == set(range(1, keys + 1)) - bad


@settings(max_examples=30, deadline=None)
@given(st.data(), st.integers(1, 2_000), st.integers(1, 600))
def test_the_default_budget_suffices_for_one_key_in_a_hundred(data, keys, chunk_size):
    bad = data.draw(st.sets(st.integers(1, keys), max_size=max(1, keys // 100)))
    with closing(planned(keys, chunk_size)) as connection:
        calls = run(connection, bad, default_budget(keys, chunk_size))
        assert keys_in(connection, State.FAILED) == bad
        assert calls - -(-keys // chunk_size) <= default_budget(keys, chunk_size)


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(1, 300), st.integers(0, 60))
def test_whatever_the_budget_every_key_has_one_fate_and_bad_ones_never_pass_for_done(data, keys, budget):
    bad = data.draw(st.sets(st.integers(1, keys)))
    with closing(planned(keys, 40)) as connection:
        run(connection, bad, budget)
        fates = [keys_in(connection, state) for state in (State.DONE, State.FAILED, State.REFUSED)]
        assert sum(map(len, fates)) == keys
        assert not fates[0] & bad
        assert fates[1] <= bad
        assert Chunks(connection).bisected() <= budget
        of_keys, _, _ = counted(connection)
        assert [of_keys[state] for state in (State.DONE, State.FAILED, State.REFUSED)] == [len(one) for one in fates]


def test_an_answer_is_awaited_once(connection):
    chunks = Chunks(connection)
    chunk = chunks.to_send(1, None)[0]
    assert not chunks.awaits(chunk)
    chunks.mark_sent(chunk)
    assert chunks.awaits(chunk)
    Bisection(chunks, 0).settle(chunk, ChunkAnswer(number=1, verdict=Verdict.NOT_SENT, outcome="not_sent"))
    again = chunks.to_send(1, None)[0]
    chunks.mark_sent(again)
    assert (chunks.awaits(chunk), chunks.awaits(again)) == (False, True)
