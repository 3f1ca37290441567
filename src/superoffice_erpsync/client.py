"""The client: transport, tickets and facade put together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar, Unpack

from superoffice_erpsync.auth import (
    Credentials,
    TicketCredentials,
    TicketProvider,
    TicketRejection,
    UsernamePassword,
)
from superoffice_erpsync.codec.rest import arguments_from_json
from superoffice_erpsync.errors import AuthenticationError, ConfigurationError, InvalidRequest, ServerFault
from superoffice_erpsync.facade import (
    ActorsFacade,
    ConnectionsFacade,
    ConnectorsFacade,
    EngineFacade,
    MappingsFacade,
    PrincipalFacade,
    SyncFacade,
)
from superoffice_erpsync.models import AuthenticateResponse
from superoffice_erpsync.operations import OPERATIONS, Operation
from superoffice_erpsync.operations.principal import AUTHENTICATE_USERNAME_PASSWORD
from superoffice_erpsync.options import CallOptions, ClientOptions, Localisation, Timeouts, merge
from superoffice_erpsync.redaction import Secret
from superoffice_erpsync.transports.base import Observer, Transport
from superoffice_erpsync.transports.exchange import Exchanges
from superoffice_erpsync.transports.http import HttpOptions, HttpSession
from superoffice_erpsync.transports.soap import SoapTransport
from superoffice_erpsync.transports.soap.address import Address
from superoffice_erpsync.transports.soap.contracts import Contracts

T = TypeVar("T")


class ErpSyncClient(
    SyncFacade, EngineFacade, ConnectorsFacade, ConnectionsFacade, ActorsFacade, MappingsFacade, PrincipalFacade
):
    """An installation's ErpSync operations, one method each.

    Make one with `ErpSyncClient.soap`, use it as a context manager, and share it among threads: they share one ticket.
    Nothing is sent before the first call.
    """

    def __init__(self, transport: Transport, options: ClientOptions | None = None) -> None:
        self._transport = transport
        self._options = options or ClientOptions()

    @classmethod
    def soap(
        cls,
        url: str,
        credentials: Credentials | None = None,
        *,
        application_token: str | None = None,
        time_zone: int | str | None = None,
        timeout: float | Timeouts | None = None,
        wsdl: str | Path | None = None,
        verify: bool | str | Path = True,
        client_certificate: str | Path | tuple[str | Path, str | Path] | None = None,
        proxies: Mapping[str, str] | None = None,
        ticket_rejection: TicketRejection | None = None,
        on_exchange: Observer | None = None,
    ) -> Self:
        """A client that speaks SOAP.

        Args:
            url: The folder of the services, as in `https://crm.example.com/Remote/Services86`; the address of
                `ErpSync.svc` in it will do as well. Requests go there, whatever a WSDL says.
            credentials: How to log in; None for operations that need no login.
            application_token: Identifies the application; wanted Online, not checked on-site.
            time_zone: Time zone that times are converted to, by id or location code; None leaves them as they are.
            timeout: Seconds to wait for any answer, or `Timeouts`; None for the defaults, which suit the work.
            wsdl: None for the bundled WSDLs, `"live"` for the installation's own, or a path: a folder with
                `ErpSync.wsdl` and `SoPrincipal.wsdl`, or the file of the first with the other beside it.
            verify: True checks the server's certificate against the known authorities, a path names a bundle of
                authorities to check against instead, False does not check.
            client_certificate: Path of a certificate with its key, or the two paths.
            proxies: Proxy address by scheme, as in `{"https": "http://proxy.example.com:8080"}`. Proxy variables of
                the environment are not used.
            ticket_rejection: How a refused ticket is recognised, where the installation says it in another way.
            on_exchange: Gets an account of every exchange, redacted.

        Raises:
            ConfigurationError: Something of this cannot work.
        """
        address = Address.parse(url)
        timeouts = _timeouts(timeout)
        http = HttpSession(HttpOptions(verify=verify, client_certificate=client_certificate, proxies=proxies))
        transport = SoapTransport(
            address,
            Exchanges(http, on_exchange),
            Contracts(wsdl, address, http, (timeouts.connect, timeouts.read)),
            application_token=Secret(application_token) if application_token else None,
        )
        client = cls(transport, ClientOptions(timeouts=timeouts, localisation=Localisation(time_zone=time_zone)))
        transport.tickets = client._tickets(credentials, ticket_rejection or TicketRejection())
        return client

    def call(
        self,
        operation: str,
        arguments: Mapping[str, Any] | None = None,
        *,
        everything: bool = False,
        **options: Unpack[CallOptions],
    ) -> Any:
        """Carry out an operation by the vendor's names, with arguments in the JSON form of the REST API.

        Args:
            operation: The vendor's operation name, for example `ForceResync`.
            arguments: By the vendor's names; enumerations as names, durations as `hh:mm:ss`, rights joined by `, `.
            everything: An empty key list is meant: resync every key there is.
            **options: Options of this call, see `CallOptions`.

        Returns:
            What the method of that operation returns.

        Raises:
            InvalidRequest: There is no such operation or argument, or it cannot be sent.
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.
        """
        declared = OPERATIONS.get(operation)
        if declared is None:
            raise InvalidRequest(f"there is no operation {operation!r}")
        if declared.result is AuthenticateResponse:
            raise InvalidRequest("logins are made through credentials only", operation=operation)
        bound = arguments_from_json(declared, arguments)
        return self._call(declared, options, everything=everything, **bound)

    def close(self) -> None:
        """Close all connections. The client must not be used afterwards."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        raise ConfigurationError(
            "a client holds connections and a login, and is not pickled or copied",
            hint="make a client in the process that uses it",
        )

    def _call(
        self, operation: Operation[T], options: CallOptions, /, *, everything: bool = False, **arguments: Any
    ) -> T:
        effective = merge(self._options, options, moves_data=operation.moves_data)
        return self._transport.call(operation, operation.bind(arguments, everything=everything), effective)

    def _tickets(self, credentials: Credentials | None, rejection: TicketRejection) -> TicketProvider | None:
        match credentials:
            case None:
                return None
            case TicketCredentials():
                return TicketProvider(None, ticket=credentials.ticket, rejection=rejection)
            case UsernamePassword():
                return TicketProvider(lambda: self._log_in(credentials, rejection), rejection=rejection)
        raise ConfigurationError(f"credentials must be one of this package's, not {type(credentials).__name__}")

    def _log_in(self, credentials: UsernamePassword, rejection: TicketRejection) -> Secret:
        login = AUTHENTICATE_USERNAME_PASSWORD
        try:
            answer = self._call(login, CallOptions(), user_name=credentials.username, password=credentials.password)
        except ServerFault as fault:
            if not rejection.recognises(fault):
                raise
            raise AuthenticationError(
                f"the login of {credentials.username!r} was refused: {fault.message}",
                operation=login.wire,
                status=fault.status,
                code=fault.code,
            ) from None
        ticket = answer.credentials.ticket if answer.credentials else None
        if not answer.authentication_succeeded:
            raise AuthenticationError(
                f"the login of {credentials.username!r} was refused",
                operation=login.wire,
                hint="check the user name and the password",
            )
        if not ticket or not ticket.strip():
            raise AuthenticationError("the server accepted the login and gave no ticket", operation=login.wire)
        return Secret(ticket)


def _timeouts(timeout: float | Timeouts | None) -> Timeouts:
    if timeout is None:
        return Timeouts()
    if isinstance(timeout, Timeouts):
        return timeout
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout > 0:
        raise ConfigurationError(f"the time limit must be seconds above zero, not {timeout!r}")
    return Timeouts(connect=min(timeout, 10.0), read=timeout, sync=timeout)
