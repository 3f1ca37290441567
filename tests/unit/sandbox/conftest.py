"""A state with a clock that only moves when told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.state import State


class HandClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def installation(clock: HandClock) -> Installation:
    return Installation(clock=clock)


@pytest.fixture
def state(installation: Installation) -> State:
    return installation.state
