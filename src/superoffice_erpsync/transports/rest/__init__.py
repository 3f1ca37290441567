"""The REST API."""

from superoffice_erpsync.transports.rest.transport import RestTransport

__all__ = ["RestTransport"]
