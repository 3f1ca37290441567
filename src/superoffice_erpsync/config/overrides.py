"""What a program can say beside a profile."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from superoffice_erpsync.auth import Credentials
from superoffice_erpsync.client_settings import ClientSettings


class Overrides(ClientSettings, total=False):
    """Keyword arguments of `ErpSyncClient.from_profile`: those of `soap` or `rest`, each above the profile's own."""

    transport: Literal["soap", "rest"]
    """How to talk to the installation."""
    url: str
    """The address, see `ErpSyncClient.soap` and `ErpSyncClient.rest`."""
    credentials: Credentials | None
    """How to log in; no secret of the profile is read then."""
    services: str | None
    """SOAP only: the version of the services."""
    wsdl: str | Path | None
    """SOAP only: other WSDLs than the bundled ones."""
    soap_url: str | None
    """REST only: where the SOAP services are."""
    include_tz_offset: bool
    """REST only: have times carry their offset."""
    accept_language: str | None
    """REST only: languages that texts are wanted in."""
    language: str | None
    """REST only: the language that texts are wanted in."""
    culture: str | None
    """REST only: the culture of numbers and dates in texts."""
