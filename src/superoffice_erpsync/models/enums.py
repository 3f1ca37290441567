"""Enumerations of the contract. Members are strings: their value is the vendor's name."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self


class WireEnum(StrEnum):
    """An enumeration that can hold a name which this release does not know.

    `ErpActorType("Lead")` raises ValueError as with any enumeration. A name that a newer server sends is kept instead
    of being lost: it becomes a member with `is_known == False`, equal to its own name, and goes back as it came.
    """

    @classmethod
    def keep(cls, name: str) -> Self:
        """The member of that name, or one made for a name that is not known."""
        known = cls._value2member_map_.get(name)
        if known is not None:
            return known  # type: ignore[return-value]
        member = str.__new__(cls, name)
        member._name_ = name
        member._value_ = name
        return member

    @property
    def is_known(self) -> bool:
        """False for a name that a server sent and this release does not know."""
        return self._value_ in type(self)._value2member_map_

    def __reduce_ex__(self, _protocol: Any) -> tuple[Any, ...]:
        return (type(self).keep, (self._value_,))

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) if isinstance(other, str) else NotImplemented

    def __ne__(self, other: object) -> bool:
        return str.__ne__(self, other) if isinstance(other, str) else NotImplemented

    __hash__ = str.__hash__


class CrmActorType(WireEnum):
    """Kinds of CRM entities that an actor of an ERP can be linked to."""

    UNKNOWN = "Unknown"
    CONTACT = "Contact"
    PERSON = "Person"
    PROJECT = "Project"
    SALE = "Sale"


class ErpActorType(WireEnum):
    """Kinds of records that an ERP keeps. Customer, Supplier and Partner are counterparts of a CRM contact."""

    UNKNOWN = "Unknown"
    CUSTOMER = "Customer"
    SUPPLIER = "Supplier"
    PARTNER = "Partner"
    PERSON = "Person"
    PROJECT = "Project"
    EMPLOYEE = "Employee"
    SALE = "Sale"


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


class QuoteStatus(WireEnum):
    """How an answer went, in more words than yes and no."""

    OK = "Ok"
    OK_WITH_INFO = "OkWithInfo"
    """It went well, and the explanation is worth reading."""
    WARNING = "Warning"
    """It went well, and the explanation should be read."""
    ERROR = "Error"
    """The answer is no."""


class ETableRight(WireEnum):
    """Single rights to a table, in the order of their bits (1, 2, 4, …). The last two exist on Services88 and REST."""

    SELECT = "Select"
    UPDATE = "Update"
    INSERT = "Insert"
    DELETE = "Delete"
    FILTERING = "Filtering"
    RESTRICTED_UPDATE = "RestrictedUpdate"
    UNUSED1 = "Unused1"
    UNINITIALIZED = "Uninitialized"


class EFieldRight(WireEnum):
    """Single rights to a field, in the order of their bits (1, 2, 4, …)."""

    READ = "Read"
    WRITE = "Write"
    UNUSED1 = "Unused1"
    UNUSED2 = "Unused2"
    UNUSED3 = "Unused3"
    UNUSED4 = "Unused4"
    UI_HINT_MANDATORY = "UIHintMandatory"
    UI_HINT_READ_ONLY = "UIHintReadOnly"
    UNDEFINED_VALUE256 = "UndefinedValue256"


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
