"""Sync and resync."""

from superoffice_erpsync.models import ErpActorType, PluginResponse
from superoffice_erpsync.operations.base import Argument, Nature, Operation

SYNC_ALL = Operation[PluginResponse](
    wire="SyncAll", result=PluginResponse, nature=Nature.REPEATABLE_WRITE, moves_data=True
)
FORCE_SYNC_ALL = Operation[PluginResponse](
    wire="ForceSyncAll", result=PluginResponse, nature=Nature.REPEATABLE_WRITE, since=86, moves_data=True
)
FORCE_RESYNC = Operation[PluginResponse](
    wire="ForceResync",
    arguments=(
        Argument("ErpConnectionId", int, minimum=0),
        Argument("InternalKeyIds", list[int] | None, empty_means_everything=True),
    ),
    result=PluginResponse,
    nature=Nature.REPEATABLE_WRITE,
    since=86,
    moves_data=True,
)
FORCE_RESYNC_EXTERNAL = Operation[PluginResponse](
    wire="ForceResyncExternal",
    arguments=(
        Argument("ErpConnectionId", int, minimum=1),
        Argument("ErpActorType", ErpActorType),
        Argument("ExternalKeys", list[str] | None, empty_means_everything=True),
    ),
    result=PluginResponse,
    nature=Nature.REPEATABLE_WRITE,
    since=86,
    moves_data=True,
)
FORCE_RESYNC_BATCH_TASK = Operation[None](
    wire="ForceResyncBatchTask",
    arguments=(
        Argument("ErpConnectionId", int, minimum=0),
        Argument("InternalKeyIds", list[int] | None, empty_means_everything=True),
    ),
    result=None,
    nature=Nature.WRITE,
    since=86,
)

FORCE_RESYNC_NO_BLANK_VALUES = Operation[PluginResponse](
    wire="ForceResyncNoBlankValues",
    arguments=FORCE_RESYNC.arguments,
    result=PluginResponse,
    nature=Nature.REPEATABLE_WRITE,
    since=88,
    moves_data=True,
)
FORCE_RESYNC_EXTERNAL_NO_BLANK_VALUES = Operation[PluginResponse](
    wire="ForceResyncExternalNoBlankValues",
    arguments=FORCE_RESYNC_EXTERNAL.arguments,
    result=PluginResponse,
    nature=Nature.REPEATABLE_WRITE,
    since=88,
    moves_data=True,
)

OPERATIONS = (
    SYNC_ALL,
    FORCE_SYNC_ALL,
    FORCE_RESYNC,
    FORCE_RESYNC_EXTERNAL,
    FORCE_RESYNC_BATCH_TASK,
    FORCE_RESYNC_NO_BLANK_VALUES,
    FORCE_RESYNC_EXTERNAL_NO_BLANK_VALUES,
)
