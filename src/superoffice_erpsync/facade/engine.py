"""The engine that syncs by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Unpack

from superoffice_erpsync import models, operations
from superoffice_erpsync.facade.base import Facade
from superoffice_erpsync.options import CallOptions


class EngineFacade(Facade):
    """Operations on the engine."""

    def get_engine_status(self, **options: Unpack[CallOptions]) -> models.ErpSyncEngineStatus | None:
        """Tell whether the engine runs, and how often it syncs.

        Args:
            **options: Options of this call, see `CallOptions`.

        Returns:
            The engine's state; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetEngineStatus`. Read. Services84 and later, REST.
        """
        return self._call(operations.engine.GET_ENGINE_STATUS, options)

    def change_engine_status(self, *, run: bool, **options: Unpack[CallOptions]) -> models.ErpSyncEngineStatus | None:
        """Start or stop the engine. It takes effect when the engine looks at its settings the next time.

        Args:
            run: True starts it, False stops it.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The state after the change, which may still be the old one; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `ChangeEngineStatus`. Repeatable write. Services84 and later, REST.
        """
        return self._call(operations.engine.CHANGE_ENGINE_STATUS, options, run=run)

    def change_engine_interval(self, *, interval: timedelta, **options: Unpack[CallOptions]) -> None:
        """Set the time between two runs of the engine.

        Args:
            interval: The time between two runs.
            **options: Options of this call, see `CallOptions`.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `ChangeEngineInterval`. Repeatable write. Services84 and later, REST.
        """
        return self._call(operations.engine.CHANGE_ENGINE_INTERVAL, options, interval=interval)
