"""What follows from an answer: a state, or smaller chunks.

A chunk that the server refuses is quartered until the refused keys stand alone, within a budget of calls. One that is
too large for the server is halved until it fits. The explanations of the server are kept and shown, and nothing follows
from what they say: whether a key is at fault is found out by sending it without the others.
"""

from __future__ import annotations

from superoffice_erpsync.batch.chunk import ChunkAnswer, Verdict
from superoffice_erpsync.batch.chunks import Chunk, Chunks
from superoffice_erpsync.batch.states import State

PARTS = 4
"""Takes as many calls for one refused key as halving does, and sends the others half as often."""
_ONE_IN = 100
_FEWEST = 16


def default_budget(keys: int, chunk_size: int) -> int:
    """Calls that suffice to name one key in a hundred, and some in a small batch."""
    levels = 1
    while PARTS**levels < chunk_size:
        levels += 1
    return PARTS * levels * max(_FEWEST, keys // _ONE_IN)


class Bisection:
    """Settles answers in the journal.

    Args:
        chunks: The journal's chunks.
        budget: Most calls to find out which keys the server refuses.
    """

    def __init__(self, chunks: Chunks, budget: int) -> None:
        self._chunks = chunks
        self._left = budget - chunks.bisected()
        self._too_large: int | None = None
        self._not_too_large = 0

    def settle(self, chunk: Chunk, answer: ChunkAnswer) -> None:
        """Note the answer to a chunk, and plan what follows from it."""
        self._chunks.settle(chunk, self._state(chunk, answer), answer)
        if answer.verdict is Verdict.TOO_LARGE:
            self._too_large = min(chunk.bytes, self._too_large or chunk.bytes)
            if chunk.keys > 1:
                self._chunks.split(chunk, 2, bisected=False)
        elif answer.verdict is Verdict.DONE:
            self._not_too_large = max(chunk.bytes, self._not_too_large)
        elif answer.verdict is Verdict.REFUSED and chunk.keys > 1 and self._left >= (parts := min(PARTS, chunk.keys)):
            self._left -= parts
            self._chunks.split(chunk, parts, bisected=True)

    def split_too_large(self, chunk: Chunk) -> bool:
        """Halve a chunk that is no smaller than one that the server would not take; whether it was.

        One that is no larger than what the server has taken goes as it is: that it would not take the other may have to
        do with a key in that.
        """
        if self._too_large is None or chunk.bytes < self._too_large or chunk.keys == 1:
            return False
        if chunk.bytes <= self._not_too_large:
            return False
        self._chunks.split(chunk, 2, bisected=False)
        return True

    def _state(self, chunk: Chunk, answer: ChunkAnswer) -> State:
        match answer.verdict:
            case Verdict.DONE:
                return State.DONE
            case Verdict.REFUSED | Verdict.TOO_LARGE:
                return State.FAILED if chunk.keys == 1 else State.REFUSED
            case Verdict.UNKNOWN:
                return State.UNKNOWN
        # What the attempt before it did is as unknown as it was.
        return State.UNKNOWN if chunk.lost or answer.outcome == "unknown" else State.PLANNED
