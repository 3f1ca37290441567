"""Measures how fast the client is beside other ways to do the same: `python -m tests.bench` in a checkout."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from .rows import ROWS, Row
from .sizes import NotMeasured, Place, Sizes, prepared
from .table import Outcome, as_json, as_text


def _measured(rows: Sequence[Row], sizes: Sizes, place: Place, runs: int) -> list[Outcome]:
    outcomes = [Outcome(row=row) for row in rows]
    for number in range(1, runs + 1):
        for outcome in outcomes:
            if outcome.missing is None:
                sys.stderr.write(f"run {number} of {runs}: {outcome.row.name}\n")
                try:
                    outcome.figures.append(outcome.row.measure(sizes, place))
                except NotMeasured as reason:
                    outcome.missing = str(reason)
    return outcomes


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    usual = Sizes()
    parser.add_argument("--runs", type=int, default=1, help="measure so often, and print medians")
    parser.add_argument("--only", action="append", metavar="NAME", choices=[row.name for row in ROWS])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures of all runs")
    parser.add_argument("--records", type=int, default=usual.records, help="records in long answers")
    parser.add_argument("--quick", action="store_true", help="one turn of everything: whether it works, not how fast")
    return parser.parse_args()


def main() -> None:
    """Measure, print, write."""
    given = _arguments()
    sizes = Sizes(records=given.records)
    if given.quick:
        sizes = Sizes(
            records=given.records, rounds=1, long_rounds=1, small_calls=5, calls_a_thread=1, starts=1, chunks=8
        )
    rows = [row for row in ROWS if not given.only or row.name in given.only]
    with prepared(sizes) as place:
        outcomes = _measured(rows, sizes, place, given.runs)
    sys.stdout.write(as_text(outcomes, sizes, given.runs))
    if given.json is not None:
        given.json.write_text(json.dumps(as_json(outcomes, sizes), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
