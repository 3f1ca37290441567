"""A profile: the settings of one installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from superoffice_erpsync.config.document import Document
    from superoffice_erpsync.config.kept_secrets import KeptSecret


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The settings of one installation, see `read_profile`.

    Attributes:
        name: Its name.
        document: The file that it stands in.
        settings: What it says, by key; paths are absolute, `retry` is a `Retry` or None for no repeats.
        secrets: Where its secrets are kept, by `password`, `ticket`, `access_token` and `application_token`.
        login: The one of these that it logs in with, None for none.
    """

    name: str
    document: Document
    settings: Mapping[str, Any]
    secrets: Mapping[str, KeptSecret]
    login: KeptSecret | None

    def where(self, key: str) -> str:
        """File and line of a key."""
        return self.document.where("profiles", self.name, key)
