"""What the page says of blank values, as the batch treats them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from superoffice_erpsync.report_page import write_page

from .runs import DONE, run_of


@pytest.mark.parametrize(
    ("blank_values", "preflight", "said"),
    [
        ("overwrite", False, "overwrite filled ones"),
        ("keep", False, "filled ones are kept"),
        ("keep", True, "values were compared before, and keys that would lose some are left out"),
    ],
)
def test_it_is_said_what_blank_values_do(tmp_path: Path, blank_values: str, preflight: bool, said: str) -> None:
    report = run_of(tmp_path / "run.db", ["C1", "C2"], lambda _chunk: DONE)
    terms = replace(report.terms, blank_values=blank_values, preflight=preflight)
    page = tmp_path / "report.html"
    write_page(replace(report, terms=terms), page)
    text = page.read_text(encoding="utf-8")
    assert said in text
    assert ("compared before" in text) is preflight
