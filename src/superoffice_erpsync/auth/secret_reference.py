"""What all references to secrets are. The kinds of them, in `references`, load with the first that is used."""

from __future__ import annotations

from abc import ABC, abstractmethod

from superoffice_erpsync.redaction import Secret


class SecretReference(ABC):
    """Where a secret is kept. Its repr shows the place and never the secret."""

    __slots__ = ()

    @abstractmethod
    def resolve(self) -> Secret:
        """The secret as it is now.

        Raises:
            ConfigurationError: It is not there, is empty, or cannot be read.
        """
