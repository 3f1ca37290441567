"""The plan of a batch: every key once, in chunks that the server takes. It is complete in the journal, or not there."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from superoffice_erpsync.batch.bisection import default_budget
from superoffice_erpsync.batch.chunks import Chunks
from superoffice_erpsync.batch.errors import InvalidKeys, JournalError
from superoffice_erpsync.batch.journal import Journal, now
from superoffice_erpsync.batch.keys import (
    LONGEST_KEY,
    BadKey,
    Check,
    Found,
    KeySource,
    external_key,
    internal_key_id,
    shown,
    spelled_out,
)
from superoffice_erpsync.batch.request_size import FRAME, bytes_of_key
from superoffice_erpsync.errors import InvalidRequest

SMALLEST_CHUNK_BYTES = FRAME + bytes_of_key("\U0001f600" * LONGEST_KEY)
"""Below it, some key that is allowed would have no room."""

_BATCH = 5_000
_KEPT_BAD_KEYS = 100
_MOST_CALLS = 2**63 - 1
"""What a column can hold, and more than any batch needs."""
_LISTED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    """How chunks are cut.

    Attributes:
        keys: Most keys in one.
        bytes: Most bytes of the whole request.

    Raises:
        InvalidRequest: Nothing can be cut like this.
    """

    keys: int = 500
    bytes: int = 60_000

    def __post_init__(self) -> None:
        if self.keys < 1:
            raise InvalidRequest(f"chunk_size must be 1 or more, not {self.keys}")
        if self.bytes < SMALLEST_CHUNK_BYTES:
            raise InvalidRequest(f"chunk_bytes must be {SMALLEST_CHUNK_BYTES} or more, not {self.bytes}")


def check_of(actor_type: str | None) -> Check:
    """What checks the keys of a batch."""
    return internal_key_id if actor_type is None else external_key


def digest_of(source: KeySource, check: Check) -> str:
    """What tells these keys from others, without planning anything. Bad ones do not count."""
    digest = hashlib.sha256()
    for found in source.read():
        key, _ = _checked(found, check)
        if key is not None:
            _count_in(digest.update, key)
    return digest.hexdigest()


def make_plan(
    journal: Journal,
    source: KeySource,
    check: Check,
    cutting: Cutting,
    *,
    skip_bad: bool,
    bisect_calls: int | None,
    leave_out: Callable[[sqlite3.Connection], None] | None = None,
) -> None:
    """Write the plan into a journal that has none.

    Args:
        journal: Where to.
        source: Where the keys come from.
        check: What they must be.
        cutting: How the chunks are cut.
        skip_bad: Leave out keys that cannot be sent and list them, instead of refusing all.
        bisect_calls: Calls to find out which keys the server refuses; None for what suits the number of keys.
        leave_out: Marks keys that are to be left out.

    Raises:
        InvalidKeys: There are keys that cannot be sent.
        InvalidRequest: There are no keys, or they cannot be read.
        JournalError: The journal cannot be written.
    """
    with journal.transaction():
        connection = journal.connection
        loading = _Loading(connection, source, check)
        loading.run()
        if loading.bad_count and not skip_bad:
            raise loading.refusal()
        (count,) = connection.execute("SELECT count(*) FROM key").fetchone()
        if not count:
            raise InvalidRequest(
                f"there are no keys in {source.name}, which the server would take for every key there is",
                hint="nothing was sent",
            )
        if leave_out is not None:
            leave_out(connection)
        Chunks(connection).add(cut(_kept(connection), cutting))
        connection.execute(
            "UPDATE run SET planned_at = ?, source = ?, digest = ?, duplicates = ?, bisect_calls = ?",
            (
                now(),
                spelled_out(source.name),
                loading.digest,
                loading.good - count,
                default_budget(count, cutting.keys) if bisect_calls is None else min(bisect_calls, _MOST_CALLS),
            ),
        )


def cut(keys: Iterable[tuple[int, str]], cutting: Cutting) -> Iterator[tuple[int, int, int, int]]:
    """Chunks of keys that come with their numbers: the first number, the last, how many, and their bytes."""
    room = cutting.bytes - FRAME
    first = last = count = size = 0
    for number, key in keys:
        own = bytes_of_key(key)
        if count and (count == cutting.keys or size + own > room):
            yield first, last, count, size
            count = size = 0
        if not count:
            first = number
        last, count, size = number, count + 1, size + own
    if count:
        yield first, last, count, size


def _kept(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    last = 0
    # Page by page, since the chunks go into the same file while the keys are read.
    while page := connection.execute(
        "SELECT number, key FROM key WHERE number > ? AND state IS NULL ORDER BY number LIMIT ?", (last, _BATCH)
    ).fetchall():
        yield from page
        last = page[-1][0]


def _checked(found: Found, check: Check) -> tuple[str | None, str | None]:
    """The key, or what is wrong with it."""
    if found.problem is not None:
        return None, found.problem
    try:
        return check(found.value), None
    except ValueError as problem:
        return None, str(problem)


def _count_in(update: Callable[[bytes], object], key: str) -> None:
    # No key has a control character.
    update(key.encode() + b"\n")


class _Loading:
    """Brings the keys of a source into the journal, each once, in the order in which they come."""

    def __init__(self, connection: sqlite3.Connection, source: KeySource, check: Check) -> None:
        self._connection = connection
        self._source = source
        self._check = check
        self._digest = hashlib.sha256()
        self._first_bad: list[BadKey] = []
        self.good = 0
        self.bad_count = 0

    @property
    def digest(self) -> str:
        """Of all good keys that came."""
        return self._digest.hexdigest()

    def run(self) -> None:
        """Read all of it."""
        found = iter(self._source.read())
        while batch := list(islice(found, _BATCH)):
            self._load(batch)

    def refusal(self) -> InvalidKeys:
        """The error that names the bad ones."""
        lines = [f"{self._source.name}, {one}" for one in self._first_bad[:_LISTED]]
        more = self.bad_count - len(lines)
        text = "\n".join(lines) + (f"\nand {more} more" if more else "")
        error = InvalidKeys(text, hint="nothing was sent; correct the keys and start again")
        error.bad_keys, error.count = tuple(self._first_bad), self.bad_count
        return error

    def _load(self, batch: list[Found]) -> None:
        good: list[tuple[str, int]] = []
        bad: list[BadKey] = []
        for found in batch:
            key, problem = _checked(found, self._check)
            if key is not None:
                _count_in(self._digest.update, key)
                good.append((key, found.line))
            else:
                bad.append(BadKey(found.line, shown(found.value), problem or ""))
        self.good += len(good)
        self.bad_count += len(bad)
        self._first_bad.extend(bad[: _KEPT_BAD_KEYS - len(self._first_bad)])
        # Not OR IGNORE, which would pass over a key without a line as well.
        self._connection.executemany("INSERT INTO key (key, line) VALUES (?, ?) ON CONFLICT (key) DO NOTHING", good)
        self._connection.executemany(
            "INSERT INTO bad_key VALUES (?, ?, ?)", ((one.line, one.text, one.reason) for one in bad)
        )


def check_same_keys(journal: Journal, source: KeySource, check: Check) -> None:
    """Make sure that a planned journal is for these keys.

    Raises:
        JournalError: It is for others.
    """
    if digest_of(source, check) != journal.digest:
        raise JournalError(
            f"the journal {journal.path} was made for other keys than those in {source.name}",
            hint="resume without keys, or give another batch a journal of its own",
        )
