"""One run at a time for a journal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from superoffice_erpsync.batch.errors import JournalError, JournalLocked
from superoffice_erpsync.process.locking import Holder, held

if TYPE_CHECKING:
    from filelock import BaseFileLock


def locked(journal: Path) -> BaseFileLock:
    """The lock of a journal, held; release it when the journal is closed.

    Raises:
        TimeoutError: Another process, or another run of this one, holds it.
        JournalError: There can be no lock.
    """
    try:
        return held(Path(f"{journal}.lock"))
    except TimeoutError:
        raise
    except OSError as problem:
        raise JournalError(f"the journal {journal} cannot be locked: {problem.strerror or problem}") from None


def locked_by(journal: Path, holder: Holder | None) -> JournalLocked:
    """The error of a run that finds another one at work.

    Args:
        journal: Where the journal lies.
        holder: Whom the journal names, None where it names nobody.
    """
    error = JournalLocked(
        f"the journal {journal} is in use by {holder or 'another process'}",
        can_repeat=True,
        hint="wait until that run has ended, or end it",
    )
    if holder:
        error.pid, error.host, error.since = holder.pid, holder.host, holder.since
    return error
