"""How a client's parts are put together: connections, tickets, transport, repeats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from superoffice_erpsync.auth import (
    Credentials,
    GenericCredentials,
    SecretReference,
    TicketCredentials,
    TicketProvider,
    UsernamePassword,
    WindowsCredentials,
)
from superoffice_erpsync.auth.login import Principal, ticket_provider
from superoffice_erpsync.client_settings import ClientSettings
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.models.login import IssuedTicket
from superoffice_erpsync.operations import Operation
from superoffice_erpsync.options import (
    SECONDS,
    CallOptions,
    ClientOptions,
    Limits,
    Localisation,
    Timeouts,
    can_wait,
    merge,
)
from superoffice_erpsync.redaction import MaskedValues, Secret
from superoffice_erpsync.transports import rest
from superoffice_erpsync.transports.base import Transport
from superoffice_erpsync.transports.exchanges import Exchanges
from superoffice_erpsync.transports.http import HttpOptions, HttpSession
from superoffice_erpsync.transports.repeating import RetryingTransport
from superoffice_erpsync.transports.soap import SoapTransport
from superoffice_erpsync.transports.soap.address import Address
from superoffice_erpsync.transports.soap.contracts import Contracts
from superoffice_erpsync.transports.web_login import HttpBasic

if TYPE_CHECKING:
    from superoffice_erpsync.retry import Retry

Made = tuple[Transport, ClientOptions]


class Recipe(NamedTuple):
    """All that it takes to make a client, here or in another process.

    Attributes:
        build: `soap_transport` or `rest_transport`.
        url: The user's address.
        credentials: How to log in.
        own: What only this transport takes.
        settings: What both take.
    """

    build: Callable[..., Made]
    url: str
    credentials: Credentials | None
    own: Mapping[str, Any]
    settings: ClientSettings

    def __repr__(self) -> str:
        return f"Recipe({self.build.__name__}, {self.url!r}, {self.credentials!r})"

    def make(self) -> Made:
        """The transport and the defaults of a client.

        Raises:
            ConfigurationError: Something of the recipe cannot work.
        """
        unknown = sorted(set(self.settings) - ClientSettings.__optional_keys__)
        if unknown:
            known = ", ".join(sorted(ClientSettings.__optional_keys__))
            raise TypeError(f"{unknown[0]!r} is no setting of a client; settings are: {known}")
        return self.build(self.url, self.credentials, self.settings, **self.own)

    def check_without_secrets(self) -> None:
        """Refuse to leave the process with a secret.

        Raises:
            ConfigurationError: A secret stands in it as itself and not by reference.
        """
        named = self._literal_secrets()
        if named:
            raise ConfigurationError(
                f"a client made with a literal secret ({', '.join(named)}) is not pickled or copied",
                hint="say where the secret is kept, as in EnvironmentSecret('ERPSYNC_PASSWORD') in place of its text, "
                "or make the client in the process that uses it",
            )

    def _literal_secrets(self) -> list[str]:
        """Names of what holds one."""
        token = self.settings.get("application_token")
        front = self.settings.get("web_login")
        literal = {
            "credentials": self.credentials is not None and not self.credentials.by_reference,
            "application_token": token is not None and not isinstance(token, SecretReference),
            "web_login": front is not None and not front.by_reference,
            # Also in an address that nobody can take apart.
            "proxies": any("@" in one for one in (self.settings.get("proxies") or {}).values()),
        }
        return [name for name, stands_there in literal.items() if stands_there]


def out_of_sight(settings: ClientSettings) -> None:
    """Wrap what is secret in settings, which stay in frames that a traceback can show."""
    token, proxies = settings.get("application_token"), settings.get("proxies")
    if isinstance(token, str) and token:
        settings["application_token"] = Secret(token)
    if isinstance(proxies, Mapping):
        settings["proxies"] = MaskedValues(proxies)


def soap_transport(
    url: str,
    credentials: Credentials | None,
    settings: ClientSettings,
    *,
    services: str | None,
    wsdl: str | Path | None,
) -> Made:
    """What a client needs that speaks SOAP, see `ErpSyncClient.soap`."""
    options = _options(settings, Localisation())
    address = Address.parse(url, services)
    transport = _services(address, options, settings, wsdl, credentials)
    if credentials is not None:
        transport.tickets = _tickets(credentials, settings, _principal(transport, options), address.folder)
    return _repeating(transport, settings, "soap", address.folder), options


def rest_transport(
    url: str,
    credentials: Credentials | None,
    settings: ClientSettings,
    *,
    soap_url: str | None,
    texts: Localisation,
) -> Made:
    """What a client needs that speaks REST, see `ErpSyncClient.rest`."""
    if isinstance(settings.get("web_login"), HttpBasic):
        raise ConfigurationError("over REST there is one login in HTTP: leave out web_login", hint="or use SOAP")
    options = _options(settings, texts)
    agent = rest.agent_address(url)
    address = Address.parse(soap_url) if soap_url else None
    services = _services(address, options, settings, None, credentials) if address else None
    who: rest.Authorization | None = None
    if isinstance(credentials, TicketCredentials) or (services and isinstance(credentials, GIVE_A_TICKET)):
        plain = ClientOptions(timeouts=options.timeouts)
        principal = _principal(services, plain) if services else _no_principal
        folder = address.folder if address else agent
        who = rest.TicketAuthorization(_tickets(credentials, settings, principal, folder))
    elif credentials is not None:
        who = rest.FixedAuthorization(credentials)
    transport = rest.RestTransport(
        agent,
        Exchanges(HttpSession(agent, http_options(settings)), settings.get("on_exchange")),
        who,
        application_token=_application_token(settings),
        principal=services,
        depth=settings.get("limits", Limits()).depth,
    )
    return _repeating(transport, settings, "rest", agent), options


def _repeating(transport: Transport, settings: ClientSettings, system: str, address: str) -> Transport:
    """The transport with its repeats, and with those who are told of them."""
    policy: Retry | Literal["usual"] | None = settings.get("retry", "usual")
    if not settings.get("telemetry", False):
        return RetryingTransport(transport, policy)
    try:
        from superoffice_erpsync import telemetry  # noqa: PLC0415 # an extra, for those who ask for it
    except ImportError:
        raise ConfigurationError(
            "telemetry needs OpenTelemetry", hint="pip install 'superoffice-erpsync[otel]'"
        ) from None
    repeating = RetryingTransport(telemetry.ToldAttempts(transport), policy)
    return telemetry.ToldTransport(repeating, telemetry.Telemetry(), system, address)


GIVE_A_TICKET = (UsernamePassword, GenericCredentials, WindowsCredentials)
"""Credentials that SoPrincipal exchanges for a ticket, and that the REST API is not given itself then."""


def _tickets(credentials: Credentials, settings: ClientSettings, principal: Principal, address: str) -> TicketProvider:
    rejection, cache = settings.get("ticket_rejection"), settings.get("ticket_cache")
    return ticket_provider(credentials, rejection, principal, cache=cache, address=address)


def _services(
    address: Address,
    options: ClientOptions,
    settings: ClientSettings,
    wsdl: str | Path | None,
    credentials: Credentials | None,
) -> SoapTransport:
    session = HttpSession(address.folder, http_options(settings, credentials))
    return SoapTransport(
        address,
        Exchanges(session, settings.get("on_exchange")),
        Contracts(wsdl, address, session, options.timeouts),
        application_token=_application_token(settings),
        depth=settings.get("limits", Limits()).depth,
    )


def http_options(settings: ClientSettings, credentials: Credentials | None = None) -> HttpOptions:
    """How a client's connections are made, and whom they are logged in as.

    Raises:
        ConfigurationError: They would be logged in twice.
    """
    web_login = settings.get("web_login")
    if isinstance(credentials, WindowsCredentials):
        if web_login is not None:
            raise ConfigurationError("one connection cannot log in twice: leave out web_login, or the Windows login")
        web_login = credentials
    return HttpOptions(
        web_login=web_login,
        verify=settings.get("verify", True),
        client_certificate=settings.get("client_certificate"),
        proxies=settings.get("proxies"),
        trust_environment=settings.get("trust_environment", False),
        allow_insecure=settings.get("allow_insecure", False),
        limits=settings.get("limits", Limits()),
    )


def _options(settings: ClientSettings, texts: Localisation) -> ClientOptions:
    timeouts = _timeouts(settings.get("timeout"))
    return ClientOptions(timeouts=timeouts, localisation=texts._replace(time_zone=settings.get("time_zone")))


def _application_token(settings: ClientSettings) -> Secret | None:
    token = settings.get("application_token")
    if isinstance(token, SecretReference):
        return token.resolve()
    return Secret(token) if isinstance(token, str) and token else token or None


def _no_principal(
    operation: Operation[IssuedTicket], _arguments: dict[str, Any], _deadline: Deadline, /
) -> IssuedTicket:
    raise ConfigurationError("a login needs the address of the SOAP services too", operation=operation.wire)


def _principal(transport: Transport, options: ClientOptions) -> Principal:
    def principal(operation: Operation[IssuedTicket], arguments: dict[str, Any], deadline: Deadline, /) -> IssuedTicket:
        own = merge(options, CallOptions(), moves_data=False)
        return transport.call(operation, operation.bind(arguments), own._replace(deadline=deadline))

    return principal


def _timeouts(timeout: float | Timeouts | None) -> Timeouts:
    if timeout is None:
        return Timeouts()
    given = timeout.seconds if isinstance(timeout, Timeouts) else (timeout,)
    for seconds in given:
        if not can_wait(seconds):
            raise ConfigurationError(f"the time limit must be {SECONDS}, not {seconds!r}")
    return timeout if isinstance(timeout, Timeouts) else Timeouts.of(timeout)
