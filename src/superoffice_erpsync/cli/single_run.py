"""One run at a time for a job, whichever command it makes: the lock of --lock."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from superoffice_erpsync.cli.exit_codes import LockHeld
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.process.locking import Holder, held

if TYPE_CHECKING:
    from superoffice_erpsync.cli.options import GlobalOptions


@contextmanager
def single_run(options: GlobalOptions) -> Iterator[None]:
    """Hold the lock while it lasts, if one is wanted.

    Raises:
        LockHeld: Another run holds it, and did so for as long as this one was to wait.
        ConfigurationError: There can be no such lock.
    """
    wait = options.lock_wait or 0.0
    if not (wait >= 0 and math.isfinite(wait)):
        raise ConfigurationError(f"{options.called('lock_wait')} must be a number of seconds from 0")
    if options.lock is None:
        if "lock_wait" in options.typed:
            raise ConfigurationError("--lock-wait needs --lock")
        yield
        return
    left = options.account.deadline.left()
    wait = wait if left is None else max(0.0, min(wait, left))
    try:
        _check(options.lock)
        named = options.lock.with_name(f"{options.lock.name}.holder")
        lock = held(options.lock, wait)
    except TimeoutError:
        raise _refusal(options.lock, _read(named), wait) from None
    except OSError as problem:
        raise ConfigurationError(f"the lock {options.lock} cannot be taken: {problem.strerror or problem}") from None
    try:
        # Beside the lock, which on Windows nobody else can read. It is a courtesy: the lock holds without it.
        with suppress(OSError):
            named.write_text(json.dumps(asdict(Holder.this_process())), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            named.unlink(missing_ok=True)
        lock.release()


def _check(path: Path) -> None:
    if not path.parent.is_dir():
        raise ConfigurationError(f"the lock {path} cannot be made: there is no such folder")
    # A file would be emptied, and may be somebody's journal.
    if path.is_dir() or (path.exists() and path.stat().st_size):
        wrong = "that is a folder" if path.is_dir() else "it has content"
        raise ConfigurationError(f"{path} is no lock: {wrong}", hint="give a file that is for this alone")


def _read(named: Path) -> Holder | None:
    with suppress(OSError, ValueError, TypeError):
        return Holder(**json.loads(named.read_text("utf-8")))
    return None


def _refusal(path: Path, holder: Holder | None, wait: float) -> LockHeld:
    waited = f", also after {wait:.3g} seconds" if wait else ""
    return LockHeld(
        f"the lock {path} is held by {holder or 'another process'}{waited}",
        can_repeat=True,
        hint="wait until that run has ended, end it, or give more --lock-wait",
    )
