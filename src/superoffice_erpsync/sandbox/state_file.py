"""A file in which the state of a sandbox outlives its process.

It is a SQLite database of rows of JSON. What a call changed is on the disk before the call is answered, all of it or
nothing. One process holds the file at a time: SQLite's own lock, which ends with the process, keeps others out, and a
small file beside it tells them who is in.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from superoffice_erpsync.sandbox.errors import SandboxError, SnapshotError
from superoffice_erpsync.sandbox.state.installed import State
from superoffice_erpsync.sandbox.state.rows import Rows, snapshot_of
from superoffice_erpsync.sandbox.state.sessions import Sessions
from superoffice_erpsync.sandbox.state.snapshot import VERSION, load

_APPLICATION_ID: Final = 0x45525053
"""Marks the database as ours: "ERPS"."""

_WAIT_SECONDS: Final = 1.0


class StateFile:
    """The file, from `open` to `close`.

    Args:
        path: Where it is, or shall be; its folder exists.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path: Final = Path(path).absolute()
        self._holder_path = self.path.with_name(f"{self.path.name}-holder")
        self._connection: sqlite3.Connection | None = None
        self._rows: Rows | None = None

    def __repr__(self) -> str:
        return f"StateFile({str(self.path)!r}, open={self._connection is not None})"

    def open(self, clock: Callable[[], datetime], sessions: Sessions) -> State | None:
        """Take the file for this process, and read it; None where it is new and holds no state yet.

        Raises:
            SandboxError: It is in use, cannot be used, or is not the state of a sandbox; it stays as it is then.
        """
        with self._told():
            self._make_or_check()
            connection = sqlite3.connect(
                self.path, isolation_level=None, check_same_thread=False, timeout=_WAIT_SECONDS
            )
        try:
            with self._told():
                state = self._take(connection, clock, sessions)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return state

    def keep(self, state: State, thoroughly: bool = False) -> None:
        """Write what is different from what was written before, and return when it is on the disk.

        Args:
            state: What the file is to hold.
            thoroughly: Look also for values that were changed behind the back of CRM, ERPs and links.

        Raises:
            SandboxError: It cannot be written. The next call tries again.
        """
        connection = self._connection
        assert connection is not None
        rows, self._rows = self._rows, None
        from_nothing = rows is None
        if rows is None:
            rows = Rows()
        difference = rows.difference(state, thoroughly=thoroughly)
        if difference or from_nothing:
            with self._told(), _transaction(connection):
                if from_nothing:
                    connection.execute("DELETE FROM rows")
                connection.executemany("DELETE FROM rows WHERE section = ? AND key = ?", difference.gone)
                connection.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", difference.put)
        self._rows = rows

    def close(self) -> None:
        """Let others have the file; nothing happens if that is done already."""
        connection, self._connection, self._rows = self._connection, None, None
        if connection is not None:
            # Before the lock goes: what is there after that is the next holder's.
            with contextlib.suppress(OSError):
                self._holder_path.unlink(missing_ok=True)
            connection.close()

    def _make_or_check(self) -> None:
        """See to it that the file is there, and is empty or ours, without writing to one that is there."""
        if not self.path.parent.is_dir():
            raise SandboxError(f"The state cannot be kept in {self.path}: there is no such folder.")
        if self.path.is_dir():
            raise SandboxError(f"The state cannot be kept in {self.path}: that is a folder.")
        with contextlib.suppress(FileExistsError):
            # Connections have passwords, so nobody else may read it.
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if self.path.stat().st_size == 0:
            return
        # Neither locks nor recovers anything, as the file may be somebody else's.
        absolute = self.path.as_posix()
        address = "file://" + ("" if absolute.startswith("/") else "/") + quote(absolute) + "?mode=ro&immutable=1"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as looking:
            self._check_mark(looking)

    def _check_mark(self, connection: sqlite3.Connection) -> None:
        (mark,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if mark != _APPLICATION_ID:
            raise SandboxError(f"{self.path} is not the state of a sandbox. It was left as it is; choose another file.")
        if version != VERSION:
            raise SandboxError(
                f"{self.path} has version {version}, and this sandbox reads version {VERSION} only. "
                "It was left as it is; choose another file."
            )

    def _take(self, connection: sqlite3.Connection, clock: Callable[[], datetime], sessions: Sessions) -> State | None:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA synchronous = FULL")
        with _transaction(connection):
            (pages,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            state = self._read(connection, clock, sessions) if pages else None
            if not pages:
                connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {VERSION}")
                connection.execute(
                    "CREATE TABLE rows (section TEXT NOT NULL, key TEXT NOT NULL, content TEXT NOT NULL, "
                    "PRIMARY KEY (section, key)) WITHOUT ROWID"
                )
        # The first time it is written to the file; where that is not possible the rollback journal is as safe.
        connection.execute("PRAGMA journal_mode = WAL")
        self._tell_holder()
        return state

    def _read(self, connection: sqlite3.Connection, clock: Callable[[], datetime], sessions: Sessions) -> State | None:
        self._check_mark(connection)
        problems = [problem for (problem,) in connection.execute("PRAGMA quick_check(1)")]
        if problems != ["ok"]:
            raise SandboxError(self._broken(problems[0]))
        rows = connection.execute("SELECT section, key, content FROM rows").fetchall()
        if not rows:
            return None
        try:
            state = load(snapshot_of(rows), clock, sessions)
        except SnapshotError as broken:
            raise SandboxError(self._broken(str(broken))) from None
        self._rows = Rows()
        self._rows.difference(state)
        return state

    def _broken(self, why: str) -> str:
        return f"{self.path} is broken. It was left as it is; choose another file. {why}"

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """SQLite's and the system's problems as ours."""
        try:
            yield
        except sqlite3.Error as problem:
            code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise SandboxError(self._in_use()) from problem
            if code == sqlite3.SQLITE_NOTADB:
                raise SandboxError(
                    f"{self.path} is not the state of a sandbox. It was left as it is; choose another file."
                ) from problem
            if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR):
                raise SandboxError(self._broken(f"SQLite says: {problem}.")) from problem
            raise SandboxError(f"The state cannot be kept in {self.path}: {problem}.") from problem
        except OSError as problem:
            raise SandboxError(f"The state cannot be kept in {self.path}: {problem.strerror or problem}.") from problem

    def _in_use(self) -> str:
        holder = "another process"
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            told = json.loads(self._holder_path.read_text(encoding="utf-8"))
            holder = f"process {told['pid']} on {told['host']}, since {told['since']}"
        return f"{self.path} is in use by {holder}. End that sandbox, or choose another file."

    def _tell_holder(self) -> None:
        told = {
            "pid": os.getpid(),
            "host": platform.node(),
            "since": datetime.now(UTC).isoformat(" ", timespec="seconds"),
        }
        # Only the message to others needs it.
        with contextlib.suppress(OSError):
            self._holder_path.write_text(json.dumps(told), encoding="utf-8")


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
