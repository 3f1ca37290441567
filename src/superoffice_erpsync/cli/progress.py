"""How far a batch is: a bar on a terminal, a line now and then on standard error or in the log."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from superoffice_erpsync.cli.logs import current_log
from superoffice_erpsync.cli.output import note
from superoffice_erpsync.cli.streams import Heedless

if TYPE_CHECKING:
    from superoffice_erpsync.batch import Progress

Tell: TypeAlias = "Callable[[Progress], None]"

_EVERY = 10.0
"""Seconds between two lines."""
_LOG = "superoffice_erpsync.progress"


@contextmanager
def progress_shown() -> Iterator[Tell]:
    """What shows progress that it is told, in the form that suits standard error, and the log if there is one."""
    log = current_log()
    lines = _Lines(_note if log is None else _log)
    if not (sys.stderr.isatty() if log is None else log.watched):
        yield lines.tell
        lines.close()
        return
    with _bar() as show:

        def both(progress: Progress) -> None:
            show(progress)
            lines.tell(progress)

        yield show if log is None else both
    if log is not None:
        lines.close()


def rest_of(progress: Progress) -> timedelta | None:
    """How long the rest will take at the rate so far; None where nobody can tell."""
    left = progress.total - progress.settled
    if not left:
        return timedelta(0)
    return timedelta(seconds=round(left / progress.rate)) if progress.rate > 0 else None


def as_line(progress: Progress) -> str:
    """How far it is, in a line."""
    rest = rest_of(progress)
    share = progress.settled / progress.total if progress.total else 1.0
    return ", ".join(
        [
            f"{progress.settled:,} of {progress.total:,} keys ({share:.0%})",
            f"{progress.rate:,.0f} keys/s",
            "time left unknown" if rest is None else f"{rest} left",
            *_trouble(progress),
        ]
    )


def _trouble(progress: Progress) -> tuple[str, str]:
    from superoffice_erpsync.batch import State

    keys = progress.keys
    return f"refused {keys[State.REFUSED] + keys[State.FAILED]:,}", f"unknown {keys[State.UNKNOWN]:,}"


def _note(progress: Progress) -> None:
    note(as_line(progress))


def _log(progress: Progress) -> None:
    from superoffice_erpsync.batch import State

    keys = progress.keys
    fields = {
        "total": progress.total,
        "settled": progress.settled,
        "rate": round(progress.rate, 1),
        "refused": keys[State.REFUSED] + keys[State.FAILED],
        "unknown": keys[State.UNKNOWN],
        "calls": progress.calls,
    }
    logging.getLogger(_LOG).info("%s", as_line(progress), extra=fields)


class _Lines:
    """Lines at intervals, and the last word in any case."""

    def __init__(self, write: Tell) -> None:
        self._write = write
        self._last: Progress | None = None
        self._noted: Progress | None = None
        self._next = time.monotonic()

    def tell(self, progress: Progress) -> None:
        self._last = progress
        if time.monotonic() >= self._next:
            self._note(progress)

    def close(self) -> None:
        if self._last is not None and self._last is not self._noted:
            self._note(self._last)

    def _note(self, progress: Progress) -> None:
        self._write(progress)
        self._noted = progress
        self._next = time.monotonic() + _EVERY


@contextmanager
def _bar() -> Iterator[Tell]:
    from rich import progress as rich_progress  # takes longer to load than most calls take
    from rich.console import Console

    columns = (
        rich_progress.SpinnerColumn(),
        rich_progress.BarColumn(bar_width=None),
        rich_progress.MofNCompleteColumn(),
        *(rich_progress.TextColumn(f"{{task.fields[{name}]}}", markup=False) for name in ("rate", "left", "trouble")),
    )
    # What is noted meanwhile goes above the bar. Standard output is for results and stays as it is.
    with rich_progress.Progress(*columns, console=Console(file=Heedless.of(sys.stderr)), redirect_stdout=False) as bar:
        task = bar.add_task("", total=None, rate="reading keys", left="", trouble="")

        def tell(progress: Progress) -> None:
            rest = rest_of(progress)
            bar.update(
                task,
                total=progress.total,
                completed=progress.settled,
                rate=f"{progress.rate:,.0f}/s",
                left="" if rest is None else f"{rest} left",
                trouble=", ".join(_trouble(progress)),
            )

        yield tell
