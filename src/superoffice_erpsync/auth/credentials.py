"""What a user knows to log in with. None of it shows itself; what is kept by reference can be pickled.

Wherever a secret is due, its text will do, or a reference to where it is kept, as in
`UsernamePassword("nightly", EnvironmentSecret("ERPSYNC_PASSWORD"))`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal, Self

from superoffice_erpsync.auth.held_secrets import GivenSecret, HeldSecret
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.models import AuthenticationGenericData
from superoffice_erpsync.redaction import Secret

Recipe = tuple[Callable[..., Any], tuple[Any, ...]]
"""A function and its arguments, as pickle wants them."""


class Credentials:
    """The root of all ways to log in."""

    __slots__ = ()

    def _held(self) -> tuple[HeldSecret, ...]:
        raise NotImplementedError

    def _recipe(self) -> Recipe:
        """What makes the same credentials again."""
        raise NotImplementedError

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The texts that must never be shown; of references, those that were read so far."""
        return tuple(secret for held in self._held() for secret in held.seen if secret.reveal())

    @property
    def by_reference(self) -> bool:
        """Whether all secrets are references, so that the credentials can be pickled."""
        return all(held.is_reference for held in self._held())

    @property
    def last_read(self) -> tuple[Secret | None, ...]:
        """The secrets as this thread read them last, for `changed`."""
        return tuple(held.last for held in self._held())

    def changed(self, since: tuple[Secret | None, ...] | None = None) -> bool:
        """Whether a secret that is kept by reference is now another.

        Args:
            since: What `last_read` gave; None for what this thread read last.

        Raises:
            ConfigurationError: A reference leads nowhere.
        """
        before = self.last_read if since is None else since
        return tuple(held.read() for held in self._held()) != before

    def __reduce__(self) -> Recipe:
        if not self.by_reference:
            raise ConfigurationError(
                "credentials that hold a secret are not pickled or copied",
                hint="give a reference to the secret instead, as in EnvironmentSecret, FileSecret or KeyringSecret; or "
                "create the credentials, and a client with them, in the process that uses them",
            )
        return self._recipe()


class UsernamePassword(Credentials):
    """A user's name and password, exchanged for a ticket by the vendor's `AuthenticateUsernamePassword`.

    Args:
        username: The user's login name.
        password: The password, or a reference to it.

    Raises:
        ConfigurationError: The user name is empty, or the password is no text.
    """

    __slots__ = ("_password", "username")

    def __init__(self, username: str, password: GivenSecret) -> None:
        self.username = username
        self._password = HeldSecret(password, "the password")
        del password  # tracebacks can show what is here by name
        self._password.check()
        if not username:
            raise ConfigurationError("the user name is empty")

    @classmethod
    def from_environment(cls, username: str = "ERPSYNC_USERNAME", password: str = "ERPSYNC_PASSWORD") -> Self:  # noqa: S107
        """Name and password from variables of the environment: the name now, the password at each login.

        Args:
            username: The variable with the user's name.
            password: The variable with the password.

        Raises:
            ConfigurationError: There is no name.
        """
        from superoffice_erpsync.auth.references import EnvironmentSecret  # noqa: PLC0415 - see `secret_reference`

        return cls(EnvironmentSecret(username).resolve().reveal(), EnvironmentSecret(password))

    @property
    def password(self) -> Secret:
        """The password; a reference is read now.

        Raises:
            ConfigurationError: The reference leads nowhere.
        """
        return self._password.read()

    def _held(self) -> tuple[HeldSecret, ...]:
        return (self._password,)

    def _recipe(self) -> Recipe:
        return type(self), (self.username, self._password.given)

    def __repr__(self) -> str:
        return f"UsernamePassword(username={self.username!r}, password={self._password!r})"


class WindowsCredentials(Credentials):
    """A Windows account that vouches for itself to the web server, and `AuthenticateImplicit` for the ticket.

    Args:
        username: The account, as in `DOMAIN\\name` or `name@example.com`; None for the one that this process runs as.
        password: Its password, or a reference to it; None for the account that this process runs as.
        protocol: `negotiate` prefers Kerberos, `ntlm` is for servers that offer only that.

    Raises:
        ConfigurationError: There is a name without a password, a password without a name or that is no text, or no
            such protocol.
    """

    __slots__ = ("_password", "protocol", "username")

    def __init__(
        self,
        username: str | None = None,
        password: GivenSecret | None = None,
        *,
        protocol: Literal["negotiate", "ntlm"] = "negotiate",
    ) -> None:
        self.username = username
        self._password = None if password is None else HeldSecret(password, "the password")
        self.protocol = protocol
        del password  # as above
        if (username is None) is not (self._password is None) or username == "":
            raise ConfigurationError(
                "a Windows login needs the account's name and its password, or neither",
                hint="without both, the account that this process runs as logs in",
            )
        if protocol not in ("negotiate", "ntlm"):
            raise ConfigurationError(f"the protocol of a Windows login is 'negotiate' or 'ntlm', not {protocol!r}")
        if self._password is not None:
            self._password.check()

    @property
    def password(self) -> Secret | None:
        """The password; a reference is read now. None for the account that this process runs as.

        Raises:
            ConfigurationError: The reference leads nowhere.
        """
        return None if self._password is None else self._password.read()

    def _held(self) -> tuple[HeldSecret, ...]:
        return () if self._password is None else (self._password,)

    def _recipe(self) -> Recipe:
        password = None if self._password is None else self._password.given
        return partial(WindowsCredentials, protocol=self.protocol), (self.username, password)

    def __repr__(self) -> str:
        return (
            f"WindowsCredentials(username={self.username!r}, password={self._password!r}, protocol={self.protocol!r})"
        )


