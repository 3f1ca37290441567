"""`erpsync login` and `erpsync logout`: the secret of a profile, into the keyring and out of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.options import GlobalOptions, TransportName
from superoffice_erpsync.cli.output import note, waiting
from superoffice_erpsync.cli.taking import takes_global_options
from superoffice_erpsync.errors import ConfigurationError

if TYPE_CHECKING:
    from superoffice_erpsync.auth.references import KeyringSecret
    from superoffice_erpsync.config.kept_secrets import KeptSecret
    from superoffice_erpsync.config.profile import Profile
    from superoffice_erpsync.redaction import Secret


@takes_global_options
def login(
    options: GlobalOptions,
    no_check: Annotated[
        bool, typer.Option("--no-check", help="Store it without logging in to see whether it is right.")
    ] = False,
) -> ExitCode:
    r"""Store the password of a profile in the keyring of this system.

    For a profile that says password_keyring = true: asks for the password, or
    takes it from --password-stdin, logs in with it, and stores it. A ticket
    for ticket_keyring, or a token for access_token_keyring, goes the same way.
    Needs the extra keyring: pip install 'superoffice-erpsync\[keyring]'

    Examples:
      erpsync login --profile prod
      erpsync login --profile prod --password-stdin < password.txt
    """
    from superoffice_erpsync.cli.credentials import given_secret, secret_variables
    from superoffice_erpsync.cli.keyring_entries import store
    from superoffice_erpsync.config.kept_secrets import PASSWORD

    options, profile = _with_profile(options)
    kept = _in_keyring(profile)
    entry = _entry(options, profile, kept)
    whose = options.username if kept.secret == PASSWORD else f"profile {profile.name}"
    given = given_secret(options, f"{kept.secret.replace('_', ' ').capitalize()} for {whose}")
    if not no_check:
        _check(options, kept, given)
    store(entry, given)
    note(f"the {kept.secret.replace('_', ' ')} of profile {profile.name} is in the keyring, as {entry.service}")
    for variable in secret_variables():
        note(f"note: {variable} is set and counts above it")
    return ExitCode.OK


@takes_global_options
def logout(options: GlobalOptions) -> ExitCode:
    """Remove a profile's password from the keyring, and its ticket.

    The ticket is the one that --ticket-cache keeps for the profile's login.
    The installation is not called: tickets that are kept elsewhere are good
    until they expire.

    Example:
      erpsync logout --profile prod
    """
    from superoffice_erpsync.cli.keyring_entries import remove

    options, profile = _with_profile(options)
    kept = profile.login
    if kept is not None and kept.kind == "keyring":
        there = remove(_entry(options, profile, kept))
        what = f"the {kept.secret.replace('_', ' ')} of profile {profile.name}"
        note(f"{what} is no longer in the keyring" if there else f"{what} was not in the keyring")
    else:
        note(f"profile {profile.name} keeps nothing in the keyring")
    if _forget_ticket(options):
        note("a ticket that was kept is removed")
    return ExitCode.OK


def _with_profile(options: GlobalOptions) -> tuple[GlobalOptions, Profile]:
    from superoffice_erpsync.cli.profiles import with_profile

    options = with_profile(options)
    profile = options.chosen
    if profile is None:
        raise ConfigurationError(
            "there is no profile to keep a password for",
            hint="name one with --profile, from a file erpsync.toml; see erpsync config --help",
        )
    return options, profile


def _in_keyring(profile: Profile) -> KeptSecret:
    kept = profile.login
    if kept is None or kept.kind != "keyring":
        raise ConfigurationError(
            f"profile {profile.name} keeps no password in the keyring"
            + (f", but says {kept.key} ({profile.where(kept.key)})" if kept else ""),
            hint=f"write password_keyring = true below [profiles.{profile.name}] in {profile.document.path}"
            + (f", in place of {kept.key}" if kept else ""),
        )
    return kept


def _entry(options: GlobalOptions, profile: Profile, kept: KeptSecret) -> KeyringSecret:
    from superoffice_erpsync.config.kept_secrets import PASSWORD

    missing = "url" if not options.url else "username" if kept.secret == PASSWORD and not options.username else None
    if missing or not options.url:
        raise ConfigurationError(
            f"profile {profile.name} in {profile.document.path} has no {missing}", hint=f"add {missing} to it"
        )
    return kept.keyring_entry(options.username, options.url)


def _check(options: GlobalOptions, kept: KeptSecret, given: Secret) -> None:
    """Log in with it, and make a call that changes nothing."""
    from superoffice_erpsync.auth.references import SecretReference
    from superoffice_erpsync.cli.session import session
    from superoffice_erpsync.config.login import credentials_of

    class Given(SecretReference):
        def resolve(self) -> Secret:
            return given

    who = credentials_of(kept.secret, Given(), options.username, windows_login=options.windows_login)
    # A ticket that was kept would do without the password, right or wrong.
    with session(replace(options, ticket_cache=False), login=who) as client, waiting("Logging in"):
        client.get_engine_status()


def _forget_ticket(options: GlobalOptions) -> bool:
    from superoffice_erpsync.auth.credentials import UsernamePassword, WindowsCredentials
    from superoffice_erpsync.auth.ticket_cache import TicketCache
    from superoffice_erpsync.transports.soap.address import Address

    rest = options.transport is TransportName.REST
    address = options.soap_url if rest else options.url
    if not address or not options.username:
        return False
    folder = Address.parse(address, None if rest else options.services).folder
    # The cache looks at kind and name only.
    kind = WindowsCredentials if options.windows_login else UsernamePassword
    ticket = TicketCache().ticket_of(kind(options.username, "not needed"), folder)
    return ticket is not None and ticket.forget()
