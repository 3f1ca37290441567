"""Actors: the ERP's records, their links to CRM entities, and their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Unpack

from superoffice_erpsync import models, operations
from superoffice_erpsync.facade.base import Facade
from superoffice_erpsync.options import CallOptions


class ActorsFacade(Facade):
    """Operations on actors and their links."""

    def create_actor_link(
        self,
        *,
        erp_connection_id: int,
        crm_record_id: int,
        crm_actor_type: models.CrmActorType,
        erp_key: str,
        erp_actor_type: models.ErpActorType,
        **options: Unpack[CallOptions],
    ) -> bool:
        """Link a CRM entity to an actor that exists in the ERP. No values are moved; `connect_actor` moves some too.

        Args:
            erp_connection_id: The connection that knows the actor.
            crm_record_id: The entity's primary key in the CRM, for example the contact id.
            crm_actor_type: Kind of the CRM entity.
            erp_key: The actor's key in the ERP.
            erp_actor_type: Kind of the actor.
            **options: Options of this call, see `CallOptions`.

        Returns:
            True where the link was made; False where the server would not, for example since one of the two is linked
            already.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `CreateActorLink`. Write: sent twice, the second finds the link taken. Services84 and later,
        REST.
        """
        return self._call(
            operations.actors.CREATE_ACTOR_LINK,
            options,
            erp_connection_id=erp_connection_id,
            crm_record_id=crm_record_id,
            crm_actor_type=crm_actor_type,
            erp_key=erp_key,
            erp_actor_type=erp_actor_type,
        )

    def break_actor_link(
        self,
        *,
        erp_connection_id: int,
        crm_record_id: int,
        crm_actor_type: models.CrmActorType,
        **options: Unpack[CallOptions],
    ) -> bool:
        """Unlink a CRM entity from its actor in one connection. Both records stay as they are.

        Args:
            erp_connection_id: The connection that the link belongs to.
            crm_record_id: The entity's primary key in the CRM, for example the contact id.
            crm_actor_type: Kind of the CRM entity.
            **options: Options of this call, see `CallOptions`.

        Returns:
            True where the link was removed.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `BreakActorLink`. Repeatable write. Services84 and later, REST.
        """
        return self._call(
            operations.actors.BREAK_ACTOR_LINK,
            options,
            erp_connection_id=erp_connection_id,
            crm_record_id=crm_record_id,
            crm_actor_type=crm_actor_type,
        )

    def connect_actor(
        self,
        *,
        erp_connection_id: int,
        crm_record_id: int,
        crm_actor_type: models.CrmActorType,
        erp_key: str,
        erp_actor_type: models.ErpActorType,
        field_values: Iterable[models.ErpSyncFieldValue | None] | None,
        **options: Unpack[CallOptions],
    ) -> None:
        """Link a CRM entity to an actor that exists in the ERP, and apply the values that were chosen for both.

        Where the two sides differ, `get_field_values_from_crm` and `get_field_values_from_erp` give what there is to
        choose from.

        Args:
            erp_connection_id: The connection that knows the actor.
            crm_record_id: The entity's primary key in the CRM, for example the contact id.
            crm_actor_type: Kind of the CRM entity.
            erp_key: The actor's key in the ERP.
            erp_actor_type: Kind of the actor.
            field_values: The chosen values, by `crm_field_key`.
            **options: Options of this call, see `CallOptions`. The default time limit is `Timeouts.sync`, 30 minutes.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `ConnectActor`. Write: sent twice, the second finds the link taken. Services84 and later, REST.
        """
        return self._call(
            operations.actors.CONNECT_ACTOR,
            options,
            erp_connection_id=erp_connection_id,
            crm_record_id=crm_record_id,
            crm_actor_type=crm_actor_type,
            erp_key=erp_key,
            erp_actor_type=erp_actor_type,
            field_values=field_values,
        )

    def try_connect_actor(
        self,
        *,
        erp_connection_id: int,
        crm_record_id: int,
        crm_actor_type: models.CrmActorType,
        erp_key: str,
        erp_actor_type: models.ErpActorType,
        field_values: Iterable[models.ErpSyncFieldValue | None] | None,
        **options: Unpack[CallOptions],
    ) -> bool:
        """Link a CRM entity to an actor as `connect_actor` does, and tell whether it could be done.

        Args:
            erp_connection_id: The connection that knows the actor.
            crm_record_id: The entity's primary key in the CRM, for example the contact id.
            crm_actor_type: Kind of the CRM entity.
            erp_key: The actor's key in the ERP.
            erp_actor_type: Kind of the actor.
            field_values: The chosen values, by `crm_field_key`.
            **options: Options of this call, see `CallOptions`. The default time limit is `Timeouts.sync`, 30 minutes.

        Returns:
            False where the server could not make the link.

        Raises:
            OperationNotAvailable: The services are older; nothing was sent.
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `TryConnectActor`. Write: sent twice, the second finds the link taken. Services88 and later, REST.
        """
        return self._call(
            operations.actors.TRY_CONNECT_ACTOR,
            options,
            erp_connection_id=erp_connection_id,
            crm_record_id=crm_record_id,
            crm_actor_type=crm_actor_type,
            erp_key=erp_key,
            erp_actor_type=erp_actor_type,
            field_values=field_values,
        )

    def create_erp_actor_from_crm(
        self,
        *,
        connection_id: int,
        crm_entity_id: int,
        erp_actor_type: models.ErpActorType,
        crm_actor_type: models.CrmActorType,
        erp_field_key_values: Mapping[str, str | None] | None,
        **options: Unpack[CallOptions],
    ) -> bool:
        """Create an actor in the ERP from a CRM entity, and link the two.

        Args:
            connection_id: The connection to create it in: the number that is called `erp_connection_id` elsewhere, not
                the GUID `ErpConnection.connection_id`.
            crm_entity_id: The entity's primary key in the CRM, for example the contact id.
            erp_actor_type: Kind of the actor to create.
            crm_actor_type: Kind of the CRM entity.
            erp_field_key_values: Values that the CRM does not have, by the keys of `get_fields_for_new_erp_actor`.
            **options: Options of this call, see `CallOptions`. The default time limit is `Timeouts.sync`, 30 minutes.

        Returns:
            True where the actor was made; False where the server would not, for example since a mandatory value is
            missing.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `CreateErpActorFromCrm`. Write: sent twice, there may be two actors. Services84 and later, REST.
        """
        return self._call(
            operations.actors.CREATE_ERP_ACTOR_FROM_CRM,
            options,
            connection_id=connection_id,
            crm_entity_id=crm_entity_id,
            erp_actor_type=erp_actor_type,
            crm_actor_type=crm_actor_type,
            erp_field_key_values=erp_field_key_values,
        )

    def get_crm_actor_type(
        self, *, erp_connection_id: int, erp_actor_type: models.ErpActorType, **options: Unpack[CallOptions]
    ) -> models.CrmActorType:
        """Tell which kind of CRM entity a kind of actor is the counterpart of.

        Args:
            erp_connection_id: The connection's id.
            erp_actor_type: Kind of the actor.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The kind of CRM entity: `CONTACT` for customers, suppliers and partners; `UNKNOWN` where there is none.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetCrmActorType`. Read. Services84 and later, REST.
        """
        return self._call(
            operations.actors.GET_CRM_ACTOR_TYPE,
            options,
            erp_connection_id=erp_connection_id,
            erp_actor_type=erp_actor_type,
        )

    def get_erp_field_values(
        self,
        *,
        erp_connection_id: int,
        crm_actor_type: models.CrmActorType,
        entity_id: int,
        field_keys: Iterable[str | None] | None,
        **options: Unpack[CallOptions],
    ) -> list[str | None] | None:
        """Get values of the actor that a CRM entity is linked to.

        Args:
            erp_connection_id: The connection's id.
            crm_actor_type: Kind of the CRM entity.
            entity_id: The entity's primary key in the CRM, for example the contact id.
            field_keys: Keys of the ERP's fields.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The values in the order of `field_keys`, in the vendor's notation (see `ErpSyncFieldValue.value`); None
            where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetErpFieldValues`. Read. Services84 and later, REST.
        """
        return self._call(
            operations.actors.GET_ERP_FIELD_VALUES,
            options,
            erp_connection_id=erp_connection_id,
            crm_actor_type=crm_actor_type,
            entity_id=entity_id,
            field_keys=field_keys,
        )

    def get_field_values_from_crm(
        self, *, record_id: int, actor_type_crm: models.CrmActorType, **options: Unpack[CallOptions]
    ) -> list[models.ErpSyncFieldValue | None] | None:
        """Get a CRM entity's values of the fields that are mapped.

        Args:
            record_id: The entity's primary key in the CRM, for example the contact id.
            actor_type_crm: Kind of the CRM entity.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The values, one for each mapped field; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetFieldValuesFromCrm`. Read. Services84 and later, REST.
        """
        return self._call(
            operations.actors.GET_FIELD_VALUES_FROM_CRM, options, record_id=record_id, actor_type_crm=actor_type_crm
        )

    def get_field_values_from_erp(
        self,
        *,
        erp_connection_id: int,
        actor_type_erp: models.ErpActorType,
        erp_key: str,
        **options: Unpack[CallOptions],
    ) -> list[models.ErpSyncFieldValue | None] | None:
        """Get an actor's values of the fields that are mapped. The actor need not be linked.

        Args:
            erp_connection_id: The connection that knows the actor.
            actor_type_erp: Kind of the actor.
            erp_key: The actor's key in the ERP.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The values, one for each mapped field; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetFieldValuesFromErp`. Read. Services84 and later, REST.
        """
        return self._call(
            operations.actors.GET_FIELD_VALUES_FROM_ERP,
            options,
            erp_connection_id=erp_connection_id,
            actor_type_erp=actor_type_erp,
            erp_key=erp_key,
        )

    def get_fields_for_new_erp_actor(
        self, *, erp_connection_id: int, erp_actor_type: models.ErpActorType, **options: Unpack[CallOptions]
    ) -> list[models.FieldMetadata | None] | None:
        """Describe the fields that a new actor needs, for `create_erp_actor_from_crm`.

        Args:
            erp_connection_id: The connection's id.
            erp_actor_type: Kind of the actor to create.
            **options: Options of this call, see `CallOptions`.

        Returns:
            The fields, `rank` giving the order to show them in; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetFieldsForNewErpActor`. Read. Services84 and later, REST.
        """
        return self._call(
            operations.actors.GET_FIELDS_FOR_NEW_ERP_ACTOR,
            options,
            erp_connection_id=erp_connection_id,
            erp_actor_type=erp_actor_type,
        )

    def supports_advanced_search(
        self, *, erp_connection_id: int, erp_actor_type: models.ErpActorType, **options: Unpack[CallOptions]
    ) -> bool:
        """Tell whether the connector can search a kind of actor by single fields.

        Args:
            erp_connection_id: The connection's id.
            erp_actor_type: Kind of the actor.
            **options: Options of this call, see `CallOptions`.

        Returns:
            True where it can.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `SupportsAdvancedSearch`. Read. Services84 and later, REST.
        """
        return self._call(
            operations.actors.SUPPORTS_ADVANCED_SEARCH,
            options,
            erp_connection_id=erp_connection_id,
            erp_actor_type=erp_actor_type,
        )
