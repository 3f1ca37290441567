"""The charts: fit to stand in a page together, in its colours, and always the same."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest
from lxml import etree

from superoffice_erpsync.report_page.calls import Course, Pause, Waits
from superoffice_erpsync.report_page.drawing import draw_bar, draw_course, draw_waits
from superoffice_erpsync.report_page.svg import PAINTS

NS = {"svg": "http://www.w3.org/2000/svg"}
STYLE = Path(__file__).parents[3] / "src/superoffice_erpsync/report_page/templates/style.css"


def course(stretches: int = 30) -> Course:
    return Course(
        begin=0,
        end=1_000,
        step=10,
        stretches=[[place, place % 3, place % 2] for place in range(stretches)],
        pauses=[Pause(100, 700, 100)],
    )


WAITS = Waits(count=12, edges=[0.1, 0.15, 0.2, 0.3], classes=[[3, 0, 0], [5, 1, 0], [0, 0, 3]])

PICTURES = {
    "bar": lambda: draw_bar([("done", 90_000), ("failed", 1), ("left_out", 7)], "Keys", "in words"),
    "course": lambda: draw_course(course(), "course", 640, "in words"),
    "one stretch": lambda: draw_course(course(1), "course", 320, "in words"),
    "waits": lambda: draw_waits(WAITS, "waits", 320, "in words"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_the_colours_and_the_font_of_the_page(name: str) -> None:
    picture = PICTURES[name]()
    assert re.findall("#[0-9a-fA-F]{6}", picture) == []
    assert "font-family" not in picture
    assert "<style" not in picture
    assert "currentColor" not in picture
    used = set(re.findall(r"var\((--[a-z-]+)\)", picture))
    assert used
    assert used <= set(re.findall(r"(--[a-z-]+):", STYLE.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_always_the_same_and_has_no_date(name: str) -> None:
    picture = PICTURES[name]()
    assert picture == PICTURES[name]()
    assert "<metadata" not in picture
    assert "<!" not in picture


@pytest.mark.parametrize("name", PICTURES)
def test_ids_are_the_pictures_own_and_every_reference_leads_to_one(name: str) -> None:
    root = etree.fromstring(PICTURES[name]())
    prefix = root.get("class", "").split()[-1]
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(one.startswith(f"{prefix}-") for one in ids)
    text = etree.tostring(root, encoding="unicode")
    references = re.findall(r"url\(#([^)]+)\)", text) + [one[1:] for one in root.xpath("//@href")]
    assert references
    assert set(references) <= set(ids)


def test_letters_are_text_and_everything_lies_within_the_picture() -> None:
    root = etree.fromstring(PICTURES["waits"]())
    assert [one.text for one in root.iterfind(".//svg:text", NS)][:2] == ["0.1 s", "0.15 s"]
    _, _, width, height = map(float, root.get("viewBox", "").split())
    for one in root.iterfind(".//svg:text", NS):
        assert 0 <= float(one.get("x", 0)) <= width
        assert 0 <= float(one.get("y", 0)) <= height


def test_a_few_among_many_are_still_to_be_seen() -> None:
    root = etree.fromstring(PICTURES["bar"]())
    parts = [group.find("svg:path", NS) for group in root.iterfind(".//svg:g", NS) if "patch" in group.get("id", "")]
    widths = []
    for part in parts:
        assert part is not None
        places = [float(place) for place in re.findall(r"[ML] (\S+)", part.get("d", ""))]
        widths.append(max(places) - min(places))
    # The ground, and one for each.
    assert len(widths) == 4
    assert min(widths) >= 5


def test_nothing_of_the_process_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(matplotlib.rcParams, "font.size", 30)
    log = logging.getLogger("matplotlib")
    before, level = dict(matplotlib.rcParams), log.level
    picture = PICTURES["waits"]()
    assert (dict(matplotlib.rcParams), log.level) == (before, level)
    monkeypatch.undo()
    assert picture == PICTURES["waits"]()


def test_every_colour_is_the_pages() -> None:
    style = STYLE.read_text(encoding="utf-8")
    light, dark = style.split("prefers-color-scheme: dark", 1)[0], style.split("prefers-color-scheme: dark", 1)[1]
    for name in PAINTS:
        variable = f"--{name.replace('_', '-')}:"
        assert variable in light
        assert variable in dark


def test_no_window_system_is_asked_and_a_first_run_is_quiet(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from superoffice_erpsync.report_page.drawing import draw_bar\n"
        "draw_bar([('done', 1)], 'a', 'b')\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        env={**_environment(), "MPLCONFIGDIR": str(tmp_path)},
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def _environment() -> dict[str, str]:
    import os

    return {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "MPLBACKEND")}
