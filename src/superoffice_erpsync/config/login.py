"""How a profile logs in."""

from __future__ import annotations

from superoffice_erpsync.auth import (
    AccessToken,
    Credentials,
    SecretReference,
    TicketCredentials,
    UsernamePassword,
    WindowsCredentials,
)
from superoffice_erpsync.config.addresses import host_of
from superoffice_erpsync.config.kept_secrets import ACCESS_TOKEN, APPLICATION_TOKEN, PASSWORD, TICKET, KeptSecret
from superoffice_erpsync.config.profile import Profile
from superoffice_erpsync.errors import ConfigurationError


def login_of_profile(
    profile: Profile, username: str | None, addresses: tuple[str | None, ...]
) -> tuple[str, SecretReference] | None:
    """Which secret a profile logs in with, and where it is kept; None where it keeps none for this user.

    Args:
        profile: The profile.
        username: Who logs in, the profile's user or another.
        addresses: Where the secret will go, that of the calls first.

    Raises:
        ConfigurationError: It would go where the profile does not send it.
    """
    kept = profile.login
    if kept is None:
        return None
    others = username != profile.settings.get("username")
    if kept.secret == PASSWORD and others and kept.kind != "keyring":
        return None
    return kept.secret, _reference(profile, kept, username, addresses)


def application_token_of_profile(profile: Profile, addresses: tuple[str | None, ...]) -> SecretReference | None:
    """Where a profile keeps the application token, None for nowhere. See `login_of_profile`."""
    kept = profile.secrets.get(APPLICATION_TOKEN)
    return None if kept is None else _reference(profile, kept, None, addresses)


def credentials_of(
    secret: str, reference: SecretReference, username: str | None, *, windows_login: bool
) -> Credentials:
    """Credentials of a secret that is kept somewhere.

    Raises:
        ConfigurationError: A password has no user.
    """
    if secret == TICKET:
        return TicketCredentials(reference)
    if secret == ACCESS_TOKEN:
        return AccessToken(reference)
    if not username:
        raise ConfigurationError(
            "there is a password, but no user to log in as", hint="add username to the profile, or set ERPSYNC_USERNAME"
        )
    return WindowsCredentials(username, reference) if windows_login else UsernamePassword(username, reference)


def _reference(
    profile: Profile, kept: KeptSecret, username: str | None, addresses: tuple[str | None, ...]
) -> SecretReference:
    own = {host_of(address) for key in ("url", "soap_url") if (address := profile.settings.get(key))}
    if own and kept.kind == "keyring" and addresses[0]:
        # Stored for this very address, or not there.
        own.add(host_of(addresses[0]))
    for address in addresses:
        if address and own and host_of(address) not in own:
            raise ConfigurationError(
                f"{kept.key} ({profile.where(kept.key)}) is for {' and '.join(sorted(own))}, "
                f"and not for {host_of(address)}, which --url, ERPSYNC_URL or their like name",
                hint="make a profile for that address, or use none: --profile ''",
            )
    return kept.reference(username, addresses[0] or "")
