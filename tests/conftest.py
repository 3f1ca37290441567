"""How many processes the tests are shared out among."""

from __future__ import annotations

import os

import pytest


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What `-n auto` stands for. The tests wait nearly as long as they compute."""
    return (os.cpu_count() or 1) * 3 // 2
