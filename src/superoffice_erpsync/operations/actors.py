"""Actors of ERPs, their links to CRM entities, and their values."""

from superoffice_erpsync.models import CrmActorType, ErpActorType, ErpSyncFieldValue, FieldMetadata
from superoffice_erpsync.operations.base import Argument, Nature, Operation

CREATE_ACTOR_LINK = Operation[bool](
    wire="CreateActorLink",
    arguments=(
        Argument("ErpConnectionId", int),
        Argument("CrmRecordId", int),
        Argument("CrmActorType", CrmActorType),
        Argument("ErpKey", str),
        Argument("ErpActorType", ErpActorType),
    ),
    result=bool,
    nature=Nature.WRITE,
)
BREAK_ACTOR_LINK = Operation[bool](
    wire="BreakActorLink",
    arguments=(
        Argument("ErpConnectionId", int),
        Argument("CrmRecordId", int),
        Argument("CrmActorType", CrmActorType),
    ),
    result=bool,
    nature=Nature.REPEATABLE_WRITE,
)
CONNECT_ACTOR = Operation[None](
    wire="ConnectActor",
    arguments=(
        Argument("ErpConnectionId", int),
        Argument("CrmRecordId", int),
        Argument("CrmActorType", CrmActorType),
        Argument("ErpKey", str),
        Argument("ErpActorType", ErpActorType),
        Argument("FieldValues", list[ErpSyncFieldValue | None] | None),
    ),
    result=None,
    nature=Nature.WRITE,
    moves_data=True,
)
TRY_CONNECT_ACTOR = Operation[bool](
    wire="TryConnectActor",
    arguments=CONNECT_ACTOR.arguments,
    result=bool,
    nature=Nature.WRITE,
    since=88,
    moves_data=True,
)
CREATE_ERP_ACTOR_FROM_CRM = Operation[bool](
    wire="CreateErpActorFromCrm",
    arguments=(
        Argument("ConnectionId", int),
        Argument("CrmEntityId", int),
        Argument("ErpActorType", ErpActorType),
        Argument("CrmActorType", CrmActorType),
        Argument("ErpFieldKeyValues", dict[str, str | None] | None),
    ),
    result=bool,
    nature=Nature.WRITE,
    moves_data=True,
)
GET_CRM_ACTOR_TYPE = Operation[CrmActorType](
    wire="GetCrmActorType",
    arguments=(Argument("ErpConnectionId", int), Argument("ErpActorType", ErpActorType)),
    result=CrmActorType,
    nature=Nature.READ,
)
GET_ERP_FIELD_VALUES = Operation[list[str | None] | None](
    wire="GetErpFieldValues",
    arguments=(
        Argument("ErpConnectionId", int),
        Argument("CrmActorType", CrmActorType),
        Argument("EntityId", int),
        Argument("FieldKeys", list[str | None] | None),
    ),
    result=list[str | None] | None,
    nature=Nature.READ,
)
GET_FIELD_VALUES_FROM_CRM = Operation[list[ErpSyncFieldValue | None] | None](
    wire="GetFieldValuesFromCrm",
    arguments=(Argument("RecordId", int), Argument("ActorTypeCrm", CrmActorType)),
    result=list[ErpSyncFieldValue | None] | None,
    nature=Nature.READ,
)
GET_FIELD_VALUES_FROM_ERP = Operation[list[ErpSyncFieldValue | None] | None](
    wire="GetFieldValuesFromErp",
    arguments=(Argument("ErpConnectionId", int), Argument("ActorTypeErp", ErpActorType), Argument("ErpKey", str)),
    result=list[ErpSyncFieldValue | None] | None,
    nature=Nature.READ,
)
GET_FIELDS_FOR_NEW_ERP_ACTOR = Operation[list[FieldMetadata | None] | None](
    wire="GetFieldsForNewErpActor",
    arguments=(Argument("ErpConnectionId", int), Argument("ErpActorType", ErpActorType)),
    result=list[FieldMetadata | None] | None,
    nature=Nature.READ,
)
SUPPORTS_ADVANCED_SEARCH = Operation[bool](
    wire="SupportsAdvancedSearch",
    arguments=(Argument("ErpConnectionId", int), Argument("ErpActorType", ErpActorType)),
    result=bool,
    nature=Nature.READ,
)

OPERATIONS = (
    CREATE_ACTOR_LINK,
    BREAK_ACTOR_LINK,
    CONNECT_ACTOR,
    TRY_CONNECT_ACTOR,
    CREATE_ERP_ACTOR_FROM_CRM,
    GET_CRM_ACTOR_TYPE,
    GET_ERP_FIELD_VALUES,
    GET_FIELD_VALUES_FROM_CRM,
    GET_FIELD_VALUES_FROM_ERP,
    GET_FIELDS_FOR_NEW_ERP_ACTOR,
    SUPPORTS_ADVANCED_SEARCH,
)
