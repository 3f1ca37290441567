"""A secret as credentials hold it: the text itself, or a reference that is read when the text is needed."""

from __future__ import annotations

from superoffice_erpsync.auth.secret_reference import SecretReference
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.redaction import MASK, Secret

GivenSecret = str | Secret | SecretReference
"""The ways to give a secret."""

_REMEMBERED = 4
"""Values of a reference that are kept out of sight: the one in use and those that it may have replaced meanwhile."""


class HeldSecret:
    """One secret of credentials. Its repr shows the reference, or a mask.

    Args:
        given: The secret.
        what: What to call it in errors.
        strip: White space around it does not belong to it, and it must not be empty.

    Raises:
        ConfigurationError: The secret is empty and must not be.
    """

    __slots__ = ("_seen", "_strip", "_what", "given")

    def __init__(self, given: GivenSecret, what: str, *, strip: bool = False) -> None:
        self._what = what
        self._strip = strip
        self._seen: tuple[Secret, ...] = ()
        self.given: Secret | SecretReference
        """The reference, or the secret itself."""
        if isinstance(given, SecretReference):
            self.given = given
        else:
            self.given = self._stripped(given if isinstance(given, Secret) else Secret(given))
            self._seen = (self.given,)

    @property
    def is_reference(self) -> bool:
        """Whether the secret is kept elsewhere."""
        return isinstance(self.given, SecretReference)

    @property
    def last(self) -> Secret | None:
        """What it was when it was last read; None for a reference that nobody has read."""
        return self._seen[-1] if self._seen else None

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
