"""How an answer is recognised that means: this ticket is no longer good, log in again.

The vendor documents no code for it. This is the one list; users can extend it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from superoffice_erpsync.errors import AuthenticationError, ErpSyncError, ServerFault
from superoffice_erpsync.models import SoExceptionInfo

_UNAUTHORIZED = 401
_LONGEST = 2_000
"""Characters of a server's text that are looked at: the search takes as long as the square of their number."""

# Either order, within one sentence: "the ticket has expired", "invalid session".
_THING = r"\b(?:ticket|session|credential)s?\b"
_STATE = (
    r"\b(?:expired?|invalid|missing|unknown|not\s+(?:valid|found|known|recogni[sz]ed)|no\s+longer\s+valid|required)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRejection:
    """Which failures mean that the ticket was refused, so that a new login can help.

    Attributes:
        exception_types: Endings of .NET exception type names.
        texts: Regular expressions, searched without regard to case in the server's messages.
    """

    exception_types: tuple[str, ...] = (
        "SoSessionException",
        "SoAuthenticationException",
        "AuthenticationException",
        "InvalidCredentialException",
    )
    texts: tuple[str, ...] = (rf"{_THING}[^.!?\n]*{_STATE}", rf"{_STATE}[^.!?\n]*{_THING}")

    def recognises(self, error: ErpSyncError) -> bool:
        """Whether a failed call means a refused ticket.

        Args:
            error: What the call ended with.
        """
        if isinstance(error, AuthenticationError):
            return error.status == _UNAUTHORIZED and not error.web_login
        if not isinstance(error, ServerFault):
            return False
        if error.status == _UNAUTHORIZED:
            return True
        if error.exception_info is None:
            return self._matches(error.code, error.message)
        info: SoExceptionInfo | None = error.exception_info
        while info is not None:
            if self._matches(info.exception_type, info.message, info.friendly_text):
                return True
            info = info.inner_exception
        return False

    def _matches(self, exception_type: str | None, *texts: str | None) -> bool:
        if exception_type and exception_type.strip().endswith(self.exception_types):
            return True
        beginnings = [text[:_LONGEST] for text in texts if text]
        return any(re.search(pattern, text, re.IGNORECASE) for text in beginnings for pattern in self.texts)
