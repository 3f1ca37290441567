"""The chunks in a journal: which go next, what came of them, and smaller ones in place of one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from superoffice_erpsync.batch.chunk import ChunkAnswer
from superoffice_erpsync.batch.journal import now
from superoffice_erpsync.batch.request_size import bytes_of_key
from superoffice_erpsync.batch.states import State

_COLUMNS = "number, first, last, keys, bytes, depth, attempts, bisected, lost"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk as it stands in the journal.

    Attributes:
        number: Its own number.
        first: Number of its first key.
        last: Number of its last key.
        keys: How many it has.
        bytes: What they take in a request at most.
        depth: How many times it is a part of a part.
        attempts: How often it was handed out before.
        bisected: Whether it, or what it is a part of, was split to find out which keys the server means.
        lost: Whether an attempt at it was lost, so that the server may have acted.
    """

    number: int
    first: int
    last: int
    keys: int
    bytes: int
    depth: int
    attempts: int
    bisected: bool
    lost: bool


class Chunks:
    """The chunks of one journal. Every change belongs into a transaction of the journal.

    Args:
        connection: The journal's.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, cuts: Iterable[tuple[int, int, int, int]]) -> None:
        """Plan chunks of the plan itself, given as first key, last key, number of keys and bytes."""
        self._connection.executemany(
            "INSERT INTO chunk (first, last, keys, bytes, state) VALUES (?, ?, ?, ?, 'planned')", cuts
        )

    def to_send(self, most: int, tries: int | None) -> list[Chunk]:
        """The chunks that go next.

        Args:
            most: No more than so many.
            tries: Chunks of which nobody knows what became of them go too, when no others are left and they were
                tried less often than this; None leaves them alone.
        """
        found = self._select("state = 'planned' ORDER BY depth, tries, number LIMIT ?", most)
        if not found and tries is not None:
            found = self._select("state = 'unknown' AND tries < ? ORDER BY tries, number LIMIT ?", tries, most)
        return found

    def keys_of(self, chunk: Chunk) -> tuple[str, ...]:
        """The keys of a chunk, in the order in which they came."""
        # One row for all of them: between rows, SQLite lets the threads of the workers take the interpreter.
        (keys,) = self._connection.execute(
            "SELECT json_group_array(key) FROM "
            "(SELECT key FROM key WHERE number BETWEEN ? AND ? AND state IS NULL ORDER BY number)",
            (chunk.first, chunk.last),
        ).fetchone()
        return tuple(json.loads(keys))

    def mark_sent(self, chunk: Chunk) -> None:
        """A chunk is about to be handed to a worker."""
        self._connection.execute(
            "UPDATE chunk SET state = 'sent', attempts = attempts + 1, tries = tries + 1, sent_at = ?, "
            "answered_at = NULL WHERE number = ?",
            (now(), chunk.number),
        )

    def awaits(self, chunk: Chunk) -> bool:
        """Whether nothing has been noted yet of the attempt that the chunk was handed out for."""
        return bool(self._select("number = ? AND state = 'sent' AND attempts = ?", chunk.number, chunk.attempts + 1))

    def settle(self, chunk: Chunk, state: State, answer: ChunkAnswer) -> None:
        """Note what came of a chunk."""
        self._connection.execute(
            "UPDATE chunk SET state = ?, lost = lost OR ? = 'unknown', answered_at = ?, seconds = ?, explanation = ?, "
            "code = ?, error = ?, outcome = ?, changes = ? WHERE number = ?",
            (
                state,
                state,
                now(),
                answer.seconds,
                answer.explanation,
                answer.code,
                answer.error,
                answer.outcome,
                json.dumps(answer.changes) if answer.changes else None,
                chunk.number,
            ),
        )

    def put_back(self, chunk: Chunk) -> None:
        """A chunk that never went to a worker."""
        state = State.UNKNOWN if chunk.lost else State.PLANNED
        self._connection.execute(
            "UPDATE chunk SET state = ?, attempts = attempts - 1 WHERE number = ?", (state, chunk.number)
        )

    def split(self, chunk: Chunk, parts: int, *, bisected: bool) -> None:
        """Plan parts in place of a chunk, which has at least as many keys.

        Where an attempt at the chunk was lost, nobody knows of the parts either.
        """
        keys = self._numbered_keys(chunk)
        ends = [len(keys) * place // parts for place in range(parts + 1)]
        for begin, end in pairwise(ends):
            part = keys[begin:end]
            self._connection.execute(
                "INSERT INTO chunk (parent, depth, bisected, lost, first, last, keys, bytes, state) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    chunk.number,
                    chunk.depth + 1,
                    int(bisected or chunk.bisected),
                    int(chunk.lost),
                    part[0][0],
                    part[-1][0],
                    len(part),
                    sum(bytes_of_key(key) for _, key in part),
                    State.UNKNOWN if chunk.lost else State.PLANNED,
                ),
            )
        self._connection.execute("UPDATE chunk SET state = 'split' WHERE number = ?", (chunk.number,))

    def bisected(self) -> int:
        """How many chunks were planned to find out which keys the server means."""
        (count,) = self._connection.execute("SELECT count(*) FROM chunk WHERE bisected").fetchone()
        return int(count)

    def _numbered_keys(self, chunk: Chunk) -> list[tuple[int, str]]:
        return self._connection.execute(
            "SELECT number, key FROM key WHERE number BETWEEN ? AND ? AND state IS NULL ORDER BY number",
            (chunk.first, chunk.last),
        ).fetchall()

    def _select(self, which: str, *values: object) -> list[Chunk]:
        return list(self._chunks(self._connection.execute(f"SELECT {_COLUMNS} FROM chunk WHERE {which}", values)))  # noqa: S608

    @staticmethod
    def _chunks(rows: Iterable[tuple[int, ...]]) -> Iterator[Chunk]:
        for *numbers, bisected, lost in rows:
            number, first, last, keys, size, depth, attempts = numbers
            yield Chunk(number, first, last, keys, size, depth, attempts, bool(bisected), bool(lost))
