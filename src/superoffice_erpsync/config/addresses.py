"""Addresses as settings have them: which host is meant, and whether a password stands in them."""

from __future__ import annotations

from urllib.parse import urlsplit

from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.redaction import MASK


def host_of(address: str) -> str:
    """Scheme, host and port, without a user that may stand before them.

    Raises:
        ConfigurationError: It is no address.
    """
    try:
        parts = urlsplit(address)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        # The address itself may hold a password.
        raise ConfigurationError("the address is no http or https URL") from None
    return f"{parts.scheme}://{parts.hostname}:{port}"


def without_password(address: str) -> str:
    """The address, with what may be a password in it masked. It need not be one that can be used."""
    scheme, mark, rest = address.rpartition("://")
    login, at, host = rest.rpartition("@")
    user, colon, _ = login.partition(":")
    return f"{scheme}{mark}{user}{colon}{MASK}{at}{host}" if colon else address
