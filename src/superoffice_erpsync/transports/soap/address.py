"""The user's address of an installation's SOAP services, brought to one form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from superoffice_erpsync.errors import ConfigurationError

DEFAULT_SERVICES = "Services86"

_SERVICE = re.compile(r"/(?:ErpSync|SoPrincipal)\.svc(?:/soap)?\Z", re.IGNORECASE)
_SERVICES = re.compile(r"/(services[0-9]+)\Z", re.IGNORECASE)
_EXAMPLE = "https://crm.example.com/Remote/Services86"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the services of an installation are.

    Attributes:
        folder: The services' folder, without a slash at its end.
        services: The version, as in `Services86`.
    """

    folder: str
    services: str

    @classmethod
    def parse(cls, url: str) -> Address:
        """Read an address as users write it: the folder, with a slash, with a service's file, with `?wsdl`.

        Raises:
            ConfigurationError: It is no address of a web server, or has a login or a query in it.
        """
        hint = f"as in {_EXAMPLE}"
        text = url.strip()
        try:
            parts = urlsplit(text)
            host = parts.hostname
            _ = parts.port
        except ValueError as problem:
            raise ConfigurationError(f"the address is no URL: {problem}", hint=hint) from None
        if parts.username is not None or parts.password is not None:
            raise ConfigurationError("the address has a login in it, which would show in logs", hint=hint)
        if parts.scheme.lower() not in ("http", "https") or not host:
            raise ConfigurationError(f"the address {text!r} is no http or https URL", hint=hint)
        if parts.fragment or parts.query.lower() not in ("", "wsdl", "singlewsdl"):
            raise ConfigurationError(f"the address {text!r} has a query or a fragment", hint=hint)
        path = _SERVICE.sub("", parts.path.rstrip("/")).rstrip("/")
        version = _SERVICES.search(path)
        services = "Services" + version[1][len("services") :] if version else DEFAULT_SERVICES
        return cls(urlunsplit((parts.scheme.lower(), parts.netloc, path, "", "")), services)

    def endpoint(self, service: str) -> str:
        """Where requests to a service go: `ErpSync` or `SoPrincipal`."""
        return f"{self.folder}/{service}.svc"
