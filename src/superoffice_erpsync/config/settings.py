"""The settings of a profile and their types, as pydantic checks them: strictly, since TOML knows types.

Each description says what is wanted, for the error's text; pydantic's own would quote what was given.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from superoffice_erpsync.config.keywords import A_WAIT
from superoffice_erpsync.options import LONGEST_WAIT


def _small(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _text(wanted: str) -> Any:
    return Field(default=None, min_length=1, description=f"{wanted} in quotes")


def _seconds() -> Any:
    return Field(default=None, gt=0, le=LONGEST_WAIT, allow_inf_nan=False, description=A_WAIT)


def _switch() -> Any:
    return Field(default=None, description="true or false")


class Checked(BaseModel):
    """What all tables have in common."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)


class Settings(Checked):
    """What a profile or the environment says beside secrets and repeating; None for what neither does."""

    url: str | None = _text("an address")
    transport: Annotated[Literal["soap", "rest"] | None, BeforeValidator(_small)] = Field(
        default=None, description='"soap" or "rest"'
    )
    services: str | None = _text("a name as Services88")
    soap_url: str | None = _text("an address")
    wsdl: str | None = _text("a path, or live,")
    username: str | None = _text("a name")
    windows_login: bool | None = _switch()
    time_zone: int | str | None = Field(default=None, description="a number, or a code in quotes")
    language: str | None = _text("a language")
    culture: str | None = _text("a culture")
    timeout: float | None = _seconds()
    deadline: float | None = _seconds()
    ca_bundle: str | None = _text("a path")
    client_certificate: str | None = _text("a path")
    client_certificate_key: str | None = _text("a path")
    proxy: str | None = _text("an address")
    trust_environment: bool | None = _switch()
    allow_insecure: bool | None = _switch()
    ticket_cache: bool | None = _switch()


class ProfileSettings(Settings):
    """What a profile says, with what only a profile can."""

    connections: list[Annotated[int, Field(ge=1)]] | None = Field(
        default=None, min_length=1, description="a list of numbers from 1, as in [1, 2]"
    )
    """Ids of the connections, for services that cannot list them."""
    log_file: str | None = _text("a path")
    log_format: Annotated[Literal["text", "json"] | None, BeforeValidator(_small)] = Field(
        default=None, description='"text" or "json"'
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"] | None, BeforeValidator(_small)] = Field(
        default=None, description='"debug", "info", "warning" or "error"'
    )
    """What the command logs, see its options of these names."""


class RetryTable(Checked):
    """How calls are repeated, see `Retry`."""

    attempts: int | None = Field(default=None, ge=1, description="a whole number from 1")
    wait: float | None = Field(default=None, ge=0, allow_inf_nan=False, description="a number of seconds")
    longest_wait: float | None = Field(default=None, ge=0, allow_inf_nan=False, description="a number of seconds")
    budget: int | None = Field(default=None, ge=0, description="a whole number from 0")


class SecretKeys(Checked):
    """Where a secret is kept: the keys of a profile that begin with the secret's name."""

    env: str | None = _text("the name of a variable")
    file: str | None = _text("a path")
    command: list[str] | None = Field(
        default=None,
        min_length=1,
        description='a list of texts, as in ["pass", "show", "crm"]; no shell takes it apart',
    )
    keyring: bool | None = _switch()
