"""How the tests are run: by how many processes, and as if from a terminal."""

from __future__ import annotations

import os
import signal

import pytest


def pytest_configure() -> None:
    """Have Ctrl-C mean what it does in a terminal, also for the processes that tests start."""
    # A shell ignores it for what it starts in the background, and so does all that this starts.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What `-n auto` stands for. The tests wait nearly as long as they compute."""
    return (os.cpu_count() or 1) * 3 // 2
