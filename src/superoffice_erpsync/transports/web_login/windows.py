"""A Windows login on HTTP connections: Negotiate or NTLM, token by token. It sends nothing itself."""

from __future__ import annotations

import base64
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from types import ModuleType
from typing import TYPE_CHECKING, Final

from superoffice_erpsync.auth import WindowsCredentials
from superoffice_erpsync.errors import (
    AuthenticationError,
    ConfigurationError,
    ErpSyncError,
    Outcome,
    ProtocolError,
)
from superoffice_erpsync.process import forks
from superoffice_erpsync.redaction import Secret, scrub
from superoffice_erpsync.transports.web_login.challenges import challenges

if TYPE_CHECKING:
    from spnego import ContextProxy

_SCHEMES: Final = {"negotiate": ("negotiate", "ntlm"), "ntlm": ("ntlm",)}
"""The schemes of HTTP by the user's protocol, best first. Negotiate may come down to NTLM by itself as well."""

_MOST_TOKENS: Final = 8
"""Logins take one to three."""


class WindowsLogin:
    """A Windows account's login on all connections of a client.

    As long as none has succeeded, one connection after the other logs in, and once the server has refused the password
    it is not shown again: with one try a thread, an account would be locked before anybody has read the first error.

    Args:
        credentials: The account.
        host: Name of the server, for Kerberos.

    Raises:
        ConfigurationError: pyspnego is not installed.
    """

    def __init__(self, credentials: WindowsCredentials, host: str) -> None:
        self._credentials = credentials
        self._host = host
        self._spnego = _import_spnego()
        self._lock = threading.Lock()
        self._scheme: str | None = None
        self._proven = False
        self._refused: tuple[Secret | None, str] | None = None
        forks.watch(self)

    def __repr__(self) -> str:
        return f"WindowsLogin({self._credentials!r}, host={self._host!r})"

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The texts that must never be shown."""
        return self._credentials.secrets

    def after_fork(self) -> None:
        """Let go of what a thread of the parent may have held."""
        self._lock = threading.Lock()

    @contextmanager
    def attempt(self, seconds: float | None, channel_bindings: bytes | None) -> Iterator[Handshake]:
        """A login on one connection, by one thread.

        Args:
            seconds: How long to wait for another connection's login, None for no limit.
            channel_bindings: Of the connection, where it is secure.

        Raises:
            AuthenticationError: The server has refused this password before, or does so now.
            TimeoutError: Another connection's login takes longer.
        """
        with nullcontext() if self._proven else self._alone(seconds):
            password = self._credentials.password
            if self._refused is not None and self._refused[0] == password:
                known = AuthenticationError(
                    self._refused[1],
                    outcome=Outcome.NOT_SENT,
                    status=401,
                    hint="it is not tried again with the same password, since accounts lock; correct it, and make a "
                    "new client if it was given as text",
                )
                known.web_login = True
                raise known
            handshake = Handshake(self, password, channel_bindings)
            try:
                yield handshake
            except AuthenticationError as error:
                error.web_login = True
                if handshake.has_shown:
                    self._proven, self._refused = False, (password, error.message)
                raise

    @contextmanager
    def _alone(self, seconds: float | None) -> Iterator[None]:
        if not self._lock.acquire(timeout=-1 if seconds is None else max(seconds, 0)):
            raise TimeoutError("another connection's login takes too long")
        try:
            yield
        finally:
            self._lock.release()

    @property
    def account(self) -> str:
        """Whose login it is, in words."""
        name = self._credentials.username
        return "this process's account" if name is None else repr(name)

    def scheme_among(self, offered: Sequence[str]) -> str:
        """The best of the schemes that the server offers.

        Raises:
            ConfigurationError: It offers none that these credentials are for.
        """
        known = {scheme.lower(): scheme for scheme in offered}
        for scheme in _SCHEMES[self._credentials.protocol]:
            if scheme in known:
                return known[scheme]
        ways = ", ".join(dict.fromkeys(offered)) or "nothing"
        hint = "have Windows authentication switched on for the folder of the services"
        if "negotiate" in known:
            hint = "leave out protocol='ntlm'"
        elif "basic" in known:
            hint += ", or log in with HttpBasic"
        raise ConfigurationError(
            f"the server offers no Windows login that can be used here; it offers {ways}",
            outcome=Outcome.REJECTED,
            status=401,
            hint=hint,
        )

    @property
    def known_scheme(self) -> str | None:
        """The scheme that another connection has logged in with, None for none so far."""
        return self._scheme

    def has_succeeded(self, scheme: str) -> None:
        """Note that the server has accepted the account: from now on connections log in side by side."""
        self._scheme, self._proven = scheme, True

    def context(self, scheme: str, password: Secret | None, channel_bindings: bytes | None) -> ContextProxy:
        """What makes the tokens of one login.

        Raises:
            ConfigurationError: There is no account to log in with.
        """
        from spnego.channel_bindings import GssChannelBindings  # noqa: PLC0415 - an extra, loaded when used
        from spnego.exceptions import SpnegoError  # noqa: PLC0415

        # Not as plain texts: a password that looks like a pair of hashes would be taken for one.
        account = None if password is None else self._spnego.Password(self._credentials.username, password.reveal())
        bindings = None if channel_bindings is None else GssChannelBindings(application_data=channel_bindings)
        try:
            context: ContextProxy = self._spnego.client(
                account, hostname=self._host, service="HTTP", channel_bindings=bindings, protocol=scheme.lower()
            )
        except (SpnegoError, ImportError) as problem:
            raise self.no_account(problem) from None
        return context

    def no_account(self, problem: Exception) -> ConfigurationError:
        """The error for a login that fails on this side, before the server has seen anything of it."""
        why = scrub(str(problem), self.secrets)
        if self._credentials.username is not None:
            return ConfigurationError(f"the Windows login of {self.account} cannot begin: {why}")
        return ConfigurationError(
            f"this process has no account that the server could know: {why}",
            hint="give username and password; without them a login needs Windows, or a Kerberos ticket and "
            "python-gssapi elsewhere",
        )


class Handshake:
    """One login on one connection. Ask `begin` for the first header Authorization and `go_on` after each 401."""

    def __init__(self, login: WindowsLogin, password: Secret | None, channel_bindings: bytes | None) -> None:
        self._login = login
        self._password = password
        self._channel_bindings = channel_bindings
        self._scheme = ""
        self._context: ContextProxy | None = None
        self._tokens = 0

    @property
    def has_begun(self) -> bool:
        """Whether a token was made, so that the login belongs to the connection it was sent on."""
        return self._tokens > 0

    @property
    def has_shown(self) -> bool:
        """Whether a token was made that the server can judge the password by."""
        return self._tokens > 1

    def begin(self) -> str | None:
        """The header Authorization for a connection on which nothing was sent; None as long as nothing is known."""
        scheme = self._login.known_scheme
        return None if scheme is None else self._first(scheme)

    def go_on(self, www_authenticate: Sequence[str]) -> str:
        """The header Authorization that answers a 401.

        Args:
            www_authenticate: The 401's headers of that name.

        Raises:
            AuthenticationError: The login was refused.
            ConfigurationError: The server offers nothing that can be used, or there is no account to log in with.
            ProtocolError: What the server says is no part of a login.
        """
        offered = challenges(www_authenticate)
        scheme = self._login.scheme_among([one.scheme for one in offered])
        if self._context is None:
            return self._first(scheme)
        token = next((one.token for one in offered if one.scheme.lower() == self._scheme.lower()), "")
        if not token or self._context.complete or self._tokens >= _MOST_TOKENS:
            raise self._refusal()
        try:
            answer = self._made(base64.b64decode(token, validate=True))
        except ErpSyncError:
            raise
        except Exception:
            # What comes from the network may be anything, and what reads it was not made for that.
            raise ProtocolError(
                "the server's part of the Windows login cannot be understood", outcome=Outcome.REJECTED, status=401
            ) from None
        if answer is None:
            raise self._refusal()
        return answer

    def has_succeeded(self) -> None:
        """Tell that the server has let the connection in."""
        if self.has_begun:
            self._login.has_succeeded(self._scheme)

    def _first(self, scheme: str) -> str:
        self._scheme = scheme
        self._context = self._login.context(scheme, self._password, self._channel_bindings)
        token = self._made(None)
        assert token is not None, "every mechanism begins with a token of the client's"
        return token

    def _made(self, token: bytes | None) -> str | None:
        from spnego.exceptions import SpnegoError  # noqa: PLC0415 - an extra, loaded when used

        assert self._context is not None
        try:
            made = self._context.step(token)
        except SpnegoError as problem:
            raise (self._login.no_account(problem) if token is None else self._refusal(problem)) from None
        if not made:
            return None
        self._tokens += 1
        return f"{self._scheme} {base64.b64encode(made).decode('ascii')}"

    def _refusal(self, problem: Exception | None = None) -> AuthenticationError:
        why = "" if problem is None else f": {scrub(str(problem), self._login.secrets)}"
        if not self.has_shown:
            return AuthenticationError(
                f"the server does not go on with the Windows login of {self._login.account}{why}",
                status=401,
                hint="something between may spread one connection's requests over several servers",
            )
        return AuthenticationError(
            f"the server refuses the Windows login of {self._login.account}{why}",
            status=401,
            hint="check the name with its domain and the password, and that the account may use the folder",
        )


def _import_spnego() -> ModuleType:
    try:
        import spnego  # noqa: PLC0415 - an extra, loaded when used
    except ImportError:
        raise ConfigurationError(
            "a Windows login needs the package pyspnego, which is not installed",
            hint="pip install 'superoffice-erpsync[windows]'",
        ) from None
    log = logging.getLogger("spnego")
    if log.level == logging.NOTSET:
        # At DEBUG it writes the tokens, which are enough to guess a password by.
        log.setLevel(logging.INFO)
    return spnego
