"""Who is let in, and what the others are told."""

from __future__ import annotations

import base64
import secrets
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from superoffice_erpsync.sandbox.front.acceptor import Acceptor, check_installed

if TYPE_CHECKING:
    from superoffice_erpsync.sandbox.front.connection import Connection

WINDOWS_SCHEMES: Final = ("Negotiate", "NTLM")

_KEPT_LOGINS: Final = 10_000


@dataclass(frozen=True, slots=True)
class WebLogin:
    """A login that the web server has judged."""

    scheme: str
    """`Negotiate`, `NTLM` or `Basic`."""
    account: str | None
    """Who was let in, None for nobody."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request is let in."""

    admitted: bool
    account: str | None = None
    """Who sends it."""
    challenges: tuple[str, ...] = field(default=(), repr=False)
    """Values of WWW-Authenticate for its answer, let in or not."""


class FrontDoor:
    """Judges requests.

    Args:
        windows_users: Passwords by Windows account; empty for no Windows login.
        windows_schemes: How a Windows account may log in.
        basic_users: Passwords by name; empty for no Basic.

    Raises:
        SandboxError: There are Windows accounts, and pyspnego is not installed.
        ValueError: An account cannot be served, or a scheme is none.
    """

    def __init__(
        self,
        windows_users: Mapping[str, str],
        windows_schemes: Sequence[str],
        basic_users: Mapping[str, str],
    ) -> None:
        unknown = [scheme for scheme in windows_schemes if scheme not in WINDOWS_SCHEMES]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no way of a Windows login; there are {', '.join(WINDOWS_SCHEMES)}")
        self._acceptor: Acceptor | None = None
        self._schemes: dict[str, str] = {}
        if windows_users:
            check_installed()
            self._acceptor = Acceptor(windows_users)
            self._schemes = {scheme.lower(): scheme for scheme in windows_schemes}
        self._basic_users = dict(basic_users)
        self._offers = (*self._schemes.values(), *(('Basic realm="Sandbox", charset="UTF-8"',) if basic_users else ()))
        self._lock = threading.Lock()
        self._logins: deque[WebLogin] = deque(maxlen=_KEPT_LOGINS)

    @property
    def is_open(self) -> bool:
        """Whether everybody is let in."""
        return not self._offers

    @property
    def logins(self) -> list[WebLogin]:
        """The logins judged so far, the latest last."""
        with self._lock:
            return list(self._logins)

    def judge(self, authorization: str | None, connection: Connection) -> Verdict:
        """Judge one request.

        Args:
            authorization: Its header of that name.
            connection: What it came on, which a Windows login is for.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() in self._schemes:
            return self._windows(self._schemes[scheme.lower()], token.strip(), connection)
        if scheme.lower() == "basic" and self._basic_users:
            return self._basic(token.strip())
        if connection.account is not None:
            return Verdict(True, connection.account)
        return Verdict(False, challenges=self._offers)

    def close(self) -> None:
        """End what runs beside."""
        if self._acceptor is not None:
            self._acceptor.close()

    def _windows(self, scheme: str, token: str, connection: Connection) -> Verdict:
        assert self._acceptor is not None
        connection.account = None
        judged = self._acceptor.step(connection.login, scheme.lower(), token)
        if judged.refused or judged.account is not None:
            self._note(WebLogin(scheme, judged.account))
        if judged.refused:
            return Verdict(False, challenges=self._offers)
        challenges = () if judged.token is None else (f"{scheme} {judged.token}",)
        connection.account = judged.account
        return Verdict(judged.account is not None, judged.account, challenges)

    def _basic(self, token: str) -> Verdict:
        try:
            name, _, password = base64.b64decode(token, validate=True).decode("utf-8").partition(":")
        except ValueError:
            name = password = ""
        known = self._basic_users.get(name)
        if known is None or not secrets.compare_digest(known.encode(), password.encode()):
            self._note(WebLogin("Basic", None))
            return Verdict(False, challenges=self._offers)
        self._note(WebLogin("Basic", name))
        return Verdict(True, name)

    def _note(self, login: WebLogin) -> None:
        with self._lock:
            self._logins.append(login)
