"""The engine that syncs by itself at intervals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True, kw_only=True)
class Engine:
    """Runs or rests; an order to change takes effect when the engine next polls for orders."""

    running: bool = True
    interval: timedelta = timedelta(minutes=15)
    """Between two automatic syncs; zero for none."""
    poll_delay: timedelta = timedelta(0)
    """How long an order waits. Zero: the engine polls between any two calls, so that only the answer to the
    order itself still shows the old status."""
    last_sync: datetime | None = None
    _ordered: bool | None = None
    _ordered_at: datetime | None = None

    def order(self, run: bool, now: datetime) -> None:
        """Ask the engine to run or to rest."""
        self._ordered, self._ordered_at = run, now

    def poll(self, now: datetime) -> bool:
        """Let an order that has waited long enough take effect; whether one did."""
        if self._ordered is not None and self._ordered_at is not None and now >= self._ordered_at + self.poll_delay:
            self.running = self._ordered
            self._ordered = self._ordered_at = None
            return True
        return False

    def is_due(self, now: datetime) -> bool:
        """Whether the time for an automatic sync has come."""
        if not self.running or not self.interval:
            return False
        # Not last_sync + interval: the longest interval leads out of the calendar.
        return self.last_sync is not None and now - self.last_sync >= self.interval

    @property
    def message(self) -> str:
        """What the engine does, or is about to do, in words."""
        if self._ordered is not None and self._ordered != self.running:
            return "The engine starts at its next poll." if self._ordered else "The engine stops at its next poll."
        return "The engine is running." if self.running else "The engine is stopped."
