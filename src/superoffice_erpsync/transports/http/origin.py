"""Where a client's requests may go: one origin, and over an encrypted connection unless the user allows another."""

from __future__ import annotations

import ipaddress
import logging
from urllib.parse import urlsplit

from superoffice_erpsync.errors import ConfigurationError

_log = logging.getLogger("superoffice_erpsync.http")


def origin_of(address: str) -> str:
    """Scheme, host and port of an address, as it writes them."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def is_loopback(host: str) -> bool:
    """Whether a host stands for this machine and nothing else."""
    if host.lower() in ("localhost", "localhost."):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_secure(address: str, *, verify: bool, allowed: bool) -> None:
    """Refuse a way on which others could read along, unless the user allows it; then the log says so.

    Args:
        address: Where requests go.
        verify: Whether the server's certificate is checked.
        allowed: Whether the user allows it.

    Raises:
        ConfigurationError: Plain http to another machine, or certificates left unchecked.
    """
    parts = urlsplit(address)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        what = f"plain http to {parts.hostname} shows passwords and tickets to everyone on the way"
        hint = "use https, or allow_insecure=True (--allow-insecure) where the network can be trusted"
    elif parts.scheme == "https" and not verify:
        what = f"with verify=False anyone on the way can answer as {parts.hostname} and read the password"
        hint = "name the authority with verify=PATH (--ca-bundle), or add allow_insecure=True"
    else:
        return
    if not allowed:
        raise ConfigurationError(what, hint=hint)
    _log.warning("%s: %s; allow_insecure says so", origin_of(address), what)
