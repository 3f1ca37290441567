"""The secrets that the command needs: from the environment, from files that it names, from stdin or from a prompt.

None of them is ever an option's value, which other users of the machine could see.
"""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from superoffice_erpsync.cli.texts import decoded, standard_input
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.redaction import Secret

if TYPE_CHECKING:
    from superoffice_erpsync.auth.credentials import Credentials
    from superoffice_erpsync.auth.references import SecretReference
    from superoffice_erpsync.cli.options import GlobalOptions

PASSWORD = "ERPSYNC_PASSWORD"  # noqa: S105 - the name of a variable, as the next two
TICKET = "ERPSYNC_TICKET"
ACCESS_TOKEN = "ERPSYNC_ACCESS_TOKEN"  # noqa: S105
APPLICATION_TOKEN = "ERPSYNC_APPLICATION_TOKEN"  # noqa: S105

_HOW_TO_LOG_IN = (
    f"give --username (ERPSYNC_USERNAME) with {PASSWORD}, {PASSWORD}_FILE or --password-stdin; "
    f"or a ticket in {TICKET} or {TICKET}_FILE; or, for rest, a token in {ACCESS_TOKEN} or {ACCESS_TOKEN}_FILE"
)


def credentials(options: GlobalOptions) -> Credentials:
    """What to log in with.

    Raises:
        ConfigurationError: There is nothing to log in with, or more than one thing.
    """
    from superoffice_erpsync.auth.credentials import (
        AccessToken,
        TicketCredentials,
        UsernamePassword,
        WindowsCredentials,
    )

    given = _given(TICKET) + _given(ACCESS_TOKEN) + _given(PASSWORD) + ["--password-stdin"] * options.password_stdin
    if len(given) > 1:
        raise ConfigurationError(f"more than one way to log in: {' and '.join(given)}", hint="keep one of them")
    if given and given[0].startswith(TICKET):
        return TicketCredentials(_kept(options, _read(given[0])))
    if given and given[0].startswith(ACCESS_TOKEN):
        return AccessToken(_kept(options, _read(given[0])))
    if options.windows_login and not options.username:
        return WindowsCredentials()
    if not options.username:
        raise ConfigurationError("there is no user to log in as", hint=_HOW_TO_LOG_IN)
    kind = WindowsCredentials if options.windows_login else UsernamePassword
    if options.ticket_cache and not given:
        return kind(options.username, _asked_when_needed(options, options.username))
    if options.password_stdin:
        password = _secret(standard_input(), "--password-stdin")
    else:
        password = _read(given[0]) if given else _asked(options.username)
    return kind(options.username, _kept(options, password))


def application_token(options: GlobalOptions) -> str | None:
    """The application token, None where there is none.

    Raises:
        ConfigurationError: It is given twice, or its file cannot be read.
    """
    given = _given(APPLICATION_TOKEN)
    if len(given) > 1:
        raise ConfigurationError(f"both {' and '.join(given)} are set", hint="keep one of them")
    return _kept(options, _read(given[0])).reveal() if given else None


def _given(name: str) -> list[str]:
    """Which of the two variables for a secret are set; an empty one is not."""
    return [variable for variable in (name, f"{name}_FILE") if os.environ.get(variable)]


def _read(variable: str) -> Secret:
    value = os.environ[variable]
    if not variable.endswith("_FILE"):
        return Secret(value)
    try:
        content = Path(value).read_bytes()
    except OSError as problem:
        raise ConfigurationError(f"{variable} names {value}, which cannot be read: {problem.strerror}") from None
    return _secret(content, f"{variable} ({value})")


def _secret(content: bytes, source: str) -> Secret:
    try:
        text = decoded(content)
    except ValueError as problem:
        raise ConfigurationError(f"{source}: {problem}") from None
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise ConfigurationError(f"{source} is empty")
    if "\n" in text:
        raise ConfigurationError(f"{source} has more than one line")
    return Secret(text)


def _asked(username: str) -> Secret:
    if not sys.stdin or not sys.stdin.isatty():
        raise ConfigurationError(f"there is no password for {username}", hint=_HOW_TO_LOG_IN)
    try:
        answer = getpass.getpass(f"Password for {username}: ", stream=sys.stderr)
    except EOFError:
        answer = ""
    if not answer:
        raise ConfigurationError(f"no password was given for {username}", hint=_HOW_TO_LOG_IN)
    return Secret(answer)


def _asked_when_needed(options: GlobalOptions, username: str) -> SecretReference:
    """The password, for which nobody is asked as long as there is a ticket."""
    from superoffice_erpsync.auth.references import SecretReference

    class Asked(SecretReference):
        def resolve(self) -> Secret:
            return _kept(options, _asked(username))

    return Asked()


def _kept(options: GlobalOptions, secret: Secret) -> Secret:
    """The secret, kept out of sight from now on."""
    options.secrets.append(secret)
    return secret
