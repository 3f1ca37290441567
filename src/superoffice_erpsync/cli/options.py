"""The options that all calling commands have."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from superoffice_erpsync.cli.account import Account
from superoffice_erpsync.cli.completing import profile_names
from superoffice_erpsync.cli.output import Output
from superoffice_erpsync.redaction import Secret

if TYPE_CHECKING:
    from superoffice_erpsync.config.profile import Profile

_INSTALLATION = "Installation and login"
_WAY = "The way to it"
_RESULTS = "Results"
_UNATTENDED = "Running unattended"


def _option(name: str, panel: str, text: str, *, variable: bool = True, metavar: str | None = None, **more: Any) -> Any:
    """An option whose environment variable is its own name.

    Help says that once, and not of each: a long name would be cut off in 80 columns.
    """
    envvar = f"ERPSYNC_{name.removeprefix('--').replace('-', '_').upper()}" if variable else None
    return typer.Option(
        name, envvar=envvar, show_envvar=False, help=text, rich_help_panel=panel, metavar=metavar, **more
    )


class TransportName(StrEnum):
    """Ways to talk to an installation."""

    SOAP = "soap"
    REST = "rest"


class LogFormat(StrEnum):
    """Forms of a log."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """What a log has, and what is more serious."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True)
class GlobalOptions:
    """What was said about the installation, the login and the form of results."""

    profile: Annotated[
        str | None,
        _option(
            "--profile",
            _INSTALLATION,
            "Profile of erpsync.toml, for what neither options nor variables say; '' for none.",
            metavar="NAME",
            autocompletion=profile_names,
        ),
    ] = None
    config: Annotated[
        Path | None,
        _option(
            "--config", _INSTALLATION, "File with profiles, in place of the erpsync.toml that is found.", metavar="FILE"
        ),
    ] = None
    url: Annotated[
        str | None,
        _option(
            "--url",
            _INSTALLATION,
            "Address of the installation: the folder of its .svc files, or …/api for rest.",
            metavar="URL",
        ),
    ] = None
    transport: Annotated[
        TransportName,
        _option("--transport", _INSTALLATION, "What the address speaks: soap, or rest.", case_sensitive=False),
    ] = TransportName.SOAP
    services: Annotated[
        str | None,
        _option(
            "--services",
            _INSTALLATION,
            "Version of the SOAP services, as in Services88, where --url does not end in it.",
            metavar="NAME",
        ),
    ] = None
    soap_url: Annotated[
        str | None,
        _option(
            "--soap-url",
            _INSTALLATION,
            "With rest: where the SOAP services lie, for a ticket and for ping.",
            metavar="URL",
        ),
    ] = None
    username: Annotated[
        str | None,
        _option("--username", _INSTALLATION, "User to log in as; the password is no option.", metavar="NAME"),
    ] = None
    windows_login: Annotated[
        bool,
        _option(
            "--windows-login",
            _INSTALLATION,
            "Log in as a Windows account: that of this process, or --username with its password.",
        ),
    ] = False
    password_stdin: Annotated[
        bool,
        _option("--password-stdin", _INSTALLATION, "Read the password from standard input.", variable=False),
    ] = False
    ticket_cache: Annotated[
        bool,
        _option("--ticket-cache", _INSTALLATION, "Keep the ticket for the next commands, in a private folder."),
    ] = False
    time_zone: Annotated[
        str | None,
        _option("--time-zone", _INSTALLATION, "Time zone of times in answers, by id or location code.", metavar="ZONE"),
    ] = None
    language: Annotated[
        str | None,
        _option("--language", _INSTALLATION, "With rest: language of texts, as in NO; * for all.", metavar="NAME"),
    ] = None
    culture: Annotated[
        str | None,
        _option("--culture", _INSTALLATION, "With rest: culture of numbers and dates in texts.", metavar="NAME"),
    ] = None
    timeout: Annotated[
        float | None,
        _option(
            "--timeout",
            _WAY,
            "Seconds to wait for an answer (60; where data is moved, 1800).",
            metavar="SECONDS",
        ),
    ] = None
    deadline: Annotated[
        float | None,
        _option(
            "--deadline",
            _WAY,
            "Seconds for a whole call with its login, repeats and waiting (three times --timeout).",
            metavar="SECONDS",
        ),
    ] = None
    no_retry: Annotated[
        bool,
        _option("--no-retry", _WAY, "Do not repeat failed calls, not even where that is safe."),
    ] = False
    wsdl: Annotated[
        str | None,
        _option(
            "--wsdl",
            _WAY,
            "WSDL files to go by instead of the bundled ones; live for the installation's own.",
            metavar="PATH",
        ),
    ] = None
    ca_bundle: Annotated[
        Path | None,
        _option(
            "--ca-bundle", _WAY, "Certificates of the authorities to trust, in PEM form.", metavar="PATH", exists=True
        ),
    ] = None
    client_certificate: Annotated[
        Path | None,
        _option(
            "--client-certificate",
            _WAY,
            "Certificate to show to the server, with its key in the same file.",
            metavar="FILE",
            exists=True,
            dir_okay=False,
        ),
    ] = None
    proxy: Annotated[
        str | None,
        _option("--proxy", _WAY, "HTTP proxy to go through.", metavar="URL"),
    ] = None
    trust_environment: Annotated[
        bool,
        _option(
            "--trust-environment",
            _WAY,
            "Let HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE and their like count. Without it they do not.",
        ),
    ] = False
    allow_insecure: Annotated[
        bool,
        _option(
            "--allow-insecure",
            _WAY,
            "Let plain http go to other machines: everyone on the way can read password and ticket.",
        ),
    ] = False
    output: Annotated[
        Output,
        _option("--output", _RESULTS, "Form of the result.", case_sensitive=False),
    ] = Output.TABLE
    trace: Annotated[
        Path | None,
        _option(
            "--trace",
            _RESULTS,
            "Append requests and answers to this file, without secrets.",
            variable=False,
            metavar="FILE",
        ),
    ] = None

    log_format: Annotated[
        LogFormat | None,
        _option(
            "--log-format",
            _UNATTENDED,
            "Keep a log, on standard error or in --log-file: as text, or a JSON object a line.",
            case_sensitive=False,
        ),
    ] = None
    log_file: Annotated[
        Path | None,
        _option(
            "--log-file", _UNATTENDED, "Append the log to this file, which its owner alone can read.", metavar="FILE"
        ),
    ] = None
    log_level: Annotated[
        LogLevel | None,
        _option(
            "--log-level",
            _UNATTENDED,
            "Least level in the log: debug (requests and answers too, without secrets), info, warning or error (info).",
            case_sensitive=False,
            metavar="LEVEL",
        ),
    ] = None
    lock: Annotated[
        Path | None,
        _option(
            "--lock",
            _UNATTENDED,
            "Run only if no other run holds this file, which is made on a disk of this machine.",
            metavar="FILE",
        ),
    ] = None
    lock_wait: Annotated[
        float | None,
        _option("--lock-wait", _UNATTENDED, "Seconds to wait for --lock (0).", metavar="SECONDS"),
    ] = None
    command_deadline: Annotated[
        float | None,
        _option(
            "--command-deadline",
            _UNATTENDED,
            "Seconds for the whole command: calls get what is left, and a batch stops before.",
            metavar="SECONDS",
        ),
    ] = None
    otel: Annotated[
        bool | None,
        _option(
            "--otel",
            _UNATTENDED,
            "Tell OpenTelemetry of calls; also done where its own variables name an exporter.",
            show_default=False,
        ),
    ] = None

    typed: frozenset[str] = frozenset()
    """Not an option: the names of those that stood on the command line."""
    from_environment: frozenset[str] = frozenset()
    """Not an option: the names of those that the environment gave."""
    chosen: Profile | None = None
    """Not an option: the profile that the others come from, see `with_profile`."""
    secrets: list[Secret] = field(default_factory=list)
    """Not an option: what was read while the command ran and must not be shown."""
    account: Account = field(default_factory=Account)
    """Not an option: what there is to tell of the command."""

    def is_said(self, name: str) -> bool:
        """Whether the command line or the environment gave an option."""
        return name in self.typed or name in self.from_environment

    def called(self, name: str) -> str:
        """What to call an option in messages: by its names, or by its place in the profile that it is from."""
        if self.chosen is not None and name in self.chosen.settings and not self.is_said(name):
            return f"{name} ({self.chosen.where(name)})"
        return f"--{name.replace('_', '-')} (ERPSYNC_{name.upper()})"
