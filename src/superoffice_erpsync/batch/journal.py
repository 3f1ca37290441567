"""The journal of a batch: one SQLite file, written by one process, and readable by others meanwhile.

Every step is on the disk before the next one: a chunk is `sent` in it before it leaves, and its answer is in it before
anything follows from that. So whatever happens to the process, the file says what was to be done and how far it went.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from superoffice_erpsync.batch.errors import JournalError
from superoffice_erpsync.batch.keys import spelled_out
from superoffice_erpsync.batch.locking import locked, locked_by
from superoffice_erpsync.batch.places import network_share
from superoffice_erpsync.batch.schema import APPLICATION_ID, FORMAT, TABLES
from superoffice_erpsync.batch.states import StopReason
from superoffice_erpsync.batch.terms import Terms
from superoffice_erpsync.process import forks
from superoffice_erpsync.process.links import followed
from superoffice_erpsync.process.locking import Holder, let_go_in_child

if TYPE_CHECKING:
    from filelock import BaseFileLock

_MAGIC = b"SQLite format 3\x00"
_CACHE_KIB = 32_768
_TERMS = "address, operation, connection_id, actor_type, blank_values, preflight"
_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE})


class Journal:
    """The journal, held and open for writing. Make one with `Journal.open`."""

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: BaseFileLock) -> None:
        self.path = path
        self.connection = connection
        self._lock = lock
        forks.watch(self)

    @classmethod
    def open(cls, path: Path, *, create: bool) -> Self:
        """Take hold of a journal.

        Args:
            path: Where it lies.
            create: Make one where there is none.

        Raises:
            JournalLocked: Another run holds it.
            JournalError: There is none, it is something else, or it cannot be used.
        """
        with _looking_at(path):
            if not path.parent.is_dir():
                raise JournalError(f"the journal {path} cannot be made: there is no such folder")
            # By whatever name it goes, as that of a link: one journal has one lock.
            real = followed(path)
            share = network_share(real.parent)
            if share is not None:
                raise JournalError(
                    f"the journal {path} would lie on a network share ({share}), where it cannot be kept safely",
                    hint="choose a place on a disk of this machine",
                )
            if path.exists():
                _check_head(path)
            elif not create:
                raise JournalError(f"there is no journal {path}")
        try:
            lock = locked(real)
        except TimeoutError:
            raise locked_by(path, _holder(path)) from None
        try:
            connection = _opened(path)
        except BaseException:
            lock.release()
            raise
        return cls(path, connection, lock)

    def after_fork(self) -> None:
        """Let go of the lock in a child process, which would else keep it when this one has died, see `forks`."""
        let_go_in_child(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of it."""
        try:
            self._shut()
        finally:
            self._lock.release()

    def _shut(self) -> None:
        # A disk that is full is no reason to keep the lock; the holder's name is a courtesy.
        with suppress(JournalError), self.transaction():
            self.connection.execute("UPDATE run SET holder_pid = NULL, holder_host = NULL, holder_since = NULL")
        # At rest it is one plain file, which readers leave as it is. One who reads right now prevents that.
        with suppress(sqlite3.Error):
            self.connection.execute("PRAGMA journal_mode = DELETE")
        self.connection.close()

    def discard(self) -> None:
        """Let go of it and remove it: nothing came of it."""
        try:
            self._shut()
            real = os.path.realpath(self.path)
            # As long as it is held, since it is another run's a moment later. The lock's file stays: somebody may be
            # waiting at it.
            for name in ("", "-wal", "-shm"):
                with suppress(OSError):
                    Path(f"{real}{name}").unlink()
        finally:
            self._lock.release()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything in it is on the disk when it ends, or nothing.

        Raises:
            JournalError: The journal cannot be written.
        """
        try:
            try:
                # Inside, since Ctrl-C may come right behind it.
                self.connection.execute("BEGIN IMMEDIATE")
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as problem:
            raise unusable(self.path, problem) from problem

    @property
    def terms(self) -> Terms | None:
        """What it was made for; None in a new one."""
        row = self.connection.execute(f"SELECT {_TERMS} FROM run").fetchone()  # noqa: S608
        return None if row is None else terms_from(row)

    @property
    def planned(self) -> bool:
        """Whether the plan is complete."""
        return self.connection.execute("SELECT 1 FROM run WHERE planned_at IS NOT NULL").fetchone() is not None

    @property
    def digest(self) -> str | None:
        """Of the keys that were planned."""
        row = self.connection.execute("SELECT digest FROM run").fetchone()
        return None if row is None else row[0]

    @property
    def bisect_calls(self) -> int:
        """The budget that was planned to find the keys that the server refuses."""
        (calls,) = self.connection.execute("SELECT bisect_calls FROM run").fetchone()
        return int(calls)

    def begin(self, terms: Terms) -> None:
        """Note what the batch is for, before it is planned."""
        with self.transaction():
            self.connection.execute("DELETE FROM run")
            self.connection.execute(
                f"INSERT INTO run (id, {_TERMS}, created_at) VALUES (1, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                (
                    terms.address,
                    terms.operation,
                    terms.connection_id,
                    terms.actor_type,
                    terms.blank_values,
                    int(terms.preflight),
                    now(),
                ),
            )
            self._hold()

    def take_up(self) -> None:
        """Note that this process goes on with it. What was sent and not answered is unknown from here on."""
        with self.transaction():
            self._hold()
            self.connection.execute("UPDATE run SET stopped_because = NULL, stop_explanation = NULL")
            self.connection.execute("UPDATE chunk SET tries = 0 WHERE tries > 0")
            self.lose_track_of_sent()

    def lose_track_of_sent(self) -> None:
        """Chunks that were handed out, and whose worker nobody hears of any more."""
        self.connection.execute("UPDATE chunk SET state = 'unknown', lost = 1 WHERE state = 'sent'")

    def end(self, seconds: float, reason: StopReason | None, explanation: str | None) -> None:
        """Note how this process ended its part."""
        with self.transaction():
            self.lose_track_of_sent()
            self.connection.execute(
                "UPDATE run SET seconds = seconds + ?, stopped_because = ?, stop_explanation = ?",
                (seconds, reason, None if explanation is None else spelled_out(explanation)),
            )

    def _hold(self) -> None:
        self.connection.execute(
            "UPDATE run SET holder_pid = ?, holder_host = ?, holder_since = ?", astuple(Holder.this_process())
        )


def now() -> str:
    """The time for the journal, in UTC and ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def terms_from(row: tuple[object, ...]) -> Terms:
    """The terms in the first columns of a row of `run`, in the order of `Terms`."""
    address, operation, connection_id, actor_type, blank_values, preflight = row[:6]
    return Terms(
        address=address,  # type: ignore[arg-type]
        operation=operation,  # type: ignore[arg-type]
        connection_id=connection_id,  # type: ignore[arg-type]
        actor_type=actor_type,  # type: ignore[arg-type]
        blank_values=blank_values,  # type: ignore[arg-type]
        preflight=bool(preflight),
    )


