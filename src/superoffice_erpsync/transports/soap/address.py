"""The user's address of an installation's SOAP services, brought to one form."""

from __future__ import annotations

from typing import NamedTuple

from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.transports.address import web_address

DEFAULT_SERVICES = "Services86"

_FILES = ("erpsync.svc", "soprincipal.svc")
_SERVICES = "services"
_EXAMPLE = "https://crm.example.com/Remote/Services86"


class Address(NamedTuple):
    """Where the services of an installation are.

    Attributes:
        folder: The services' folder, without a slash at its end.
        services: The version, as in `Services86`.
    """

    folder: str
    services: str

    @classmethod
    def parse(cls, url: str, services: str | None = None) -> Address:
        """Read an address as users write it: the folder, with a slash, with a service's file, with `?wsdl`.

        Args:
            url: The address.
            services: The version, as in `Services88`, where the address does not end in it.

        Raises:
            ConfigurationError: It is no address of a web server, has a login or a query in it, or ends in another
                version.
        """
        folder, query = web_address(url, example=_EXAMPLE)
        if query.lower() not in ("", "wsdl", "singlewsdl"):
            raise ConfigurationError("the address has a query", hint=f"as in {_EXAMPLE}")
        folder = _without_file(folder).rstrip("/")
        end = folder.rpartition("/")[2]
        stated = "Services" + end[len(_SERVICES) :] if _is_version(end) else None
        if services is not None and not _is_version(services):
            raise ConfigurationError(f"{services!r} is no version of the services", hint="as in Services88")
        if stated and services and stated.lower() != services.lower():
            raise ConfigurationError(f"the address says {stated} and the option says {services}")
        chosen = stated or services or DEFAULT_SERVICES
        return cls(folder, "Services" + chosen[len(_SERVICES) :])

    def endpoint(self, service: str) -> str:
        """Where requests to a service go: `ErpSync` or `SoPrincipal`."""
        return f"{self.folder}/{service}.svc"


def _without_file(folder: str) -> str:
    """The folder of a service's file, where the address ends in one; `/soap` may follow it."""
    file = folder[: -len("/soap")] if folder.lower().endswith(".svc/soap") else folder
    before, _, name = file.rpartition("/")
    return before if name.lower() in _FILES else folder


def _is_version(text: str) -> bool:
    """Whether it is `services` and a number, in whatever case."""
    word, number = text[: len(_SERVICES)], text[len(_SERVICES) :]
    return word.lower() == _SERVICES and number.isascii() and number.isdigit()
