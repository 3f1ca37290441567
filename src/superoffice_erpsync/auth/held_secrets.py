"""A secret as credentials hold it: the text itself, or a reference that is read when the text is needed."""

from __future__ import annotations

import threading

from superoffice_erpsync.auth.secret_reference import SecretReference
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.redaction import MASK, Secret

GivenSecret = str | Secret | SecretReference
"""The ways to give a secret."""

_REMEMBERED = 4
"""Values of a reference that are kept out of sight: the one in use and those that it may have replaced meanwhile."""


class _OfThread(threading.local):
    """What one thread has read: while it logs in with that, another may find a new secret."""

    last: Secret | None = None


class HeldSecret:
    """One secret of credentials. Its repr shows the reference, or a mask.

    Args:
        given: The secret.
        what: What to call it in errors.
        strip: White space around it does not belong to it, and it must not be empty.
    """

    __slots__ = ("_of_thread", "_seen", "_strip", "_what", "given")

    def __init__(self, given: GivenSecret, what: str, *, strip: bool = False) -> None:
        self._what = what
        self._strip = strip
        self._seen: tuple[Secret, ...] = ()
        self._of_thread = _OfThread()
        self.given: Secret | SecretReference
        """The reference, or the secret itself."""
        if isinstance(given, SecretReference):
            self.given = given
        else:
            self.given = given if isinstance(given, Secret) else Secret(given)
            self._seen = (self.given,)

    def check(self) -> None:
        """See whether it can be a secret at all; apart from its making, so that tracebacks find it out of sight.

        Raises:
            ConfigurationError: It is no text, or is empty and must not be.
        """
        if isinstance(self.given, SecretReference):
            return
        kind = type(self.given.reveal())
        if not issubclass(kind, str):
            raise ConfigurationError(f"{self._what} must be a text or a reference to one, not {kind.__name__}")
        self.given = self._stripped(self.given)
        self._seen = (self.given,)

    @property
    def is_reference(self) -> bool:
        """Whether the secret is kept elsewhere."""
        return isinstance(self.given, SecretReference)

    @property
    def last(self) -> Secret | None:
        """What it was when this thread read it last; None for a reference that it has not read."""
        return self.given if isinstance(self.given, Secret) else self._of_thread.last

    @property
    def seen(self) -> tuple[Secret, ...]:
        """What it has been so far, the latest last; nothing for a reference that nobody has read."""
        return self._seen

    def read(self) -> Secret:
        """The secret as it is now.

        Raises:
            ConfigurationError: The reference leads nowhere.
        """
        if isinstance(self.given, Secret):
            return self.given
        value = self._stripped(self.given.resolve())
        others = [one for one in self._seen if one != value]
        self._seen = (*others[1 - _REMEMBERED :], value)
        self._of_thread.last = value
        return value

    def _stripped(self, value: Secret) -> Secret:
        if not self._strip:
            return value
        text = value.reveal().strip()
        if not text:
            raise ConfigurationError(f"{self._what} is empty")
        return Secret(text)

    def __repr__(self) -> str:
        return repr(self.given) if self.is_reference else repr(MASK)
