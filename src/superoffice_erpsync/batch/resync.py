"""A resync of many keys that survives whatever happens to the process: `resync`, and `resume` for the rest of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, TypeAlias

from superoffice_erpsync.batch.asking import address_of, terms_of
from superoffice_erpsync.batch.courtesy import Pace
from superoffice_erpsync.batch.errors import JournalError
from superoffice_erpsync.batch.journal import Journal
from superoffice_erpsync.batch.keys import Keys, KeySource, source_of
from superoffice_erpsync.batch.plan import Cutting, check_of, check_same_keys, make_plan
from superoffice_erpsync.batch.preflight import Preflight, leave_out
from superoffice_erpsync.batch.progress import Progress
from superoffice_erpsync.batch.report import ResyncReport, counted, report_of
from superoffice_erpsync.batch.runner import Ended, Manner, Runner, StopEvent
from superoffice_erpsync.batch.states import State
from superoffice_erpsync.batch.terms import BlankValues, Terms
from superoffice_erpsync.batch.workers import Workers
from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.errors import InvalidRequest
from superoffice_erpsync.models import ErpActorType

OnUnknown: TypeAlias = Literal["repeat", "ask"]
_JOURNAL = "resync.journal"
_NOT_RUN = Ended()


def resync(
    client: ErpSyncClient,
    *,
    connection_id: int,
    keys: Keys,
    actor_type: ErpActorType | None = None,
    blank_values: BlankValues = "overwrite",
    chunk_size: int = 500,
    chunk_bytes: int = 60_000,
    workers: int = 2,
    rate: float | None = None,
    journal: str | Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_unknown: OnUnknown = "repeat",
    tries: int = 3,
    give_up_after: int = 5,
    bisect_calls: int | None = None,
    skip_bad: bool = False,
    preflight: Preflight | None = None,
    dry_run: bool = False,
    executor: Executor | None = None,
    stop: StopEvent | None = None,
) -> ResyncReport:
    """Resync any number of keys, in chunks that the server takes, with a journal of what became of each.

    The plan is complete in the journal before anything is sent. Whatever ends the batch early, `resume`, or the same
    call again, goes on with it: no key is lost, and of what was under way it is known that nobody knows. Keys that
    the server refuses are found by sending the chunks they are in again in parts. A batch is all that a journal plans,
    in however many runs: one for `resync`, and one for each `resume`.

    Args:
        client: Makes the calls; its own repeats hold for each of them.
        connection_id: The source: an ERP connection; or 0 for the CRM, with ids of internal keys.
        keys: Keys one by one, or where to read them: `TextKeys`, `CsvKeys`, `JsonLinesKeys`.
        actor_type: Kind of the actors that the keys of the ERP name (ForceResyncExternal); None where the keys are ids
            of internal keys (ForceResync).
        blank_values: Whether blank values of the source overwrite filled ones, or these are kept. Services86 cannot
            keep them: there it takes a `preflight`.
        chunk_size: Most keys in one call.
        chunk_bytes: Most bytes of one request, envelope and all.
        workers: How many calls are made at the same time.
        rate: Most calls a second, all workers together; None for no limit.
        journal: Where the journal is or will be, on a disk of this machine; None for a file of the report's own, which
            cannot be resumed.
        on_progress: Is told how far it is, a few times a second at most, in the thread that called.
        on_unknown: Whether a chunk whose answer was lost is sent again, which does no harm to a resync, or kept as
            unknown for somebody to decide.
        tries: Most attempts at such a chunk before it stays unknown.
        give_up_after: As many chunks in a row without an answer mean that the server is down: the batch stops.
        bisect_calls: Most calls to find the keys that the server refuses; None for enough to find one in a hundred.
            Beyond it, refused chunks stay refused as a whole.
        skip_bad: Leave out keys that cannot be sent and list them, instead of refusing all.
        preflight: Compare values first and leave out keys whose filled values in the CRM would be blanked. Used where
            the services cannot keep them.
        dry_run: Plan and compare, and send no resync. The journal can be resumed.
        executor: Who makes the calls instead of threads: any of `concurrent.futures`. To other processes the client
            goes by reference, see `ErpSyncClient`. For a Dask cluster take `cluster.dask_executor`.
        stop: Asks the batch to stop, such as `threading.Event`. What is under way is finished, and so is the plan.

    Returns:
        What became of it, also where it was stopped: by `stop`, by Ctrl-C, by a server that is down, by a refused
        login.

    Raises:
        InvalidRequest: The keys or other arguments cannot be sent; there are no keys. Nothing was sent.
        OperationNotAvailable: The services cannot keep filled values. Nothing was sent.
        ConfigurationError: The journal (`JournalError`) or the client cannot be used.
        ErpSyncError: The preflight could not be made.
    """
    source = source_of(keys)
    cutting = Cutting(keys=chunk_size, bytes=chunk_bytes)
    manner = _manner(on_unknown, tries, give_up_after, bisect_calls, stop, on_progress)
    pace = Pace(rate)
    terms = terms_of(client, connection_id, actor_type, blank_values, preflight)
    own = None if journal is not None else _own_folder()
    path = Path(own.name, _JOURNAL) if own else Path(journal or "")
    with ExitStack() as undo:
        if own is not None:
            undo.callback(own.cleanup)
        with closing(Workers(client, workers, executor)) as made, Journal.open(path, create=True) as opened:
            if opened.planned:
                _check_goes_on(opened, terms)
                check_same_keys(opened, source, check_of(terms.actor_type))
            else:
                leave = _leaving_out(client, made, pace, terms, preflight)
                _plan(opened, terms, source, cutting, skip_bad, bisect_calls, leave)
            ended = _NOT_RUN if dry_run else _run(opened, terms, made, pace, bisect_calls, manner)
        report = _report(path, ended, own)
        # The report keeps the folder now.
        undo.pop_all()
    return report


def resume(
    client: ErpSyncClient,
    journal: str | Path,
    *,
    keys: Keys | None = None,
    workers: int = 2,
    rate: float | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_unknown: OnUnknown = "repeat",
    tries: int = 3,
    give_up_after: int = 5,
    bisect_calls: int | None = None,
    executor: Executor | None = None,
    stop: StopEvent | None = None,
) -> ResyncReport:
    """Go on with a batch that ended early, in whatever way. What was under way then is unknown, and sent again.

    A batch that has come to its end is not touched, but for keys of which nobody knows: they are tried again.

    Args:
        client: Makes the calls; it must be for the installation that the journal names.
        journal: Where the journal is.
        keys: The keys of the batch, to make sure that they are the same; None to go by the journal alone.
        workers: See `resync`, as with all others.
        rate: Most calls a second.
        on_progress: Is told how far it is.
        on_unknown: Whether chunks of which nobody knows are sent again.
        tries: Most attempts at such a chunk.
        give_up_after: As many chunks in a row without an answer mean that the server is down.
        bisect_calls: Most calls to find the keys that the server refuses, those of the earlier runs included; None for
            what was planned.
        executor: Who makes the calls.
        stop: Asks the batch to stop.

    Returns:
        What became of it.

    Raises:
        JournalError: The journal cannot be used: its plan is not complete, or it is for another installation or other
            keys.
        ConfigurationError: The client cannot go to another process.
        InvalidRequest: The arguments make no sense.
    """
    manner = _manner(on_unknown, tries, give_up_after, bisect_calls, stop, on_progress)
    pace = Pace(rate)
    with closing(Workers(client, workers, executor)) as made, Journal.open(Path(journal), create=False) as opened:
        terms = opened.terms
        if terms is None or not opened.planned:
            raise JournalError(
                f"the journal {journal} has no plan: the run that made it ended before, and nothing was sent",
                hint="start the resync again with its keys and the same journal",
            )
        address = address_of(client)
        if address != terms.address:
            raise JournalError(
                f"the journal {journal} is for {terms.address or 'no address'}, and the client for {address or 'none'}"
            )
        if keys is not None:
            check_same_keys(opened, source_of(keys), check_of(terms.actor_type))
        ended = _run(opened, terms, made, pace, bisect_calls, manner)
    return _report(Path(journal), ended, None)


def _own_folder() -> TemporaryDirectory[str]:
    try:
        return TemporaryDirectory(prefix="erpsync-resync-")
    except OSError as problem:
        raise JournalError(f"there is no place for a journal of its own: {problem.strerror}") from None


def _manner(
    on_unknown: OnUnknown,
    tries: int,
    give_up_after: int,
    bisect_calls: int | None,
    stop: StopEvent | None,
    on_progress: Callable[[Progress], None] | None,
) -> Manner:
    if on_unknown not in ("repeat", "ask"):
        raise InvalidRequest(f"on_unknown must be 'repeat' or 'ask', not {on_unknown!r}")
    for name, value in (("tries", tries), ("give_up_after", give_up_after)):
        if value < 1:
            raise InvalidRequest(f"{name} must be 1 or more, not {value}")
    if bisect_calls is not None and bisect_calls < 0:
        raise InvalidRequest(f"bisect_calls must be 0 or more, not {bisect_calls}")
    return Manner(
        tries=tries if on_unknown == "repeat" else None,
        give_up_after=give_up_after,
        stop=stop,
        on_progress=on_progress,
    )


def _leaving_out(
    client: ErpSyncClient, workers: Workers, pace: Pace, terms: Terms, preflight: Preflight | None
) -> Callable[[sqlite3.Connection], None] | None:
    if preflight is None or terms.actor_type is None or not terms.preflight:
        return None
    return partial(
        leave_out,
        preflight=preflight,
        workers=workers,
        pace=pace,
        connection_id=terms.connection_id,
        actor_type=ErpActorType(terms.actor_type),
        client=client,
    )


def _check_goes_on(journal: Journal, terms: Terms) -> None:
    found = journal.terms
    differing = found.differing(terms) if found else []
    if found and differing:
        facts = ", ".join(f"{name} {getattr(found, name)!r} and not {getattr(terms, name)!r}" for name in differing)
        raise JournalError(
            f"the journal {journal.path} was made for another batch: {facts}",
            hint="give another batch a journal of its own",
        )
    keys, _, _ = counted(journal.connection)
    if not any(keys[state] for state in (State.PLANNED, State.SENT, State.UNKNOWN)):
        raise JournalError(
            f"the batch in the journal {journal.path} has come to its end",
            hint="its report says what became of it; give another batch a journal of its own",
        )


def _plan(
    journal: Journal,
    terms: Terms,
    source: KeySource,
    cutting: Cutting,
    skip_bad: bool,
    bisect_calls: int | None,
    leave: Callable[[sqlite3.Connection], None] | None,
) -> None:
    new = journal.terms is None
    try:
        journal.begin(terms)
        make_plan(
            journal,
            source,
            check_of(terms.actor_type),
            cutting,
            skip_bad=skip_bad,
            bisect_calls=bisect_calls,
            leave_out=leave,
        )
    except BaseException:
        if new:
            journal.discard()
        raise


def _run(
    journal: Journal, terms: Terms, workers: Workers, pace: Pace, bisect_calls: int | None, manner: Manner
) -> Ended:
    journal.take_up()
    budget = journal.bisect_calls if bisect_calls is None else bisect_calls
    runner = Runner(journal, terms, workers, pace, budget, manner)
    runner.run()
    return runner.ended


def _report(journal: Path, ended: Ended, folder: TemporaryDirectory[str] | None) -> ResyncReport:
    report = report_of(journal, folder)
    if ended.reason is None:
        return report
    # Where the journal could not be written any more, it does not say so itself.
    return replace(report, stopped_because=ended.reason, stop_explanation=ended.explanation)
