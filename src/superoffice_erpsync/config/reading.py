"""One profile of a file, checked. What is wrong is said with file, line and key, and never with the value."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from superoffice_erpsync.config.addresses import without_password
from superoffice_erpsync.config.complaints import nearest
from superoffice_erpsync.config.document import Document
from superoffice_erpsync.config.kept_secrets import KINDS, LOGINS, SECRET_KEYS, SECRETS, KeptSecret
from superoffice_erpsync.config.profile import Profile
from superoffice_erpsync.config.settings import Checked, ProfileSettings, RetryTable, SecretKeys
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.retry import Retry

_KNOWN = (*ProfileSettings.model_fields, "retry", *SECRET_KEYS)
_PATHS = ("wsdl", "ca_bundle", "client_certificate", "client_certificate_key", "log_file")
_SPELLINGS = {"passwd": "password", "pwd": "password", "token": "access_token", "secret": "password"}
"""What else people may call a secret."""


def read_profile(document: Document, name: str) -> Profile:
    """The profile of a name.

    Raises:
        ConfigurationError: There is none, or something in it cannot work.
    """
    return _Reading(document, name).profile()


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
        settings = self._checked(ProfileSettings, self._table)
        self._check_together(settings, secrets)
        for key in _PATHS:
            if key in settings and (key, settings[key]) != ("wsdl", "live"):
                settings[key] = self._path(settings[key], key)
        return Profile(
            name=self._name,
            document=self._document,
            settings={**settings, **retry},
            secrets=secrets,
            login=next((secrets[one] for one in LOGINS if one in secrets), None),
        )

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
                KeptSecret(profile=self._name, secret=secret, kind=kind, value=self._absolute(secret, kind, value))
                for kind, value in checked.items()
                if value is not False
            ]
            if len(kept) > 1:
                raise self._wrong(f"both {kept[0].key} and {kept[1].key} are there", "keep one of them", kept[1].key)
            if kept:
                found[secret] = kept[0]
        return found

    def _absolute(self, secret: str, kind: str, value: Any) -> Any:
        if kind == "file":
            return self._path(value, f"{secret}_{kind}")
        # A bare name of a program is looked for in PATH.
        if kind == "command" and Path(value[0]).name != value[0]:
            return [self._path(value[0], f"{secret}_{kind}"), *value[1:]]
        return value

    def _path(self, text: str, key: str) -> str:
        """A path, which counts from the file's folder."""
        if "\0" in text:
            raise self._wrong(f"{key} is no path: it has the character U+0000", None, key)
        try:
            return str(self._document.path.parent / Path(text).expanduser())
        except RuntimeError:
            raise self._wrong(f"{key} begins with ~, and nobody knows whose folder that is", None, key) from None

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
        for key in ("url", "soap_url", "proxy"):
            if key in settings and without_password(settings[key]) != settings[key]:
                raise self._wrong(
                    f"{key} holds a password, which does not belong into a file that is copied and shown",
                    "set ERPSYNC_PROXY instead" if key == "proxy" else "leave it out",
                    key,
                )

    def _wrong(self, what: str, hint: str | None, *keys: str) -> ConfigurationError:
        where = self._document.where("profiles", self._name, *keys)
        return ConfigurationError(f"{where}: profile {self._name}: {what}", hint=hint)


def _list_of(keys: tuple[str, ...]) -> str:
    return f"there are: {', '.join(keys)}"
