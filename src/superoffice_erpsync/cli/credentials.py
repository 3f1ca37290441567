"""The secrets that the command needs: from the environment, from files that it names, from stdin, from where a profile
keeps them, or from a prompt.

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
    f"or a ticket in {TICKET} or {TICKET}_FILE; or an access token in {ACCESS_TOKEN} or {ACCESS_TOKEN}_FILE; "
    "or a profile, see erpsync config --help"
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

    given = secret_variables() + ["--password-stdin"] * options.password_stdin
    if len(given) > 1:
        raise ConfigurationError(f"more than one way to log in: {' and '.join(given)}", hint="keep one of them")
    if given and given[0].startswith(TICKET):
        return TicketCredentials(_kept(options, _read(given[0])))
    if given and given[0].startswith(ACCESS_TOKEN):
        return AccessToken(_kept(options, _read(given[0])))
    kept = None if given else _login_of_profile(options)
    if kept is not None:
        return kept
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


def application_token(options: GlobalOptions) -> str | SecretReference | None:
    """The application token, None where there is none.

    Raises:
        ConfigurationError: It is given twice, or its file cannot be read.
    """
    given = _given(APPLICATION_TOKEN)
    if len(given) > 1:
        raise ConfigurationError(f"both {' and '.join(given)} are set", hint="keep one of them")
    if given:
        return _kept(options, _read(given[0])).reveal()
    if options.chosen is None:
        return None
    from superoffice_erpsync.config.login import application_token_of_profile

    found = application_token_of_profile(options.chosen, (options.url, options.soap_url))
    return None if found is None else _told(options, found)


def given_secret(options: GlobalOptions, what: str) -> Secret:
    """A secret to keep, from --password-stdin or from a prompt.

    Args:
        options: What was said.
        what: What to ask for, as in `Password for nightly`.

    Raises:
        ConfigurationError: There is none, and nobody who could be asked.
    """
    if options.password_stdin:
        return _kept(options, _secret(standard_input(), "--password-stdin"))
    return _kept(options, _prompted(what, "call it on a terminal, or give --password-stdin"))


def secret_variables() -> list[str]:
    """Names of the variables that are set and would log in."""
    return _given(TICKET) + _given(ACCESS_TOKEN) + _given(PASSWORD)


def application_token_variables() -> list[str]:
    """Names of the variables that are set and hold the application token."""
    return _given(APPLICATION_TOKEN)


def _login_of_profile(options: GlobalOptions) -> Credentials | None:
    if options.chosen is None:
        return None
    from superoffice_erpsync.config.login import credentials_of, login_of_profile

    found = login_of_profile(options.chosen, options.username, (options.url, options.soap_url))
    if found is None:
        return None
    secret, reference = found
    return credentials_of(secret, _told(options, reference), options.username, windows_login=options.windows_login)


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
    return _prompted(f"Password for {username}", _HOW_TO_LOG_IN)


def _prompted(what: str, hint: str) -> Secret:
    if not sys.stdin or not sys.stdin.isatty():
        raise ConfigurationError(f"there is no {_small(what)}", hint=hint)
    try:
        answer = getpass.getpass(f"{what}: ", stream=sys.stderr)
    except EOFError:
        answer = ""
    if not answer:
        raise ConfigurationError(f"no {_small(what)} was given", hint=hint)
    return Secret(answer)


def _small(what: str) -> str:
    return what[:1].lower() + what[1:]


def _asked_when_needed(options: GlobalOptions, username: str) -> SecretReference:
    """The password, for which nobody is asked as long as there is a ticket."""
    from superoffice_erpsync.auth.references import SecretReference

    class Asked(SecretReference):
        def resolve(self) -> Secret:
            return _kept(options, _asked(username))

    return Asked()


def _told(options: GlobalOptions, reference: SecretReference) -> SecretReference:
    """The reference; what it gives is kept out of sight."""
    from superoffice_erpsync.auth.references import SecretReference

    class Told(SecretReference):
        def resolve(self) -> Secret:
            return _kept(options, reference.resolve())

    return Told()


def _kept(options: GlobalOptions, secret: Secret) -> Secret:
    """The secret, kept out of sight from now on."""
    options.secrets.append(secret)
    return secret
