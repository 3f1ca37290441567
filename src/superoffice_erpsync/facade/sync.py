"""Sync and resync."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Unpack

from superoffice_erpsync import models, operations
from superoffice_erpsync.facade.base import Facade
from superoffice_erpsync.options import CallOptions


class SyncFacade(Facade):
    """Operations that move data between the CRM and the ERPs."""

    def sync_all(self, **options: Unpack[CallOptions]) -> models.PluginResponse:
        """Sync what has changed, over all active connections in the order of their priorities.

        The server does it only while automatic sync is on; `force_sync_all` does it in any case.

        Args:
            **options: Options of this call, see `CallOptions`. The default time limit is `Timeouts.sync`, 30 minutes.

        Returns:
            Whether it went well, and why not.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `SyncAll`. Repeatable write. Services84 and later, REST.
        """
        return self._call(operations.sync.SYNC_ALL, options)

    def force_sync_all(self, **options: Unpack[CallOptions]) -> models.PluginResponse:
        """Sync what has changed, over all active connections, even while automatic sync is off.

        Args:
            **options: Options of this call, see `CallOptions`. The default time limit is `Timeouts.sync`, 30 minutes.

        Returns:
            Whether it went well, and why not.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `ForceSyncAll`. Repeatable write. Services86 and later, REST.
        """
        return self._call(operations.sync.FORCE_SYNC_ALL, options)

    def force_resync(
        self,
        *,
        erp_connection_id: int,
        internal_key_ids: Iterable[int],
        everything: bool = False,
        **options: Unpack[CallOptions],
    ) -> models.PluginResponse:
        """Send records again from one side to all others, whether they have changed or not.

        Blank values of the source overwrite filled ones on the other sides.

        Args:
            erp_connection_id: The source: an ERP connection, or 0 for the CRM.
            internal_key_ids: Ids of internal keys. They are **not** ids of contacts or persons.
            everything: Resync every key there is, which is what the server takes an empty list for; the list must
                then be empty.
            **options: Options of this call, see `CallOptions`. The default time limit is `Timeouts.sync`, 30 minutes.

        Returns:
            Whether it went well, and why not.

        Raises:
            InvalidRequest: The list is empty without `everything=True`.
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `ForceResync`. Repeatable write. Services86 and later, REST.
        """
        return self._call(
            operations.sync.FORCE_RESYNC,
            options,
            everything=everything,
            erp_connection_id=erp_connection_id,
            internal_key_ids=internal_key_ids,
        )

    def force_resync_external(
        self,
        *,
        erp_connection_id: int,
        erp_actor_type: models.ErpActorType,
        external_keys: Iterable[str],
        everything: bool = False,
        **options: Unpack[CallOptions],
    ) -> models.PluginResponse:
        """Send actors again from one ERP to the CRM and all other ERPs, whether they have changed or not.

        Blank values of the source overwrite filled ones on the other sides.

        Args:
            erp_connection_id: The source, an ERP connection; 1 or above.
            erp_actor_type: Kind of the actors that the keys name.
            external_keys: Keys of the actors in that ERP.
            everything: Resync every actor of that kind, which is what the server takes an empty list for; the list
                must then be empty.
            **options: Options of this call, see `CallOptions`. The default time limit is `Timeouts.sync`, 30 minutes.

        Returns:
            Whether it went well, and why not.

        Raises:
            InvalidRequest: The list is empty without `everything=True`, or the connection's id is below 1.
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `ForceResyncExternal`. Repeatable write. Services86 and later, REST.
        """
        return self._call(
            operations.sync.FORCE_RESYNC_EXTERNAL,
            options,
            everything=everything,
            erp_connection_id=erp_connection_id,
            erp_actor_type=erp_actor_type,
            external_keys=external_keys,
        )

    def force_resync_batch_task(
        self,
        *,
        erp_connection_id: int,
        internal_key_ids: Iterable[int],
        everything: bool = False,
        **options: Unpack[CallOptions],
    ) -> None:
        """Queue a resync on the server. It answers at once and tells nothing, not even the id of the task.

        Args:
            erp_connection_id: The source: an ERP connection, or 0 for the CRM.
            internal_key_ids: Ids of internal keys. They are **not** ids of contacts or persons.
            everything: Resync every key there is, which is what the server takes an empty list for; the list must
                then be empty.
            **options: Options of this call, see `CallOptions`.

        Raises:
            InvalidRequest: The list is empty without `everything=True`.
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `ForceResyncBatchTask`. Write: sent twice, it is queued twice. Services86 and later, REST.
        """
        return self._call(
            operations.sync.FORCE_RESYNC_BATCH_TASK,
            options,
            everything=everything,
            erp_connection_id=erp_connection_id,
            internal_key_ids=internal_key_ids,
        )

    def force_resync_no_blank_values(
        self,
        *,
        erp_connection_id: int,
        internal_key_ids: Iterable[int],
        everything: bool = False,
        **options: Unpack[CallOptions],
    ) -> models.PluginResponse:
        """Send records again from one side to all others, whether they have changed or not.

        Unlike `force_resync`, blank values of the source do not overwrite filled ones on the other sides.

        Args:
            erp_connection_id: The source: an ERP connection, or 0 for the CRM.
            internal_key_ids: Ids of internal keys. They are **not** ids of contacts or persons.
            everything: Resync every key there is, which is what the server takes an empty list for; the list must
                then be empty.
            **options: Options of this call, see `CallOptions`. The default time limit is `Timeouts.sync`, 30 minutes.

        Returns:
            Whether it went well, and why not.

        Raises:
            OperationNotAvailable: The services are older; nothing was sent.
            InvalidRequest: The list is empty without `everything=True`.
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `ForceResyncNoBlankValues`. Repeatable write. Services88 and later, REST.
        """
        return self._call(
            operations.sync.FORCE_RESYNC_NO_BLANK_VALUES,
            options,
            everything=everything,
            erp_connection_id=erp_connection_id,
            internal_key_ids=internal_key_ids,
        )

    def force_resync_external_no_blank_values(
        self,
        *,
        erp_connection_id: int,
        erp_actor_type: models.ErpActorType,
        external_keys: Iterable[str],
        everything: bool = False,
        **options: Unpack[CallOptions],
    ) -> models.PluginResponse:
        """Send actors again from one ERP to the CRM and all other ERPs, whether they have changed or not.

        Unlike `force_resync_external`, blank values of the source do not overwrite filled ones on the other sides.

        Args:
            erp_connection_id: The source, an ERP connection; 1 or above.
            erp_actor_type: Kind of the actors that the keys name.
            external_keys: Keys of the actors in that ERP.
            everything: Resync every actor of that kind, which is what the server takes an empty list for; the list
                must then be empty.
            **options: Options of this call, see `CallOptions`. The default time limit is `Timeouts.sync`, 30 minutes.

        Returns:
            Whether it went well, and why not.

        Raises:
            OperationNotAvailable: The services are older; nothing was sent.
            InvalidRequest: The list is empty without `everything=True`, or the connection's id is below 1.
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `ForceResyncExternalNoBlankValues`. Repeatable write. Services88 and later, REST.
        """
        return self._call(
            operations.sync.FORCE_RESYNC_EXTERNAL_NO_BLANK_VALUES,
            options,
            everything=everything,
            erp_connection_id=erp_connection_id,
            erp_actor_type=erp_actor_type,
            external_keys=external_keys,
        )
