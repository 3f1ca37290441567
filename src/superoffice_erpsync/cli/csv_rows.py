"""Rows as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """A line for each row. What is in a cell comes back as it was, line ends of every kind as well."""
    return "".join(map(_line, rows))


def _line(row: Sequence[object]) -> str:
    text = io.StringIO(newline="")
    # The writer puts quotes around the line ends that it writes itself: a bare CR in a cell needs them too.
    csv.writer(text, lineterminator="\r\n").writerow(row)
    return text.getvalue().removesuffix("\r\n") + "\n"
