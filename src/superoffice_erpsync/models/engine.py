"""The engine that syncs by itself, at an interval."""

from dataclasses import dataclass
from datetime import timedelta

from superoffice_erpsync.models.rights import Carrier


@dataclass(slots=True, kw_only=True)
class ErpSyncEngineStatus(Carrier):
    """State of the engine."""

    is_running: bool = False
    status_message: str | None = None
    interval: timedelta = timedelta()
    """Time between two runs."""
