"""Entries in the keyring of the operating system, written and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from superoffice_erpsync.errors import ConfigurationError

if TYPE_CHECKING:
    from superoffice_erpsync.auth.references import KeyringSecret
    from superoffice_erpsync.redaction import Secret

_MISSING = 'pip install "superoffice-erpsync[keyring]"'
_OTHERWISE = "unlock or install a keyring, or use password_file or password_command instead"


def store(entry: KeyringSecret, secret: Secret) -> None:
    """Put a secret into an entry, in place of what was there.

    Raises:
        ConfigurationError: There is no keyring, or it refuses.
    """
    failure = None
    try:
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(entry.service, entry.username, secret.reveal())
        except KeyringError as problem:
            failure = type(problem).__name__
    except ModuleNotFoundError as missing:
        raise ConfigurationError(f"the keyring needs the package {missing.name}", hint=_MISSING) from None
    if failure is not None:
        # Raised out here, since a backend's error may have the secret in it.
        raise ConfigurationError(f"the keyring does not take it: {failure}", hint=_OTHERWISE)


def remove(entry: KeyringSecret) -> bool:
    """Remove an entry. Returns whether there was one.

    Raises:
        ConfigurationError: There is no keyring, or it refuses.
    """
    try:
        import keyring
        from keyring.errors import KeyringError
    except ModuleNotFoundError as missing:
        raise ConfigurationError(f"the keyring needs the package {missing.name}", hint=_MISSING) from None
    try:
        if keyring.get_password(entry.service, entry.username) is None:
            return False
        keyring.delete_password(entry.service, entry.username)
    except KeyringError as problem:
        failure = type(problem).__name__
    else:
        return True
    raise ConfigurationError(f"the keyring does not remove it: {failure}", hint=_OTHERWISE)
