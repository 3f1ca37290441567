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


def not_found(what: str, number: int | str) -> Refusal:
    """Something that is to be changed does not exist, or no longer.

    Args:
        what: Its kind, such as "connection".
        number: Its id.
    """
    return Refusal(
        "SuperOffice.Exceptions.SoNotFoundException",
        f"There is no {what} {number}.",
        parameters={"What": what, "Id": str(number)},
    )


def argument_missing(name: str) -> Refusal:
    """An argument that the operation cannot do without is nil or blank."""
    return Refusal("System.ArgumentNullException", f"{name} is missing.", parameters={"Argument": name})


def argument_wrong(name: str, why: str) -> Refusal:
    """An argument that makes no sense to the operation."""
    return Refusal("System.ArgumentException", f"{name}: {why}.", parameters={"Argument": name})


def malformed_value(field_key: str, why: str) -> Refusal:
    """A value that is not in the form its field's type demands."""
    return Refusal("System.FormatException", f"{field_key}: {why}.", parameters={"FieldKey": field_key})


def not_now(why: str) -> Refusal:
    """What is asked for does not go with the state of things."""
    return Refusal("System.InvalidOperationException", f"{why}.")


def connector_silent(connector_id: int, url: str) -> Refusal:
    """No connector answers at the address that is stored for it."""
    return Refusal(
        "System.ServiceModel.EndpointNotFoundException",
        f"No connector answers at the address of connector {connector_id}, {url!r}.",
        parameters={"ErpConnectorId": str(connector_id)},
    )


def erp_unreachable(connection_id: int, tech_explanation: str, user_explanation: str) -> Refusal:
    """The ERP behind a connection cannot be asked."""
    return Refusal(
        "SuperOffice.Exceptions.SoException",
        f"Connection {connection_id} failed: {tech_explanation}",
        friendly_text=user_explanation,
        parameters={"ErpConnectionId": str(connection_id)},
    )
