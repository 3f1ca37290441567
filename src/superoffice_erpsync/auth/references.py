"""References to secrets: where a password or a token is kept, instead of the text itself.

A reference is read when a login needs it, and anew for each login, so that a secret that was changed is found. It can
be pickled; the secret is then read in the other process.
"""

from __future__ import annotations

import codecs
import functools
import os
import stat
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from superoffice_erpsync.auth.secret_reference import SecretReference
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.redaction import Secret

__all__ = [
    "CallableSecret",
    "CommandSecret",
    "EnvironmentSecret",
    "FileSecret",
    "KeyringSecret",
    "SecretReference",
]

_OTHERS = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH


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

    Args:
        path: The file; a relative one is taken from the folder in which the process is now.
        private: Whether a file that the group or others can read or write is refused, on POSIX. Service managers and
            containers hand over files that are open to a group, which only they can see. On Windows a file is as safe
            as the permissions of its folder, whatever is said here.
    """

    path: Path
    private: bool = True

    def __init__(self, path: str | os.PathLike[str], *, private: bool = True) -> None:
        # A process that gets this in a pickle may be in another folder.
        object.__setattr__(self, "path", Path(path).absolute())
        object.__setattr__(self, "private", private)

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
        if os.name != "posix" or not self.private:
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
        how_to_make: What to do where the entry is missing, for the error's hint; None for the keyring's own command.
    """

    service: str
    username: str
    how_to_make: str | None = field(default=None, repr=False, compare=False)

    def resolve(self) -> Secret:
        """The secret as it is now, see `SecretReference.resolve`."""
        try:
            # An extra, and slow to load: it looks for the keyrings of this system.
            import keyring  # noqa: PLC0415
        except ModuleNotFoundError as missing:
            raise ConfigurationError(
                f"a secret in the keyring needs the package {missing.name}",
                hint='pip install "superoffice-erpsync[keyring]"',
            ) from None
        entry = f"the keyring's entry {self.service!r} of {self.username!r}"
        failure = None
        try:
            value = keyring.get_password(self.service, self.username)
        except Exception as problem:
            # Not keyring's own errors alone: the systems behind it let theirs through.
            failure = type(problem).__name__
        if failure is not None:
            raise ConfigurationError(f"{entry} cannot be read: {failure}")
        if value is None:
            raise ConfigurationError(
                f"{entry} is not there",
                hint=f"make it: {self.how_to_make or f'keyring set {self.service} {self.username}'}",
            )
        return _filled(value, entry)


@dataclass(frozen=True, slots=True, repr=False)
class CommandSecret(SecretReference):
    """A secret that a program prints: the first line, in UTF-8, of what it writes to standard output.

    The program is started as it is, without a shell, and reads nothing from standard input. What it says on standard
    error is dropped, since it may show the secret.

    Args:
        command: The program and its arguments, as in `["pass", "show", "crm"]`. A program that is named by a relative
            path is taken from the folder in which the process is now.
        timeout: Seconds that it may take.

    Raises:
        ConfigurationError: There is no program.
    """

    command: tuple[str, ...]
    timeout: float

    def __init__(self, command: Sequence[str], timeout: float = 60.0) -> None:
        if isinstance(command, str) or not command or not command[0] or not all(isinstance(c, str) for c in command):
            raise ConfigurationError(
                "the command that prints a secret must be a list of texts, as no shell takes it apart",
                hint='as in ["pass", "show", "crm"]',
            )
        program = command[0]
        if Path(program).name != program:
            # A process that gets this in a pickle may be in another folder.
            program = str(Path(program).absolute())
        object.__setattr__(self, "command", (program, *command[1:]))
        object.__setattr__(self, "timeout", timeout)

    def resolve(self) -> Secret:
        """The secret as it is now, see `SecretReference.resolve`."""
        where = f"the command {self._name}"
        output, failure = self._run()
        if failure is not None:
            raise ConfigurationError(
                f"{where} gave no secret: {failure}", hint="run it by hand in a terminal: there it can say why"
            )
        text = None
        with suppress(UnicodeDecodeError):
            text = output.partition(b"\n")[0].removesuffix(b"\r").decode("utf-8-sig")
        if text is None:
            raise ConfigurationError(f"what {where} printed is not UTF-8")
        return _filled(text, f"the first line of what {where} printed")

    def _run(self) -> tuple[bytes, str | None]:
        """What it printed, and why that is no secret; an error of the library would have the output in it."""
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's own command, and no shell
                self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except (OSError, ValueError) as problem:
            return b"", f"it cannot be started: {getattr(problem, 'strerror', None) or 'it is no command'}"
        try:
            output, _ = process.communicate(timeout=self.timeout)
        except subprocess.TimeoutExpired:
            return b"", f"it took more than {self.timeout:g} seconds"
        finally:
            if process.returncode is None:
                # Not by communicate, which would wait for what the program itself has started.
                process.kill()
                process.wait()
            if process.stdout and os.name == "posix":
                # On Windows a thread of the library reads it to its end and closes it: whoever does so before waits for
                # what the program has started.
                process.stdout.close()
        return output, None if process.returncode == 0 else f"it ended with status {process.returncode}"

    @property
    def _name(self) -> str:
        # Without the arguments, which may open whatever keeps the secret.
        return Path(self.command[0]).name

    def __repr__(self) -> str:
        return f"CommandSecret({self._name})"


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
