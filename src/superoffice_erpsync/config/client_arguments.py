"""What a profile says, as the arguments of a client."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from superoffice_erpsync.auth import Credentials, WindowsCredentials
from superoffice_erpsync.config.choosing import chosen_profile
from superoffice_erpsync.config.environment import (
    application_token_of_environment,
    login_of_environment,
    settings_of_environment,
    variable,
)
from superoffice_erpsync.config.keywords import ONLY_REST, ONLY_SOAP, keywords_of
from superoffice_erpsync.config.locating import NAME, looked_in
from superoffice_erpsync.config.login import application_token_of_profile, credentials_of, login_of_profile
from superoffice_erpsync.config.profile import Profile
from superoffice_erpsync.errors import ConfigurationError


def client_arguments(
    name: str | None, config: str | os.PathLike[str] | None, overrides: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """The transport, `soap` or `rest`, and the arguments of a client of that kind.

    Args:
        name: The profile; None for ERPSYNC_PROFILE, else the file's default.
        config: The file; None for ERPSYNC_CONFIG, else where it is looked for.
        overrides: Arguments of the program's own.

    Raises:
        ConfigurationError: There is no such profile, or something in it cannot work.
    """
    profile = _profile(name, config)
    said = {**profile.settings, **settings_of_environment()}
    arguments = dict(overrides)
    transport = arguments.pop("transport", None) or said.pop("transport", "soap")
    said.pop("transport", None)
    if transport not in ("soap", "rest"):
        raise ConfigurationError(f'the transport is "soap" or "rest", not {transport!r}')
    said |= {key: arguments.pop(key) for key in ("url", "soap_url") if key in arguments}
    if not said.get("url"):
        raise ConfigurationError(
            f"profile {profile.name} in {profile.document.path} has no address", hint='add url = "https://…" to it'
        )
    addresses = (said["url"], said.get("soap_url"))
    for key in ONLY_SOAP if transport == "rest" else ONLY_REST:
        if said.get(key) and key not in overrides:
            raise ConfigurationError(f"{_named(profile, key)} means nothing with the transport {transport}")
    made = {key: said[key] for key in ("url", *ONLY_SOAP, *ONLY_REST) if said.get(key) is not None}
    made |= keywords_of(said)
    if "credentials" not in arguments:
        made["credentials"] = _credentials(profile, said, addresses)
    if "application_token" not in arguments:
        made["application_token"] = application_token_of_environment() or application_token_of_profile(
            profile, addresses
        )
    return transport, {**made, **arguments}


def _profile(name: str | None, config: str | os.PathLike[str] | None) -> Profile:
    # Read here, when a program asks for a profile, and not before.
    name = name or os.environ.get(variable("profile")) or None
    profile = chosen_profile(name, config or os.environ.get(variable("config")) or None)
    if profile is None:
        raise ConfigurationError(
            f"no profile is named, and no {NAME} with a default_profile is there: looked for {looked_in()}",
            hint="name a profile of one of them, or the file with config= or ERPSYNC_CONFIG",
        )
    return profile


def _named(profile: Profile, key: str) -> str:
    if os.environ.get(variable(key)):
        return variable(key)
    return f"{key} ({profile.where(key)})"


def _credentials(profile: Profile, said: Mapping[str, Any], addresses: tuple[str | None, ...]) -> Credentials | None:
    username, windows_login = said.get("username"), said.get("windows_login", False)
    found = login_of_environment() or login_of_profile(profile, username, addresses)
    if found is not None:
        return credentials_of(*found, username, windows_login=windows_login)
    if windows_login and not username:
        return WindowsCredentials()
    if username:
        raise ConfigurationError(
            f"profile {profile.name} in {profile.document.path} keeps no password for {username}",
            hint="say where it is kept: password_keyring = true, password_env, password_file or password_command",
        )
    return None
