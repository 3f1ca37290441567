"""What a login sends and what is read of its answer."""

from dataclasses import dataclass

from superoffice_erpsync.redaction import MASK, MaskedValues


class AuthenticationGenericData(MaskedValues[str | None]):
    """What a plugin of the installation logs in with, by key. Its repr masks the values."""


@dataclass(slots=True, kw_only=True, repr=False)
class SoCredentials:
    """The ticket of a login. Its repr is masked."""

    ticket: str | None = None

    def __repr__(self) -> str:
        return f"SoCredentials(ticket={None if self.ticket is None else MASK!r})"


@dataclass(slots=True, kw_only=True)
class IssuedTicket:
    """Of an `AuthenticateResponse` what a call needs. Who the ticket stands for is passed over, and costs no time."""

    credentials: SoCredentials | None = None
    authentication_succeeded: bool
