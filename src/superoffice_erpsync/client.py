"""The client: transport, tickets and facade put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar, Unpack

from superoffice_erpsync.auth import Credentials, TicketCredentials, TicketRejection, UsernamePassword
from superoffice_erpsync.auth.login import Principal, ticket_provider
from superoffice_erpsync.codec.rest import arguments_from_json, to_json
from superoffice_erpsync.errors import ConfigurationError, InvalidRequest
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
from superoffice_erpsync.options import CallOptions, ClientOptions, EffectiveOptions, Localisation, Timeouts, merge
from superoffice_erpsync.redaction import Secret
from superoffice_erpsync.transports.base import Observer, Transport
from superoffice_erpsync.transports.exchange import Exchanges
from superoffice_erpsync.transports.http import HttpOptions, HttpSession
from superoffice_erpsync.transports.rest import RestTransport
from superoffice_erpsync.transports.rest.address import agent_address
from superoffice_erpsync.transports.rest.authorization import Authorization, TicketAuthorization, authorization
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
        services: str | None = None,
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
            credentials: How to log in: `UsernamePassword`, `TicketCredentials`, `AccessToken` or `GenericCredentials`;
                None for operations that need no login.
            services: Version of the services where the address does not end in it, as in `Services88`; Services86 where
                nothing says it.
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
        options = ClientOptions(timeouts=_timeouts(timeout), localisation=Localisation(time_zone=time_zone))
        http = HttpOptions(verify=verify, client_certificate=client_certificate, proxies=proxies)
        token = Secret(application_token) if application_token else None
        transport = _soap_transport(Address.parse(url, services), http, options, token, wsdl, on_exchange)
        if credentials is not None:
            principal = _principal(transport, options)
            transport.tickets = ticket_provider(credentials, ticket_rejection or TicketRejection(), principal)
        return cls(transport, options)

    @classmethod
    def rest(
        cls,
        url: str,
        credentials: Credentials | None = None,
        *,
        soap_url: str | None = None,
        application_token: str | None = None,
        time_zone: int | str | None = None,
        include_tz_offset: bool = False,
        accept_language: str | None = None,
        language: str | None = None,
        culture: str | None = None,
        timeout: float | Timeouts | None = None,
        verify: bool | str | Path = True,
        client_certificate: str | Path | tuple[str | Path, str | Path] | None = None,
        proxies: Mapping[str, str] | None = None,
        ticket_rejection: TicketRejection | None = None,
        on_exchange: Observer | None = None,
    ) -> Self:
        """A client that speaks REST.

        Args:
            url: The API's address, as in `https://crm.example.com/api`.
            credentials: How to log in: user and password go as Basic, or are exchanged for a ticket where `soap_url`
                is given; a ticket goes as SOTicket, an `AccessToken` as Bearer, a `CookieSession` as cookie.
            soap_url: The folder of the SOAP services of the same installation, for a ticket and `get_system_info`.
            application_token: Identifies the application; wanted Online with a ticket, not checked on-site.
            time_zone: Time zone that times are converted to, by id or location code; None leaves them as they are.
            include_tz_offset: Have times carry their offset. Needs a time zone.
            accept_language: Languages that texts are wanted in, in order of preference, as in `de,en`.
            language: The language that texts are wanted in; beats `accept_language`. `*` leaves them untranslated.
            culture: The culture that numbers and dates in texts are written in. Needs a language.
            timeout: Seconds to wait for any answer, or `Timeouts`; None for the defaults, which suit the work.
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
        localisation = Localisation(
            time_zone=time_zone,
            include_tz_offset=include_tz_offset,
            accept_language=accept_language,
            language=language,
            culture=culture,
        )
        options = ClientOptions(timeouts=_timeouts(timeout), localisation=localisation)
        http = HttpOptions(verify=verify, client_certificate=client_certificate, proxies=proxies)
        token = Secret(application_token) if application_token else None
        agent = agent_address(url)
        soap = _soap_transport(Address.parse(soap_url), http, options, token, None, on_exchange) if soap_url else None
        who: Authorization | None = None
        if isinstance(credentials, TicketCredentials) or (isinstance(credentials, UsernamePassword) and soap):
            principal = _principal(soap, ClientOptions(timeouts=options.timeouts)) if soap else _no_principal
            who = TicketAuthorization(ticket_provider(credentials, ticket_rejection or TicketRejection(), principal))
        elif credentials is not None:
            who = authorization(credentials)
        exchanges = Exchanges(HttpSession(http), on_exchange)
        return cls(RestTransport(agent, exchanges, who, application_token=token, principal=soap), options)

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
        declared = _declared(operation)
        bound = arguments_from_json(declared, arguments)
        return self._call(declared, options, everything=everything, **bound)

    def call_json(
        self,
        operation: str,
        arguments: Mapping[str, Any] | None = None,
        *,
        select: Sequence[str] = (),
        everything: bool = False,
        **options: Unpack[CallOptions],
    ) -> Any:
        """Carry out an operation as `call` does, and give the answer as JSON values with the vendor's names.

        Args:
            operation: The vendor's operation name.
            arguments: By the vendor's names.
            select: REST only: members to keep, as in `["IsOk", "Changes/UpdatedRecords"]`. The server leaves out the
                others, or sends them as null; such an answer is not complete and must not be saved back.
            everything: An empty key list is meant: resync every key there is.
            **options: Options of this call, see `CallOptions`.

        Returns:
            What the REST API gives in JSON; None for an operation without a result.

        Raises:
            InvalidRequest: There is no such operation or argument, or the answer cannot be trimmed.
            ErpSyncError: See the tree in `superoffice_erpsync.errors`.
        """
        if not select:
            return to_json(self.call(operation, arguments, everything=everything, **options))
        if not isinstance(self._transport, RestTransport):
            raise InvalidRequest("only the REST API can trim answers", operation=operation, hint="leave out select")
        declared = _declared(operation)
        bound = declared.bind(arguments_from_json(declared, arguments), everything=everything)
        effective = self._effective(declared, options)
        return self._transport.call_json(declared, bound, effective, select)

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
        effective = self._effective(operation, options)
        return self._transport.call(operation, operation.bind(arguments, everything=everything), effective)

    def _effective(self, operation: Operation[Any], options: CallOptions) -> EffectiveOptions:
        effective = merge(self._options, options, moves_data=operation.moves_data)
        if not _can_wait(effective.read_timeout):
            raise InvalidRequest(
                f"the time limit must be {_SECONDS}, not {effective.read_timeout!r}", operation=operation.wire
            )
        return effective


