"""What an installation says about itself, without a login."""

from dataclasses import dataclass
from datetime import datetime

from superoffice_erpsync.models.enums import LicenseType, NetServerBuildType, UserType
from superoffice_erpsync.models.rights import Carrier


@dataclass(slots=True, kw_only=True)
class ModuleLicense:
    """A module that the installation has a licence for."""

    owner_name: str | None = None
    module_name: str | None = None
    module_description: str | None = None
    module_tooltip: str | None = None
    module_version: str | None = None
    license_type: LicenseType = LicenseType.UNKNOWN
    unrestricted: bool = False
    allowed_user_type: UserType = UserType.UNKNOWN
    number_of_licenses: int = 0
    extra_flags: int = 0
    extra_info: str | None = None
    sort_order: int = 0
    is_hidden: bool = False
    prerequisite_module_name: str | None = None
    signature: str | None = None


@dataclass(slots=True, kw_only=True)
class DSAParameters:
    """Numbers of a public DSA key."""

    counter: int = 0
    g: bytes | None = None
    j: bytes | None = None
    p: bytes | None = None
    q: bytes | None = None
    seed: bytes | None = None
    y: bytes | None = None


@dataclass(slots=True, kw_only=True)
class SignedPublicKey:
    """The public key that a licence is signed with."""

    owner_name: str | None = None
    sign_date: datetime | None = None
    expiry_date: datetime | None = None
    key: DSAParameters | None = None
    signature: str | None = None


@dataclass(slots=True, kw_only=True)
class LicenseInfo:
    """The installation's licence."""

    company_name: str | None = None
    serial_nr: str | None = None
    owner_name: str | None = None
    owner_description: str | None = None
    next_check_date: datetime | None = None
    maintenance_date: datetime | None = None
    admin_warning_date: datetime | None = None
    expiry_date: datetime | None = None
    grace_date: datetime | None = None
    extra_flags: int = 0
    license_url: str | None = None
    license_version: str | None = None
    deployment_type: int = 0
    product_type: str | None = None
    product_description: str | None = None
    module_licenses: list[ModuleLicense | None] | None = None
    public_key: SignedPublicKey | None = None
    signature: str | None = None


@dataclass(slots=True, kw_only=True)
class SoSystemInfoCarrier(Carrier):
    """Version, database and licence of an installation."""

    license: LicenseInfo | None = None
    warning_english: str | None = None
    warning_resource: str | None = None
    branch_name: str | None = None
    build_label: str | None = None
    assembly_version: str | None = None
    accumulated_next_check_date: datetime | None = None
    file_version: str | None = None
    description: str | None = None
    days_until_net_server_expiry: int = 0
    build_type: NetServerBuildType = NetServerBuildType.FEATURE
    database_version: int = 0
    is_unicode: bool = False
    company_name: str | None = None
    company_id: int = 0
    database_type: str | None = None
    database_minor: str | None = None
    database_name: str | None = None
    is_on_travel: bool = False
    is_satellite: bool = False
