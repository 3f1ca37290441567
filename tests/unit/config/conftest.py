"""Files with profiles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

MakeFile = Callable[..., Path]


@pytest.fixture
def make_file(tmp_path: Path) -> MakeFile:
    """Writes a file that its owner alone can write."""

    def make(content: str | bytes, mode: int = 0o600) -> Path:
        path = tmp_path / "erpsync.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(mode)
        return path

    return make
