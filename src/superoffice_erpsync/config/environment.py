"""The settings that variables of the environment make, ERPSYNC_ before their names, as the command takes them too."""

from __future__ import annotations

from pydantic_settings import BaseSettings, SettingsConfigDict


def variable(name: str) -> str:
    """The variable of a setting."""
    return f"ERPSYNC_{name.upper()}"


class _Variables(BaseSettings):
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
