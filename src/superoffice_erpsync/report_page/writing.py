"""The page as a file."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from superoffice_erpsync.batch import ResyncReport
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.report_page.place import check_place, put

_NEEDED = ("jinja2", "matplotlib")


def write_page(report: ResyncReport, path: str | Path) -> None:
    """Write what became of a batch as one HTML page. Needs the extra `report`.

    The page can be sent and printed as it is: it loads nothing from elsewhere. The same journal gives the same page.

    Args:
        report: What became of the batch; its journal must still be there.
        path: Where the page goes. It is written wholly or not at all, and replaces a file that is there.

    Raises:
        ConfigurationError: Packages are missing, or the file cannot be written; nothing was then.
        JournalError: The journal cannot be read.
    """
    _check_packages()
    place = Path(path)
    check_place(place, report.journal)
    # What takes long to load comes when it is sure to be needed.
    from superoffice_erpsync.report_page.rendering import render_page  # noqa: PLC0415

    put(place, render_page(report))


def _check_packages() -> None:
    missing = next((name for name in _NEEDED if find_spec(name) is None), None)
    if missing is not None:
        raise ConfigurationError(
            f"the page needs the package {missing}, which is not installed",
            hint="pip install 'superoffice-erpsync[report]'",
        )
