"""The charts, drawn by matplotlib without a display. Their colours are those of the page, in light and dark."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from superoffice_erpsync.report_page.calls import CALL_KINDS, Course, Waits
from superoffice_erpsync.report_page.svg import PAINTS, inlined
from superoffice_erpsync.report_page.texts import duration, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HATCHES = {
    "failed": "//",
    "refused": r"\\",
    "unknown": "xx",
    "unanswered": "xx",
    "left_out": "--",
    "bad": "||",
}
"""Besides the colour, for paper and for those who see colours otherwise. The stylesheet has the same. Dots, which
matplotlib has as well, would make the page ten times as large."""
_THINNEST = 0.006
"""Part of a bar that is still to be seen."""
# Any, since matplotlib's types of it change from release to release.
_SETTINGS: Any = {
    "font.family": ["DejaVu Sans"],  # for its measures; the page sets its own. It comes with matplotlib.
    "font.size": 11,
    "svg.fonttype": "none",
    "hatch.linewidth": 1.1,
    "text.usetex": False,
    "svg.hashsalt": "erpsync",
}


def draw_bar(counts: Sequence[tuple[str, int]], title: str, description: str) -> str:
    """One bar, divided by outcome.

    Args:
        counts: Names of the outcomes and their numbers.
        title: What it is.
        description: What it shows, in words.
    """
    whole = sum(count for _, count in counts) or 1
    widths = [max(count / whole, _THINNEST) for _, count in counts]
    with _figure(1000, 30) as figure:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, sum(widths) or 1)
        left = 0.0
        for (name, _), width in zip(counts, widths, strict=True):
            axes.barh(0, width, left=left, height=1, **_paint(name))
            left += width
        axes.set_ylim(-0.5, 0.5)
        return inlined(_svg(figure), "bar", title, description, stretched=True)


def draw_course(course: Course, name: str, width: int, description: str) -> str:
    """Calls over time.

    Args:
        course: The calls.
        name: Tells this picture's ids from those of others.
        width: In points of the page.
        description: What it shows, in words.
    """
    with _figure(width, 230) as figure:
        axes = _axes(figure, width)
        places = [place + 0.5 for place in range(len(course.stretches))]
        _stack(axes, places, course.stretches, 0.86)
        for pause in course.pauses:
            axes.axvline(pause.worked / course.step, color=PAINTS["text"], linewidth=1, linestyle=(0, (3, 3)))
        axes.set_xlim(0, max(len(places), 6))
        every = _every(max(len(places), 6), width // 85)
        ticks = range(0, max(len(places), 6) + 1, every)
        axes.set_xticks(list(ticks), [_time(tick * course.step) for tick in ticks])
        return inlined(_svg(figure), name, "Calls over time", description)


def draw_waits(waits: Waits, name: str, width: int, description: str) -> str:
    """How long answers took, in classes that grow with the time. The arguments are those of `draw_course`."""
    with _figure(width, 230) as figure:
        axes = _axes(figure, width)
        # A single class would be as wide as the whole.
        room = max(len(waits.classes), 4)
        _stack(axes, [place + 0.5 for place in range(len(waits.classes))], waits.classes, 0.92)
        axes.set_xlim(0, room)
        ticks = range(0, len(waits.edges), _every(len(waits.edges), width // 55))
        axes.set_xticks(list(ticks), [_time(waits.edges[tick]) for tick in ticks])
        return inlined(_svg(figure), name, "How long answers took", description)


@contextmanager
def _figure(width: int, height: int) -> Iterator[Figure]:
    """A figure of its own, drawn by fixed settings and not by those of the user or of other code in the process."""
    with _quiet():
        import matplotlib  # noqa: PLC0415 # slow to load, and an extra
        from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415
        from matplotlib.figure import Figure  # noqa: PLC0415

        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(_SETTINGS)
            figure = Figure(figsize=(width / 72, height / 72), dpi=72)
            FigureCanvasSVG(figure)
            yield figure


@contextmanager
def _quiet() -> Iterator[None]:
    """Where matplotlib looks for fonts for the first time, it takes some seconds and tells everybody."""
    log = logging.getLogger("matplotlib")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


def _svg(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    return file.getvalue()


def _axes(figure: Figure, width: int) -> Axes:
    axes = figure.add_axes((40 / width, 0.13, 1 - 66 / width, 0.82))
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(PAINTS["quiet"])
    axes.tick_params(colors=PAINTS["quiet"], length=0, pad=6)
    axes.tick_params(axis="x", length=4)
    axes.grid(axis="y", color=PAINTS["line"], linewidth=1)
    axes.set_axisbelow(True)
    return axes


def _stack(axes: Axes, places: Sequence[float], numbers: Sequence[Sequence[int]], width: float) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415

    below = [0] * len(places)
    for kind, name in enumerate(CALL_KINDS):
        heights = [of_place[kind] for of_place in numbers]
        filled = [place for place, height in enumerate(heights) if height]
        axes.bar(
            [places[one] for one in filled],
            [heights[one] for one in filled],
            width,
            bottom=[below[one] for one in filled],
            **_paint(name),
        )
        below = [low + height for low, height in zip(below, heights, strict=True)]
    axes.set_ylim(0, max(1, *below) * 1.06)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))


def _paint(name: str) -> dict[str, Any]:
    return {"color": PAINTS[name], "edgecolor": PAINTS["card"], "linewidth": 1, "hatch": _HATCHES.get(name)}


def _every(count: int, most: int) -> int:
    """Of how many ticks one is labelled, so that no more than so many are."""
    return next((every for every in (1, 2, 3, 4, 6, 8, 10, 12) if count <= every * most), 16)


def _time(seconds: float) -> str:
    if 0 < seconds < 0.1:
        return f"{seconds * 1000:g} ms"
    return f"{seconds:g} s" if seconds < 60 else duration(seconds)
