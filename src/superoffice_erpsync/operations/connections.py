"""Connections."""

from superoffice_erpsync.models import (
    ConfigFields,
    CrmActorType,
    ErpConnection,
    ErpConnectionData,
    ErpSyncConnectionSummary,
)
from superoffice_erpsync.operations.base import Argument, Nature, Operation

GET_CONNECTION = Operation[ErpConnection | None](
    wire="GetConnection",
    arguments=(Argument("ErpConnectionId", int),),
    result=ErpConnection | None,
    nature=Nature.READ,
)
SAVE_CONNECTION = Operation[ErpConnection | None](
    wire="SaveConnection",
    arguments=(Argument("Connection", ErpConnection),),
    result=ErpConnection | None,
    nature=Nature.WRITE,
    identified_by="erp_connection_id",
)
DELETE_CONNECTION = Operation[None](
    wire="DeleteConnection",
    arguments=(Argument("ErpConnectionId", int),),
    result=None,
    nature=Nature.REPEATABLE_WRITE,
)
GET_ERP_CONNECTION_CONFIG_FIELDS = Operation[ConfigFields | None](
    wire="GetErpConnectionConfigFields",
    arguments=(Argument("ErpConnectionId", int),),
    result=ConfigFields | None,
    nature=Nature.READ,
)
GET_ERP_SYNC_CONNECTION_SUMMARY = Operation[ErpSyncConnectionSummary | None](
    wire="GetErpSyncConnectionSummary",
    arguments=(Argument("ErpSyncConnectionId", int),),
    result=ErpSyncConnectionSummary | None,
    nature=Nature.READ,
)
GET_CONNECTIONS_AND_DISPLAY_FIELDS = Operation[list[ErpConnectionData | None] | None](
    wire="GetConnectionsAndDisplayFields",
    arguments=(Argument("CrmActorType", CrmActorType), Argument("EntityId", int)),
    result=list[ErpConnectionData | None] | None,
    nature=Nature.READ,
)
TEST_CONNECTION_BY_ID = Operation[bool](
    wire="TestConnectionById", arguments=(Argument("ErpConnectionId", int),), result=bool, nature=Nature.READ
)
TEST_CONNECTION_BY_CONFIG = Operation[bool](
    wire="TestConnectionByConfig",
    arguments=(Argument("ErpConnectionId", int), Argument("ConfigFields", ConfigFields | None)),
    result=bool,
    nature=Nature.READ,
)
TOGGLE_ERP_CONNECTION_ACTIVE = Operation[list[str | None] | None](
    wire="ToggleErpConnectionActive",
    arguments=(Argument("ErpConnectionId", int),),
    result=list[str | None] | None,
    nature=Nature.WRITE,
)
UPDATE_CONNECTION_FIELDS = Operation[bool](
    wire="UpdateConnectionFields",
    arguments=(Argument("ErpConnectionId", int),),
    result=bool,
    nature=Nature.REPEATABLE_WRITE,
)
SAVE_ERP_CONNECTION_SYNC_PRIORITIES = Operation[bool](
    wire="SaveErpConnectionSyncPriorities",
    arguments=(Argument("ErpConnectionIds", list[int] | None),),
    result=bool,
    nature=Nature.REPEATABLE_WRITE,
)
VALIDATE_ARCHIVE_COLUMN_CONFIG = Operation[None](
    wire="ValidateArchiveColumnConfig",
    arguments=(Argument("ListOwner", str), Argument("ErpConnectionId", int)),
    result=None,
    nature=Nature.REPEATABLE_WRITE,
)

GET_ALL_CONNECTIONS = Operation[list[ErpConnection | None] | None](
    wire="GetAllConnections",
    arguments=(Argument("IncludeDeleted", bool),),
    result=list[ErpConnection | None] | None,
    nature=Nature.READ,
    since=88,
)

OPERATIONS = (
    GET_CONNECTION,
    SAVE_CONNECTION,
    DELETE_CONNECTION,
    GET_ERP_CONNECTION_CONFIG_FIELDS,
    GET_ERP_SYNC_CONNECTION_SUMMARY,
    GET_CONNECTIONS_AND_DISPLAY_FIELDS,
    TEST_CONNECTION_BY_ID,
    TEST_CONNECTION_BY_CONFIG,
    TOGGLE_ERP_CONNECTION_ACTIVE,
    UPDATE_CONNECTION_FIELDS,
    SAVE_ERP_CONNECTION_SYNC_PRIORITIES,
    VALIDATE_ARCHIVE_COLUMN_CONFIG,
    GET_ALL_CONNECTIONS,
)
