"""Which proxy the user's choice, or where they say so the environment's, names for an address."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.redaction import Secret


def proxy_for(origin: str, proxies: Mapping[str, str] | None, *, trust_environment: bool) -> str | None:
    """Address of the proxy to go through, None for none.

    Args:
        origin: Scheme, host and port of what is to be reached.
        proxies: Proxy addresses by `http`, `https` or `all`; these count before the environment's.
        trust_environment: Whether HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY count.

    Raises:
        ConfigurationError: It is no address of a proxy.
    """
    parts = urlsplit(origin)
    proxy = _chosen(parts.scheme, proxies or {})
    if proxy is None and trust_environment and not proxy_bypass_environment(parts.netloc):
        proxy = _chosen(parts.scheme, getproxies_environment())
    if proxy is None:
        return None
    proxy = with_scheme(proxy)
    try:
        address = urlsplit(proxy)
        usable = address.scheme in ("http", "https") and address.hostname and (address.port or True)
    except ValueError:
        usable = False
    if not usable:
        # The address itself may hold a password.
        raise ConfigurationError(
            "the proxy's address is no http or https URL", hint="as in http://proxy.example.com:8080"
        )
    return proxy


def with_scheme(proxy: str) -> str:
    """A proxy's address as it is meant: many write it without a scheme, and a login is not seen in it then."""
    return proxy if "://" in proxy else f"http://{proxy}"


def login_of(proxy: str) -> tuple[str, Secret] | None:
    """User and password in a proxy's address, None where there are none."""
    address = urlsplit(with_scheme(proxy))
    if address.username is None:
        return None
    return unquote(address.username), Secret(unquote(address.password or ""))


def packed_login(username: str, password: Secret) -> str:
    """A login as the header Proxy-Authorization has it behind `Basic`."""
    login = f"{username}:{password.reveal()}"
    # As proxies have always read it, where that can be written.
    encoding = "latin-1" if all(ord(one) < 0x100 for one in login) else "utf-8"
    return base64.b64encode(login.encode(encoding)).decode("ascii")


def _chosen(scheme: str, proxies: Mapping[str, str]) -> str | None:
    return next((proxies[name] for name in (scheme, "all") if proxies.get(name)), None)
