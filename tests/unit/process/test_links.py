"""Links that are followed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from superoffice_erpsync.process.links import followed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need a right there that few have")


def test_a_link_is_followed_also_to_what_is_not_there(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "new")
    assert followed(link) == tmp_path / "new"
    assert followed(tmp_path / "new") == tmp_path / "new"


def test_a_link_to_itself_is_an_error_of_the_system(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(link)
    with pytest.raises(OSError, match="links"):
        followed(link)
