"""Connections: a connector with the configuration for one client or company in its ERP."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Unpack

from superoffice_erpsync import models, operations
from superoffice_erpsync.facade.base import Facade
from superoffice_erpsync.options import CallOptions


class ConnectionsFacade(Facade):
    """Operations on connections."""

    def get_connection(self, *, erp_connection_id: int, **options: Unpack[CallOptions]) -> models.ErpConnection | None:
        """Get a connection with its configuration.

        Args:
            erp_connection_id: The connection's id.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The connection, which may be marked as deleted; None where there is none with that id. Its `config_fields`
            hold the ERP's passwords.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetConnection`. Read. Services84 and later, REST.
        """
        return self._call(operations.connections.GET_CONNECTION, options, erp_connection_id=erp_connection_id)

    def save_connection(
        self, *, connection: models.ErpConnection, **options: Unpack[CallOptions]
    ) -> models.ErpConnection | None:
        """Store a connection: a new one where its id is 0, else the one with that id.

        A new one gets its id and its GUID from the server, which also reads the connector's fields.

        Args:
            connection: The connection with all its values, the whole configuration included.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The connection as stored, with its id; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `SaveConnection`. Repeatable write with an id; without one a write: sent twice, there are two
        connections. Services84 and later, REST.
        """
        return self._call(operations.connections.SAVE_CONNECTION, options, connection=connection)

    def delete_connection(self, *, erp_connection_id: int, **options: Unpack[CallOptions]) -> None:
        """Delete a connection. It stays stored, marked as deleted.

        Args:
            erp_connection_id: The connection's id.
            **options: Options of this call, see `CallOptions`.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `DeleteConnection`. Repeatable write. Services84 and later, REST.
        """
        return self._call(operations.connections.DELETE_CONNECTION, options, erp_connection_id=erp_connection_id)

    def get_erp_connection_config_fields(
        self, *, erp_connection_id: int, **options: Unpack[CallOptions]
    ) -> models.ConfigFields | None:
        """Get the configuration of a connection, by the keys that `get_configuration_fields` describes.

        Args:
            erp_connection_id: The connection's id.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The values by key, the ERP's passwords among them: a dictionary whose repr is masked. None where the
            server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetErpConnectionConfigFields`. Read. Services84 and later, REST.
        """
        return self._call(
            operations.connections.GET_ERP_CONNECTION_CONFIG_FIELDS, options, erp_connection_id=erp_connection_id
        )

    def get_erp_sync_connection_summary(
        self, *, erp_sync_connection_id: int, **options: Unpack[CallOptions]
    ) -> models.ErpSyncConnectionSummary | None:
        """Get an overview of a connection: when it was synced last, and what is mapped for each kind of actor.

        Args:
            erp_sync_connection_id: The connection's id, the same that is called `erp_connection_id` elsewhere.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The overview; None where there is no connection with that id.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetErpSyncConnectionSummary`. Read. Services84 and later, REST.
        """
        return self._call(
            operations.connections.GET_ERP_SYNC_CONNECTION_SUMMARY,
            options,
            erp_sync_connection_id=erp_sync_connection_id,
        )

    def get_connections_and_display_fields(
        self, *, crm_actor_type: models.CrmActorType, entity_id: int, **options: Unpack[CallOptions]
    ) -> list[models.ErpConnectionData | None] | None:
        """List the connections as seen from one CRM entity: whether it is linked there, and the fields to show.

        Args:
            crm_actor_type: Kind of the CRM entity.
            entity_id: The entity's primary key in the CRM, for example the contact id.
            **options: Options of this call, see `CallOptions`.

        Returns:
            One item for each connection that the user may see; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetConnectionsAndDisplayFields`. Read. Services84 and later, REST.
        """
        return self._call(
            operations.connections.GET_CONNECTIONS_AND_DISPLAY_FIELDS,
            options,
            crm_actor_type=crm_actor_type,
            entity_id=entity_id,
        )

    def test_connection_by_id(self, *, erp_connection_id: int, **options: Unpack[CallOptions]) -> bool:
        """Tell whether the connector can reach its ERP with the stored configuration of a connection.

        Args:
            erp_connection_id: The connection's id.
            **options: Options of this call, see `CallOptions`.

        Returns:
            True where it can.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `TestConnectionById`. Read. Services84 and later, REST.
        """
        return self._call(operations.connections.TEST_CONNECTION_BY_ID, options, erp_connection_id=erp_connection_id)

    def test_connection_by_config(
        self,
        *,
        erp_connection_id: int,
        config_fields: Mapping[str, str | None] | None,
        **options: Unpack[CallOptions],
    ) -> bool:
        """Tell whether a connector can reach its ERP with a configuration that need not be stored yet.

        Args:
            erp_connection_id: The **connector's** id, as the vendor documents it in spite of the argument's name.
            config_fields: Configuration values by key, as `get_configuration_fields` describes them. Secret: no log
                or trace shows them.
            **options: Options of this call, see `CallOptions`.

        Returns:
            True where it can.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `TestConnectionByConfig`. Read. Services84 and later, REST.
        """
        if isinstance(config_fields, Mapping):
            # Tracebacks can show what is here by name.
            config_fields = models.ConfigFields(config_fields)
        return self._call(
            operations.connections.TEST_CONNECTION_BY_CONFIG,
            options,
            erp_connection_id=erp_connection_id,
            config_fields=config_fields,
        )

    def toggle_erp_connection_active(
        self, *, erp_connection_id: int, **options: Unpack[CallOptions]
    ) -> list[str | None] | None:
        """Make an inactive connection active, or an active one inactive: each call turns it over.

        The server refuses to activate a connection while a mandatory field has no direction to be synced in. Look at
        `ErpConnection.active` first where the state to end in matters.

        Args:
            erp_connection_id: The connection's id.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The reasons why it was not done; an **empty** list means that it was. None where the server had nothing to
            say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `ToggleErpConnectionActive`. Write: sent twice, the second undoes the first. Services84 and
        later, REST.
        """
        return self._call(
            operations.connections.TOGGLE_ERP_CONNECTION_ACTIVE, options, erp_connection_id=erp_connection_id
        )

    def update_connection_fields(self, *, erp_connection_id: int, **options: Unpack[CallOptions]) -> bool:
        """Have the server ask the connector again which fields its actors have.

        New fields appear in the mappings without direction; those that the ERP no longer offers are marked with
        `ErpSyncFieldMapping.missing_in_erp`.

        Args:
            erp_connection_id: The connection's id.
            **options: Options of this call, see `CallOptions`.

        Returns:
            True where the fields were read.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `UpdateConnectionFields`. Repeatable write. Services84 and later, REST.
        """
        return self._call(operations.connections.UPDATE_CONNECTION_FIELDS, options, erp_connection_id=erp_connection_id)

    def save_erp_connection_sync_priorities(
        self, *, erp_connection_ids: Iterable[int] | None, **options: Unpack[CallOptions]
    ) -> bool:
        """Set the order in which `sync_all` goes through the connections.

        Args:
            erp_connection_ids: Ids of connections, the first to be synced first.
            **options: Options of this call, see `CallOptions`.

        Returns:
            True where the order was stored.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `SaveErpConnectionSyncPriorities`. Repeatable write. Services84 and later, REST.
        """
        return self._call(
            operations.connections.SAVE_ERP_CONNECTION_SYNC_PRIORITIES, options, erp_connection_ids=erp_connection_ids
        )

    def validate_archive_column_config(
        self, *, list_owner: str, erp_connection_id: int, **options: Unpack[CallOptions]
    ) -> None:
        """Have the server bring the columns of an archive list into line with the fields of a connection.

        Args:
            list_owner: Name of the list whose columns are meant.
            erp_connection_id: The connection's id.
            **options: Options of this call, see `CallOptions`.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `ValidateArchiveColumnConfig`. Repeatable write. Services84 and later, REST.
        """
        return self._call(
            operations.connections.VALIDATE_ARCHIVE_COLUMN_CONFIG,
            options,
            list_owner=list_owner,
            erp_connection_id=erp_connection_id,
        )

    def get_all_connections(
        self, *, include_deleted: bool, **options: Unpack[CallOptions]
    ) -> list[models.ErpConnection | None] | None:
        """List the connections.

        Args:
            include_deleted: Also those that were deleted, which stay stored and marked.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The connections; None where the server had nothing to say.

        Raises:
            OperationNotAvailable: The services are older; nothing was sent.
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetAllConnections`. Read. Services88 and later, REST.
        """
        return self._call(operations.connections.GET_ALL_CONNECTIONS, options, include_deleted=include_deleted)
