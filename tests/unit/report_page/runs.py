"""Journals of runs that are over, written without a server and always the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lxml import html

from superoffice_erpsync.batch import ResyncReport, State, open_report
from superoffice_erpsync.batch.chunk import ChunkAnswer, Verdict
from superoffice_erpsync.batch.chunks import Chunk, Chunks
from superoffice_erpsync.batch.journal import Journal
from superoffice_erpsync.report_page import write_page
from unit.batch.journals import planned

BEGIN = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Fate:
    """What came of a chunk."""

    state: State
    explanation: str | None = None
    code: str | None = None
    error: str | None = None
    seconds: float = 0.25


DONE = Fate(State.DONE)


def run_of(
    path: Path, keys: Iterable[str], fate: Callable[[Chunk], Fate | None], *, chunk_size: int = 1
) -> ResyncReport:
    """The report of a run whose chunks have had these fates; a chunk without one is still to be sent."""
    with planned(path, keys, chunk_size=chunk_size, skip_bad=True) as journal:
        chunks = Chunks(journal.connection)
        with journal.transaction():
            for chunk in chunks.to_send(1_000_000, None):
                found = fate(chunk)
                if found is not None:
                    _settle(chunks, chunk, found)
        journal.end(12.5, None, None)
        make_the_same(journal)
    return open_report(path)


def make_the_same(journal: Journal) -> None:
    """Give a journal the times of a clock of its own."""
    with journal.transaction():
        journal.connection.execute("UPDATE run SET created_at = ?", (at(-5),))
        for number, seconds in journal.connection.execute(
            "SELECT number, seconds FROM chunk WHERE attempts"
        ).fetchall():
            journal.connection.execute(
                "UPDATE chunk SET sent_at = ?, answered_at = ? WHERE number = ?",
                (at(number * 0.5), None if seconds is None else at(number * 0.5 + seconds), number),
            )


def at(seconds: float) -> str:
    """A time as journals have it."""
    return (BEGIN + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def page_of(report: ResyncReport, folder: Path) -> html.HtmlElement:
    """The page of a run, read as a browser does."""
    return html.document_fromstring(text_of(report, folder))


def text_of(report: ResyncReport, folder: Path) -> str:
    """The page of a run as it stands in the file."""
    write_page(report, folder / "report.html")
    return (folder / "report.html").read_text(encoding="utf-8")


def words(element: html.HtmlElement) -> str:
    """What is to be read, with blanks folded."""
    return " ".join(element.text_content().split())


def _settle(chunks: Chunks, chunk: Chunk, fate: Fate) -> None:
    chunks.mark_sent(chunk)
    if fate.state is State.SENT:
        return
    chunks.settle(
        chunk,
        fate.state,
        ChunkAnswer(
            number=chunk.number,
            verdict=Verdict.DONE,
            explanation=fate.explanation,
            code=fate.code,
            error=fate.error,
            changes={"contact": {"updated": chunk.keys}} if fate.state is State.DONE else {},
            seconds=fate.seconds,
        ),
    )
