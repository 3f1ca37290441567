"""zeep as one uses it without this project, on the same WSDLs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from superoffice_erpsync.wsdl_files import wsdl_file

from .messages import TICKET


def zeep_client() -> Any:
    """A zeep client of ErpSync."""
    import zeep

    return zeep.Client(str(wsdl_file("ErpSync")))


def zeep_call(folder: str) -> Callable[[], Any]:
    """Calls ForceSyncAll with a ticket, over a connection that is kept.

    Args:
        folder: Address of the services.
    """
    client = zeep_client()
    proxy = client.create_service(next(iter(client.wsdl.bindings)), f"{folder}/ErpSync.svc")
    return lambda: proxy.ForceSyncAll(_soapheaders={"Credentials": {"Ticket": TICKET}})
