"""The engine that syncs by itself."""

from datetime import timedelta

from superoffice_erpsync.models import ErpSyncEngineStatus
from superoffice_erpsync.operations.base import Argument, Nature, Operation

GET_ENGINE_STATUS = Operation[ErpSyncEngineStatus | None](
    wire="GetEngineStatus", result=ErpSyncEngineStatus | None, nature=Nature.READ
)
CHANGE_ENGINE_STATUS = Operation[ErpSyncEngineStatus | None](
    wire="ChangeEngineStatus",
    arguments=(Argument("Run", bool),),
    result=ErpSyncEngineStatus | None,
    nature=Nature.REPEATABLE_WRITE,
)
CHANGE_ENGINE_INTERVAL = Operation[None](
    wire="ChangeEngineInterval",
    arguments=(Argument("Interval", timedelta),),
    result=None,
    nature=Nature.REPEATABLE_WRITE,
)

OPERATIONS = (GET_ENGINE_STATUS, CHANGE_ENGINE_STATUS, CHANGE_ENGINE_INTERVAL)
