"""Files that one process at a time holds: a lock that the system takes back from a process that died."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import BaseFileLock


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds something, or died while it did.

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

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} since {self.since}"


def held(path: Path, wait: float = 0, *, private: bool = False) -> BaseFileLock:
    """The lock of a file, held; whoever takes it releases it.

    Args:
        path: The file. It is emptied.
        wait: Seconds to wait for another process to release it; below zero for as long as that takes.
        private: Nobody but the owner may open it.

    Raises:
        TimeoutError: Another process, or another part of this one, holds it.
        OSError: There can be no lock.
    """
    from filelock import FileLock  # noqa: PLC0415 # slower to load than what most who import this need

    # Not a singleton: two parts of one process must not share what each believes to be its own.
    lock = FileLock(path, mode=0o600, is_singleton=False) if private else FileLock(path, is_singleton=False)
    try:
        lock.acquire(timeout=wait)
    except NotImplementedError as problem:
        raise OSError(str(problem)) from None
    return lock


def let_go_in_child(lock: BaseFileLock) -> None:
    """Close the copy of a held lock that a forked process got. The parent holds it all the same."""
    descriptor = lock._context.lock_file_fd
    if descriptor is not None:
        with suppress(OSError):
            os.close(descriptor)
        lock._context.lock_file_fd = None
