"""The SOAP services. The only place that knows zeep."""

from superoffice_erpsync.transports.soap.transport import SoapTransport

__all__ = ["SoapTransport"]