def unusable(path: Path, problem: sqlite3.Error) -> JournalError:
    """The error for what SQLite says about a journal."""
    code = getattr(problem, "sqlite_errorcode", None)
    hint = None
    if code in _FULL:
        hint = "what is recorded stays good: make room on the disk and resume"
    elif code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        hint = "it is damaged, or no journal; bring back a copy, or start again with another journal"
    return JournalError(f"the journal {path} cannot be used: {problem}", hint=hint)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A journal to look at, also while a run works on it.

    Raises:
        JournalError: It is no journal, or cannot be read.
    """
    with _looking_at(path):
        if not path.exists():
            raise JournalError(f"there is no journal {path}")
        _check_head(path)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)) as found:
            if _is_new(found):
                raise JournalError(f"the journal {path} is empty: the run that made it ended before it wrote a plan")
            _check_kind(path, found)
            yield found
    except sqlite3.Error as problem:
        raise unusable(path, problem) from problem


def _holder(path: Path) -> Holder | None:
    with suppress(JournalError), reading(path) as found:
        row = found.execute("SELECT holder_pid, holder_host, holder_since FROM run").fetchone()
        return Holder(*row) if row and row[0] is not None else None
    return None


def _opened(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            _prepare(path, connection)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as problem:
        raise unusable(path, problem) from problem
    return connection


def _prepare(path: Path, connection: sqlite3.Connection) -> None:
    new = _is_new(connection)
    if not new:
        _check_kind(path, connection)
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise JournalError(f"the journal {path} is damaged: {found}")
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise JournalError(
            f"the journal {path} cannot be kept safely there: SQLite has no write-ahead log on that file system",
            hint="choose a place on a disk of this machine",
        )
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    if new:
        connection.executescript(
            f"BEGIN IMMEDIATE;{TABLES}PRAGMA application_id = {APPLICATION_ID};PRAGMA user_version = {FORMAT};COMMIT;"
        )


def _is_new(connection: sqlite3.Connection) -> bool:
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    return bool(tables == application == 0)


@contextmanager
def _looking_at(path: Path) -> Iterator[None]:
    """Where even looking fails, as in a folder that is closed to this user, have the error be ours."""
    try:
        yield
    except OSError as problem:
        raise JournalError(f"the journal {path} cannot be read: {problem.strerror}") from None


def _check_head(path: Path) -> None:
    if not path.is_file():
        # A pipe would be waited for.
        raise JournalError(f"{path} is no journal, and no ordinary file", hint="name another file")
    with path.open("rb") as file:
        head = file.read(len(_MAGIC))
    if head not in (b"", _MAGIC):
        raise JournalError(f"{path} is no journal but another kind of file", hint="name another file")


def _check_kind(path: Path, connection: sqlite3.Connection) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise JournalError(f"{path} is a database of another program, and no journal", hint="name another file")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != FORMAT:
        raise JournalError(
            f"the journal {path} has format {version}, and this release reads format {FORMAT}",
            hint="use the release that wrote it",
        )
