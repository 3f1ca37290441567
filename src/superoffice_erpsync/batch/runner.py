"""The coordinator of a batch: it alone writes the journal, hands out chunks and notes what came of them."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass
from typing import Protocol

from superoffice_erpsync.batch.bisection import Bisection
from superoffice_erpsync.batch.chunk import ChunkAnswer, ChunkCall, Verdict, answer_of_error, send_chunk
from superoffice_erpsync.batch.chunks import Chunk, Chunks
from superoffice_erpsync.batch.courtesy import Circuit, Pace
from superoffice_erpsync.batch.errors import JournalError
from superoffice_erpsync.batch.journal import Journal
from superoffice_erpsync.batch.progress import Meter, Progress
from superoffice_erpsync.batch.report import counted
from superoffice_erpsync.batch.states import StopReason
from superoffice_erpsync.batch.terms import Terms
from superoffice_erpsync.batch.workers import Workers
from superoffice_erpsync.errors import ErpSyncError

_log = logging.getLogger("superoffice_erpsync.batch")

_LOOK_UP = 0.1
"""Seconds after which the coordinator looks whether it was asked to stop, when nothing else happens."""
_GATHER = 0.005
"""Seconds to wait for more answers after the first, while workers still have something to do: they take up their next
chunk undisturbed, and one transaction notes them all."""
_ANSWERED = frozenset({Verdict.DONE, Verdict.REFUSED, Verdict.TOO_LARGE})
_STOPS = {Verdict.STOP_LOGIN: StopReason.LOGIN, Verdict.STOP_CONFIGURATION: StopReason.CONFIGURATION}


class StopEvent(Protocol):
    """Something that asks a batch to stop, such as `threading.Event`."""

    def is_set(self) -> bool:
        """Whether it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a batch goes about it.

    Attributes:
        tries: Most attempts at a chunk of which nobody knows what became of it, in one process; None leaves such chunks
            alone.
        give_up_after: As many chunks in a row without an answer mean that the server is down.
        stop: Asks the batch to stop; None where nobody does.
        on_progress: Is told how far it is; None for nobody.
    """

    tries: int | None = 3
    give_up_after: int = 5
    stop: StopEvent | None = None
    on_progress: Callable[[Progress], None] | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended.

    Attributes:
        reason: Why it stopped before its end; None where it did not.
        explanation: The same in words.
    """

    reason: StopReason | None = None
    explanation: str | None = None


