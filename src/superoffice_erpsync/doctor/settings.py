"""The settings: whether a client could be made of them at all."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from urllib.request import getproxies_environment

from superoffice_erpsync.client_settings import ClientSettings
from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.finding import Finding, ok
from superoffice_erpsync.doctor.setup import Setup
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.options import Limits
from superoffice_erpsync.transports.http import HttpOptions, HttpSession
from superoffice_erpsync.transports.http.origin import origin_of
from superoffice_erpsync.transports.http.proxies import proxy_for
from superoffice_erpsync.transports.http.tls import bundle_of_environment, tls_context
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
    origin, settings = origin_of(page), setup.settings
    proxies, trusting = settings.get("proxies"), settings.get("trust_environment", False)
    proxy = proxy_for(origin, proxies, trust_environment=trusting)
    return Chart(
        setup=setup,
        services=services,
        page=page,
        proxy=proxy,
        idle_proxy=None if proxy else _idle_proxy(origin),
        tls=_tls(settings) if origin.startswith("https:") else None,
        probe=HttpSession(page, _without_login(settings)),
    )


def look(chart: Chart) -> Iterator[Finding]:
    """Say which settings hold."""
    setup = chart.setup
    wire = "REST" if setup.rest else "SOAP"
    facts = {"address": setup.url, "transport": wire.lower(), "from": dict(setup.origins)}
    source = f", {setup.origins['url']}" if setup.origins.get("url") else ""
    yield ok(SETTINGS, f"{setup.url} over {wire}{source}", **facts)


def _without_login(settings: ClientSettings) -> HttpOptions:
    return HttpOptions(
        verify=settings.get("verify", True),
        client_certificate=settings.get("client_certificate"),
        proxies=settings.get("proxies"),
        trust_environment=settings.get("trust_environment", False),
        allow_insecure=settings.get("allow_insecure", False),
        limits=Limits(answer_bytes=_MOST_OF_A_PAGE),
    )


def _tls(settings: ClientSettings) -> ssl.SSLContext:
    verify = settings.get("verify", True)
    trusting = settings.get("trust_environment", False) and verify is True
    bundle = bundle_of_environment() if trusting else None
    return tls_context(bundle or verify, settings.get("client_certificate"))


def _idle_proxy(origin: str) -> str | None:
    try:
        proxy = proxy_for(origin, None, trust_environment=True)
    except ConfigurationError:
        proxy = None
    if proxy is None:
        return None
    scheme = origin.partition(":")[0]
    return f"{scheme.upper()}_PROXY" if scheme in getproxies_environment() else "ALL_PROXY"
