"""A folder whose files nobody but their owner can read or change, from the first moment."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from pathlib import Path

from superoffice_erpsync.errors import ConfigurationError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_LARGEST = 65_536
"""Bytes that are read of a file: what is longer was not written here."""

# Missing where the operating system has no such thing.
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
_NO_WAITING = getattr(os, "O_NONBLOCK", 0)
_AS_IT_IS = getattr(os, "O_BINARY", 0)


class PrivateFolder:
    """A folder for secrets.

    On POSIX it is made for its owner alone, and it or a file in it that is a link, is somebody else's or is open to
    others is refused. On Windows the permissions of the user's profile, which a folder in it inherits, keep others out;
    nothing is checked there.

    Args:
        path: The folder; it is made when it is needed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self) -> None:
        """Make the folder where it is missing, and see whether it can be written.

        Raises:
            ConfigurationError: Others could read what is in it, or change it.
            OSError: It cannot be made or written.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self.path.mkdir(mode=0o700)
        except FileExistsError:
            status = self.path.lstat()
            if not stat.S_ISDIR(status.st_mode):
                raise self._refusal(self.path, "is no folder") from None
            self._check(self.path, status)
        # Known for sure only from trying, and on Windows a lock's file that cannot be made looks like one that is held.
        trial = self.path / f"{secrets.token_hex(8)}.trial"
        trial.touch(0o600, exist_ok=False)
        trial.unlink()

    def read(self, name: str) -> tuple[bytes, float] | None:
        """The content of a file and when it was written, in seconds of `time.time`; None where there is no such file.

        Raises:
            ConfigurationError: Others could read it, or change it.
            OSError: It cannot be read.
        """
        path = self.path / name
        try:
            # Without waiting: a pipe in the file's place would block until somebody writes.
            descriptor = os.open(path, os.O_RDONLY | _NO_LINKS | _NO_WAITING | _AS_IT_IS)
        except FileNotFoundError:
            return None
        except OSError as problem:
            if problem.errno == errno.ELOOP:
                raise self._refusal(path, "is a link") from None
            raise
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise self._refusal(path, "is no file")
            self._check(path, status)
            return os.read(descriptor, _LARGEST), status.st_mtime
        finally:
            os.close(descriptor)

    def write(self, name: str, content: bytes) -> None:
        """Put a file into the folder, wholly or not at all. One process at a time may write to a name.

        Raises:
            OSError: It cannot be written.
        """
        path = self.path / name
        beside = path.with_name(f"{name}.new")
        # Left behind by a process that was killed.
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINKS | _AS_IT_IS, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise

    def remove(self, name: str) -> bool:
        """Take a file out of the folder. Returns whether there was one.

        Raises:
            OSError: It cannot be done.
        """
        try:
            (self.path / name).unlink()
        except FileNotFoundError:
            return False
        return True

    def touch(self, name: str) -> None:
        """Have a file count as written now.

        Raises:
            OSError: It cannot be done.
        """
        os.utime(self.path / name)

    def _check(self, path: Path, status: os.stat_result) -> None:
        if os.name != "posix":
            return
        if status.st_uid != os.geteuid():
            raise self._refusal(path, "belongs to another user")
        if status.st_mode & _OTHERS:
            raise self._refusal(path, f"is open to others (mode {stat.S_IMODE(status.st_mode):04o})")

    @staticmethod
    def _refusal(path: Path, why: str) -> ConfigurationError:
        return ConfigurationError(
            f"tickets are not kept in {path}: it {why}",
            hint="remove it, or name another folder; a folder that is missing is made for its owner alone",
        )
