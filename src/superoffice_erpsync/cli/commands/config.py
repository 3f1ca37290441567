"""`erpsync config`: which settings hold, and where each comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.options import GlobalOptions
from superoffice_erpsync.cli.output import Output, print_json, write
from superoffice_erpsync.cli.taking import NO_OPTIONS, takes_global_options
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.redaction import MASK

if TYPE_CHECKING:
    from superoffice_erpsync.config.profile import Profile

_LEFT_OUT = ("profile", "config", "password_stdin", "output", "trace", *NO_OPTIONS)
_DEFAULT = "default"


class What(StrEnum):
    """What there is to show."""

    SHOW = "show"
    PATH = "path"


class Setting(NamedTuple):
    """One line of what is shown."""

    name: str
    value: Any
    origin: str


@takes_global_options
def config(
    options: GlobalOptions,
    what: Annotated[
        What, typer.Argument(metavar="show|path", help="The settings, or the file's place.", case_sensitive=False)
    ] = What.SHOW,
) -> ExitCode:
    r"""Show the settings that hold, and where each comes from.

    The command line counts above variables of the environment, these above
    the profile in erpsync.toml. Secrets are named and never read. The file is
    looked for in the working directory, then in your configuration folder,
    unless --config names it. One with a profile looks like this:

      default_profile = "prod"

      \[profiles.prod]
      url = "https://crm.example.com/Remote/Services86"
      username = "nightly"
      password_keyring = true

    Instead of password_keyring: password_env = "NAME", password_file = "path"
    or password_command = \["pass", "show", "crm"].

    Examples:
      erpsync config show --profile prod
      erpsync config show --output csv
      erpsync config path
    """
    if what is What.PATH:
        return _show_path(options)
    from superoffice_erpsync.cli.profiles import with_profile

    options = with_profile(options)
    settings = [*_settings(options), *_secrets(options)]
    if options.output is Output.JSON:
        print_json(
            {
                "profile": options.chosen and options.chosen.name,
                "file": options.chosen and str(options.chosen.document.path),
                "settings": {one.name: {"value": one.value, "from": one.origin} for one in settings},
            }
        )
        return ExitCode.OK
    if options.output is not Output.TABLE:
        from superoffice_erpsync.cli.listing import show_rows

        values = [{"setting": one.name, "value": one.value, "from": one.origin} for one in settings]
        show_rows("", values, ("setting", "value", "from"), options.output)
        return ExitCode.OK
    from superoffice_erpsync.cli.tables import rows_table, show

    rows = [(one.name, _shown(one.value), one.origin) for one in settings]
    show(rows_table(_title(options.chosen), ("Setting", "Value", "From"), rows))
    return ExitCode.OK


def _show_path(options: GlobalOptions) -> ExitCode:
    from superoffice_erpsync.config.locating import find_file, looked_in

    try:
        path = find_file() if options.config is None else options.config.absolute()
        there = path is not None and path.is_file()
    except OSError as problem:
        raise ConfigurationError(f"{options.config} cannot be read: {problem.strerror}") from None
    if path is None or not there:
        raise ConfigurationError(
            f"there is no file with profiles: looked for {looked_in() if path is None else path}",
            hint="make one, with a line as [profiles.prod] and settings below it",
        )
    if options.output is Output.TABLE:
        write(f"{path}\n")
    else:
        from superoffice_erpsync.cli.listing import show_object

        show_object("", {"file": str(path)}, options.output)
    return ExitCode.OK


def _settings(options: GlobalOptions) -> Iterator[Setting]:
    for one in fields(options):
        if one.name not in _LEFT_OUT:
            yield Setting(one.name, _value(one.name, getattr(options, one.name)), _origin(options, one.name))
            if one.name == "client_certificate":
                yield from _only_of_profile(options, "client_certificate_key")
            if one.name == "no_retry" and not options.no_retry:
                yield from _only_of_profile(options, "retry")
    yield from _only_of_profile(options, "connections")


def _only_of_profile(options: GlobalOptions, name: str) -> Iterator[Setting]:
    """What a profile can say and no option can."""
    if options.chosen is not None and options.chosen.settings.get(name) is not None:
        yield Setting(name, _value(name, options.chosen.settings[name]), options.chosen.where(name))


def _secrets(options: GlobalOptions) -> Iterator[Setting]:
    from superoffice_erpsync.cli.credentials import application_token_variables, secret_variables
    from superoffice_erpsync.config.kept_secrets import APPLICATION_TOKEN

    logins = ["--password-stdin"] * options.password_stdin + secret_variables()
    yield from (Setting(_secret_of(name), MASK, _of_variable(name)) for name in logins)
    tokens = application_token_variables()
    yield from (Setting(APPLICATION_TOKEN, MASK, _of_variable(name)) for name in tokens)
    if options.chosen is None:
        return
    for secret, kept in options.chosen.secrets.items():
        if not (tokens if secret == APPLICATION_TOKEN else logins):
            yield Setting(secret, MASK, f"{kept.shown} ({options.chosen.where(kept.key)})")


def _secret_of(variable: str) -> str:
    return "password" if variable.startswith("--") else variable.removeprefix("ERPSYNC_").removesuffix("_FILE").lower()


def _of_variable(name: str) -> str:
    return "standard input" if name.startswith("--") else f"environment variable {name}"


def _origin(options: GlobalOptions, name: str) -> str:
    if name in options.typed:
        return "command line"
    if name in options.from_environment:
        return f"environment variable ERPSYNC_{name.upper()}"
    key = "retry" if name == "no_retry" else name
    if options.chosen is not None and key in options.chosen.settings:
        return options.chosen.where(key)
    return _DEFAULT


def _value(name: str, value: Any) -> Any:
    from superoffice_erpsync.config.addresses import without_password

    if isinstance(value, Path):
        return str(value)
    if isinstance(value, str) and name in ("proxy", "url", "soap_url"):
        return without_password(value)
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dict():
            return ", ".join(f"{name} = {one}" for name, one in value.items())
        case list():
            return ", ".join(map(str, value))
    return str(value)


def _title(profile: Profile | None) -> str:
    return "No profile" if profile is None else f"Profile {profile.name} in {profile.document.path}"
