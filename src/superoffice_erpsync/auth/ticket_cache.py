"""Tickets kept on disk, so that a job that runs every few minutes seldom logs in."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from superoffice_erpsync.auth.credentials import Credentials, UsernamePassword, WindowsCredentials
from superoffice_erpsync.auth.private_folder import PrivateFolder
from superoffice_erpsync.auth.tickets import USED_FOR
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import ConfigurationError, RequestTimeout
from superoffice_erpsync.process.locking import held
from superoffice_erpsync.redaction import Secret

if TYPE_CHECKING:
    from filelock import BaseFileLock

_log = logging.getLogger("superoffice_erpsync.tickets")

_FORM = 1
_NOTED_EVERY = 240.0
"""Seconds between two notes of a ticket's use; the six hours that it lives count from the last note."""
_PATIENCE = 10.0
"""Seconds that removing a ticket waits for a process that is logging in."""


@dataclass(frozen=True, slots=True)
class TicketCache:
    """Keeps tickets between runs, in files that nobody but their owner can read.

    There is one ticket for an installation and a user, shared by all processes that log in as this user: they log in
    once. A new process takes the ticket while it is likely to be alive, six hours after its last use, without knowing
    whether the password is right. A ticket opens the installation like the password does until it expires, so keep the
    folder on this machine and out of backups.

    Kept are only tickets of logins with a user name: `UsernamePassword`, and `WindowsCredentials` with one. An access
    token or generic data could be told from others only by a trace of the secret, which would help in guessing it, and
    the account of a process not at all; these log in anew in each process.

    On POSIX a folder or file that is a link, is somebody else's or is open to others is refused with a
    ConfigurationError. On Windows the permissions of the user's profile keep others out. A folder that cannot be
    written costs a warning in the log, and a login.

    Args:
        folder: Where tickets are kept; None for `tickets` in the user's cache folder. A missing one is made, and a
            relative one is taken from the folder in which the process is now.
    """

    folder: Path | None = None

    def __post_init__(self) -> None:
        if self.folder is not None:
            # A process that gets this in a pickle may be in another folder.
            object.__setattr__(self, "folder", Path(self.folder).absolute())

    def ticket_of(self, credentials: Credentials, address: str) -> CachedTicket | None:
        """The place for the ticket of a login; None for credentials whose ticket is not kept.

        Args:
            credentials: Who logs in.
            address: Where: the installation's address.
        """
        if not isinstance(credentials, UsernamePassword | WindowsCredentials) or credentials.username is None:
            return None
        login = (type(credentials).__name__, credentials.username, address.rstrip("/"))
        return CachedTicket(self.folder or _default_folder(), login)


class CachedTicket:
    """The ticket of one login on disk, see `TicketStore`.

    Args:
        folder: Where tickets are kept.
        login: What tells this login from others: the kind, the user's name, the installation's address.
    """

    def __init__(self, folder: Path, login: tuple[str, str, str]) -> None:
        self._folder = PrivateFolder(folder)
        self._login = login
        self._name = hashlib.sha256(json.dumps(login).encode()).hexdigest()[:40]
        self._noted = float("-inf")
        self._usable = True
        self._warned = False

    @contextmanager
    def held(self, deadline: Deadline) -> Iterator[None]:
        """Keep all other processes from reading and logging in, see `TicketStore.held`."""
        left = deadline.left()
        lock = None
        try:
            lock = self._locked(-1 if left is None else max(left, 0))
        except TimeoutError:
            raise RequestTimeout("the login of another process took until the deadline", can_repeat=True) from None
        except OSError as problem:
            self._warn(problem)
        self._usable = lock is not None
        try:
            yield
        finally:
            if lock is not None:
                lock.release()

    def read(self) -> Secret | None:
        """The ticket where it is likely to be good, see `TicketStore.read`."""
        if not self._usable:
            return None
        try:
            ticket, age = self._kept()
        except OSError as problem:
            self._warn(problem)
            return None
        if ticket is None or age >= USED_FOR.total_seconds():
            return None
        self._noted = time.monotonic() - age
        return ticket

    def write(self, ticket: Secret) -> None:
        """Keep a new ticket, see `TicketStore.write`."""
        if not self._usable:
            return
        content = {"form": _FORM, "login": self._login, "ticket": ticket.reveal()}
        try:
            self._folder.write(f"{self._name}.json", json.dumps(content).encode())
        except OSError as problem:
            self._warn(problem)
        else:
            self._noted = time.monotonic()

    def used(self, ticket: Secret) -> None:
        """Take note that the ticket was good just now, see `TicketStore.used`."""
        now = time.monotonic()
        if not self._usable or now - self._noted < _NOTED_EVERY:
            return
        self._noted = now
        try:
            lock = self._locked(0)
            try:
                # Another process may have put a newer one there, whose time is its own.
                if self._kept()[0] == ticket:
                    self._folder.touch(f"{self._name}.json")
            finally:
                lock.release()
        except TimeoutError:
            # Another process is at it. The use of some minutes later will do as well.
            pass
        except (OSError, ConfigurationError) as problem:
            # The call was carried out; whatever is wrong here must not make it fail.
            self._warn(problem)

    def forget(self) -> bool:
        """Remove the ticket from disk. Returns whether there was one. A process that has it in memory keeps it.

        Raises:
            ConfigurationError: It cannot be removed.
        """
        if not self._folder.path.exists():
            return False
        try:
            lock = self._locked(_PATIENCE)
            try:
                return self._folder.remove(f"{self._name}.json")
            finally:
                lock.release()
        except TimeoutError:
            reason = "another process is logging in with it"
        except OSError as problem:
            reason = problem.strerror or str(problem)
        raise ConfigurationError(f"the ticket kept in {self._folder.path} cannot be removed: {reason}")

    def _locked(self, seconds: float) -> BaseFileLock:
        self._folder.make()
        return held(self._folder.path / f"{self._name}.lock", seconds, private=True)

    def _kept(self) -> tuple[Secret | None, float]:
        """The ticket in the file, None where there is none of ours, and the seconds since its use was noted."""
        found = self._folder.read(f"{self._name}.json")
        if found is None:
            return None, 0.0
        content, noted = found
        try:
            known = json.loads(content)
        except (ValueError, RecursionError):
            known = None
        if not isinstance(known, dict) or (known.get("form"), known.get("login")) != (_FORM, [*self._login]):
            return None, 0.0
        ticket = known.get("ticket")
        return Secret(ticket) if isinstance(ticket, str) and ticket.strip() else None, time.time() - noted

    def _warn(self, problem: Exception) -> None:
        if self._warned:
            return
        self._warned = True
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        _log.warning("tickets cannot be kept in %s: %s", self._folder.path, reason)


def _default_folder() -> Path:
    # Loaded when it is needed: few clients have a cache, and it takes longer than the package itself.
    from platformdirs import user_cache_path  # noqa: PLC0415

    return user_cache_path("superoffice-erpsync", appauthor=False) / "tickets"