class TicketCredentials(Credentials):
    """A ticket that was obtained elsewhere. It cannot be renewed here: once it is refused, the client is at its end.

    A reference is read again then, since somebody else may have renewed what it leads to.

    Args:
        ticket: The ticket, as in `7T:…`, or a reference to it.

    Raises:
        ConfigurationError: The ticket is empty or no text.
    """

    __slots__ = ("_ticket",)

    def __init__(self, ticket: GivenSecret) -> None:
        self._ticket = HeldSecret(ticket, "the ticket", strip=True)
        del ticket  # as above
        self._ticket.check()

    @property
    def ticket(self) -> Secret:
        """The ticket; a reference is read now.

        Raises:
            ConfigurationError: The reference leads nowhere.
        """
        return self._ticket.read()

    def _held(self) -> tuple[HeldSecret, ...]:
        return (self._ticket,)

    def _recipe(self) -> Recipe:
        return type(self), (self._ticket.given,)

    def __repr__(self) -> str:
        return f"TicketCredentials(ticket={self._ticket!r})"


class AccessToken(Credentials):
    """An access token. REST carries it as it is; SOAP exchanges it for a ticket by `AuthenticateWithAccessToken`.

    Args:
        token: The token, as in `8A:…`, or a reference to it.

    Raises:
        ConfigurationError: The token is empty or no text.
    """

    __slots__ = ("_token",)

    def __init__(self, token: GivenSecret) -> None:
        self._token = HeldSecret(token, "the access token", strip=True)
        del token  # as above
        self._token.check()

    @property
    def token(self) -> Secret:
        """The token; a reference is read now.

        Raises:
            ConfigurationError: The reference leads nowhere.
        """
        return self._token.read()

    def _held(self) -> tuple[HeldSecret, ...]:
        return (self._token,)

    def _recipe(self) -> Recipe:
        return type(self), (self._token.given,)

    def __repr__(self) -> str:
        return f"AccessToken(token={self._token!r})"


class GenericCredentials(Credentials):
    """Keys and values that a plugin of the installation knows how to log in with, by `AuthenticateGeneric`. SOAP only.

    Args:
        data: The values by key, or references to them; all of them are kept out of sight.

    Raises:
        ConfigurationError: There are no values, or one is no text.
    """

    __slots__ = ("_data",)

    def __init__(self, data: Mapping[str, GivenSecret]) -> None:
        self._data = {key: HeldSecret(value, f"the value {key!r}") for key, value in data.items()}
        del data  # as above
        for held in self._data.values():
            held.check()
        if not self._data:
            raise ConfigurationError("there are no values to log in with")

    @property
    def data(self) -> AuthenticationGenericData:
        """The values by key; references are read now.

        Raises:
            ConfigurationError: A reference leads nowhere.
        """
        return AuthenticationGenericData({key: held.read().reveal() for key, held in self._data.items()})

    def _held(self) -> tuple[HeldSecret, ...]:
        return tuple(self._data.values())

    def _recipe(self) -> Recipe:
        return type(self), ({key: held.given for key, held in self._data.items()},)

    def __repr__(self) -> str:
        return f"GenericCredentials(data={self._data!r})"


class CookieSession(Credentials):
    """A session of the REST API that a browser opened.

    Args:
        cookie: The Cookie header, as in `name=value; other=value`, or a reference to it.
        xsrf_token: The token against forged requests that belongs to the session, or a reference to it.

    Raises:
        ConfigurationError: One of them is no text.
    """

    __slots__ = ("_cookie", "_xsrf_token")

    def __init__(self, cookie: GivenSecret, xsrf_token: GivenSecret) -> None:
        self._cookie = HeldSecret(cookie, "the cookie")
        self._xsrf_token = HeldSecret(xsrf_token, "the token against forged requests")
        del cookie, xsrf_token  # as above
        self._cookie.check()
        self._xsrf_token.check()

    @property
    def cookie(self) -> Secret:
        """The Cookie header; a reference is read now.

        Raises:
            ConfigurationError: The reference leads nowhere.
        """
        return self._cookie.read()

    @property
    def xsrf_token(self) -> Secret:
        """The token against forged requests; a reference is read now.

        Raises:
            ConfigurationError: The reference leads nowhere.
        """
        return self._xsrf_token.read()

    def _held(self) -> tuple[HeldSecret, ...]:
        return self._cookie, self._xsrf_token

    def _recipe(self) -> Recipe:
        return type(self), (self._cookie.given, self._xsrf_token.given)

    def __repr__(self) -> str:
        return f"CookieSession(cookie={self._cookie!r}, xsrf_token={self._xsrf_token!r})"
