"""A client as the global options describe it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from superoffice_erpsync.cli.credentials import application_token, credentials
from superoffice_erpsync.cli.logs import current_log
from superoffice_erpsync.cli.options import GlobalOptions, TransportName
from superoffice_erpsync.cli.profiles import client_certificate_key, retry_of_profile, with_profile
from superoffice_erpsync.cli.repeats import repeats_told
from superoffice_erpsync.cli.spans import telemetry_wanted
from superoffice_erpsync.cli.tracing import tracing
from superoffice_erpsync.config.keywords import A_WAIT, ONLY_REST, ONLY_SOAP, keywords_of
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.options import can_wait
from superoffice_erpsync.redaction import Secret

if TYPE_CHECKING:
    from superoffice_erpsync.auth.credentials import Credentials
    from superoffice_erpsync.client import ErpSyncClient

_NAMES = (
    *("time_zone", "timeout", "deadline", "ca_bundle", "client_certificate", "proxy", "trust_environment"),
    *("allow_insecure", "ticket_cache"),
)
"""Options that a client is told over either transport."""


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
    from superoffice_erpsync.client import ErpSyncClient

    with tracing(options.trace) as observer, repeats_told(options.secrets):
        both["on_exchange"] = observer
        rest = options.transport is TransportName.REST
        make = ErpSyncClient.rest if rest else ErpSyncClient.soap
        own = {name: getattr(options, name) for name in (ONLY_REST if rest else ONLY_SOAP)}
        with make(options.url, who, **own, **both) as client:
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
    _check_time_limits(options)
    _keep_proxy_password(options)
    _check_transport(options)
    said = {name: getattr(options, name) for name in _NAMES}
    said["client_certificate_key"] = client_certificate_key(options)
    if options.no_retry:
        said["retry"] = None
    elif (retry := retry_of_profile(options)) is not None:
        said["retry"] = retry
    settings = keywords_of(said)
    settings["timeout"] = settings["timeout"]._replace(until=options.account.deadline)
    settings["application_token"] = application_token(options)
    if telemetry_wanted(options):
        settings["telemetry"] = True
    return settings


def _check_transport(options: GlobalOptions) -> None:
    """Refuse what only the other transport has, instead of leaving it out without a word."""
    for name in ONLY_SOAP if options.transport is TransportName.REST else ONLY_REST:
        if getattr(options, name):
            raise ConfigurationError(f"{options.called(name)} means nothing with --transport {options.transport}")


def _check_time_limits(options: GlobalOptions) -> None:
    for name in ("timeout", "deadline"):
        if not can_wait(getattr(options, name)):
            raise ConfigurationError(f"{options.called(name)} must be {A_WAIT}")


def _keep_proxy_password(options: GlobalOptions) -> None:
    """Keep the password in the proxy's address out of sight, where there is one."""
    if not options.proxy:
        return
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
