"""The engine that syncs by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from superoffice_erpsync.sandbox.refusals import Refusal
from superoffice_erpsync.sandbox.state import State


def get_engine_status(state: State, _arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Whether it runs, in words too, and how often."""
    return {
        "IsRunning": state.engine.running,
        "StatusMessage": state.engine.message,
        "Interval": state.engine.interval,
    }


def change_engine_status(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Order it to run or to rest; the answer still shows what it does until its next poll."""
    state.engine.order(arguments["Run"], state.clock())
    return get_engine_status(state, arguments)


def change_engine_interval(state: State, arguments: Mapping[str, Any]) -> None:
    """Set the time between two automatic syncs; zero for none."""
    interval: timedelta = arguments["Interval"]
    if interval < timedelta(0):
        raise Refusal(
            "System.ArgumentOutOfRangeException",
            "The interval is negative.",
            parameters={"Interval": str(interval.total_seconds())},
        )
    state.engine.interval = interval
