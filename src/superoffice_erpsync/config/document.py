"""`erpsync.toml` as it was read: its content, and on which line what stands."""

from __future__ import annotations

import codecs
import os
import stat
import sys
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from superoffice_erpsync.config.complaints import nearest
from superoffice_erpsync.config.lines import line_of
from superoffice_erpsync.errors import ConfigurationError

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_TOP = ("default_profile", "profiles")


class Document:
    """A file with profiles.

    Args:
        path: The file, absolute.
        text: What stands in it.

    Raises:
        ConfigurationError: It is no TOML with profiles.

    Attributes:
        path: The file, absolute.
        profiles: The tables by name.
        default: The name in `default_profile`, None where there is none.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self._text = text.replace("\r\n", "\n")
        self._content = self._parsed()
        self._check_top()
        self.profiles: Mapping[str, dict[str, Any]] = self._content.get("profiles", {})
        self.default: str | None = self._content.get("default_profile")

    @classmethod
    def read(cls, path: Path) -> Document:
        """Read a file.

        Raises:
            ConfigurationError: It cannot be read, others may write to it, or it is no TOML with profiles.
        """
        try:
            path = path.absolute()
            with path.open("rb") as file:
                _check_owner(path, os.fstat(file.fileno()))
                content = file.read()
        except (OSError, ValueError) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else "it is no path"
            raise ConfigurationError(f"{path} cannot be read: {reason}") from None
        text = None
        if not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            with suppress(UnicodeDecodeError):
                text = content.decode("utf-8-sig")
        if text is None:
            # Raised out here, since the decoder's error has the whole file in it.
            raise ConfigurationError(f"{path} is not UTF-8", hint="save it as UTF-8")
        return cls(path, text)

    def where(self, *keys: str) -> str:
        """File and line of a key, or of the nearest table around it."""
        line = line_of(self._text, keys)
        return str(self.path) if line is None else f"{self.path}:{line}"

    def table(self, name: str) -> dict[str, Any]:
        """The settings of a profile.

        Raises:
            ConfigurationError: There is none of this name.
        """
        if name not in self.profiles:
            raise ConfigurationError(f"there is no profile {name!r} in {self.path}", hint=self.known())
        return self.profiles[name]

    def known(self) -> str:
        """Which profiles there are, as a hint."""
        if not self.profiles:
            return 'it has no profiles; one begins with a line as [profiles.prod] and has a line as url = "https://…"'
        return f"there are: {', '.join(sorted(self.profiles))}"

    def _parsed(self) -> dict[str, Any]:
        problem = None
        try:
            return tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            # Without what the error holds beside its text: in later versions of Python that is the file.
            problem = str(error).partition("\n")[0]
        except ValueError:
            problem = "a number has too many digits"
        except RecursionError:
            problem = "values stand too deep in each other"
        raise ConfigurationError(f"{self.path} is no TOML: {problem}", hint='texts stand in quotes, as in url = "…"')

    def _check_top(self) -> None:
        for key, value in self._content.items():
            if key not in _TOP:
                hint = nearest(key, _TOP) or "settings belong below a line as [profiles.prod]"
                raise ConfigurationError(f"{self.where(key)}: {key} is unknown at the top of the file", hint=hint)
            if key == "default_profile" and not isinstance(value, str):
                raise ConfigurationError(f"{self.where(key)}: {key} must be the name of a profile, in quotes")
            if key == "profiles" and not (isinstance(value, dict) and all(isinstance(v, dict) for v in value.values())):
                raise ConfigurationError(
                    f"{self.where(key)}: profiles must be tables", hint="each begins with a line as [profiles.prod]"
                )
        default, profiles = self._content.get("default_profile"), self._content.get("profiles", {})
        if default is not None and default not in profiles:
            there_are = f"there are: {', '.join(sorted(profiles))}" if profiles else "there are no profiles"
            raise ConfigurationError(
                f"{self.where('default_profile')}: there is no profile {default!r}", hint=there_are
            )


def _check_owner(path: Path, status: os.stat_result) -> None:
    """Refuse what somebody else could have written: the file says where passwords go and which programs are run."""
    if sys.platform != "win32":  # where files have an owner, and permissions of this kind
        if status.st_uid not in (os.geteuid(), 0):
            raise ConfigurationError(
                f"{path} belongs to another user, who could have passwords sent anywhere",
                hint="copy it, if it is right",
            )
        if status.st_mode & _OTHERS_WRITE:
            raise ConfigurationError(
                f"{path} can be written by others (mode {stat.S_IMODE(status.st_mode):04o}), who could have passwords "
                "sent anywhere",
                hint="let its owner alone write it: chmod go-w",
            )
