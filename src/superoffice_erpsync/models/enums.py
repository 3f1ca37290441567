"""Enumerations of users, licences, fields and connectors."""

from superoffice_erpsync.models.wire_enum import WireEnum


class ErpSyncResponseCode(WireEnum):
    """Answers about connectors: whether one can be deleted, whether its address works."""

    NO_ERROR = "NoError"
    ERROR_CONNECTOR_HAS_CONNECTIONS = "ErrorConnectorHasConnections"
    ERROR_NOT_FOUND = "ErrorNotFound"


class FieldAccess(WireEnum):
    """Whether an ERP field can be left blank or written at all."""

    NORMAL = "Normal"
    MANDATORY = "Mandatory"
    READ_ONLY = "ReadOnly"


class FieldMetadataType(WireEnum):
    """Kinds of values that an ERP or configuration field holds."""

    CHECKBOX = "Checkbox"
    TEXT = "Text"
    PASSWORD = "Password"  # noqa: S105 - the name of a kind of field
    INTEGER = "Integer"
    DOUBLE = "Double"
    LIST = "List"
    DATE = "Date"
    LABEL = "Label"


class EjUserStatus(WireEnum):
    """State of a user in customer service."""

    STATUS_NONE = "StatusNone"
    STATUS_NORMAL = "StatusNormal"
    STATUS_NOT_AVAILABLE = "StatusNotAvailable"
    STATUS_DELETED = "StatusDeleted"
    STATUS_READ_ONLY = "StatusReadOnly"
    STATUS_SPM = "StatusSpm"
    STATUS_SYSTEM = "StatusSystem"


class LicenseType(WireEnum):
    """What a module's licence is counted by."""

    UNKNOWN = "Unknown"
    SITE_LICENSE = "SiteLicense"
    SATELLITE_LICENSE = "SatelliteLicense"
    USER_LICENSE = "UserLicense"


class NetServerBuildType(WireEnum):
    """How far a build of the server software had come."""

    FEATURE = "Feature"
    STABLE = "Stable"
    ALPHA = "Alpha"
    BETA = "Beta"
    RELEASE_CANDIDATE = "ReleaseCandidate"
    RELEASE = "Release"


class RoleType(WireEnum):
    """Kinds of user roles."""

    EMPLOYEE = "Employee"
    EXTERNAL_USER = "ExternalUser"
    ANONYMOUS = "Anonymous"
    SYSTEM = "System"


class UserType(WireEnum):
    """Kinds of users that can log in."""

    UNKNOWN = "Unknown"
    INTERNAL_ASSOCIATE = "InternalAssociate"
    RESOURCE_ASSOCIATE = "ResourceAssociate"
    EXTERNAL_ASSOCIATE = "ExternalAssociate"
    ANONYMOUS_ASSOCIATE = "AnonymousAssociate"
    SYSTEM_ASSOCIATE = "SystemAssociate"