class Runner:
    """Sends the chunks of a journal until there are none left, or something stops it.

    Args:
        journal: With a complete plan.
        terms: What is asked for.
        workers: Make the calls.
        pace: Says how fast.
        budget: Most calls to find out which keys the server refuses.
        manner: How to go about it.
    """

    def __init__(
        self, journal: Journal, terms: Terms, workers: Workers, pace: Pace, budget: int, manner: Manner
    ) -> None:
        self._journal = journal
        self._terms = terms
        self._workers = workers
        self._pace = pace
        self._manner = manner
        self._chunks = Chunks(journal.connection)
        self._bisection = Bisection(self._chunks, budget)
        self._circuit = Circuit(manner.give_up_after)
        self._meter = Meter(manner.on_progress, lambda: counted(journal.connection))
        self._taken: deque[tuple[Chunk, ChunkCall]] = deque()
        self._under_way: dict[Future[ChunkAnswer], Chunk] = {}
        self._reason: StopReason | None = None
        self._explanation: str | None = None

    @property
    def ended(self) -> Ended:
        """How it ended."""
        return Ended(self._reason, self._explanation)

    def run(self) -> None:
        """Do it. A run that is stopped finishes the calls that are under way, and takes back those that are not."""
        try:
            self._work()
        except KeyboardInterrupt:
            self._halt(StopReason.INTERRUPTED, "interrupted from the keyboard")
        except (JournalError, sqlite3.Error) as problem:
            self._halt(StopReason.JOURNAL, str(problem))
        finally:
            self._finish()

    def _work(self) -> None:
        more = True
        while more or self._under_way:
            self._look_whether_to_stop()
            if self._reason is not None:
                return
            more = self._step(self._wait())
            while self._taken:
                chunk, call = self._taken.popleft()
                self._under_way[self._workers.submit(send_chunk, call)] = chunk
            self._meter.tick()

    def _look_whether_to_stop(self) -> None:
        if self._manner.stop is not None and self._manner.stop.is_set():
            self._halt(StopReason.ASKED, "asked to stop")
        elif self._circuit.broken:
            self._halt(StopReason.SERVER_DOWN, f"{self._manner.give_up_after} chunks in a row got no answer")

    def _wait(self) -> list[Future[ChunkAnswer]]:
        """The futures that are over. Waits for one where no other call could go meanwhile."""
        pause = min(self._pace.wait() or _LOOK_UP, _LOOK_UP)
        if not self._under_way:
            time.sleep(pause if self._pace.wait() else 0)
            return []
        full = len(self._under_way) >= self._workers.most
        back = wait(self._under_way, timeout=_LOOK_UP if full else pause, return_when=FIRST_COMPLETED)
        if back.done and back.not_done:
            time.sleep(_GATHER)
        # One that its executor cancelled is over as well, and `wait` does not say so.
        return [future for future in self._under_way if future.done()]

    def _step(self, back: list[Future[ChunkAnswer]]) -> bool:
        """Note the answers and take the next chunks: one transaction, since each costs a wait for the disk.

        Returns:
            Whether there are more than these.
        """
        with self._journal.transaction():
            for future in back:
                self._note(future, self._under_way[future])
                if future.cancelled():
                    self._halt(StopReason.EXECUTOR, "the executor takes no more work")
            if self._reason is None and not self._circuit.broken:
                self._take(self._pace.allowed(self._workers.most - len(self._under_way) + len(back)))
            more = bool(self._chunks.to_send(1, self._manner.tries))
        for future in back:
            del self._under_way[future]
        return more

    def _take(self, most: int) -> None:
        while len(self._taken) < most:
            found = self._chunks.to_send(most - len(self._taken), self._manner.tries)
            if not found:
                break
            for chunk in found:
                if not self._bisection.split_too_large(chunk):
                    self._chunks.mark_sent(chunk)
                    self._taken.append((chunk, self._call(chunk)))
        self._pace.took(len(self._taken))

    def _call(self, chunk: Chunk) -> ChunkCall:
        return ChunkCall(
            number=chunk.number,
            operation=self._terms.operation,
            connection_id=self._terms.connection_id,
            actor_type=self._terms.actor_type,
            keys=self._chunks.keys_of(chunk),
        )

    def _note(self, future: Future[ChunkAnswer], chunk: Chunk) -> None:
        if not self._chunks.awaits(chunk):
            # Noted before, in a step that was interrupted just after.
            return
        try:
            # Not raised here: a worker process may end by Ctrl-C, which is none for this one.
            problem = future.exception()
        except CancelledError:
            self._chunks.put_back(chunk)
            return
        if problem is None:
            answer = future.result()
        elif isinstance(problem, ErpSyncError):
            answer = answer_of_error(chunk.number, problem)
        else:
            words = "the workers broke" if isinstance(problem, BrokenExecutor) else "a worker failed"
            answer = ChunkAnswer(
                number=chunk.number,
                verdict=Verdict.UNKNOWN,
                explanation=words,
                error=type(problem).__name__,
                outcome="unknown",
            )
            self._halt(StopReason.EXECUTOR, f"{words}: {type(problem).__name__}")
        _tell(chunk, answer)
        self._bisection.settle(chunk, answer)
        self._circuit.note(answered=answer.verdict in _ANSWERED)
        if answer.verdict in _STOPS:
            self._halt(_STOPS[answer.verdict], answer.explanation or "")

    def _halt(self, reason: StopReason, explanation: str) -> None:
        if self._reason is None:
            self._reason, self._explanation = reason, explanation

    def _finish(self) -> None:
        """Take back what has not begun, wait for the rest, and note how it ended."""
        try:
            wait([future for future in self._under_way if not future.cancel()])
            with self._journal.transaction():
                for future, chunk in self._under_way.items():
                    self._note(future, chunk)
                for chunk, _ in self._taken:
                    # Interrupted before these were handed out, or even before they stood there as sent.
                    if self._chunks.awaits(chunk):
                        self._chunks.put_back(chunk)
            self._under_way.clear()
            self._journal.end(self._meter.seconds, self._reason, self._explanation)
        except (JournalError, sqlite3.Error) as problem:
            # What could not be noted stands there as sent, which the next run takes for unknown.
            self._halt(StopReason.JOURNAL, str(problem))
            return
        self._meter.tick(last=True)


def _tell(chunk: Chunk, answer: ChunkAnswer) -> None:
    _log.info(
        "chunk %d: %s, keys: %d, %.3f s%s",
        chunk.number,
        answer.verdict,
        chunk.keys,
        answer.seconds,
        f": {answer.explanation}" if answer.explanation else "",
        extra={
            "chunk": chunk.number,
            "keys": chunk.keys,
            "outcome": str(answer.verdict),
            "error": answer.error,
            "attempt": chunk.attempts + 1,
            "seconds": round(answer.seconds, 3),
        },
    )
