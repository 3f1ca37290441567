"""The global options with what a profile of `erpsync.toml` adds to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from superoffice_erpsync.cli.options import GlobalOptions, LogFormat, LogLevel, TransportName
from superoffice_erpsync.config.choosing import chosen_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from superoffice_erpsync.retry import Retry

_CONVERTED: dict[str, Callable[[Any], Any]] = {
    "transport": TransportName,
    "time_zone": str,
    "ca_bundle": Path,
    "client_certificate": Path,
    "log_file": Path,
    "log_format": LogFormat,
    "log_level": LogLevel,
}
"""Settings that an option has in another type."""


def with_profile(options: GlobalOptions) -> GlobalOptions:
    """The options, and from the profile what neither the command line nor the environment says.

    Raises:
        ConfigurationError: There is no such profile, or something in it cannot work.
    """
    if options.chosen is not None or options.profile == "":
        return options
    profile = chosen_profile(options.profile, options.config)
    if profile is None:
        return options
    known = {
        name: _CONVERTED.get(name, _as_it_is)(value)
        for name, value in profile.settings.items()
        if hasattr(options, name) and not options.is_said(name)
    }
    if profile.settings.get("retry", True) is None and not options.is_said("no_retry"):
        known["no_retry"] = True
    return replace(options, chosen=profile, **known)


def retry_of_profile(options: GlobalOptions) -> Retry | None:
    """How the profile has calls repeated, None where it does not say."""
    return None if options.chosen is None else options.chosen.settings.get("retry")


def client_certificate_key(options: GlobalOptions) -> Path | None:
    """The key's file, where the profile has it and the certificate is the profile's."""
    if options.chosen is None or options.is_said("client_certificate"):
        return None
    key = options.chosen.settings.get("client_certificate_key")
    return None if key is None else Path(key)


def _as_it_is(value: Any) -> Any:
    return value
