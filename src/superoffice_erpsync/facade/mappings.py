"""Mappings of fields and lists, and default values."""

from __future__ import annotations

from typing import Unpack

from superoffice_erpsync import models, operations
from superoffice_erpsync.facade.base import Facade
from superoffice_erpsync.options import CallOptions


class MappingsFacade(Facade):
    """Operations on mappings between ERP and CRM."""

    def get_actor_type_mapping(
        self, *, erp_connection_id: int, actor_type: models.ErpActorType, **options: Unpack[CallOptions]
    ) -> models.ErpSyncActorTypeMapping | None:
        """Get how the fields of a kind of actor are mapped, and in which directions they are synced.

        Args:
            erp_connection_id: The connection's id.
            actor_type: Kind of the actor.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The mapping. A field with an empty `crm_field_key` is not mapped. None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetActorTypeMapping`. Read. Services84 and later, REST.
        """
        return self._call(
            operations.mappings.GET_ACTOR_TYPE_MAPPING,
            options,
            erp_connection_id=erp_connection_id,
            actor_type=actor_type,
        )

    def save_actor_type_mapping(
        self, *, mapping: models.ErpSyncActorTypeMapping, **options: Unpack[CallOptions]
    ) -> models.ErpSyncActorTypeMapping | None:
        """Store how the fields of a kind of actor are mapped.

        It is kept for the mapping's `erp_connection_id` and `actor_type_erp`, in place of what was there.

        Args:
            mapping: The mapping, best one that `get_actor_type_mapping` gave, changed. An empty `crm_field_key` leaves
                a field unmapped.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The mapping as stored; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `SaveActorTypeMapping`. Repeatable write. Services84 and later, REST.
        """
        return self._call(operations.mappings.SAVE_ACTOR_TYPE_MAPPING, options, mapping=mapping)

    def get_connection_list_mappings(
        self, *, erp_connection_id: int, **options: Unpack[CallOptions]
    ) -> models.ErpConnectionListMappingContainer | None:
        """Get how the items of the ERP's lists are mapped to those of the CRM's.

        Args:
            erp_connection_id: The connection's id.
            **options: Options of this call, see `CallOptions`.

        Returns:
            All list mappings of the connection; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetConnectionListMappings`. Read. Services86 and later, REST.
        """
        return self._call(
            operations.mappings.GET_CONNECTION_LIST_MAPPINGS, options, erp_connection_id=erp_connection_id
        )

    def save_connection_list_mappings(
        self, *, list_mapping: models.ErpConnectionListMappingContainer, **options: Unpack[CallOptions]
    ) -> models.ErpConnectionListMappingContainer | None:
        """Store how the items of the ERP's lists are mapped to those of the CRM's.

        Args:
            list_mapping: The list mappings, best those that `get_connection_list_mappings` gave, changed.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The list mappings as stored; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `SaveConnectionListMappings`. Repeatable write. Services86 and later, REST.
        """
        return self._call(operations.mappings.SAVE_CONNECTION_LIST_MAPPINGS, options, list_mapping=list_mapping)

    def get_default_value_info(
        self, *, erp_field_id: int, **options: Unpack[CallOptions]
    ) -> models.ErpSyncDefaultValue | None:
        """Get the values that fill a field of the ERP where the CRM has none.

        Args:
            erp_field_id: Id of the field, `ErpSyncFieldMapping.erp_field_id`.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The default values; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetDefaultValueInfo`. Read. Services84 and later, REST.
        """
        return self._call(operations.mappings.GET_DEFAULT_VALUE_INFO, options, erp_field_id=erp_field_id)

    def save_default_value_info(
        self, *, erp_sync_default_value: models.ErpSyncDefaultValue, **options: Unpack[CallOptions]
    ) -> models.ErpSyncDefaultValue | None:
        """Store the values that fill a field of the ERP where the CRM has none.

        Args:
            erp_sync_default_value: The default values; `erp_field_id` says which field they are for.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The default values as stored; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `SaveDefaultValueInfo`. Repeatable write. Services84 and later, REST.
        """
        return self._call(
            operations.mappings.SAVE_DEFAULT_VALUE_INFO, options, erp_sync_default_value=erp_sync_default_value
        )

    def move_erp_field_item(
        self,
        *,
        erp_field_id: int,
        direction: int,
        erp_connection_id: int,
        erp_actor_type: models.ErpActorType,
        **options: Unpack[CallOptions],
    ) -> None:
        """Move a field up or down in the order that its kind of actor is shown in.

        Args:
            erp_field_id: Id of the field, `ErpSyncFieldMapping.erp_field_id`.
            direction: Where to move it; the vendor does not document the numbers.
            erp_connection_id: The connection's id.
            erp_actor_type: Kind of the actor that has the field.
            **options: Options of this call, see `CallOptions`.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `MoveErpFieldItem`. Write: sent twice, the field moves twice. Services84 and later, REST.
        """
        return self._call(
            operations.mappings.MOVE_ERP_FIELD_ITEM,
            options,
            erp_field_id=erp_field_id,
            direction=direction,
            erp_connection_id=erp_connection_id,
            erp_actor_type=erp_actor_type,
        )
