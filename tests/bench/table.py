"""The table of a run, and the same as JSON."""

from __future__ import annotations

import platform
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from statistics import median
from typing import Any

from .rows import Row
from .sizes import Sizes

_HEAD = ("row", "figure", "bar", "aim", "", "what is divided by what")


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What came of a row.

    Attributes:
        row: The row.
        figures: One a run.
        missing: Why there are none.
    """

    row: Row
    figures: list[float] = field(default_factory=list)
    missing: str | None = None

    @property
    def figure(self) -> float | None:
        """The median of the runs, None where nothing was measured."""
        return median(self.figures) if self.figures else None

    @property
    def verdict(self) -> str:
        """Whether the figure reaches the bar and the aim."""
        if self.figure is None:
            return f"not measured: {self.missing}"
        if self.row.reaches(self.figure, self.row.aim):
            return "met, aim too"
        return "met" if self.row.reaches(self.figure, self.row.bar) else "NOT met"


def as_text(outcomes: Sequence[Outcome], sizes: Sizes, runs: int) -> str:
    """The table and how its figures were taken."""
    lines = [_HEAD, *(_line(one) for one in outcomes)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD) - 1)]
    rows = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[-1]]) for line in lines
    ]
    return "\n".join([*rows, "", *_footer(sizes, runs)]) + "\n"


def as_json(outcomes: Sequence[Outcome], sizes: Sizes) -> Mapping[str, Any]:
    """The same for programs."""
    return {
        "records": sizes.records,
        "rounds": sizes.rounds,
        "versions": _versions(),
        "rows": [
            {
                "name": one.row.name,
                "what": one.row.what,
                "bar": one.row.bar,
                "aim": one.row.aim,
                "more_is_better": one.row.more_is_better,
                "figure": one.figure,
                "figures": one.figures,
                "verdict": one.verdict,
            }
            for one in outcomes
        ],
    }


def _line(outcome: Outcome) -> tuple[str, ...]:
    row = outcome.row
    sign = ">=" if row.more_is_better else "<="
    figure = "-" if outcome.figure is None else _short(outcome.figure)
    return row.name, figure, f"{sign} {_short(row.bar)}", f"{sign} {_short(row.aim)}", outcome.verdict, row.what


def _short(figure: float) -> str:
    return f"{figure:.4f}" if figure < 0.1 else f"{figure:.3f}" if figure < 1 else f"{figure:.2f}"


def _footer(sizes: Sizes, runs: int) -> list[str]:
    versions = ", ".join(f"{name} {number}" for name, number in _versions().items())
    medians = f"Figures are medians of {runs} runs. " if runs > 1 else ""
    said = (
        f"Long answers have {sizes.records:,} records. Both sides of a ratio take turns on one machine, in one process "
        f"or as processes of their own, and the shortest of {sizes.rounds} turns counts, of {sizes.long_rounds} where "
        f"one takes seconds, of {sizes.starts} for cold-start; memory takes one. Servers are processes of their own, "
        "play back bytes and are not counted. "
        f"{medians}{versions}."
    )
    return textwrap.wrap(said, 120)


def _versions() -> dict[str, str]:
    return {"Python": platform.python_version(), **{name: version(name) for name in ("lxml", "zeep", "requests")}}