def _declared(operation: str) -> Operation[Any]:
    declared = OPERATIONS.get(operation)
    if declared is None:
        raise InvalidRequest(f"there is no operation {operation!r}")
    if declared.result is AuthenticateResponse:
        raise InvalidRequest("logins are made through credentials only", operation=operation)
    return declared


def _soap_transport(
    address: Address,
    http: HttpOptions,
    options: ClientOptions,
    application_token: Secret | None,
    wsdl: str | Path | None,
    observer: Observer | None,
) -> SoapTransport:
    session = HttpSession(http)
    timeouts = options.timeouts
    contracts = Contracts(wsdl, address, session, (timeouts.connect, timeouts.read))
    return SoapTransport(address, Exchanges(session, observer), contracts, application_token=application_token)


def _no_principal(operation: Operation[AuthenticateResponse], _arguments: dict[str, Any], /) -> AuthenticateResponse:
    raise ConfigurationError("a login needs the address of the SOAP services too", operation=operation.wire)


def _principal(transport: Transport, options: ClientOptions) -> Principal:
    def principal(operation: Operation[AuthenticateResponse], arguments: dict[str, Any], /) -> AuthenticateResponse:
        return transport.call(operation, operation.bind(arguments), merge(options, CallOptions(), moves_data=False))

    return principal


def _timeouts(timeout: float | Timeouts | None) -> Timeouts:
    if timeout is None:
        return Timeouts()
    if isinstance(timeout, Timeouts):
        given: tuple[float | None, ...] = (timeout.connect, timeout.read, timeout.sync)
    else:
        given = (timeout,)
    for seconds in given:
        if not _can_wait(seconds):
            raise ConfigurationError(f"the time limit must be {_SECONDS}, not {seconds!r}")
    if isinstance(timeout, Timeouts):
        return timeout
    return Timeouts(connect=min(timeout, 10.0), read=timeout, sync=timeout)


_SECONDS = "seconds above zero, or None for no limit"
_LONGEST = 2_000_000
"""Seconds, some 23 days: sockets can wait for hardly more."""


def _can_wait(seconds: object) -> bool:
    if seconds is None:
        return True
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds <= _LONGEST
