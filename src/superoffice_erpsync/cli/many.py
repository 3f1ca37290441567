"""A batch: a resync of many keys in chunks, with a journal, and with somebody who watches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from superoffice_erpsync.cli.ending import OutOfTime
from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.fates import show_report
from superoffice_erpsync.cli.option_names import said_for_command
from superoffice_erpsync.cli.options import GlobalOptions
from superoffice_erpsync.cli.output import note
from superoffice_erpsync.cli.progress import progress_shown
from superoffice_erpsync.cli.session import session
from superoffice_erpsync.cli.stopping import stopping
from superoffice_erpsync.redaction import scrub

if TYPE_CHECKING:
    from superoffice_erpsync.batch import Progress, ResyncReport


_WHERE = ("config", "profile", "url", "transport", "services", "soap_url", "username")
"""Options without which a batch that goes on would look for its installation elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a batch goes about it, as far as it was said; the library has the defaults."""

    workers: int | None = None
    rate: float | None = None
    on_unknown: str | None = None
    bisect_calls: int | None = None

    @property
    def said(self) -> dict[str, Any]:
        """What was, as arguments of the library."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def begin(options: GlobalOptions, journal: Path | None, *, dry_run: bool, **asked: Any) -> ExitCode:
    """Start a batch, or go on with the one in the journal.

    Args:
        options: What was said about the installation.
        journal: Where the journal is to be.
        dry_run: Plan, and send nothing.
        asked: Arguments of `batch.resync`.
    """
    from superoffice_erpsync.batch import resync

    if journal is None and not dry_run:
        note("note: without --journal this batch cannot be resumed")
    return _run(options, journal, partial(resync, journal=journal, dry_run=dry_run, **asked), dry_run=dry_run)


def go_on(options: GlobalOptions, journal: Path, manner: Manner) -> ExitCode:
    """Go on with the batch in a journal."""
    from superoffice_erpsync.batch import resume

    return _run(options, journal, partial(resume, journal=journal, **manner.said))


def _run(
    options: GlobalOptions, journal: Path | None, work: Callable[..., ResyncReport], *, dry_run: bool = False
) -> ExitCode:
    from superoffice_erpsync.batch import StopReason

    try:
        deadline = options.account.deadline
        with session(options) as client, stopping(deadline) as stop, progress_shown() as show:

            def tell(progress: Progress) -> None:
                stop.sending = options.account.ends_by_itself = True
                show(progress)

            report = work(client, on_progress=tell, stop=stop)
    except KeyboardInterrupt as end:
        if options.account.ends_by_itself:
            # It is over, and struck while its connections were closed.
            raise
        return _interrupted(options, journal, end)
    options.account.note_report(report)
    with report:
        show_report(report, options.output, scrub=partial(scrub, secrets=options.secrets))
        if report.stopped_because is not None:
            said = stop.reason if report.stopped_because is StopReason.ASKED else report.stop_explanation
            note(f"stopped: {scrub(said_for_command(said or report.stopped_because), options.secrets)}")
        if dry_run:
            note("dry run: no resync was sent")
        if not report.complete or report.any_unknown:
            _tell_how_to_go_on(options, journal, dry_run)
        return code_of_report(report, dry_run=dry_run)


def code_of_report(report: ResyncReport, *, dry_run: bool = False) -> ExitCode:
    """The exit code for a batch that ended, in whatever way."""
    from superoffice_erpsync.batch import State, StopReason

    unfinished = not report.complete or report.any_unknown
    if report.stopped_because is not None and unfinished:
        match report.stopped_because:
            case StopReason.LOGIN:
                return ExitCode.LOGIN_REFUSED
            case StopReason.CONFIGURATION if not report.keys[State.DONE] and not report.any_unknown:
                return ExitCode.USAGE
        return ExitCode.INCOMPLETE
    if report.any_unknown:
        return ExitCode.OUTCOME_UNKNOWN
    if not report.complete and not dry_run:
        return ExitCode.INCOMPLETE
    return ExitCode.REFUSED if report.any_refused or report.any_left_out else ExitCode.OK


def _interrupted(options: GlobalOptions, journal: Path | None, end: KeyboardInterrupt) -> ExitCode:
    """Before the first call. Only a plan that is complete is worth going on with."""
    from superoffice_erpsync.batch import JournalError, open_report

    try:
        planned = journal is not None and open_report(journal).planned
    except JournalError:
        planned = False
    late = isinstance(end, OutOfTime)
    note(f"{'the deadline has passed' if late else 'interrupted'}; no resync was sent since the start")
    if journal is None or not planned:
        return ExitCode.NOT_REACHED if late else ExitCode.INTERRUPTED
    _tell_how_to_go_on(options, journal)
    return ExitCode.INCOMPLETE


def _tell_how_to_go_on(options: GlobalOptions, journal: Path | None, dry_run: bool = False) -> None:
    if journal is None:
        if not dry_run:
            note("hint: start it again, with --journal this time; that does no harm to keys that are done")
        return
    from superoffice_erpsync.report_page.texts import command_line

    command = ["erpsync", "resync", "--resume", str(journal)]
    for name in _WHERE:
        # What the environment gave is there the next time as well.
        if name in options.typed:
            command += [f"--{name.replace('_', '-')}", str(getattr(options, name))]
    note(f"hint: go on with: {command_line(*command)}")
