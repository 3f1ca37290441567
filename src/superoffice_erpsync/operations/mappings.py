"""Mappings of fields and lists, and default values."""

from superoffice_erpsync.models import (
    ErpActorType,
    ErpConnectionListMappingContainer,
    ErpSyncActorTypeMapping,
    ErpSyncDefaultValue,
)
from superoffice_erpsync.operations.base import Argument, Nature, Operation

GET_ACTOR_TYPE_MAPPING = Operation[ErpSyncActorTypeMapping | None](
    wire="GetActorTypeMapping",
    arguments=(Argument("ErpConnectionId", int), Argument("ActorType", ErpActorType)),
    result=ErpSyncActorTypeMapping | None,
    nature=Nature.READ,
)
SAVE_ACTOR_TYPE_MAPPING = Operation[ErpSyncActorTypeMapping | None](
    wire="SaveActorTypeMapping",
    arguments=(Argument("Mapping", ErpSyncActorTypeMapping),),
    result=ErpSyncActorTypeMapping | None,
    nature=Nature.REPEATABLE_WRITE,
)
GET_CONNECTION_LIST_MAPPINGS = Operation[ErpConnectionListMappingContainer | None](
    wire="GetConnectionListMappings",
    arguments=(Argument("ErpConnectionId", int),),
    result=ErpConnectionListMappingContainer | None,
    nature=Nature.READ,
    since=86,
)
SAVE_CONNECTION_LIST_MAPPINGS = Operation[ErpConnectionListMappingContainer | None](
    wire="SaveConnectionListMappings",
    arguments=(Argument("ListMapping", ErpConnectionListMappingContainer),),
    result=ErpConnectionListMappingContainer | None,
    nature=Nature.REPEATABLE_WRITE,
    since=86,
)
GET_DEFAULT_VALUE_INFO = Operation[ErpSyncDefaultValue | None](
    wire="GetDefaultValueInfo",
    arguments=(Argument("ErpFieldId", int),),
    result=ErpSyncDefaultValue | None,
    nature=Nature.READ,
)
SAVE_DEFAULT_VALUE_INFO = Operation[ErpSyncDefaultValue | None](
    wire="SaveDefaultValueInfo",
    arguments=(Argument("ErpSyncDefaultValue", ErpSyncDefaultValue),),
    result=ErpSyncDefaultValue | None,
    nature=Nature.REPEATABLE_WRITE,
)
MOVE_ERP_FIELD_ITEM = Operation[None](
    wire="MoveErpFieldItem",
    arguments=(
        Argument("ErpFieldId", int),
        Argument("Direction", int),
        Argument("ErpConnectionId", int),
        Argument("ErpActorType", ErpActorType),
    ),
    result=None,
    nature=Nature.WRITE,
)

OPERATIONS = (
    GET_ACTOR_TYPE_MAPPING,
    SAVE_ACTOR_TYPE_MAPPING,
    GET_CONNECTION_LIST_MAPPINGS,
    SAVE_CONNECTION_LIST_MAPPINGS,
    GET_DEFAULT_VALUE_INFO,
    SAVE_DEFAULT_VALUE_INFO,
    MOVE_ERP_FIELD_ITEM,
)
