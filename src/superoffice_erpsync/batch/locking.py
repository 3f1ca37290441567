"""One run at a time for a journal: a lock that the system takes back from a process that died."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from superoffice_erpsync.batch.errors import JournalError, JournalLocked

if TYPE_CHECKING:
    from filelock import BaseFileLock


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that works on a journal, or died while it did.

    Attributes:
        pid: Its number.
        host: The machine.
        since: When it began, in UTC and ISO 8601.
    """

    pid: int
    host: str
    since: str

    @classmethod
    def this_process(cls) -> Holder:
        """The process that asks."""
        return cls(os.getpid(), socket.gethostname(), datetime.now(UTC).isoformat(timespec="seconds"))


def locked(journal: Path) -> BaseFileLock:
    """The lock of a journal, held; release it when the journal is closed.

    Raises:
        TimeoutError: Another process, or another run of this one, holds it.
        JournalError: There can be no lock.
    """
    from filelock import FileLock  # noqa: PLC0415 # needed by runs only, and slower to load than the rest

    # Not a singleton: two runs of one process must not share what each believes to be its own.
    lock = FileLock(f"{journal}.lock", is_singleton=False)
    try:
        lock.acquire(timeout=0)
    except TimeoutError:
        raise
    except (OSError, NotImplementedError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        raise JournalError(f"the journal {journal} cannot be locked: {reason}") from None
    return lock


def let_go_in_child(lock: BaseFileLock) -> None:
    """Close the copy of a held lock that a forked process got. The parent holds it all the same."""
    descriptor = lock._context.lock_file_fd
    if descriptor is not None:
        with suppress(OSError):
            os.close(descriptor)
        lock._context.lock_file_fd = None


def locked_by(journal: Path, holder: Holder | None) -> JournalLocked:
    """The error of a run that finds another one at work.

    Args:
        journal: Where the journal lies.
        holder: Whom the journal names, None where it names nobody.
    """
    who = f"process {holder.pid} on {holder.host} since {holder.since}" if holder else "another process"
    error = JournalLocked(
        f"the journal {journal} is in use by {who}", can_repeat=True, hint="wait until that run has ended, or end it"
    )
    if holder:
        error.pid, error.host, error.since = holder.pid, holder.host, holder.since
    return error
