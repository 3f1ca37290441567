"""The client: transport, tickets and facade put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

from superoffice_erpsync import config as profiles
from superoffice_erpsync import models, operations
from superoffice_erpsync.assembly import Recipe, out_of_sight, rest_transport, soap_transport
from superoffice_erpsync.auth import Credentials
from superoffice_erpsync.client_settings import ClientSettings
from superoffice_erpsync.codec import rest as json_codec
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
from superoffice_erpsync.operations import Operation
from superoffice_erpsync.options import (
    SECONDS,
    CallOptions,
    ClientOptions,
    EffectiveOptions,
    Localisation,
    can_wait,
    merge,
)
from superoffice_erpsync.redaction import scrub
from superoffice_erpsync.transports.base import Transport

T = TypeVar("T")


class ErpSyncClient(
    SyncFacade, EngineFacade, ConnectorsFacade, ConnectionsFacade, ActorsFacade, MappingsFacade, PrincipalFacade
):
    """An installation's ErpSync operations, one method each.

    Make one with `soap`, `rest` or `from_profile`, use it as a context manager, and share it among threads: they share
    one ticket. Nothing is sent before the first call.
    """

    def __init__(
        self, transport: Transport, options: ClientOptions | None = None, recipe: Recipe | None = None
    ) -> None:
        self._transport = transport
        self._options = options or ClientOptions()
        self._recipe = recipe

    @classmethod
    def soap(
        cls,
        url: str,
        credentials: Credentials | None = None,
        *,
        services: str | None = None,
        wsdl: str | Path | None = None,
        **settings: Unpack[ClientSettings],
    ) -> Self:
        """A client that speaks SOAP.

        Args:
            url: The folder of the services, as in `https://crm.example.com/Remote/Services86`; the address of
                `ErpSync.svc` in it will do as well. Requests go there, whatever a WSDL says.
            credentials: How to log in: `UsernamePassword`, `TicketCredentials`, `AccessToken`, `GenericCredentials` or
                `WindowsCredentials`; None for operations that need no login.
            services: Version of the services where the address does not end in it, as in `Services88`; Services86 where
                nothing says it.
            wsdl: None for the bundled WSDLs, `"live"` for the installation's own, or a path: a folder with
                `ErpSync.wsdl` and `SoPrincipal.wsdl`, or the file of the first with the other beside it.
            **settings: Time limits, repeating, trust and so on, see `ClientSettings`.

        Raises:
            ConfigurationError: Something of this cannot work.
        """
        out_of_sight(settings)
        return cls._made(
            Recipe(
                build=soap_transport,
                url=url,
                credentials=credentials,
                own={"services": services, "wsdl": wsdl},
                settings=settings,
            )
        )

    @classmethod
    def rest(
        cls,
        url: str,
        credentials: Credentials | None = None,
        *,
        soap_url: str | None = None,
        include_tz_offset: bool = False,
        accept_language: str | None = None,
        language: str | None = None,
        culture: str | None = None,
        **settings: Unpack[ClientSettings],
    ) -> Self:
        """A client that speaks REST.

        Args:
            url: The API's address, as in `https://crm.example.com/api`.
            credentials: How to log in: user and password go as Basic, or are exchanged for a ticket where `soap_url`
                is given; a ticket goes as SOTicket, an `AccessToken` as Bearer, a `CookieSession` as cookie.
            soap_url: The folder of the SOAP services of the same installation, for a ticket and `get_system_info`.
            include_tz_offset: Have times carry their offset. Needs a time zone.
            accept_language: Languages that texts are wanted in, in order of preference, as in `de,en`.
            language: The language that texts are wanted in; beats `accept_language`. `*` leaves them untranslated.
            culture: The culture that numbers and dates in texts are written in. Needs a language.
            **settings: Time limits, repeating, trust and so on, see `ClientSettings`.

        Raises:
            ConfigurationError: Something of this cannot work.
        """
        out_of_sight(settings)
        texts = Localisation(
            include_tz_offset=include_tz_offset, accept_language=accept_language, language=language, culture=culture
        )
        return cls._made(
            Recipe(
                build=rest_transport,
                url=url,
                credentials=credentials,
                own={"soap_url": soap_url, "texts": texts},
                settings=settings,
            )
        )

    @classmethod
    def from_profile(
        cls, name: str | None = None, config: str | Path | None = None, **overrides: Unpack[profiles.Overrides]
    ) -> Self:
        """A client as a profile in a file `erpsync.toml` describes it.

        What is said here counts above variables of the environment (ERPSYNC_URL, ERPSYNC_USERNAME, …), and these above
        the file. The client can be pickled, and another process needs no file then: secrets are references.

        Args:
            name: The profile; None for ERPSYNC_PROFILE, else the file's `default_profile`.
            config: The file; None for ERPSYNC_CONFIG, else `erpsync.toml` in the working directory, else in the user's
                configuration folder.
            **overrides: What `soap` or `rest` take, `credentials` included.

        Raises:
            ConfigurationError: There is no such profile, or something in it cannot work.
        """
        # It brings pydantic along, which a client without profiles does not need.
        from superoffice_erpsync.config.client_arguments import client_arguments  # noqa: PLC0415

        transport, arguments = client_arguments(name, config, overrides)
        return cls.rest(**arguments) if transport == "rest" else cls.soap(**arguments)

    @property
    def url(self) -> str:
        """The installation's address as it was given; empty for a client made from a transport."""
        return "" if self._recipe is None else self._recipe.url

    @property
    def telemetry(self) -> bool:
        """Whether OpenTelemetry is told of calls, see `ClientSettings`."""
        return self._recipe is not None and self._recipe.settings.get("telemetry", False)

    def masked(self, text: str) -> str:
        """Mask what this client logs in with.

        Args:
            text: What the server said.

        Returns:
            The text as it may be kept or shown.
        """
        return scrub(text, self._transport.secrets)

    @classmethod
    def _made(cls, recipe: Recipe) -> Self:
        transport, options = recipe.make()
        return cls(transport, options, recipe)

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
        bound = json_codec.arguments_from_json(declared, arguments)
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
            return json_codec.to_json(self.call(operation, arguments, everything=everything, **options))
        if isinstance(select, str):
            raise InvalidRequest("select must be a list of members, not one text", operation=operation)
        declared = _declared(operation)
        bound = declared.bind(json_codec.arguments_from_json(declared, arguments), everything=everything)
        effective = self._effective(declared, options)._replace(select=tuple(select))
        return self._transport.call(declared, bound, effective)

    def close(self) -> None:
        """Close all connections. A call afterwards raises ConfigurationError."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[Any, ...]:
        """The client as its recipe: another process makes one like it, which logs in anew.

        Raises:
            ConfigurationError: It was made with a literal secret, or from a transport of the caller's own.
        """
        if self._recipe is None:
            raise ConfigurationError("a client made from a transport is not pickled or copied")
        self._recipe.check_without_secrets()
        return type(self)._made, (self._recipe,)

    def _call(
        self, operation: Operation[T], options: CallOptions, /, *, everything: bool = False, **arguments: Any
    ) -> T:
        effective = self._effective(operation, options)
        return self._transport.call(operation, operation.bind(arguments, everything=everything), effective)

    def _effective(self, operation: Operation[Any], options: CallOptions) -> EffectiveOptions:
        for name in ("timeout", "deadline"):
            if not can_wait(options.get(name)):
                raise InvalidRequest(f"{name} must be {SECONDS}, not {options.get(name)!r}", operation=operation.wire)
        return merge(self._options, options, moves_data=operation.moves_data)


def _declared(operation: str) -> Operation[Any]:
    declared = operations.OPERATIONS.get(operation)
    if declared is None:
        raise InvalidRequest(f"there is no operation {operation!r}")
    if declared.result is models.AuthenticateResponse:
        raise InvalidRequest("logins are made through credentials only", operation=operation)
    return declared
