"""Which WSDL a client goes by: the bundled one, a file, or the installation's own."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from urllib.parse import urljoin, urlsplit, urlunsplit

from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import ConfigurationError, ErpSyncError, RequestTimeout
from superoffice_erpsync.options import Timeouts
from superoffice_erpsync.process import forks
from superoffice_erpsync.transports.base import scrubbed
from superoffice_erpsync.transports.http import HttpRequest, HttpSession
from superoffice_erpsync.transports.soap.address import Address
from superoffice_erpsync.transports.soap.wsdl import Contract, bundled_contract, file_contract, read_contract

LIVE = "live"
"""Says that the installation's own WSDL is to be used."""


class Contracts:
    """The contracts of a client's services, each loaded when it is needed first.

    Args:
        wsdl: None for the bundled WSDLs, `live` for the installation's own, or a path: a folder with `ErpSync.wsdl`
            and `SoPrincipal.wsdl`, or the file of the first with the other beside it.
        address: Where the services are.
        http: For the installation's own.
        timeouts: How long that may take.
    """

    def __init__(
        self,
        wsdl: str | Path | None,
        address: Address,
        http: HttpSession,
        timeouts: Timeouts,
    ) -> None:
        self._wsdl = wsdl
        self._address = address
        self._http = http
        self._timeouts = timeouts
        self._lock = threading.Lock()
        self._loaded: dict[str, Contract] = {}
        forks.watch(self)

    def of(self, service: str, deadline: Deadline) -> Contract:
        """The contract of a service.

        Args:
            service: `ErpSync` or `SoPrincipal`.
            deadline: When the call must have ended that needs it.

        Raises:
            ConfigurationError: There is no usable WSDL.
            RequestTimeout: Another thread's reading of it took until the deadline.
            ErpSyncError: The installation's own cannot be fetched.
        """
        contract = self._loaded.get(service)
        if contract is None:
            lock = self._lock
            if not deadline.acquire(lock):
                raise RequestTimeout("another thread's reading of the WSDL took until the deadline", can_repeat=True)
            try:
                contract = self._loaded.get(service)
                if contract is None:
                    contract = self._loaded[service] = self._load(service, deadline)
            finally:
                lock.release()
        return contract

    def after_fork(self) -> None:
        """A lock that nobody holds, see `forks`."""
        self._lock = threading.Lock()

    def _load(self, service: str, deadline: Deadline) -> Contract:
        if self._wsdl is None:
            return bundled_contract(service, self._address.services)
        if self._wsdl == LIVE:
            where = f"{self._address.endpoint(service)}?wsdl"
            fetch = partial(self._fetch, deadline)
            try:
                return read_contract(fetch(where), where, fetch)
            except ErpSyncError as error:
                raise scrubbed(error, self._http.secrets) from None
        path = Path(self._wsdl)
        if path.is_dir():
            return file_contract(path / f"{service}.wsdl")
        if service == "ErpSync":
            return file_contract(path)
        beside = path.with_name(f"{service}.wsdl")
        return file_contract(beside) if beside.exists() else bundled_contract(service, self._address.services)

    def _fetch(self, deadline: Deadline, location: str) -> bytes:
        """A document of the installation. Machines name themselves in their WSDLs as they like: only path and query
        of a location count, the rest is the user's address."""
        ours = urlsplit(self._address.folder)
        theirs = urlsplit(urljoin(f"{self._address.folder}/", location))
        url = urlunsplit((ours.scheme, ours.netloc, theirs.path, theirs.query, ""))
        request = HttpRequest(operation="WSDL", method="GET", url=url)
        answer = self._http.send(request, connect=self._timeouts.connect, read=self._timeouts.read, deadline=deadline)
        if answer.status != 200:
            raise ConfigurationError(
                f"the installation's WSDL at {url} cannot be had: HTTP {answer.status} {answer.reason}",
                status=answer.status,
                hint="use the bundled WSDL, or the path of one",
            )
        return answer.body
