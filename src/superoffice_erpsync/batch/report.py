"""What became of a batch, read from its journal: also while it goes on, and without holding its keys in memory."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, Self

from superoffice_erpsync.batch.errors import JournalError
from superoffice_erpsync.batch.journal import reading, terms_from
from superoffice_erpsync.batch.keys import BadKey
from superoffice_erpsync.batch.states import State, StopReason
from superoffice_erpsync.batch.terms import Terms
from superoffice_erpsync.process.locking import Holder

_RUN = (
    "address, operation, connection_id, actor_type, blank_values, preflight, planned_at, source, duplicates, seconds, "
    "stopped_because, stop_explanation, holder_pid, holder_host, holder_since"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFate:
    """What became of one key.

    Attributes:
        key: The key.
        line: Where it stood in the input, from 1.
        state: What is known of it.
        explanation: The server's words to the call that it was in, or the error's, or why it was left out.
        code: The server's own code.
        error: Class of the error; None where an answer came.
        fields: Fields that would have been blanked, of a key that was left out.
    """

    key: str
    line: int
    state: State
    explanation: str | None
    code: str | None
    error: str | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResyncReport:
    """What became of a batch.

    Attributes:
        journal: Where its journal lies.
        terms: What was asked for.
        source: What the keys were read from; None where there is no plan yet.
        planned: Whether the plan is complete. Nothing is sent before.
        keys: Numbers of keys by state.
        chunks: Numbers of chunks by state.
        calls: Chunks that were handed to workers; what the client repeated by itself does not count.
        duplicates: Keys that came again and were sent once.
        bad_keys: Keys that cannot be sent and were skipped.
        seconds: What the processes that worked on it took, without those that were killed.
        changes: Numbers of changed records by table and kind (`added`, `updated`, `deleted`), as the answers say.
            A hint: records that were sent again count again.
        stopped_because: Why it stopped before its end; None where it did not.
        stop_explanation: The same in words.
        holder: The process that works on it, or was killed while it did.
    """

    journal: Path
    terms: Terms
    source: str | None
    planned: bool
    keys: Mapping[State, int]
    chunks: Mapping[State, int]
    calls: int
    duplicates: int
    bad_keys: int
    seconds: float
    changes: Mapping[str, Mapping[str, int]]
    stopped_because: StopReason | None
    stop_explanation: str | None
    holder: Holder | None
    _folder: TemporaryDirectory[str] | None = field(default=None, repr=False, compare=False)

    @property
    def total(self) -> int:
        """Number of keys, without duplicates and bad ones."""
        return sum(self.keys.values())

    @property
    def state(self) -> Literal["not_planned", "planned", "incomplete", "complete"]:
        """How far the batch has come. Only one that is not planned cannot be resumed."""
        if self.complete:
            return "complete"
        if self.calls:
            return "incomplete"
        return "planned" if self.planned else "not_planned"

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be sent. Of some keys the fate may be unknown all the same."""
        return self.planned and not self.keys[State.PLANNED] and not self.keys[State.SENT]

    @property
    def any_refused(self) -> bool:
        """Whether the server refused any key."""
        return bool(self.keys[State.REFUSED] or self.keys[State.FAILED])

    @property
    def any_unknown(self) -> bool:
        """Whether of any key nobody knows if the server has done it."""
        return bool(self.keys[State.UNKNOWN] or self.keys[State.SENT])

    @property
    def any_left_out(self) -> bool:
        """Whether any key was not sent on purpose: it was bad, or values would have been blanked."""
        return bool(self.keys[State.LEFT_OUT] or self.bad_keys)

    @property
    def all_done(self) -> bool:
        """Whether the server said yes to every key that came."""
        return self.complete and not (self.any_refused or self.any_unknown or self.any_left_out)

    def failed(self) -> Iterator[KeyFate]:
        """The keys that the server refused, each by itself."""
        return self.fates(State.FAILED)

    def refused(self) -> Iterator[KeyFate]:
        """The keys that the server refused in groups, with the explanation of the group; some of them may be done."""
        return self.fates(State.REFUSED)

    def unknown(self) -> Iterator[KeyFate]:
        """The keys of which nobody knows whether the server has done them."""
        return self.fates(State.UNKNOWN, State.SENT)

    def left_out(self) -> Iterator[KeyFate]:
        """The keys that were kept back, with the fields that would have been blanked."""
        return self.fates(State.LEFT_OUT)

    def bad(self) -> Iterator[BadKey]:
        """The keys that cannot be sent and were skipped."""
        with reading(self.journal) as connection:
            for row in connection.execute("SELECT line, text, reason FROM bad_key ORDER BY rowid"):
                yield BadKey(*row)

    def fates(self, *states: State) -> Iterator[KeyFate]:
        """The keys in given states, in the order of the input within each; read from the journal as they are asked for.

        All are as they were at one moment, also while a run goes on.

        Args:
            states: The states, in the order that is wanted.

        Raises:
            JournalError: The journal cannot be read.
        """
        with reading(self.journal) as connection:
            connection.execute("BEGIN")
            for state in states:
                yield from _left_out(connection) if state is State.LEFT_OUT else _of_chunks(connection, state)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the journal of a batch that was given none. Keys can be asked for no more then."""
        if self._folder is not None:
            self._folder.cleanup()


def open_report(journal: str | Path) -> ResyncReport:
    """The report of a journal, also while a run works on it.

    Args:
        journal: Where it lies.

    Raises:
        JournalError: It is no journal, or cannot be read.
    """
    return report_of(Path(journal), None)


def report_of(journal: Path, folder: TemporaryDirectory[str] | None) -> ResyncReport:
    """The report of a journal, which lies in a folder of the report's own where one is given."""
    with reading(journal) as connection:
        # One moment for all numbers, also while a run goes on.
        connection.execute("BEGIN")
        run = connection.execute(f"SELECT {_RUN} FROM run").fetchone()  # noqa: S608
        if run is None:
            raise JournalError(f"the journal {journal} is empty: the run that made it ended before it wrote a plan")
        keys, chunks, calls = counted(connection)
        (bad_keys,) = connection.execute("SELECT count(*) FROM bad_key").fetchone()
        return ResyncReport(
            journal=journal,
            terms=terms_from(run),
            planned=run[6] is not None,
            source=run[7],
            keys=keys,
            chunks=chunks,
            calls=calls,
            duplicates=run[8],
            bad_keys=bad_keys,
            seconds=run[9],
            changes=_changes(connection),
            stopped_because=None if run[10] is None else StopReason(run[10]),
            stop_explanation=run[11],
            holder=None if run[12] is None else Holder(*run[12:15]),
            _folder=folder,
        )


