"""Plain dataclasses and enumerations for every type of the contract, by noun.

Making a dataclass takes Python half a millisecond. A noun is loaded with the first use of one of its own, so that a
program waits for those that it has to do with.
"""

from typing import TYPE_CHECKING

from superoffice_erpsync.on_use import loaded_on_use

if TYPE_CHECKING:
    from superoffice_erpsync.models.actor_types import CrmActorType, ErpActorType
    from superoffice_erpsync.models.actors import ErpSyncFieldValue
    from superoffice_erpsync.models.configuration import ConfigFields
    from superoffice_erpsync.models.connections import (
        ErpConnection,
        ErpConnectionData,
        ErpSyncActorSummary,
        ErpSyncConnectionSummary,
    )
    from superoffice_erpsync.models.connectors import ErpSyncConnectorEntity, FieldMetadata, ListItem
    from superoffice_erpsync.models.engine import ErpSyncEngineStatus
    from superoffice_erpsync.models.enums import (
        EjUserStatus,
        ErpSyncResponseCode,
        FieldAccess,
        FieldMetadataType,
        LicenseType,
        NetServerBuildType,
        RoleType,
        UserType,
    )
    from superoffice_erpsync.models.faults import SoExceptionInfo, SoTimeZone
    from superoffice_erpsync.models.login import AuthenticationGenericData, SoCredentials
    from superoffice_erpsync.models.mappings import (
        ErpConnectionListMapping,
        ErpConnectionListMappingContainer,
        ErpCrmListItemMapping,
        ErpSyncActorTypeMapping,
        ErpSyncDefaultValue,
        ErpSyncFieldMapping,
        MDOListItem,
    )
    from superoffice_erpsync.models.principal import (
        AuthenticateResponse,
        GrantedModuleLicense,
        ProvidedCredential,
        SoPrincipalCarrier,
    )
    from superoffice_erpsync.models.rights import (
        Carrier,
        EFieldRight,
        ETableRight,
        FieldProperty,
        FieldRight,
        TableRight,
    )
    from superoffice_erpsync.models.sync import ChangedData, ChangedDataItem, PluginResponse, QuoteStatus
    from superoffice_erpsync.models.system import (
        DSAParameters,
        LicenseInfo,
        ModuleLicense,
        SignedPublicKey,
        SoSystemInfoCarrier,
    )
    from superoffice_erpsync.models.wire_enum import WireEnum

__all__ = [
    "AuthenticateResponse",
    "AuthenticationGenericData",
    "Carrier",
    "ChangedData",
    "ChangedDataItem",
    "ConfigFields",
    "CrmActorType",
    "DSAParameters",
    "EFieldRight",
    "ETableRight",
    "EjUserStatus",
    "ErpActorType",
    "ErpConnection",
    "ErpConnectionData",
    "ErpConnectionListMapping",
    "ErpConnectionListMappingContainer",
    "ErpCrmListItemMapping",
    "ErpSyncActorSummary",
    "ErpSyncActorTypeMapping",
    "ErpSyncConnectionSummary",
    "ErpSyncConnectorEntity",
    "ErpSyncDefaultValue",
    "ErpSyncEngineStatus",
    "ErpSyncFieldMapping",
    "ErpSyncFieldValue",
    "ErpSyncResponseCode",
    "FieldAccess",
    "FieldMetadata",
    "FieldMetadataType",
    "FieldProperty",
    "FieldRight",
    "GrantedModuleLicense",
    "LicenseInfo",
    "LicenseType",
    "ListItem",
    "MDOListItem",
    "ModuleLicense",
    "NetServerBuildType",
    "PluginResponse",
    "ProvidedCredential",
    "QuoteStatus",
    "RoleType",
    "SignedPublicKey",
    "SoCredentials",
    "SoExceptionInfo",
    "SoPrincipalCarrier",
    "SoSystemInfoCarrier",
    "SoTimeZone",
    "TableRight",
    "UserType",
    "WireEnum",
]

if not TYPE_CHECKING:
    __getattr__ = loaded_on_use(
        __name__,
        {
            "actor_types": ("CrmActorType", "ErpActorType"),
            "actors": ("ErpSyncFieldValue",),
            "configuration": ("ConfigFields",),
            "connections": ("ErpConnection", "ErpConnectionData", "ErpSyncActorSummary", "ErpSyncConnectionSummary"),
            "connectors": ("ErpSyncConnectorEntity", "FieldMetadata", "ListItem"),
            "engine": ("ErpSyncEngineStatus",),
            "enums": (
                "EjUserStatus",
                "ErpSyncResponseCode",
                "FieldAccess",
                "FieldMetadataType",
                "LicenseType",
                "NetServerBuildType",
                "RoleType",
                "UserType",
            ),
            "faults": ("SoExceptionInfo", "SoTimeZone"),
            "login": ("AuthenticationGenericData", "SoCredentials"),
            "mappings": (
                "ErpConnectionListMapping",
                "ErpConnectionListMappingContainer",
                "ErpCrmListItemMapping",
                "ErpSyncActorTypeMapping",
                "ErpSyncDefaultValue",
                "ErpSyncFieldMapping",
                "MDOListItem",
            ),
            "principal": (
                "AuthenticateResponse",
                "GrantedModuleLicense",
                "ProvidedCredential",
                "SoPrincipalCarrier",
            ),
            "rights": ("Carrier", "EFieldRight", "ETableRight", "FieldProperty", "FieldRight", "TableRight"),
            "sync": ("ChangedData", "ChangedDataItem", "PluginResponse", "QuoteStatus"),
            "system": ("DSAParameters", "LicenseInfo", "ModuleLicense", "SignedPublicKey", "SoSystemInfoCarrier"),
            "wire_enum": ("WireEnum",),
        },
    )


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
