"""HTTP Basic in front of the services."""

from __future__ import annotations

import base64

from superoffice_erpsync.auth.credentials import Credentials, Recipe
from superoffice_erpsync.auth.held_secrets import GivenSecret, HeldSecret
from superoffice_erpsync.errors import AuthenticationError, ConfigurationError
from superoffice_erpsync.redaction import Secret


class HttpBasic(Credentials):
    """Name and password for a web server that asks for HTTP Basic before it lets a request through to the services.

    They go with every request, to the installation's own address only, beside the credentials that SuperOffice wants.

    Args:
        username: The name.
        password: The password, or a reference to it, which is read for each request.

    Raises:
        ConfigurationError: The name is empty, the password is no text, or one has in it what Basic cannot carry.
    """

    __slots__ = ("_password", "username")

    def __init__(self, username: str, password: GivenSecret) -> None:
        self.username = username
        self._password = HeldSecret(password, "the password")
        del password  # tracebacks can show what is here by name
        self._password.check()
        if not username:
            raise ConfigurationError("the user name is empty")
        if ":" in username:
            raise ConfigurationError("a user name with a colon cannot be sent as Basic")
        if not _can_carry(username):
            raise ConfigurationError(
                "a user name with control characters or halves of characters cannot be sent as Basic"
            )
        if not self._password.is_reference:
            self.authorization()

    def authorization(self) -> Secret:
        """The value of the header Authorization, in UTF-8.

        Raises:
            ConfigurationError: The password's reference leads nowhere, or it has in it what Basic cannot carry.
        """
        password = self._password.read()
        if not _can_carry(password.reveal()):
            raise ConfigurationError(
                "a password with control characters or halves of characters cannot be sent as Basic"
            )
        return Secret(f"Basic {_packed(self.username, password.reveal())}")

    def refusal(self, operation: str) -> AuthenticationError:
        """The error that an answer with status 401 stands for.

        Args:
            operation: The vendor's name of the operation that was called.
        """
        error = AuthenticationError(
            f"the web server in front of the services refuses the Basic login of {self.username!r}",
            operation=operation,
            status=401,
            hint="check the name and the password that it wants, which may be others than SuperOffice's",
        )
        error.web_login = True
        return error

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The texts that must never be shown: the password, and the header's value made of it."""
        known = super().secrets
        return (*known, *(Secret(_packed(self.username, one.reveal())) for one in known))

    def _held(self) -> tuple[HeldSecret, ...]:
        return (self._password,)

    def _recipe(self) -> Recipe:
        return type(self), (self.username, self._password.given)

    def __repr__(self) -> str:
        return f"HttpBasic(username={self.username!r}, password={self._password!r})"


def _can_carry(text: str) -> bool:
    # RFC 7617 forbids control characters on both sides of the colon, and UTF-8 has no halves of characters, which a
    # variable of the environment can have.
    return all(ord(one) >= 0x20 and ord(one) != 0x7F and not 0xD800 <= ord(one) <= 0xDFFF for one in text)


def _packed(username: str, password: str) -> str:
    return base64.b64encode(f"{username}:{password}".encode()).decode("ascii")
