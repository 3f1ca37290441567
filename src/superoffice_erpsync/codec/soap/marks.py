"""An answer whose runs were taken out: at each mark, what it stands for is put in its place, see `runs`."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import Any

from superoffice_erpsync.codec.columns import Columns
from superoffice_erpsync.codec.problems import Deviates
from superoffice_erpsync.codec.runs import Runs
from superoffice_erpsync.codec.shapes import Shape
from superoffice_erpsync.codec.soap.copies import Copies, check_size
from superoffice_erpsync.codec.soap.decode import parser_of
from superoffice_erpsync.codec.soap.reading import Element, Reading
from superoffice_erpsync.codec.soap.spelling import RUN, take_out_runs


class MarkedReading(Reading):
    """One answer on its way to a result, and what was taken out of it before it was parsed."""

    __slots__ = ("_runs",)

    def __init__(self, runs: Runs) -> None:
        super().__init__(runs.mark)
        self._runs = runs

    def put_run(self, namespace: str, mark: Element, tag: str, item: Shape, items: list[Any]) -> None:
        """See `Reading.put_run`."""
        number = str(mark.get(RUN))
        kinds = self._runs.kinds(number)
        before = list(islice(mark.itersiblings(preceding=True), len(kinds)))[::-1]
        if [one.tag for one in before] != [tag] * len(kinds):
            raise Deviates
        copies = []
        for kind, element, value in zip(kinds, before, items[-len(kinds) :], strict=True):
            check_size(element, kind.size)
            copies.append(partial(_copies, namespace, item, element, value))
        items[-len(kinds) :] = self._runs.take(number, copies)

    def check_all_taken(self) -> None:
        """See `Reading.check_all_taken`."""
        self._runs.check_all_taken()


def _copies(namespace: str, shape: Shape, element: Element, value: Any, columns: Columns) -> list[Any]:
    return list(Copies(namespace, parser_of, columns).of(shape, element, value))


def without_runs(data: bytes, result: Any) -> tuple[bytes, MarkedReading] | None:
    """A message without its runs, and what puts them back; None where it has none.

    Args:
        data: The message.
        result: Type of the result that it carries, None where it carries none.
    """
    taken_out = take_out_runs(data, result)
    if taken_out is None:
        return None
    left, runs = taken_out
    return left, MarkedReading(runs)
