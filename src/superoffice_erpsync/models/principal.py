"""Who a ticket stands for."""

from dataclasses import dataclass
from datetime import datetime

from superoffice_erpsync.models.enums import EjUserStatus, LicenseType, RoleType, UserType
from superoffice_erpsync.models.login import SoCredentials
from superoffice_erpsync.models.rights import Carrier


@dataclass(slots=True, kw_only=True)
class GrantedModuleLicense(Carrier):
    """A licence that the user holds."""

    owner_id: int = 0
    owner_name: str | None = None
    owner_description: str | None = None
    module_id: int = 0
    name: str | None = None
    description: str | None = None
    version: str | None = None
    license_type: LicenseType = LicenseType.UNKNOWN
    extra_flags: int = 0
    sort_order: int = 0
    license_number: int = 0
    is_hidden: bool = False
    is_unrestricted: bool = False
    expiry_date: datetime | None = None


@dataclass(slots=True, kw_only=True)
class ProvidedCredential:
    """A way to log in that the user has."""

    type: str | None = None
    search_name: str | None = None
    display_name: str | None = None
    credential_id: int = 0


@dataclass(slots=True, kw_only=True)
class SoPrincipalCarrier:
    """The user that a ticket stands for."""

    user_type: UserType = UserType.UNKNOWN
    associate: str | None = None
    associate_id: int = 0
    is_person: bool = False
    person_id: int = 0
    country_id: int = 0
    home_country_id: int = 0
    contact_id: int = 0
    group_id: int = 0
    business_id: int = 0
    category_id: int = 0
    contact_owner: int = 0
    role_id: int = 0
    role_name: str | None = None
    role_description: str | None = None
    role_type: RoleType = RoleType.EMPLOYEE
    licenses: list[GrantedModuleLicense | None] | None = None
    full_name: str | None = None
    e_mail_address: str | None = None
    function_rights: list[str | None] | None = None
    ej_user_id: int = 0
    ej_access_level: int = 0
    ej_user_status: EjUserStatus = EjUserStatus.STATUS_NONE
    provided_credentials: list[ProvidedCredential | None] | None = None
    secondary_groups: list[int] | None = None
    database_context_identifier: str | None = None


@dataclass(slots=True, kw_only=True)
class AuthenticateResponse:
    """Answer of every login. A refused login is a normal answer with `authentication_succeeded == False`."""

    response: SoPrincipalCarrier | None = None
    credentials: SoCredentials | None = None
    authentication_succeeded: bool
