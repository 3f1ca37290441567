"""Which handler plays which operation; what is not listed is not in the sandbox yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from superoffice_erpsync.sandbox.handlers import connections, engine, newer, principal, sync
from superoffice_erpsync.sandbox.state import State

Handler = Callable[[State, Mapping[str, Any]], Any]

HANDLERS: Final[Mapping[str, Mapping[str, Handler]]] = {
    "SoPrincipal": {
        "AuthenticateUsernamePassword": principal.authenticate_username_password,
        "GetSystemInfo": principal.get_system_info,
    },
    "ErpSync": {
        "ChangeEngineInterval": engine.change_engine_interval,
        "ChangeEngineStatus": engine.change_engine_status,
        "ForceResync": sync.force_resync,
        "ForceResyncBatchTask": sync.force_resync_batch_task,
        "ForceResyncExternal": sync.force_resync_external,
        "ForceResyncExternalNoBlankValues": sync.force_resync_external_no_blank_values,
        "ForceResyncNoBlankValues": sync.force_resync_no_blank_values,
        "ForceSyncAll": sync.force_sync_all,
        "GetAllConnections": newer.get_all_connections,
        "GetAllConnectors": newer.get_all_connectors,
        "GetConnection": connections.get_connection,
        "GetConnectionsAndDisplayFields": connections.get_connections_and_display_fields,
        "GetEngineStatus": engine.get_engine_status,
        "SyncAll": sync.sync_all,
        "TestConnectionById": connections.test_connection_by_id,
        "ToggleErpConnectionActive": connections.toggle_erp_connection_active,
    },
}
"""By service, then by wire name of the operation."""

OPEN_SERVICES: Final = frozenset({"SoPrincipal"})
"""Services whose operations need no ticket: they issue it, or tell what anybody may know."""
