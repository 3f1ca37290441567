"""References to secrets: where a password or a token is kept, instead of the text itself.

A reference is read when a login needs it, and anew for each login, so that a secret that was changed is found. It can
be pickled; the secret is then read in the other process.
"""

from __future__ import annotations

import codecs
import functools
import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.redaction import Secret

_OTHERS = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH


class SecretReference(ABC):
    """Where a secret is kept. Its repr shows the place and never the secret."""

    __slots__ = ()

    @abstractmethod
    def resolve(self) -> Secret:
        """The secret as it is now.

        Raises:
            ConfigurationError: It is not there, is empty, or cannot be read.
        """


@dataclass(frozen=True, slots=True)
class EnvironmentSecret(SecretReference):
    """A secret in a variable of the environment.

    Args:
        variable: The variable's name.
    """

    variable: str

    def resolve(self) -> Secret:
        """The secret as it is now, see `SecretReference.resolve`."""
        value = os.environ.get(self.variable)
        if value is None:
            raise ConfigurationError(f"the variable {self.variable} is not set")
        return _filled(value, f"the variable {self.variable}")


@dataclass(frozen=True, slots=True)
class FileSecret(SecretReference):
    """A secret in a file: one line of UTF-8, with a byte order mark or without.

    On POSIX a file that the group or others can read or write is refused. On Windows the file is as safe as the
    permissions of its folder.

    Args:
        path: The file; a relative one is taken from the folder in which the process is now.
    """

    path: Path

    def __init__(self, path: str | os.PathLike[str]) -> None:
        # A process that gets this in a pickle may be in another folder.
        object.__setattr__(self, "path", Path(path).absolute())

    def resolve(self) -> Secret:
        """The secret as it is now, see `SecretReference.resolve`."""
        try:
            with self.path.open("rb") as file:
                self._check_permissions(file.fileno())
                content = file.read()
        except (OSError, ValueError) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else "it is no path"
            raise ConfigurationError(f"the secret's file {self.path} cannot be read: {reason}") from None
        return self._line(content)

    def _check_permissions(self, descriptor: int) -> None:
        if os.name != "posix":
            return
        mode = os.fstat(descriptor).st_mode
        if mode & _OTHERS:
            raise ConfigurationError(
                f"the secret's file {self.path} is open to others (mode {stat.S_IMODE(mode):04o})",
                hint="let its owner alone read it: chmod 600",
            )

    def _line(self, content: bytes) -> Secret:
        where = f"the secret's file {self.path}"
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise ConfigurationError(f"{where} is UTF-16, but must be UTF-8")
        text = None
        with suppress(UnicodeDecodeError):
            text = content.decode("utf-8-sig")
        if text is None:
            # Raised out here, since the decoder's error has the whole file in it.
            raise ConfigurationError(f"{where} is not UTF-8")
        line = text.removesuffix("\n").removesuffix("\r")
        if "\n" in line:
            raise ConfigurationError(f"{where} has more than one line")
        return _filled(line, where)


@dataclass(frozen=True, slots=True)
class KeyringSecret(SecretReference):
    """A secret in the keyring of the operating system. Needs the extra `keyring`.

    Args:
        service: What the entry is for, as `keyring set SERVICE USERNAME` has it.
        username: Whose entry it is.
    """

    service: str
    username: str

    def resolve(self) -> Secret:
        """The secret as it is now, see `SecretReference.resolve`."""
        try:
            # An extra, and slow to load: it looks for the keyrings of this system.
            import keyring  # noqa: PLC0415
            from keyring.errors import KeyringError  # noqa: PLC0415
        except ModuleNotFoundError as missing:
            raise ConfigurationError(
                f"a secret in the keyring needs the package {missing.name}",
                hint='pip install "superoffice-erpsync[keyring]"',
            ) from None
        entry = f"the keyring's entry {self.service!r} of {self.username!r}"
        try:
            value = keyring.get_password(self.service, self.username)
        except KeyringError as problem:
            raise ConfigurationError(f"{entry} cannot be read: {type(problem).__name__}") from None
        if value is None:
            raise ConfigurationError(
                f"{entry} is not there", hint=f"make it: keyring set {self.service} {self.username}"
            )
        return _filled(value, entry)


@dataclass(frozen=True, slots=True, repr=False)
class CallableSecret(SecretReference):
    """A secret that a function fetches, from a secrets manager for example.

    Args:
        function: Gives the secret; takes no arguments. One that pickle can name, such as a function of a module, lets
            credentials be pickled.
    """

    function: Callable[[], str | Secret]

    def resolve(self) -> Secret:
        """The secret as it is now, see `SecretReference.resolve`."""
        failure = None
        try:
            value = self.function()
        except Exception as problem:
            failure = type(problem).__name__
        if failure is not None:
            # Raised out here, since the problem's text, and the frames that it holds, may have the secret in them.
            raise ConfigurationError(f"{self._name} gave no secret: {failure}")
        if isinstance(value, Secret):
            value = value.reveal()
        if not isinstance(value, str):
            raise ConfigurationError(f"{self._name} gave {type(value).__name__}, which is no text")
        return _filled(value, f"what {self._name} gave")

    @property
    def _name(self) -> str:
        function = self.function
        while isinstance(function, functools.partial):
            function = function.func
        named = function if hasattr(function, "__qualname__") else type(function)
        return f"{named.__module__}.{named.__qualname__}"

    def __repr__(self) -> str:
        # Not the function's own repr: a partial shows its arguments.
        return f"CallableSecret({self._name})"


def _filled(value: str, where: str) -> Secret:
    if not value:
        raise ConfigurationError(f"{where} is empty")
    return Secret(value)
