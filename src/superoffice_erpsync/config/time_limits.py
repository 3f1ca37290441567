"""Time limits from the two numbers that settings have for them."""

from __future__ import annotations

from superoffice_erpsync.options import Timeouts


def time_limits(timeout: float | None, deadline: float | None) -> Timeouts:
    """The limits of a client.

    Args:
        timeout: Seconds that any answer may take; None for what suits the work.
        deadline: Seconds for a whole call; None for what follows from the other.
    """
    limits = Timeouts() if timeout is None else Timeouts.of(timeout)
    return limits if deadline is None else limits._replace(deadline=deadline, sync_deadline=deadline)
