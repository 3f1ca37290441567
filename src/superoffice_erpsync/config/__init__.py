"""Profiles: installations by name, in a file `erpsync.toml`. pydantic loads with the first profile that is used."""

from typing import TYPE_CHECKING

from superoffice_erpsync.on_use import loaded_on_use

if TYPE_CHECKING:
    from superoffice_erpsync.config.overrides import Overrides

__all__ = ["Overrides"]

if not TYPE_CHECKING:
    __getattr__ = loaded_on_use(__name__, {"overrides": ("Overrides",)})
