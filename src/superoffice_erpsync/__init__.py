"""SuperOffice ErpSync for Python: sync and resync between CRM and ERPs over SOAP or REST, with plain dataclasses.

For example:

    from superoffice_erpsync import ErpActorType, ErpSyncClient, UsernamePassword

    with ErpSyncClient.soap("https://crm.example.com/Remote/Services86", UsernamePassword(user, password)) as client:
        answer = client.force_resync_external(
            erp_connection_id=2, erp_actor_type=ErpActorType.CUSTOMER, external_keys=["C1001"]
        )
        answer.raise_if_failed()
"""

from typing import TYPE_CHECKING

from superoffice_erpsync import models
from superoffice_erpsync.errors import (
    AuthenticationError,
    ConfigurationError,
    ErpSyncError,
    InvalidRequest,
    OperationNotAvailable,
    OperationRefused,
    Outcome,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TlsError,
    TransportError,
)
from superoffice_erpsync.on_use import loaded_on_use

if TYPE_CHECKING:
    from superoffice_erpsync.auth import (
        AccessToken,
        CallableSecret,
        CommandSecret,
        CookieSession,
        EnvironmentSecret,
        FileSecret,
        GenericCredentials,
        KeyringSecret,
        SecretReference,
        TicketCache,
        TicketCredentials,
        TicketRejection,
        UsernamePassword,
        WindowsCredentials,
    )
    from superoffice_erpsync.client import ErpSyncClient
    from superoffice_erpsync.client_settings import ClientSettings
    from superoffice_erpsync.models import (
        AuthenticateResponse,
        AuthenticationGenericData,
        Carrier,
        ChangedData,
        ChangedDataItem,
        ConfigFields,
        CrmActorType,
        DSAParameters,
        EFieldRight,
        EjUserStatus,
        ErpActorType,
        ErpConnection,
        ErpConnectionData,
        ErpConnectionListMapping,
        ErpConnectionListMappingContainer,
        ErpCrmListItemMapping,
        ErpSyncActorSummary,
        ErpSyncActorTypeMapping,
        ErpSyncConnectionSummary,
        ErpSyncConnectorEntity,
        ErpSyncDefaultValue,
        ErpSyncEngineStatus,
        ErpSyncFieldMapping,
        ErpSyncFieldValue,
        ErpSyncResponseCode,
        ETableRight,
        FieldAccess,
        FieldMetadata,
        FieldMetadataType,
        FieldProperty,
        FieldRight,
        GrantedModuleLicense,
        LicenseInfo,
        LicenseType,
        ListItem,
        MDOListItem,
        ModuleLicense,
        NetServerBuildType,
        PluginResponse,
        ProvidedCredential,
        QuoteStatus,
        RoleType,
        SignedPublicKey,
        SoCredentials,
        SoExceptionInfo,
        SoPrincipalCarrier,
        SoSystemInfoCarrier,
        SoTimeZone,
        TableRight,
        UserType,
        WireEnum,
    )
    from superoffice_erpsync.options import CallOptions, Limits, Timeouts
    from superoffice_erpsync.packed.texts import pack_languages, text_in, texts_by_language
    from superoffice_erpsync.packed.values import pack_value, unpack_value
    from superoffice_erpsync.retry import Retry
    from superoffice_erpsync.transports.exchange import Exchange
    from superoffice_erpsync.transports.web_login import HttpBasic

__all__ = [
    "AccessToken",
    "AuthenticateResponse",
    "AuthenticationError",
    "AuthenticationGenericData",
    "CallOptions",
    "CallableSecret",
    "Carrier",
    "ChangedData",
    "ChangedDataItem",
    "ClientSettings",
    "CommandSecret",
    "ConfigFields",
    "ConfigurationError",
    "CookieSession",
    "CrmActorType",
    "DSAParameters",
    "EFieldRight",
    "ETableRight",
    "EjUserStatus",
    "EnvironmentSecret",
    "ErpActorType",
    "ErpConnection",
    "ErpConnectionData",
    "ErpConnectionListMapping",
    "ErpConnectionListMappingContainer",
    "ErpCrmListItemMapping",
    "ErpSyncActorSummary",
    "ErpSyncActorTypeMapping",
    "ErpSyncClient",
    "ErpSyncConnectionSummary",
    "ErpSyncConnectorEntity",
    "ErpSyncDefaultValue",
    "ErpSyncEngineStatus",
    "ErpSyncError",
    "ErpSyncFieldMapping",
    "ErpSyncFieldValue",
    "ErpSyncResponseCode",
    "Exchange",
    "FieldAccess",
    "FieldMetadata",
    "FieldMetadataType",
    "FieldProperty",
    "FieldRight",
    "FileSecret",
    "GenericCredentials",
    "GrantedModuleLicense",
    "HttpBasic",
    "InvalidRequest",
    "KeyringSecret",
    "LicenseInfo",
    "LicenseType",
    "Limits",
    "ListItem",
    "MDOListItem",
    "ModuleLicense",
    "NetServerBuildType",
    "OperationNotAvailable",
    "OperationRefused",
    "Outcome",
    "PluginResponse",
    "ProtocolError",
    "ProvidedCredential",
    "QuoteStatus",
    "RequestTimeout",
    "Retry",
    "RoleType",
    "SecretReference",
    "ServerFault",
    "SignedPublicKey",
    "SoCredentials",
    "SoExceptionInfo",
    "SoPrincipalCarrier",
    "SoSystemInfoCarrier",
    "SoTimeZone",
    "TableRight",
    "TicketCache",
    "TicketCredentials",
    "TicketRejection",
    "Timeouts",
    "TlsError",
    "TransportError",
    "UserType",
    "UsernamePassword",
    "WindowsCredentials",
    "WireEnum",
    "pack_languages",
    "pack_value",
    "text_in",
    "texts_by_language",
    "unpack_value",
]

if not TYPE_CHECKING:
    # HTTP and XML libraries load with the client, not with a program that only needs an error or a model.
    __getattr__ = loaded_on_use(
        __name__,
        {
            "auth.credentials": (
                "AccessToken",
                "CookieSession",
                "GenericCredentials",
                "TicketCredentials",
                "UsernamePassword",
                "WindowsCredentials",
            ),
            "auth.references": ("CallableSecret", "CommandSecret", "EnvironmentSecret", "FileSecret", "KeyringSecret"),
            "auth.rejection": ("TicketRejection",),
            "auth.secret_reference": ("SecretReference",),
            "auth.ticket_cache": ("TicketCache",),
            "client": ("ErpSyncClient",),
            "client_settings": ("ClientSettings",),
            "models": models.__all__,
            "options": ("CallOptions", "Limits", "Timeouts"),
            "packed.texts": ("pack_languages", "text_in", "texts_by_language"),
            "packed.values": ("pack_value", "unpack_value"),
            "retry": ("Retry",),
            "transports.exchange": ("Exchange",),
            "transports.web_login": ("HttpBasic",),
        },
    )


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
