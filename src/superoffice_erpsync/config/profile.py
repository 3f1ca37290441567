"""A profile: the settings of one installation, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from superoffice_erpsync.config.complaints import nearest
from superoffice_erpsync.config.document import Document
from superoffice_erpsync.config.kept_secrets import KINDS, LOGINS, SECRET_KEYS, SECRETS, KeptSecret
from superoffice_erpsync.config.settings import Checked, RetryTable, SecretKeys, Settings
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.retry import Retry
from superoffice_erpsync.transports.http.proxies import login_of

_KNOWN = (*Settings.model_fields, "retry", *SECRET_KEYS)
_PATHS = ("ca_bundle", "client_certificate", "client_certificate_key")
_SPELLINGS = {"passwd": "password", "pwd": "password", "token": "access_token", "secret": "password"}
"""What else people may call a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The settings of one installation.

    Attributes:
        name: Its name.
        document: The file that it stands in.
        settings: What it says, by key; paths are absolute, `retry` is a `Retry` or None for no repeats.
        secrets: Where its secrets are kept, by `password`, `ticket`, `access_token` and `application_token`.
    """

    name: str
    document: Document
    settings: Mapping[str, Any]
    secrets: Mapping[str, KeptSecret]

    @classmethod
    def read(cls, document: Document, name: str) -> Profile:
        """The profile of a name.

        Raises:
            ConfigurationError: There is none, or something in it cannot work.
        """
        return _Reading(document, name).profile()

    @property
    def login(self) -> KeptSecret | None:
        """The secret that it logs in with."""
        return next((self.secrets[name] for name in LOGINS if name in self.secrets), None)

    def where(self, key: str) -> str:
        """File and line of a key."""
        return self.document.where("profiles", self.name, key)


class _Reading:
    """One profile while it is checked."""

    def __init__(self, document: Document, name: str) -> None:
        self._document = document
        self._name = name
        self._table = dict(document.table(name))

    def profile(self) -> Profile:
        self._refuse_literal_secrets()
        self._refuse_unknown()
        secrets = self._secrets()
        retry = self._retry()
        settings = self._checked(Settings, self._table)
        self._check_together(settings, secrets)
        folder = self._document.path.parent
        for key in _PATHS:
            if key in settings:
                settings[key] = str(folder / Path(settings[key]).expanduser())
        if settings.get("wsdl", "live") != "live":
            settings["wsdl"] = str(folder / Path(settings["wsdl"]).expanduser())
        return Profile(name=self._name, document=self._document, settings={**settings, **retry}, secrets=secrets)

    def _refuse_literal_secrets(self) -> None:
        for key in self._table:
            plain = key.lower().replace("-", "_")
            secret = _SPELLINGS.get(plain, plain)
            if secret in SECRETS:
                raise self._wrong(
                    f"{key} does not belong into a file that is copied and shown",
                    f'say where it is kept: {secret}_keyring = true, {secret}_env = "NAME", {secret}_file = "path" or '
                    f'{secret}_command = ["pass", "show", "crm"]',
                    key,
                )

    def _refuse_unknown(self) -> None:
        for key in self._table:
            if key not in _KNOWN:
                raise self._wrong(f"{key} is no setting", nearest(key, _KNOWN) or _list_of(_KNOWN), key)

    def _secrets(self) -> dict[str, KeptSecret]:
        found = {}
        for secret in SECRETS:
            given = {kind: self._table.pop(key) for kind in KINDS if (key := f"{secret}_{kind}") in self._table}
            checked = self._checked(SecretKeys, given, prefix=f"{secret}_")
            kept = [
                KeptSecret(profile=self._name, secret=secret, kind=kind, value=self._absolute(kind, value))
                for kind, value in checked.items()
                if value is not False
            ]
            if len(kept) > 1:
                raise self._wrong(f"both {kept[0].key} and {kept[1].key} are there", "keep one of them", kept[1].key)
            if kept:
                found[secret] = kept[0]
        return found

    def _absolute(self, kind: str, value: Any) -> Any:
        folder = self._document.path.parent
        if kind == "file":
            return str(folder / Path(value).expanduser())
        if kind == "command":
            program = Path(value[0]).expanduser()
            # A bare name is looked for in PATH.
            return [value[0] if program.name == value[0] else str(folder / program), *value[1:]]
        return value

    def _retry(self) -> dict[str, Retry | None]:
        if "retry" not in self._table:
            return {}
        value = self._table.pop("retry")
        if value is False:
            return {"retry": None}
        if value is True:
            return {"retry": Retry()}
        if not isinstance(value, dict):
            raise self._wrong("retry must be a table or false", "as in retry = { attempts = 2 }", "retry")
        known = tuple(RetryTable.model_fields)
        for key in value:
            if key not in known:
                raise self._wrong(f"retry.{key} is no setting", nearest(key, known) or _list_of(known), "retry", key)
        given = self._checked(RetryTable, value, prefix="retry.", above=("retry",))
        problem = None
        try:
            return {"retry": Retry(**given)}
        except ConfigurationError as error:
            problem = error
        raise self._wrong(f"retry: {problem.message}", problem.hint, "retry")

    def _checked(
        self, kind: type[Checked], table: Mapping[str, Any], *, prefix: str = "", above: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The values of a table whose keys are known. What is wrong is named without the value, which may be secret."""
        try:
            return kind.model_validate(table).model_dump(exclude_unset=True)
        except ValidationError as problem:
            key = str(problem.errors(include_url=False, include_input=False, include_context=False)[0]["loc"][0])
        keys = (*above, key) if above else (f"{prefix}{key}",)
        raise self._wrong(f"{prefix}{key} must be {kind.model_fields[key].description}", None, *keys)

    def _check_together(self, settings: Mapping[str, Any], secrets: Mapping[str, KeptSecret]) -> None:
        logins = [secrets[name].key for name in LOGINS if name in secrets]
        if len(logins) > 1:
            raise self._wrong(f"more than one way to log in: {' and '.join(logins)}", "keep one of them", logins[1])
        if "client_certificate_key" in settings and "client_certificate" not in settings:
            raise self._wrong("client_certificate_key needs client_certificate", None, "client_certificate_key")
        if "proxy" in settings and _has_login(settings["proxy"]):
            raise self._wrong(
                "proxy holds a password, which does not belong into a file that is copied and shown",
                "set ERPSYNC_PROXY instead",
                "proxy",
            )

    def _wrong(self, what: str, hint: str | None, *keys: str) -> ConfigurationError:
        where = self._document.where("profiles", self._name, *keys)
        return ConfigurationError(f"{where}: profile {self._name}: {what}", hint=hint)


def _has_login(proxy: str) -> bool:
    try:
        return login_of(proxy) is not None
    except ValueError:
        return False


def _list_of(keys: tuple[str, ...]) -> str:
    return f"there are: {', '.join(keys)}"
