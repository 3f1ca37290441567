"""Connectors: the web services that speak for one kind of ERP."""

from __future__ import annotations

from typing import Unpack

from superoffice_erpsync import models, operations
from superoffice_erpsync.facade.base import Facade
from superoffice_erpsync.options import CallOptions


class ConnectorsFacade(Facade):
    """Operations on connectors."""

    def create_default_erp_sync_connector_entity(
        self, **options: Unpack[CallOptions]
    ) -> models.ErpSyncConnectorEntity | None:
        """Get a blank connector to fill in. Nothing is stored until `save_erp_sync_connector_entity`.

        Args:
            **options: Options of this call, see `CallOptions`.

        Returns:
            A connector with the id 0 and the server's defaults; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `CreateDefaultErpSyncConnectorEntity`. Read. Services84 and later, REST.
        """
        return self._call(operations.connectors.CREATE_DEFAULT_ERP_SYNC_CONNECTOR_ENTITY, options)

    def get_erp_sync_connector_entity(
        self, *, erp_sync_connector_entity_id: int, **options: Unpack[CallOptions]
    ) -> models.ErpSyncConnectorEntity | None:
        """Get a connector.

        Args:
            erp_sync_connector_entity_id: The connector's id.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The connector, which may be marked as deleted; None where there is none with that id.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetErpSyncConnectorEntity`. Read. Services84 and later, REST.
        """
        return self._call(
            operations.connectors.GET_ERP_SYNC_CONNECTOR_ENTITY,
            options,
            erp_sync_connector_entity_id=erp_sync_connector_entity_id,
        )

    def save_erp_sync_connector_entity(
        self, *, erp_sync_connector_entity: models.ErpSyncConnectorEntity, **options: Unpack[CallOptions]
    ) -> models.ErpSyncConnectorEntity | None:
        """Store a connector: a new one where its id is 0, else the one with that id.

        Args:
            erp_sync_connector_entity: The connector with all its values.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The connector as stored, with its id; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `SaveErpSyncConnectorEntity`. Repeatable write with an id; without one a write: sent twice, there
        are two connectors. Services84 and later, REST.
        """
        return self._call(
            operations.connectors.SAVE_ERP_SYNC_CONNECTOR_ENTITY,
            options,
            erp_sync_connector_entity=erp_sync_connector_entity,
        )

    def delete_erp_sync_connector_entity(
        self, *, erp_sync_connector_entity_id: int, **options: Unpack[CallOptions]
    ) -> None:
        """Delete a connector. It stays stored, marked as deleted.

        Whether the server will do it, `can_delete_erp_sync_connector_entity` tells beforehand: a connector that still
        has connections is in use.

        Args:
            erp_sync_connector_entity_id: The connector's id.
            **options: Options of this call, see `CallOptions`.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `DeleteErpSyncConnectorEntity`. Repeatable write. Services84 and later, REST.
        """
        return self._call(
            operations.connectors.DELETE_ERP_SYNC_CONNECTOR_ENTITY,
            options,
            erp_sync_connector_entity_id=erp_sync_connector_entity_id,
        )

    def can_delete_erp_sync_connector_entity(
        self, *, erp_sync_connector_id: int, **options: Unpack[CallOptions]
    ) -> models.ErpSyncResponseCode:
        """Tell whether a connector can be deleted. Nothing is deleted.

        Args:
            erp_sync_connector_id: The connector's id.
            **options: Options of this call, see `CallOptions`.

        Returns:
            `NO_ERROR` where it can be deleted, else the reason: it still has connections, or there is none with that
            id.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `CanDeleteErpSyncConnectorEntity`. Read. Services84 and later, REST.
        """
        return self._call(
            operations.connectors.CAN_DELETE_ERP_SYNC_CONNECTOR_ENTITY,
            options,
            erp_sync_connector_id=erp_sync_connector_id,
        )

    def test_connector_url(self, *, url: str, **options: Unpack[CallOptions]) -> models.ErpSyncResponseCode:
        """Tell whether a connector answers at an address, as the server reaches it.

        Args:
            url: Address of the connector's web service.
            **options: Options of this call, see `CallOptions`.

        Returns:
            `NO_ERROR` where a connector answers, else the reason why not.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `TestConnectorUrl`. Read. Services84 and later, REST.
        """
        return self._call(operations.connectors.TEST_CONNECTOR_URL, options, url=url)

    def get_configuration_fields(
        self, *, erp_connector_id: int, **options: Unpack[CallOptions]
    ) -> list[models.FieldMetadata | None] | None:
        """Describe what a connector wants to know for a connection: addresses, companies, logins.

        The fields' keys are those of a connection's `config_fields`.

        Args:
            erp_connector_id: The connector's id.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The fields, `rank` giving the order to show them in; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetConfigurationFields`. Read. Services84 and later, REST.
        """
        return self._call(operations.connectors.GET_CONFIGURATION_FIELDS, options, erp_connector_id=erp_connector_id)

    def get_all_connectors(self, **options: Unpack[CallOptions]) -> list[models.ListItem | None] | None:
        """List the connectors by id and name.

        Args:
            **options: Options of this call, see `CallOptions`.

        Returns:
            The connectors; None where the server had nothing to say.

        Raises:
            OperationNotAvailable: The services are older; nothing was sent.
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetAllConnectors`. Read. Services88 and later, REST.
        """
        return self._call(operations.connectors.GET_ALL_CONNECTORS, options)
