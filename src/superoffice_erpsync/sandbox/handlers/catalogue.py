"""Which handler plays which operation; what is not listed is not in the sandbox yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from superoffice_erpsync.sandbox.handlers import (
    actors,
    connections,
    connectors,
    engine,
    links,
    mappings,
    newer,
    principal,
    sync,
)
from superoffice_erpsync.sandbox.state import State

Handler = Callable[[State, Mapping[str, Any]], Any]

HANDLERS: Final[Mapping[str, Mapping[str, Handler]]] = {
    "SoPrincipal": {
        "AuthenticateGeneric": principal.authenticate_generic,
        "AuthenticateImplicit": principal.authenticate_implicit,
        "AuthenticateUsernamePassword": principal.authenticate_username_password,
        "AuthenticateWithAccessToken": principal.authenticate_with_access_token,
        "GetSystemInfo": principal.get_system_info,
    },
    "ErpSync": {
        "BreakActorLink": links.break_actor_link,
        "CanDeleteErpSyncConnectorEntity": connectors.can_delete_erp_sync_connector_entity,
        "ChangeEngineInterval": engine.change_engine_interval,
        "ChangeEngineStatus": engine.change_engine_status,
        "ConnectActor": links.connect_actor,
        "CreateActorLink": links.create_actor_link,
        "CreateDefaultErpSyncConnectorEntity": connectors.create_default_erp_sync_connector_entity,
        "CreateErpActorFromCrm": actors.create_erp_actor_from_crm,
        "DeleteConnection": connections.delete_connection,
        "DeleteErpSyncConnectorEntity": connectors.delete_erp_sync_connector_entity,
        "ForceResync": sync.force_resync,
        "ForceResyncBatchTask": sync.force_resync_batch_task,
        "ForceResyncExternal": sync.force_resync_external,
        "ForceResyncExternalNoBlankValues": sync.force_resync_external_no_blank_values,
        "ForceResyncNoBlankValues": sync.force_resync_no_blank_values,
        "ForceSyncAll": sync.force_sync_all,
        "GetActorTypeMapping": mappings.get_actor_type_mapping,
        "GetAllConnections": newer.get_all_connections,
        "GetAllConnectors": newer.get_all_connectors,
        "GetConfigurationFields": connectors.get_configuration_fields,
        "GetConnection": connections.get_connection,
        "GetConnectionListMappings": mappings.get_connection_list_mappings,
        "GetConnectionsAndDisplayFields": connections.get_connections_and_display_fields,
        "GetCrmActorType": actors.get_crm_actor_type,
        "GetDefaultValueInfo": mappings.get_default_value_info,
        "GetEngineStatus": engine.get_engine_status,
        "GetErpConnectionConfigFields": connections.get_erp_connection_config_fields,
        "GetErpFieldValues": actors.get_erp_field_values,
        "GetErpSyncConnectionSummary": connections.get_erp_sync_connection_summary,
        "GetErpSyncConnectorEntity": connectors.get_erp_sync_connector_entity,
        "GetFieldValuesFromCrm": actors.get_field_values_from_crm,
        "GetFieldValuesFromErp": actors.get_field_values_from_erp,
        "GetFieldsForNewErpActor": actors.get_fields_for_new_erp_actor,
        "MoveErpFieldItem": mappings.move_erp_field_item,
        "SaveActorTypeMapping": mappings.save_actor_type_mapping,
        "SaveConnection": connections.save_connection,
        "SaveConnectionListMappings": mappings.save_connection_list_mappings,
        "SaveDefaultValueInfo": mappings.save_default_value_info,
        "SaveErpConnectionSyncPriorities": connections.save_erp_connection_sync_priorities,
        "SaveErpSyncConnectorEntity": connectors.save_erp_sync_connector_entity,
        "SupportsAdvancedSearch": actors.supports_advanced_search,
        "SyncAll": sync.sync_all,
        "TestConnectionByConfig": connections.test_connection_by_config,
        "TestConnectionById": connections.test_connection_by_id,
        "TestConnectorUrl": connectors.test_connector_url,
        "ToggleErpConnectionActive": connections.toggle_erp_connection_active,
        "TryConnectActor": newer.try_connect_actor,
        "UpdateConnectionFields": connections.update_connection_fields,
        "ValidateArchiveColumnConfig": connections.validate_archive_column_config,
    },
}
"""By service, then by wire name of the operation."""

READING: Final = ("Authenticate", "Can", "CreateDefault", "Get", "Supports", "Test")
"""How the names of operations begin that leave the state as it is."""

OPEN_SERVICES: Final = frozenset({"SoPrincipal"})
"""Services whose operations need no ticket: they issue it, or tell what anybody may know."""
