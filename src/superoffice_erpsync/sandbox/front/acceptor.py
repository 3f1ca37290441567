"""The server's side of Windows logins: Negotiate and NTLM, by pyspnego in a process of its own."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from superoffice_erpsync.sandbox.errors import SandboxError

_PROGRAM = Path(__file__).with_name("acceptor_process.py")
_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Judged:
    """What a step of a login led to."""

    token: str | None
    """For the client, in base64."""
    account: str | None
    """Whose login has succeeded; None as long as none has."""
    refused: bool
    """The login has failed."""


class Acceptor:
    """Judges logins; the process begins with the first one.

    Args:
        accounts: Passwords by account, which is `DOMAIN\\name`, `name` or `name@example.com`.
        channel_bindings: What logins must be tied to, None for nothing.

    Raises:
        ValueError: An account or a password has in it what pyspnego's file cannot hold.
    """

    def __init__(self, accounts: Mapping[str, str], channel_bindings: bytes | None = None) -> None:
        self._first = {
            "accounts": [_line(account, password) for account, password in accounts.items()],
            "bindings": None if channel_bindings is None else b64encode(channel_bindings).decode("ascii"),
        }
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def step(self, login: str, scheme: str, token: str) -> Judged:
        """Take one token from a client.

        Args:
            login: Name of the login, the same for all of its steps.
            scheme: `negotiate` or `ntlm`.
            token: In base64.

        Raises:
            SandboxError: The process has ended.
        """
        with self._lock:
            process = self._process or self._started()
            try:
                answer = _asked(process, {"login": login, "scheme": scheme, "token": token})
            except (OSError, ValueError):
                self._end()
                raise SandboxError("The process that judges Windows logins has ended.") from None
        return Judged(answer["token"], answer["account"], answer["problem"] is not None)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _started(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603 - this interpreter and a file of this package
            [sys.executable, "-P", str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._process = process
        assert process.stdin is not None
        process.stdin.write(json.dumps(self._first) + "\n")
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.communicate(timeout=_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def check_installed() -> None:
    """Look for pyspnego.

    Raises:
        SandboxError: It is not installed.
    """
    if importlib.util.find_spec("spnego") is None:
        raise SandboxError(
            'Windows users need the package pyspnego: pip install "superoffice-erpsync[sandbox,windows]"'
        )


def _asked(process: subprocess.Popen[str], question: dict[str, Any]) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(question) + "\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


def _line(account: str, password: str) -> str:
    domain, _, name = account.rpartition("\\")
    for part in (domain, name, password):
        if ":" in part or len(part.splitlines()) > 1:
            raise ValueError(f"the account {account!r} or its password has a colon or a line break in it")
    if not name:
        raise ValueError(f"the account {account!r} has no name")
    return f"{domain}:{name}:{password}"
