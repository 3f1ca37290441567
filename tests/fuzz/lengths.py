"""How long the fuzzing goes on: quick and the same each time, unless a long run is asked for."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

EXAMPLES = int(os.environ.get("ERPSYNC_FUZZ_EXAMPLES", "0"))
"""Of each test, with other dice each time; 0 for the few that always are the same."""

at_length = settings(
    max_examples=EXAMPLES or 100,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

seconds_allowed = 120 + EXAMPLES // 10
"""For a test, by the clock on the wall."""
