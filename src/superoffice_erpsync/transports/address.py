"""A web address as users write it, checked: what both kinds of services have in common."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from superoffice_erpsync.errors import ConfigurationError


def web_address(url: str, *, example: str) -> tuple[str, str]:
    """Take a web address apart.

    Args:
        url: The address.
        example: A good one, for errors.

    Returns:
        Scheme, host and path, without a slash at the end; and the query, without the question mark.

    Raises:
        ConfigurationError: It is no http or https URL, or has a login or a fragment in it.
    """
    hint = f"as in {example}"
    text = url.strip()
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        # The exception's own text can quote a login that stands in the address.
        raise ConfigurationError("the address is no URL: its host or port cannot be read", hint=hint) from None
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError("the address has a login in it, which would show in logs", hint=hint)
    if parts.scheme.lower() not in ("http", "https") or not host:
        shown = "the address" if "@" in text else f"the address {text!r}"
        raise ConfigurationError(f"{shown} is no http or https URL", hint=hint)
    if parts.fragment:
        raise ConfigurationError("the address has a fragment", hint=hint)
    return urlunsplit((parts.scheme.lower(), parts.netloc, parts.path.rstrip("/"), "", "")), parts.query
