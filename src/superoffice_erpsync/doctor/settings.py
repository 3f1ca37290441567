"""The settings: whether a client could be made of them at all."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

from superoffice_erpsync.assembly import http_options
from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.finding import Finding, ok
from superoffice_erpsync.doctor.setup import Setup
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.options import Limits
from superoffice_erpsync.transports.http import HttpSession
from superoffice_erpsync.transports.http.origin import origin_of
from superoffice_erpsync.transports.http.proxies import proxy_for
from superoffice_erpsync.transports.rest import agent_address
from superoffice_erpsync.transports.soap.address import Address
from superoffice_erpsync.transports.soap.wsdl import bundled_contract

SETTINGS = "settings"
_MOST_OF_A_PAGE = 16 * 1024 * 1024
"""Bytes. Nothing that is asked for without a login is as long, WSDLs included."""


def opened(setup: Setup) -> Chart:
    """The chart of an installation, as far as its settings tell.

    Raises:
        ConfigurationError: A setting cannot work.
    """
    if not setup.url:
        raise ConfigurationError(
            "there is no address to examine",
            hint="give --url or ERPSYNC_URL, as in https://crm.example.com/Remote/Services86, or --profile",
        )
    if setup.rest:
        page = agent_address(setup.url)
        services = Address.parse(setup.soap_url) if setup.soap_url else None
    else:
        services = Address.parse(setup.url, setup.services)
        page = services.endpoint("ErpSync")
        if setup.wsdl is None:
            bundled_contract("ErpSync", services.services)
    _check_host(page)
    origin, options = origin_of(page), http_options(setup.settings)
    proxy = proxy_for(origin, options.proxies, trust_environment=options.trust_environment)
    without_login = options._replace(web_login=None, limits=Limits(answer_bytes=_MOST_OF_A_PAGE))
    return Chart(
        setup=setup,
        services=services,
        page=page,
        proxy=proxy,
        idle_proxy=None if proxy else _idle_proxy(origin),
        tls=options.tls_context() if origin.startswith("https:") else None,
        probe=HttpSession(page, without_login),
    )


def look(chart: Chart) -> Iterator[Finding]:
    """Say which settings hold."""
    setup = chart.setup
    wire = "REST" if setup.rest else "SOAP"
    facts = {"address": setup.url, "transport": wire.lower(), "from": dict(setup.origins)}
    source = f", {setup.origins['url']}" if setup.origins.get("url") else ""
    yield ok(SETTINGS, f"{setup.url} over {wire}{source}", **facts)


def _check_host(page: str) -> None:
    """Refuse what no step can look up or ask for: behind a proxy, no name server is asked that would say so."""
    host = urlsplit(page).hostname or ""
    try:
        host.encode("idna")
    except UnicodeError:
        raise ConfigurationError(f"{host!r} cannot be the name of a host", hint="check the spelling in --url") from None


def _idle_proxy(origin: str) -> str | None:
    try:
        proxy = proxy_for(origin, None, trust_environment=True)
    except ConfigurationError:
        proxy = None
    if proxy is None:
        return None
    scheme = origin.partition(":")[0]
    return f"{scheme.upper()}_PROXY" if scheme in getproxies_environment() else "ALL_PROXY"
