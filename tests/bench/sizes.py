"""How much a run measures, and the files that its servers play back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from .decoding import soap_answer


class NotMeasured(Exception):
    """Something that a figure needs is missing here; the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much a run measures.

    Attributes:
        records: Records in long answers.
        rounds: How often both sides of a ratio take their turn.
        long_rounds: The same where a turn takes seconds.
        small_calls: Small calls in a turn.
        calls_a_thread: Calls of each thread in a turn.
        starts: How often each program is started.
        chunks: Chunks of a batch.
    """

    records: int = 100_000
    rounds: int = 7
    long_rounds: int = 3
    small_calls: int = 300
    calls_a_thread: int = 20
    starts: int = 24
    chunks: int = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a run finds its files.

    Attributes:
        small_answer: An answer of ForceSyncAll with one record.
        long_answer: One with all of them.
        bytecode: A folder for what Python compiles.
        programs: Programs that are measured as processes of their own.
    """

    small_answer: Path
    long_answer: Path
    bytecode: Path
    programs: Path = Path(__file__).parent / "alone"


@contextmanager
def prepared(sizes: Sizes) -> Iterator[Place]:
    """Write the files of a run, and remove them after it."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        place = Place(small_answer=root / "small.xml", long_answer=root / "long.xml", bytecode=root / "bytecode")
        place.small_answer.write_bytes(soap_answer(1))
        place.long_answer.write_bytes(soap_answer(sizes.records))
        yield place
