"""A client as the global options describe it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from superoffice_erpsync.cli.credentials import application_token, credentials
from superoffice_erpsync.cli.logs import current_log
from superoffice_erpsync.cli.options import GlobalOptions, TransportName
from superoffice_erpsync.cli.profiles import client_certificate, retry_of_profile, with_profile
from superoffice_erpsync.cli.repeats import repeats_told
from superoffice_erpsync.cli.spans import telemetry_wanted
from superoffice_erpsync.cli.tracing import tracing
from superoffice_erpsync.config.time_limits import time_limits
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.options import Timeouts
from superoffice_erpsync.redaction import Secret

if TYPE_CHECKING:
    from superoffice_erpsync.auth.credentials import Credentials
    from superoffice_erpsync.client import ErpSyncClient

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")


@contextmanager
def session(
    options: GlobalOptions, *, log_in: bool = True, login: Credentials | None = None
) -> Iterator[ErpSyncClient]:
    """A client, closed at the end.

    Args:
        options: What was said about the installation.
        log_in: False for calls that need no login; then nothing is asked for and no secret but the application
            token is read.
        login: What to log in with, instead of what the options say.

    Raises:
        ConfigurationError: The options, or the variables beside them, cannot work.
    """
    options = with_profile(options)
    if not options.url:
        raise ConfigurationError(
            "there is no address to call",
            hint="give --url or ERPSYNC_URL, as in https://crm.example.com/Remote/Services86, or --profile",
        )
    both = client_settings(options)
    who = login or (credentials(options) if log_in else None)
    # Loaded when it is needed: zeep and lxml take longer than all the rest of the command.
    from superoffice_erpsync.auth.ticket_cache import TicketCache
    from superoffice_erpsync.client import ErpSyncClient

    with tracing(options.trace) as observer, repeats_told(options.secrets):
        both["on_exchange"] = observer
        if options.ticket_cache:
            both["ticket_cache"] = TicketCache()
        if options.transport is TransportName.REST:
            made = ErpSyncClient.rest(
                options.url,
                who,
                soap_url=options.soap_url,
                language=options.language,
                culture=options.culture,
                **both,
            )
        else:
            made = ErpSyncClient.soap(options.url, who, services=options.services, wsdl=options.wsdl, **both)
        with made as client:
            options.account.calling = True
            log = current_log()
            if log is not None:
                log.maskers.append(client.masked)
            yield client


def client_settings(options: GlobalOptions) -> dict[str, Any]:
    """What a client is told beside its address and its login, over either transport.

    Args:
        options: What was said about the installation, with what its profile adds.

    Raises:
        ConfigurationError: The options, or the variables beside them, cannot work.
    """
    settings: dict[str, Any] = {
        "timeout": _timeouts(options),
        "proxies": _proxies(options),
        "application_token": application_token(options),
        "time_zone": _time_zone(options.time_zone),
        "verify": True if options.ca_bundle is None else str(options.ca_bundle),
        "client_certificate": client_certificate(options),
        "trust_environment": options.trust_environment,
        "allow_insecure": options.allow_insecure,
    }
    _check_transport(options)
    if telemetry_wanted(options):
        settings["telemetry"] = True
    if options.no_retry:
        settings["retry"] = None
    elif (retry := retry_of_profile(options)) is not None:
        settings["retry"] = retry
    return settings


def _check_transport(options: GlobalOptions) -> None:
    """Refuse what only the other transport has, instead of leaving it out without a word."""
    rest = {"soap_url": options.soap_url, "language": options.language, "culture": options.culture}
    soap = {"services": options.services, "wsdl": options.wsdl}
    foreign = soap if options.transport is TransportName.REST else rest
    for name, value in foreign.items():
        if value:
            raise ConfigurationError(f"{options.called(name)} means nothing with --transport {options.transport}")


def _time_zone(text: str | None) -> int | str | None:
    return int(text) if text and _WHOLE_NUMBER.fullmatch(text) else text or None


def _timeouts(options: GlobalOptions) -> Timeouts:
    for name in ("timeout", "deadline"):
        seconds = getattr(options, name)
        if seconds is not None and not (seconds > 0 and math.isfinite(seconds)):
            raise ConfigurationError(f"{options.called(name)} must be a number of seconds above 0")
    limits = time_limits(options.timeout, options.deadline)
    return limits._replace(until=options.account.deadline)


def _proxies(options: GlobalOptions) -> dict[str, str] | None:
    if not options.proxy:
        return None
    from superoffice_erpsync.transports.http.proxies import with_scheme

    try:
        password = urlsplit(with_scheme(options.proxy)).password
    except ValueError:
        raise ConfigurationError(f"{options.called('proxy')} is no address") from None
    if password:
        if "proxy" in options.typed:
            raise ConfigurationError(
                "--proxy holds a password, which other users of this machine could see",
                hint="set ERPSYNC_PROXY instead",
            )
        options.secrets.extend((Secret(password), Secret(unquote(password))))
    return {"http": options.proxy, "https": options.proxy}
