"""What `--html` of `erpsync report` does: the report as a page for people, besides what is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from superoffice_erpsync.cli.output import note

if TYPE_CHECKING:
    from superoffice_erpsync.batch import ResyncReport

HtmlOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--html",
        metavar="FILE",
        help="Also write a page for people into this file, in place of one that is there. Needs the extra \\[report].",
        show_default=False,
    ),
]


def keep_page(report: ResyncReport, path: Path | None) -> None:
    """Write the page where one is asked for, and tell where it is.

    Args:
        report: What it tells.
        path: Where it goes; None for no page.

    Raises:
        ConfigurationError: The page cannot be written.
        JournalError: The journal cannot be read.
    """
    if path is None:
        return
    from superoffice_erpsync.report_page import write_page

    write_page(report, path)
    note(f"written to {path}")
