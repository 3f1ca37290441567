"""The page of a real run in a real browser, where one is installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.browser import CHROMIUM, Tab, first_pixel, open_tab, run
from superoffice_erpsync import ErpActorType
from superoffice_erpsync.batch import CsvKeys, State, resync
from superoffice_erpsync.report_page import write_page
from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.sandbox.faults import FaultRule
from unit.batch.companies import Companies, client_of

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH")
steered = pytest.mark.skipif(sys.platform == "win32", reason="Windows hands down no pipes to steer a browser with")

RESYNC = "ForceResyncExternal"
SHOWN = "[...document.querySelectorAll('.list tbody tr')].filter(row => row.getClientRects().length)"
FROM_THE_TOP = f"{SHOWN}.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)"
KEYS = f"{FROM_THE_TOP}.map(row => row.querySelector('th').textContent)"
CLICK = "document.getElementById({!r}).click()"
AS_ON_PAPER = """for (const rule of document.styleSheets[0].cssRules)
    if (rule.media) rule.media.mediaText = rule.media.mediaText == 'print' ? 'all' : 'not all'"""
FIELD = "document.getElementById('find')"
TYPE = f"{FIELD}.value = {{!r}}; {FIELD}.dispatchEvent(new Event('input', {{{{bubbles: true}}}}))"
FOUND = "document.getElementById('found').textContent"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run in which keys were refused, answers were lost, and lines were bad."""
    folder = tmp_path_factory.mktemp("run")
    with Sandbox() as sandbox, client_of(sandbox.url) as client:
        keys, _ = Companies(sandbox, 400).keys_with_bad_ones(50)
        file = folder / "changed.csv"
        lines = ["No", *keys[:200], "<script>alert(1)</script>", "\u202e" + "W" * 300, "X" * 501, *keys[200:]]
        file.write_text("\n".join(lines), encoding="utf-8")
        sandbox.faults.add(FaultRule(kind="lost_answer", operation=RESYNC, skip=4, count=1))
        report = resync(
            client,
            connection_id=1,
            keys=CsvKeys(file, "No"),
            actor_type=ErpActorType.CUSTOMER,
            chunk_size=20,
            workers=1,
            skip_bad=True,
            on_unknown="ask",
            journal=folder / "run.db",
        )
    assert (report.keys[State.FAILED], report.keys[State.UNKNOWN], report.bad_keys) == (10, 20, 1)
    write_page(report, folder / "report.html")
    return folder / "report.html"


@pytest.fixture
def tab(page: Path, tmp_path: Path) -> Iterator[Tab]:
    with open_tab(tmp_path / "profile") as opened:
        opened.open(page.as_uri())
        yield opened


@pytest.fixture
def tab_without_script(page: Path, tmp_path: Path) -> Iterator[Tab]:
    """The same with a script that its own policy keeps out, as where scripts are switched off."""
    other = tmp_path / "report.html"
    other.write_text(page.read_text(encoding="utf-8").replace("(() => {", "(() => { ;", 1), encoding="utf-8")
    with open_tab(tmp_path / "profile") as opened:
        opened.open(other.as_uri())
        yield opened


def test_it_loads_without_complaints(page: Path, tmp_path: Path) -> None:
    dom, complaints = run(tmp_path / "profile", page.as_uri(), "--dump-dom")
    assert complaints == ""
    assert "31 of 31 rows shown" in dom
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in dom


def test_it_is_dark_where_that_is_wished(page: Path, tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    run(tmp_path / "profile", page.as_uri(), f"--screenshot={picture}", "--blink-settings=preferredColorScheme=0")
    assert first_pixel(picture.read_bytes()) == (0x11, 0x15, 0x1B)


@steered
def test_keys_are_sorted_and_chosen_without_a_script(tab_without_script: Tab) -> None:
    tab = tab_without_script
    assert tab.evaluate("document.querySelector('.find').hidden") is True
    everything = tab.evaluate(KEYS)
    assert len(everything) == 31
    tab.evaluate(CLICK.format("sort-key"))
    by_key = tab.evaluate(KEYS)
    assert by_key != everything
    assert [key for key in by_key if key.startswith("No")] == [f"No{number}" for number in range(25, 400, 50)]
    tab.evaluate(CLICK.format("sort-backwards"))
    assert tab.evaluate(KEYS) == by_key[::-1]
    tab.evaluate(CLICK.format("show-unknown"))
    assert len(tab.evaluate(KEYS)) == 20
    tab.evaluate(CLICK.format("show-bad"))
    assert tab.evaluate(KEYS) == ["X" * 80 + "…"]
    tab.evaluate(CLICK.format("show-all"))
    assert len(tab.evaluate(KEYS)) == 31


@steered
def test_keys_are_found_by_their_words_with_the_script(tab: Tab) -> None:
    assert tab.evaluate(FOUND) == "31 of 31 rows shown"
    tab.evaluate(TYPE.format("NO12"))
    assert tab.evaluate(KEYS) == ["No125"]
    assert tab.evaluate(FOUND) == "1 of 31 rows shown"
    tab.evaluate(CLICK.format("show-unknown"))
    assert tab.evaluate(FOUND) == "0 of 31 rows shown"
    tab.evaluate(TYPE.format(""))
    assert tab.evaluate(FOUND) == "20 of 31 rows shown"


@steered
def test_nothing_sticks_out_and_paper_has_all_rows_and_no_controls(tab: Tab) -> None:
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for width in (320, 380, 800):
        tab.resize(width, 740)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.evaluate(CLICK.format("show-bad"))
    tab.evaluate(TYPE.format("nothing has this"))
    assert tab.evaluate(KEYS) == []
    tab.evaluate(AS_ON_PAPER)
    assert len(tab.evaluate(KEYS)) == 31
    assert tab.evaluate("document.querySelector('.controls').getClientRects().length") == 0
