"""The figures that are measured, and what they are measured against. All are ratios of two things on one machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import calls, decoding, programs
from .sizes import Place, Sizes

Measure = Callable[[Sizes, Place], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure.

    Attributes:
        name: What `--only` calls it.
        what: What is divided by what.
        bar: What it has to reach.
        aim: What it should reach.
        measure: Measures it once.
        more_is_better: Whether a higher figure is a better one.
    """

    name: str
    what: str
    bar: float
    aim: float
    measure: Measure
    more_is_better: bool = False

    def reaches(self, figure: float, mark: float) -> bool:
        """Whether a figure is as good as a mark."""
        return figure >= mark if self.more_is_better else figure <= mark
