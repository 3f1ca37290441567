"""The settings that variables of the environment make, ERPSYNC_ before their names, as the command takes them too."""

from __future__ import annotations

import os
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from superoffice_erpsync.auth import EnvironmentSecret, FileSecret, SecretReference
from superoffice_erpsync.config.kept_secrets import APPLICATION_TOKEN, LOGINS
from superoffice_erpsync.config.settings import Settings
from superoffice_erpsync.errors import ConfigurationError


def variable(name: str) -> str:
    """The variable of a setting."""
    return f"ERPSYNC_{name.upper()}"


class _Variables(BaseSettings, Settings):
    # Names are matched as the command matches them, and an empty variable counts as none.
    model_config = SettingsConfigDict(
        strict=False,
        extra="ignore",
        case_sensitive=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,
        alias_generator=variable,
    )

    no_retry: bool | None = None


def settings_of_environment() -> dict[str, Any]:
    """What the variables say, by the profile's names.

    Raises:
        ConfigurationError: A variable holds nothing of its kind.
    """
    wrong = None
    try:
        return _said(_Variables().model_dump(exclude_unset=True))
    except ValidationError as problem:
        wrong = str(problem.errors(include_url=False, include_input=False, include_context=False)[0]["loc"][0])
    field = _Variables.model_fields[wrong.removeprefix("ERPSYNC_").lower()]
    raise ConfigurationError(f"{wrong} must be {field.description or 'true or false'}".replace(" in quotes", ""))


def login_of_environment() -> tuple[str, SecretReference] | None:
    """Which secret the variables log in with, and where it is; None for none.

    Raises:
        ConfigurationError: There is more than one.
    """
    given = [(name, found) for name in LOGINS for found in _set(name)]
    if len(given) > 1:
        both = " and ".join(found for _, found in given)
        raise ConfigurationError(f"more than one way to log in: {both}", hint="keep one of them")
    return (given[0][0], _reference(given[0][1])) if given else None


def application_token_of_environment() -> SecretReference | None:
    """Where the variables keep the application token; None for nowhere.

    Raises:
        ConfigurationError: They do twice.
    """
    given = _set(APPLICATION_TOKEN)
    if len(given) > 1:
        raise ConfigurationError(f"both {' and '.join(given)} are set", hint="keep one of them")
    return _reference(given[0]) if given else None


def _said(found: dict[str, Any]) -> dict[str, Any]:
    if found.pop("no_retry", False):
        found["retry"] = None
    return found


def _set(name: str) -> list[str]:
    return [one for one in (variable(name), f"{variable(name)}_FILE") if os.environ.get(one)]


def _reference(found: str) -> SecretReference:
    # Whoever hands the file over sets the variable too, and the permissions: systemd's and Docker's let a group read.
    return FileSecret(os.environ[found], private=False) if found.endswith("_FILE") else EnvironmentSecret(found)