def counted(connection: sqlite3.Connection) -> tuple[dict[State, int], dict[State, int], int]:
    """Numbers of keys and of chunks by state, and of calls."""
    keys: dict[State, int] = dict.fromkeys(State, 0)
    chunks: dict[State, int] = dict.fromkeys(State, 0)
    del keys[State.SPLIT], chunks[State.LEFT_OUT]
    calls = 0
    for name, of_chunks, of_keys, attempts in connection.execute(
        "SELECT state, count(*), sum(keys), sum(attempts) FROM chunk GROUP BY state"
    ):
        state = State(name)
        chunks[state] = of_chunks
        calls += attempts
        if state is not State.SPLIT:
            keys[state] = of_keys
    (keys[State.LEFT_OUT],) = connection.execute("SELECT count(*) FROM key WHERE state IS NOT NULL").fetchone()
    return keys, chunks, calls


def _changes(connection: sqlite3.Connection) -> dict[str, dict[str, int]]:
    total: dict[str, dict[str, int]] = {}
    for (text,) in connection.execute("SELECT changes FROM chunk WHERE changes IS NOT NULL"):
        for table, kinds in json.loads(text).items():
            of_table = total.setdefault(table, {})
            for kind, count in kinds.items():
                of_table[kind] = of_table.get(kind, 0) + count
    return total


def _of_chunks(connection: sqlite3.Connection, state: State) -> Iterator[KeyFate]:
    # Of a chunk that was split, the parts tell it.
    chunks = connection.execute(
        "SELECT first, last, explanation, code, error FROM chunk WHERE state = ? AND state <> 'split' ORDER BY first",
        (state,),
    )
    for first, last, explanation, code, error in chunks:
        for key, line in connection.execute(
            "SELECT key, line FROM key WHERE number BETWEEN ? AND ? AND state IS NULL ORDER BY number", (first, last)
        ):
            yield KeyFate(key=key, line=line, state=state, explanation=explanation, code=code, error=error)


def _left_out(connection: sqlite3.Connection) -> Iterator[KeyFate]:
    rows = connection.execute("SELECT key, line, explanation, fields FROM key WHERE state IS NOT NULL ORDER BY number")
    for key, line, explanation, fields in rows:
        yield KeyFate(
            key=key,
            line=line,
            state=State.LEFT_OUT,
            explanation=explanation,
            code=None,
            error=None,
            fields=tuple(json.loads(fields)),
        )
