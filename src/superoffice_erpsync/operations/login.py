"""Logging in, by the service SoPrincipal: what a client does for its ticket, of which it reads no more than that."""

from superoffice_erpsync.models.login import AuthenticationGenericData, IssuedTicket
from superoffice_erpsync.operations.base import Argument, Nature, Operation


def _authenticate(wire: str, *arguments: Argument, since: int = 84) -> Operation[IssuedTicket]:
    return Operation[IssuedTicket](
        wire=wire,
        arguments=arguments,
        result=IssuedTicket,
        nature=Nature.READ,
        since=since,
        service="SoPrincipal",
        response_element="AuthenticateResponse",
        result_member=None,
    )


AUTHENTICATE_USERNAME_PASSWORD = _authenticate(
    "AuthenticateUsernamePassword", Argument("UserName", str), Argument("Password", str)
)
AUTHENTICATE_WITH_ACCESS_TOKEN = _authenticate("AuthenticateWithAccessToken", Argument("AccessToken", str), since=86)
AUTHENTICATE_IMPLICIT = _authenticate("AuthenticateImplicit")
AUTHENTICATE_GENERIC = _authenticate("AuthenticateGeneric", Argument("AuthenticationData", AuthenticationGenericData))

LOGINS = (
    AUTHENTICATE_USERNAME_PASSWORD,
    AUTHENTICATE_WITH_ACCESS_TOKEN,
    AUTHENTICATE_IMPLICIT,
    AUTHENTICATE_GENERIC,
)
