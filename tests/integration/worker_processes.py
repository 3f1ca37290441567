"""Worker processes for resyncs: what they log in with, and an end that comes without notice."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from superoffice_erpsync import EnvironmentSecret, UsernamePassword
from superoffice_erpsync.batch import Progress, ResyncReport, State
from superoffice_erpsync.sandbox import Sandbox
from unit.batch.companies import Companies, sent_keys

VARIABLE = "ERPSYNC_TRIED"
PASSWORD = "Tje0"
BY_REFERENCE = UsernamePassword("tje0", EnvironmentSecret(VARIABLE))


def kill(pid: int) -> None:
    """End a process as the system does when memory runs out."""
    # Windows knows the latter only, and ends the process by it just as abruptly.
    os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def when_done(count: int, act: Callable[[], None]) -> Callable[[Progress], None]:
    """What does something, once, as soon as so many keys are done: for `on_progress`."""
    times = iter([1])

    def watch(progress: Progress) -> None:
        if progress.keys[State.DONE] >= count and next(times, 0):
            act()

    return watch


def check_every_key_is_done(report: ResyncReport, companies: Companies, sandbox: Sandbox) -> None:
    """All keys are done by the report, by the CRM, and by the requests that came."""
    assert report.all_done
    assert report.keys[State.DONE] == len(companies.keys)
    assert companies.resynced == companies.keys
    assert {key for sent in sent_keys(sandbox) for key in sent} == set(companies.keys)
