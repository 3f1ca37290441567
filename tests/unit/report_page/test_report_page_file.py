"""The page as a file: whole or not at all, never in place of a journal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from superoffice_erpsync import ConfigurationError
from superoffice_erpsync.batch import ResyncReport
from superoffice_erpsync.report_page import write_page
from unit.report_page.runs import DONE, run_of, text_of

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


@pytest.fixture
def report(tmp_path: Path) -> ResyncReport:
    folder = tmp_path / "journal"
    folder.mkdir()
    return run_of(folder / "run.db", ["C1", "C2"], lambda _: DONE)


def test_the_same_journal_gives_the_same_page(report: ResyncReport, tmp_path: Path) -> None:
    assert text_of(report, tmp_path) == text_of(report, tmp_path)


def test_a_file_that_is_there_is_replaced_and_nothing_is_left_beside_it(report: ResyncReport, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text("old", encoding="utf-8")
    write_page(report, str(page))
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["journal", "report.html"]


@posix
def test_a_link_stays_one_and_the_page_is_as_readable_as_other_files(report: ResyncReport, tmp_path: Path) -> None:
    real, link = tmp_path / "real.html", tmp_path / "link.html"
    real.touch()
    expected = real.stat().st_mode
    link.symlink_to(real)
    write_page(report, link)
    assert link.is_symlink()
    assert real.read_bytes().startswith(b"<!DOCTYPE html>")
    assert real.stat().st_mode == expected


@pytest.mark.parametrize("name", ["run.db", "run.db-wal", "run.db-shm", "run.db.lock", "other.db"])
def test_no_journal_is_overwritten(report: ResyncReport, name: str) -> None:
    place = report.journal.with_name(name)
    if name == "other.db":
        place.write_bytes(report.journal.read_bytes())
    before = place.read_bytes() if place.exists() else None
    with pytest.raises(ConfigurationError, match="journal"):
        write_page(report, place)
    assert (place.read_bytes() if place.exists() else None) == before


def test_a_place_that_is_none_is_an_error(report: ResyncReport, tmp_path: Path) -> None:
    for place, reason in ((tmp_path, "that is a folder"), (tmp_path / "none" / "report.html", "no such folder")):
        with pytest.raises(ConfigurationError, match=reason):
            write_page(report, place)


@posix
def test_a_link_to_itself_is_no_place(report: ResyncReport, tmp_path: Path) -> None:
    link = tmp_path / "link.html"
    link.symlink_to(link)
    with pytest.raises(ConfigurationError, match="cannot be written"):
        write_page(report, link)


@posix
def test_a_device_is_not_replaced(report: ResyncReport) -> None:
    with pytest.raises(ConfigurationError, match="no ordinary file"):
        write_page(report, os.devnull)


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_an_error(report: ResyncReport, tmp_path: Path) -> None:
    folder = tmp_path / "shut"
    folder.mkdir(mode=0o500)
    with pytest.raises(ConfigurationError, match="cannot be written"):
        write_page(report, folder / "report.html")


@posix
def test_a_page_that_cannot_be_finished_leaves_the_old_one(report: ResyncReport, tmp_path: Path) -> None:
    page = tmp_path / ("x" * 250)
    page.write_text("old", encoding="utf-8")
    # The name is as long as names may be, so that the file beside it has none.
    with pytest.raises(ConfigurationError, match="cannot be written"):
        write_page(report, page)
    assert page.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("package", ["jinja2", "matplotlib"])
def test_a_package_that_is_missing_is_told_before_anything_is_written(
    report: ResyncReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ConfigurationError, match=f"needs the package {package}") as caught:
        write_page(report, tmp_path / "report.html")
    assert caught.value.hint == "pip install 'superoffice-erpsync[report]'"
    assert not (tmp_path / "report.html").exists()
