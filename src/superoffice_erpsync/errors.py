"""What can go wrong, as one tree.

    ErpSyncError
    ├── ConfigurationError        the client was set up with something that cannot work
    ├── InvalidRequest            the arguments cannot be sent as they are
    ├── OperationNotAvailable     this installation's services lack the operation
    ├── AuthenticationError       the login or the ticket was refused
    ├── ServerFault               the server answered that the call failed
    ├── OperationRefused          the call went well and the answer is no (IsOk=false)
    ├── ProtocolError             the answer is not what the contract says
    └── TransportError            the network or the server's host failed
        ├── TlsError              the secure connection was refused, by either side
        └── RequestTimeout        a time limit passed

Each error carries the same facts, so that a job can decide without reading texts: `operation`, `outcome`, `status`,
`code`, `can_repeat` and `hint`. No error carries a secret; all of them can be pickled.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from superoffice_erpsync.models import PluginResponse, SoExceptionInfo


class Outcome(StrEnum):
    """What is known about the server's side when a call has failed.

    Attributes:
        NOT_SENT: The request did not leave, or surely did not arrive: nothing was done.
        REJECTED: The server answered, and its answer says that the request was not carried out.
        UNKNOWN: The request left and no trustworthy answer came: the server may have acted.
    """

    NOT_SENT = "not_sent"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


class ErpSyncError(Exception):
    """The root of all errors that this package raises on purpose.

    Attributes:
        message: What was wrong, and where.
        operation: The vendor's operation name, None where no single call is concerned.
        outcome: Whether the server may have acted.
        status: The HTTP status of the answer, None without an answer.
        code: The server's own code: a fault code, an exception type or an error code.
        can_repeat: True where the same call may succeed later without any change.
        hint: What the user can do, None where there is nothing to say.
        attempts: How often the call was made before it was given up.
    """

    attempts: int = 1
    default_outcome: ClassVar[Outcome] = Outcome.NOT_SENT

    def __init__(
        self,
        message: str,
        *,
        operation: str | None = None,
        outcome: Outcome | None = None,
        status: int | None = None,
        code: str | None = None,
        can_repeat: bool = False,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.operation = operation
        self.outcome = self.default_outcome if outcome is None else outcome
        self.status = status
        self.code = code
        self.can_repeat = can_repeat
        self.hint = hint

    def __str__(self) -> str:
        where = f"{self.operation}: " if self.operation else ""
        advice = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.message}{advice}"


class ConfigurationError(ErpSyncError):
    """The client was set up with something that cannot work: an address, a WSDL, a combination of options."""


class InvalidRequest(ErpSyncError, ValueError):
    """The arguments cannot be sent as they are. The message names the argument and its member."""


class OperationNotAvailable(ErpSyncError):
    """The services that this client talks to lack the operation. Nothing was sent."""


class AuthenticationError(ErpSyncError):
    """The login was refused, or the ticket was and no new one can be had.

    Attributes:
        web_login: It is the login that the web server in front of the services wants, which has let nothing through to
            them.
    """

    default_outcome = Outcome.REJECTED
    web_login: bool = False


class ServerFault(ErpSyncError):
    """The server answered that the call failed: a SOAP Fault, `Succeeded=false`, or an HTTP error status.

    Attributes:
        exception_info: The server's own account where it sent one (the response header ExceptionInfo), with inner
            exceptions and parameters.
        retry_after: Seconds that the server asked to wait before the next try (HTTP header Retry-After).
        too_large: The server takes no request of this size: 413, 404.13, or a quota of WCF. Smaller ones may pass.
    """

    default_outcome = Outcome.REJECTED
    exception_info: SoExceptionInfo | None = None
    retry_after: float | None = None
    too_large: bool = False


class OperationRefused(ErpSyncError):
    """The call went well and the answer is no: `IsOk=false`.

    Attributes:
        response: The whole answer, with explanations and changes.
    """

    default_outcome = Outcome.REJECTED
    response: PluginResponse | None = None


class ProtocolError(ErpSyncError):
    """The answer is not what the contract says: not XML, another element, a number that is none.

    The server may have carried out the request, so the outcome is unknown.

    Attributes:
        path: Where in the answer, as element names joined by `/`; None where the whole answer is concerned.
    """

    default_outcome = Outcome.UNKNOWN
    path: str | None = None


class TransportError(ErpSyncError):
    """The network, a proxy or the server's host failed before an answer was complete."""


class TlsError(TransportError):
    """The secure connection failed, mostly over a certificate: not trusted, expired or for another host."""


class RequestTimeout(TransportError, TimeoutError):
    """A time limit passed: connecting (nothing was sent) or waiting for the answer (outcome unknown)."""
