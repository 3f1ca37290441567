"""Connectors."""

from superoffice_erpsync.models import ErpSyncConnectorEntity, ErpSyncResponseCode, FieldMetadata, ListItem
from superoffice_erpsync.operations.base import Argument, Nature, Operation, RestForm

CREATE_DEFAULT_ERP_SYNC_CONNECTOR_ENTITY = Operation[ErpSyncConnectorEntity | None](
    wire="CreateDefaultErpSyncConnectorEntity",
    result=ErpSyncConnectorEntity | None,
    nature=Nature.READ,
    selectable=False,
)
GET_ERP_SYNC_CONNECTOR_ENTITY = Operation[ErpSyncConnectorEntity | None](
    wire="GetErpSyncConnectorEntity",
    arguments=(Argument("ErpSyncConnectorEntityId", int),),
    result=ErpSyncConnectorEntity | None,
    nature=Nature.READ,
    rest_form=RestForm.QUERY,
)
SAVE_ERP_SYNC_CONNECTOR_ENTITY = Operation[ErpSyncConnectorEntity | None](
    wire="SaveErpSyncConnectorEntity",
    arguments=(Argument("ErpSyncConnectorEntity", ErpSyncConnectorEntity),),
    result=ErpSyncConnectorEntity | None,
    nature=Nature.WRITE,
    identified_by="erp_connector_id",
    rest_form=RestForm.ENTITY,
    selectable=False,
)
DELETE_ERP_SYNC_CONNECTOR_ENTITY = Operation[None](
    wire="DeleteErpSyncConnectorEntity",
    arguments=(Argument("ErpSyncConnectorEntityId", int),),
    result=None,
    nature=Nature.REPEATABLE_WRITE,
    rest_form=RestForm.QUERY,
    selectable=False,
)
CAN_DELETE_ERP_SYNC_CONNECTOR_ENTITY = Operation[ErpSyncResponseCode](
    wire="CanDeleteErpSyncConnectorEntity",
    arguments=(Argument("ErpSyncConnectorId", int),),
    result=ErpSyncResponseCode,
    nature=Nature.READ,
)
TEST_CONNECTOR_URL = Operation[ErpSyncResponseCode](
    wire="TestConnectorUrl", arguments=(Argument("Url", str),), result=ErpSyncResponseCode, nature=Nature.READ
)
GET_CONFIGURATION_FIELDS = Operation[list[FieldMetadata | None] | None](
    wire="GetConfigurationFields",
    arguments=(Argument("ErpConnectorId", int),),
    result=list[FieldMetadata | None] | None,
    nature=Nature.READ,
)

GET_ALL_CONNECTORS = Operation[list[ListItem | None] | None](
    wire="GetAllConnectors", result=list[ListItem | None] | None, nature=Nature.READ, since=88
)

OPERATIONS = (
    CREATE_DEFAULT_ERP_SYNC_CONNECTOR_ENTITY,
    GET_ERP_SYNC_CONNECTOR_ENTITY,
    SAVE_ERP_SYNC_CONNECTOR_ENTITY,
    DELETE_ERP_SYNC_CONNECTOR_ENTITY,
    CAN_DELETE_ERP_SYNC_CONNECTOR_ENTITY,
    TEST_CONNECTOR_URL,
    GET_CONFIGURATION_FIELDS,
    GET_ALL_CONNECTORS,
)
