"""An operation's refusal: the call arrived and the installation says no."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Raised by a handler; the answer's ExceptionInfo on SOAP, its error object on REST.

    Args:
        exception_type: Name of the .NET class.
        message: For technicians, in English.
        friendly_text: For users; the message when left out.
        parameters: Facts beside the message.
    """

    def __init__(
        self,
        exception_type: str,
        message: str,
        *,
        friendly_text: str | None = None,
        parameters: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.exception_type = exception_type
        self.message = message
        self.friendly_text = friendly_text or message
        self.parameters = parameters

    def as_exception_info(self, operation: str) -> dict[str, Any]:
        """The members of SoExceptionInfo."""
        return {
            "Message": self.message,
            "StackTrace": f"   at SuperOffice.Sandbox.{operation}()",
            "FriendlyText": self.friendly_text,
            "ExceptionType": self.exception_type,
            "Source": "SuperOffice.Sandbox",
            "InnerException": None,
            "Parameters": self.parameters,
        }


def no_session() -> Refusal:
    """No ticket, an unknown one or an expired one: the installation does not say which."""
    return Refusal(
        "SuperOffice.Exceptions.SoSessionException",
        "The ticket is missing, unknown or expired. Log in again.",
        friendly_text='US:"You are not logged in." NO:"Du er ikke logget inn."',
    )
