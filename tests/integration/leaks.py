"""What shows of secrets: texts, errors with all that they drag along, and logs are searched for the secrets' cores."""

from __future__ import annotations

import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from superoffice_erpsync import ErpSyncError


class Leaks:
    """Searches what is shown.

    Args:
        cores: Parts of secrets, so that an escaped or partly masked one is found as well.
    """

    def __init__(self, *cores: str) -> None:
        self.cores = cores

    def check(self, text: str) -> None:
        """Fail where a text shows a core."""
        for core in self.cores:
            at = text.find(core)
            assert at < 0, f"{core} shows: …{text[max(0, at - 80) : at + 60]}…"

    def check_error(self, error: BaseException) -> None:
        """Fail where an error shows a core, or what it was made of, or its pickle."""
        assert isinstance(error, ErpSyncError)
        self.check(f"{error!s} {error!r} {error.args!r} {vars(error)!r}")
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        chain: list[traceback.TracebackException | None] = [shown]
        while chain:
            one = chain.pop()
            if one is not None:
                self.check("".join(one.format()))
                self.check("".join(line for frame in one.stack for line in (frame.locals or {}).values()))
                chain += [one.__cause__, None if one.__suppress_context__ else one.__context__]
        pickled = pickle.dumps(error)
        self.check(pickled.decode("latin-1"))
        again = pickle.loads(pickled)
        assert (type(again), str(again), again.outcome) == (type(error), str(error), error.outcome)
        self.check(f"{again!r} {vars(again)!r}")


def error_of(call: Callable[[], Any]) -> ErpSyncError:
    """What a call raises. The tests' own frames, which know the secrets, are not in its traceback."""
    try:
        call()
    except ErpSyncError as error:
        return error
    raise AssertionError("nothing was raised")


class _Everything(logging.Handler):
    """Keeps all records of all loggers, as text."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{self.format(record)} {record.args!r}")


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    """What all libraries log at DEBUG while it lasts."""
    root, handler = logging.getLogger(), _Everything()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield handler.lines
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
