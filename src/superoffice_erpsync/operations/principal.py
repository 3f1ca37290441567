"""Logging in, by the service SoPrincipal, with all that the answer says of the user."""

from dataclasses import replace
from typing import Any, cast

from superoffice_erpsync.models import AuthenticateResponse
from superoffice_erpsync.operations.base import Operation
from superoffice_erpsync.operations.login import LOGINS


def whole(login: Operation[Any]) -> Operation[AuthenticateResponse]:
    """A login whose answer is read whole."""
    return cast("Operation[AuthenticateResponse]", replace(login, result=AuthenticateResponse))


OPERATIONS: tuple[Operation[Any], ...] = tuple(whole(login) for login in LOGINS)
