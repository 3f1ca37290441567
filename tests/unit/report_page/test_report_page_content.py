"""What the page of a run says."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from superoffice_erpsync.batch import JournalError, ResyncReport, State, StopReason, open_report
from superoffice_erpsync.batch.chunks import Chunk
from superoffice_erpsync.batch.journal import Journal
from superoffice_erpsync.report_page.outcomes import OPEN
from unit.batch.journals import TERMS, planned
from unit.report_page.runs import DONE, Fate, page_of, run_of, text_of, words

KEYS = [f"C{number}" for number in range(1, 21)]
FATES = {
    3: Fate(State.FAILED, "no such customer C3", "UNKNOWN_KEY"),
    5: Fate(State.UNKNOWN, "the connection was cut", error="TransportError", seconds=2.0),
    7: Fate(State.REFUSED, "one of these is locked"),
}


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "run.db"


@pytest.fixture
def mixed(journal: Path) -> ResyncReport:
    """A run at its end, with a key of most outcomes."""
    return run_of(journal, [*KEYS, "", "C1"], lambda chunk: FATES.get(chunk.number, DONE))


def done(_: Chunk) -> Fate:
    return DONE


def rows(page: html.HtmlElement) -> list[list[str]]:
    return [[words(cell) for cell in row] for row in page.cssselect(".list tbody tr")]


def facts(page: html.HtmlElement) -> dict[str, str]:
    return {words(one.find("dt")): words(one.find("dd")) for one in page.cssselect(".facts div")}


def commands(page: html.HtmlElement) -> list[str]:
    return [words(one) for one in page.cssselect("pre")]


def test_it_says_what_ran(mixed: ResyncReport, tmp_path: Path) -> None:
    found = facts(page_of(mixed, tmp_path))
    assert found["Operation"] == "ForceResyncExternal"
    assert found["Connection"] == "1"
    assert found["Actor type"] == "Customer"
    assert found["Blank values"] == "overwrite filled ones"
    assert found["Installation"] == TERMS.address
    assert found["Begun"] == "2026-03-02 20:59:55 UTC"
    assert found["Last answer"] == "2026-03-02 21:00:10 UTC"
    assert found["Time at work"] == "12 s, 1.4 keys done a second"
    assert found["Came again"] == "1 key, sent once all the same"


def test_it_counts_and_says_how_it_went(mixed: ResyncReport, tmp_path: Path) -> None:
    page = page_of(mixed, tmp_path)
    assert words(page.find(".//h1")) == "17 of 21 keys are done; 4 need a look."
    tiles = {words(tile.find("dt")): words(tile.cssselect(".big")[0]) for tile in page.cssselect(".tile")}
    assert tiles == {
        "Done": "17 81.0 %",
        "Failed": "1 4.8 %",
        "Refused in a group": "1 4.8 %",
        "Unknown": "1 4.8 %",
        "Bad": "1 4.8 %",
    }
    assert words(page.cssselect(".changes tbody tr")[0]) == "contact0170"


def test_it_lists_the_keys_to_look_at(mixed: ResyncReport, tmp_path: Path) -> None:
    assert rows(page_of(mixed, tmp_path)) == [
        ["C3", "3", "Failed", "no such customer C3", "UNKNOWN_KEY"],
        ["C7", "7", "Refused in a group", "one of these is locked", ""],
        ["C5", "5", "Unknown", "the connection was cut", "TransportError"],
        ["", "21", "Bad", "the key is blank", ""],
    ]


def test_what_to_do_next_after_a_run_that_left_questions(mixed: ResyncReport, tmp_path: Path, journal: Path) -> None:
    retry, export = commands(page_of(mixed, tmp_path))
    assert retry == f"erpsync resync --resume {journal}"
    states = "--state failed --state refused --state bad"
    assert export == f"erpsync report {journal} --output csv {states} > keys.csv"


def test_a_run_that_went_well_leaves_nothing_to_do(journal: Path, tmp_path: Path) -> None:
    page = page_of(run_of(journal, KEYS, done, chunk_size=8), tmp_path)
    assert words(page.find(".//h1")) == "All 20 keys are done."
    assert commands(page) == []
    assert words(page.cssselect("#keys")[0]) == "Keys to look at There are none."
    assert page.cssselect("script") == []


def test_a_run_that_stopped_says_why_and_how_to_go_on(journal: Path, tmp_path: Path) -> None:
    run_of(journal, KEYS, lambda chunk: DONE if chunk.number < 9 else None)
    with Journal.open(journal, create=False) as held:
        held.end(0, StopReason.SERVER_DOWN, "5 chunks in a row got no answer")
    page = page_of(open_report(journal), tmp_path)
    assert words(page.find(".//h1")) == "8 of 20 keys are done; 12 are still to be sent."
    assert words(page.cssselect(".badge")[0]) == "Incomplete"
    assert words(page.cssselect(".stopped")[0]) == (
        "Stopped before its end. The server did not answer any more: 5 chunks in a row got no answer"
    )
    assert commands(page) == [f"erpsync resync --resume {journal}"]


def test_a_plan_that_was_not_carried_out(journal: Path, tmp_path: Path) -> None:
    planned(journal, KEYS).close()
    page = page_of(open_report(journal), tmp_path)
    assert words(page.find(".//h1")) == "20 keys are planned, and nothing was sent yet."
    assert page.cssselect("figure") == []
    assert commands(page) == [f"erpsync resync --resume {journal}"]


def test_a_run_that_has_no_plan_yet(journal: Path, tmp_path: Path) -> None:
    with Journal.open(journal, create=True) as held:
        held.begin(TERMS)
        page = page_of(open_report(journal), tmp_path)
    assert words(page.find(".//h1")) == "The plan is not complete, and nothing was sent."
    assert "If it no longer runs, start the resync again" in words(page.cssselect(".next")[0])
    assert commands(page) == []


def test_a_run_that_is_under_way_or_was_cut_off(journal: Path, tmp_path: Path) -> None:
    with planned(journal, KEYS) as held:
        with held.transaction():
            held.connection.execute(
                "UPDATE chunk SET state = 'sent', attempts = 1, sent_at = '2026-03-02' WHERE number = 1"
            )
        page = page_of(open_report(journal), tmp_path)
    assert "If it still runs, ask again later" in words(page.cssselect(".next")[0])
    assert [row[2] for row in rows(page)] == ["Under way"] * 10


def test_a_journal_that_is_gone_is_an_error(mixed: ResyncReport, tmp_path: Path, journal: Path) -> None:
    journal.unlink()
    with pytest.raises(JournalError):
        text_of(mixed, tmp_path)
    assert not (tmp_path / "report.html").exists()


def test_more_keys_than_a_page_bears_are_left_out_and_it_says_so(journal: Path, tmp_path: Path) -> None:
    keys = [f"C{number}" for number in range(5_000)]
    fates = {1: Fate(State.FAILED, "no"), 2: Fate(State.UNKNOWN, "cut")}
    report = run_of(
        journal, keys, lambda chunk: fates.get(chunk.number, Fate(State.REFUSED, "no to all")), chunk_size=10
    )
    page = page_of(report, tmp_path)
    listed = [row[2] for row in rows(page)]
    assert len(listed) == 2_000
    assert [listed.count(label) for label in ("Failed", "Unknown", "Refused in a group")] == [10, 10, 1_980]
    assert words(page.cssselect(".cut")[0]).startswith("The page has 2,000 of 5,000 such keys")
    assert (
        f"erpsync report {journal} --output csv --state failed --state refused --state unknown > keys.csv"
        in commands(page)
    )


def test_places_in_every_order_are_worked_out_before(mixed: ResyncReport, tmp_path: Path) -> None:
    page = page_of(mixed, tmp_path)
    styles = [dict(part.split(":") for part in row.get("style").split(";")) for row in page.cssselect(".list tbody tr")]
    for name, column in (("--by-key", 0), ("--by-line", 1), ("--by-explanation", 3), ("--by-code", 4)):
        order = sorted(range(len(styles)), key=lambda place: int(styles[place][name]))
        found = [rows(page)[place][column] for place in order]
        assert found == sorted(found, key=lambda text: (len(text), text) if name == "--by-line" else text)


def test_what_can_be_shown_alone_is_what_there_is(mixed: ResyncReport, tmp_path: Path) -> None:
    page = page_of(mixed, tmp_path)
    there = [box.get("id") for box in page.cssselect("input[name=show]")]
    assert there == ["show-all", "show-failed", "show-refused", "show-unknown", "show-bad"]
    style = page.find(".//style").text
    for outcome in OPEN:
        assert f"#show-{outcome.name}:checked) tbody tr:not(.{outcome.name})" in style


def test_everything_has_its_heading_and_every_table_its_caption(mixed: ResyncReport, tmp_path: Path) -> None:
    page = page_of(mixed, tmp_path)
    ids = [element.get("id") for element in page.cssselect("[id]")]
    assert len(ids) == len(set(ids))
    assert len(page.cssselect("h1")) == 1
    for element in page.cssselect("section"):
        assert element.get("aria-labelledby") in ids
    for table in page.cssselect("table"):
        assert table.find("caption") is not None
        assert {cell.get("scope") for cell in table.cssselect("th")} <= {"col", "row"}
    for picture in page.cssselect("svg"):
        assert picture.get("role") == "img"
        assert set(picture.get("aria-labelledby").split()) <= set(ids)
        assert picture.find("title").text
        assert picture.find("desc").text
