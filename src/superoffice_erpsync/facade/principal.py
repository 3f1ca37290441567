"""What an installation says about itself."""

from __future__ import annotations

from typing import Unpack

from superoffice_erpsync import models, operations
from superoffice_erpsync.facade.base import Facade
from superoffice_erpsync.options import CallOptions


class PrincipalFacade(Facade):
    """Operations of the service that also does the logins. The logins themselves are made by the client."""

    def get_system_info(self, **options: Unpack[CallOptions]) -> models.SoSystemInfoCarrier | None:
        """Get version, database and licence of the installation, without a login.

        Args:
            **options: Options of this call, see `CallOptions`.

        Returns:
            What the installation says about itself; None where the server had nothing to say.

        Raises:
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.

        The vendor's `GetSystemInfo`. Read. Services84 and later, SOAP only.
        """
        return self._call(operations.system.GET_SYSTEM_INFO, options)
