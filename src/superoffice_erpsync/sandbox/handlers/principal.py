"""Logging in, and what the installation says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from superoffice_erpsync.sandbox.state import State
from superoffice_erpsync.sandbox.state.sessions import User

COMPANY: Final = "Sandbox Trading"
_SERIAL: Final = "1000000001"
_EXPIRY: Final = datetime(2099, 12, 31)


def authenticate_username_password(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A ticket and who it is for; a wrong name or password is a normal answer without them."""
    return _answer(state.sessions.log_in(arguments["UserName"], arguments["Password"]))


def authenticate_with_access_token(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The same for an access token that the sandbox was told of."""
    return _answer(state.sessions.log_in_with_token(arguments["AccessToken"]))


def authenticate_generic(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The same for keys and values that the sandbox was told of."""
    return _answer(state.sessions.log_in_with_data(arguments["AuthenticationData"]))


def authenticate_implicit(state: State, _arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The same for the Windows user of the request, whom nobody vouches for here unless the sandbox was told to."""
    return _answer(state.sessions.log_in_implicitly())


def get_system_info(_state: State, _arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Versions, database and licence."""
    return {
        "License": _license(),
        "WarningEnglish": "",
        "WarningResource": "",
        "BranchName": "Sandbox",
        "BuildLabel": "sandbox-8.6.1",
        "AssemblyVersion": "8.6.1.0",
        "AccumulatedNextCheckDate": _EXPIRY,
        "FileVersion": "8.6.1.0",
        "Description": "An installation in a box, without any real data",
        "DaysUntilNetServerExpiry": 365,
        "BuildType": "Release",
        "DatabaseVersion": 86,
        "IsUnicode": True,
        "CompanyName": COMPANY,
        "CompanyId": 2,
        "DatabaseType": "In memory",
        "DatabaseMinor": "1",
        "DatabaseName": "SANDBOX",
        "IsOnTravel": False,
        "IsSatellite": False,
    }


def _answer(admitted: tuple[User, str] | None) -> dict[str, Any]:
    if admitted is None:
        return {"Response": None, "Credentials": None, "AuthenticationSucceeded": False}
    user, ticket = admitted
    return {"Response": _principal(user), "Credentials": {"Ticket": ticket}, "AuthenticationSucceeded": True}


def _principal(user: User) -> dict[str, Any]:
    return {
        "UserType": "InternalAssociate",
        "Associate": user.name,
        "AssociateId": user.associate_id,
        "IsPerson": True,
        "PersonId": user.associate_id,
        "CountryId": 578,
        "HomeCountryId": 578,
        "ContactId": 2,
        "GroupId": 1,
        "BusinessId": 1,
        "CategoryId": 1,
        "RoleId": 1,
        "RoleName": 'US:"Administrator" NO:"Administrator"',
        "RoleDescription": 'US:"May do everything." NO:"Kan gjøre alt."',
        "RoleType": "Employee",
        "Licenses": [_granted_license()],
        "FullName": f"Sandbox user {user.name}",
        "EMailAddress": f"{user.name.lower()}@sandbox.example",
        "FunctionRights": ["admin-all", "erp-sync"],
        "EjUserStatus": "StatusNone",
        "ProvidedCredentials": [],
        "SecondaryGroups": [],
        "DatabaseContextIdentifier": "Sandbox",
    }


def _granted_license() -> dict[str, Any]:
    return {
        "OwnerId": 1,
        "OwnerName": "SANDBOX",
        "OwnerDescription": "The sandbox",
        "ModuleId": 1,
        "Name": "ErpSync",
        "Description": "ERP sync",
        "Version": "8.6",
        "LicenseType": "SiteLicense",
        "IsUnrestricted": True,
        "ExpiryDate": _EXPIRY,
    }


def _license() -> dict[str, Any]:
    return {
        "CompanyName": COMPANY,
        "SerialNr": _SERIAL,
        "OwnerName": "SANDBOX",
        "OwnerDescription": "The sandbox",
        "NextCheckDate": _EXPIRY,
        "ExpiryDate": _EXPIRY,
        "LicenseVersion": "1",
        "ProductType": "Onsite",
        "ModuleLicenses": [
            {
                "OwnerName": "SANDBOX",
                "ModuleName": "ErpSync",
                "ModuleDescription": "ERP sync",
                "ModuleVersion": "8.6",
                "LicenseType": "SiteLicense",
                "Unrestricted": True,
                "AllowedUserType": "InternalAssociate",
                "NumberOfLicenses": 1,
            }
        ],
    }
