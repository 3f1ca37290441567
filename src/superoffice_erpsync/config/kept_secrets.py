"""Where a profile's secrets are kept: never in the file itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from superoffice_erpsync.auth import CommandSecret, EnvironmentSecret, FileSecret, KeyringSecret, SecretReference

PASSWORD = "password"  # noqa: S105 - names of keys, as the next ones
TICKET = "ticket"
ACCESS_TOKEN = "access_token"  # noqa: S105
APPLICATION_TOKEN = "application_token"  # noqa: S105

LOGINS = (PASSWORD, TICKET, ACCESS_TOKEN)
"""Secrets that log in; a profile has one of them at most."""
SECRETS = (*LOGINS, APPLICATION_TOKEN)
KINDS = ("env", "file", "command", "keyring")

SECRET_KEYS = tuple(f"{secret}_{kind}" for secret in SECRETS for kind in KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSecret:
    """One key of a profile that says where a secret is.

    Attributes:
        profile: The profile's name.
        secret: Which secret.
        kind: How it is kept.
        value: Where: a variable's name, an absolute path, a command, True for the keyring.
    """

    profile: str
    secret: str
    kind: str
    value: Any

    @property
    def key(self) -> str:
        """The key in the profile."""
        return f"{self.secret}_{self.kind}"

    @property
    def shown(self) -> str:
        """The place in words."""
        match self.kind:
            case "env":
                return f"variable {self.value}"
            case "file":
                return f"file {self.value}"
            case "command":
                return f"command {Path(self.value[0]).name}"
        return "keyring"

    def reference(self, username: str | None, address: str) -> SecretReference:
        """The place as a reference that is read when a login needs it.

        Args:
            username: Who logs in.
            address: Where: what is in the keyring for one address is for no other.
        """
        match self.kind:
            case "env":
                return EnvironmentSecret(self.value)
            case "file":
                return FileSecret(self.value)
            case "command":
                return CommandSecret(self.value)
        return self.keyring_entry(username, address)

    def keyring_entry(self, username: str | None, address: str) -> KeyringSecret:
        """The entry in the keyring."""
        service = f"erpsync:{self.profile}:{self.secret}:{address.rstrip('/')}"
        whose = username if self.secret == PASSWORD and username else self.secret
        make = f"erpsync login --profile {self.profile}" if self.secret in LOGINS else None
        return KeyringSecret(service, whose, make)
