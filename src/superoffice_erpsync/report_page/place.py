"""Where the page goes: looked at first, and written wholly or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.process.links import followed

_DATABASE = b"SQLite format 3\x00"
_BESIDE_A_JOURNAL = ("-wal", "-shm", "-journal", ".lock")


def check_place(path: Path, journal: Path) -> None:
    """Make sure that a page may go there, before the work of making one.

    Args:
        path: Where it is to go.
        journal: What it is about, and must not take the place of.

    Raises:
        ConfigurationError: It may not.
    """
    try:
        reason = _reason_against(path, journal)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
    if reason is not None:
        raise _unwritable(path, reason)


def put(path: Path, text: str) -> None:
    """Put a text into a file, in place of what was there. Whoever looks at it sees the old one or the new one.

    Raises:
        ConfigurationError: It cannot be written; the old one is still there.
    """
    try:
        # Followed, so that a link stays one.
        target = followed(path)
        beside = target.with_name(f"{target.name}.{secrets.token_hex(4)}.new")
        try:
            with beside.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                # Without it, a loss of power may leave the new name with nothing in it.
                os.fsync(file.fileno())
            beside.replace(target)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise _unwritable(path, problem.strerror or type(problem).__name__) from None


def _reason_against(path: Path, journal: Path) -> str | None:
    if path.is_dir():
        return "that is a folder"
    if not path.parent.is_dir():
        return "there is no such folder"
    if path.absolute() in [journal.absolute().with_name(journal.name + ending) for ending in _BESIDE_A_JOURNAL]:
        return "that file belongs to the journal"
    if not path.exists():
        return None
    # A device or a pipe would be replaced by a file.
    if not path.is_file():
        return "that is no ordinary file"
    with path.open("rb") as file:
        return "that is a journal, or another database" if file.read(len(_DATABASE)) == _DATABASE else None


def _unwritable(path: Path, reason: str) -> ConfigurationError:
    return ConfigurationError(f"the page {path} cannot be written: {reason}", hint="name another file")
