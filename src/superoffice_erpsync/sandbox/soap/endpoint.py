"""From the bytes of a request to the bytes of its answer, for one `.svc`."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Any, Final

from superoffice_erpsync.sandbox.installation import Installation, NotInTheSandbox
from superoffice_erpsync.sandbox.received import ReceivedCall, without_secrets
from superoffice_erpsync.sandbox.refusals import Refusal
from superoffice_erpsync.sandbox.soap.contract import OperationContract, ServiceContract
from superoffice_erpsync.sandbox.soap.envelope import (
    RequestMessage,
    parse_envelope,
    read_request,
    write_answer,
)
from superoffice_erpsync.sandbox.soap.faults import (
    SoapFault,
    action_not_supported,
    internal_fault,
    not_in_the_sandbox,
    write_fault,
)

XML_UTF8: Final = "text/xml; charset=utf-8"

_LOG = logging.getLogger(__name__)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
_CHARSETS: Final = frozenset({"utf-8", "utf-16"})


@dataclass(frozen=True, slots=True)
class SoapRequest:
    """What counts of a POST."""

    content_type: str | None
    soap_action: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class SoapAnswer:
    """What goes back."""

    status: int
    body: bytes
    content_type: str | None = XML_UTF8
    reason: str | None = None
    """The HTTP reason phrase, where it is not the usual one."""


@dataclass(slots=True)
class _Progress:
    """How far a request was understood when it failed."""

    operation: OperationContract | None = None
    message: RequestMessage | None = None
    ticket_known: bool = False


class SoapEndpoint:
    """Answers the requests to one `.svc` out of one installation."""

    def __init__(self, installation: Installation, contract: ServiceContract) -> None:
        self._installation = installation
        self._contract = contract

    def answer(self, request: SoapRequest) -> SoapAnswer:
        """The answer, whatever the request is; every failure becomes one too."""
        charset = _charset_of(request.content_type)
        if charset is None:
            return _unsupported_media_type(request.content_type)
        progress = _Progress()
        failure: str | None = None
        try:
            body, failure = self._succeed_or_refuse(request, charset, progress)
            answer = SoapAnswer(200, body)
        except SoapFault as fault:
            failure = fault.code
            answer = SoapAnswer(fault.status, write_fault(fault))
        self._record(progress, answer.status, failure)
        return answer

    def _succeed_or_refuse(self, request: SoapRequest, charset: str, progress: _Progress) -> tuple[bytes, str | None]:
        """The envelope of an answer, and the exception's type where the answer is a refusal."""
        envelope = parse_envelope(request.body, charset)
        operation = progress.operation = self._operation_of(request.soap_action)
        message = progress.message = read_request(envelope, operation)
        credentials = message.headers.get("Credentials") or {}
        progress.ticket_known = self._installation.use_ticket(credentials.get("Ticket"))
        try:
            value = self._installation.call(
                self._contract.name, operation.name, message.arguments, ticket_known=progress.ticket_known
            )
            return write_answer(operation, _content(operation, value)), None
        except Refusal as refusal:
            return write_answer(operation, {}, refusal.as_exception_info(operation.name)), refusal.exception_type
        except NotInTheSandbox:
            raise not_in_the_sandbox(operation.name) from None
        except Exception:
            # A handler's own error must end as a Fault and not as a broken connection.
            _LOG.exception("the sandbox could not carry out %s", operation.name)
            raise internal_fault(operation.name) from None

    def _operation_of(self, soap_action: str | None) -> OperationContract:
        action = (soap_action or "").strip()
        if len(action) >= 2 and action[0] == action[-1] == '"':
            action = action[1:-1]
        operation = self._contract.by_action.get(action)
        if operation is None:
            raise action_not_supported(action, f"{self._contract.services}/{self._contract.name}.svc")
        return operation

    def _record(self, progress: _Progress, status: int, failure: str | None) -> None:
        if progress.operation is None:
            return
        message = progress.message or RequestMessage({}, {})
        self._installation.received.append(
            ReceivedCall(
                operation=progress.operation.name,
                service=self._contract.name,
                services=self._contract.services,
                arguments=without_secrets(message.arguments),
                ticket_known=progress.ticket_known,
                application_token=message.headers.get("ApplicationToken"),
                time_zone=message.headers.get("TimeZone"),
                status=status,
                failure=failure,
                at=self._installation.state.clock(),
            )
        )


def _content(operation: OperationContract, value: Any) -> dict[str, Any]:
    """The members of the response element: several come as a dict, a single one as its bare value."""
    members = getattr(operation.response.type, "members", ())
    if len(members) == 1:
        return {members[0].name: value}
    return value or {}


def _charset_of(content_type: str | None) -> str | None:
    """The encoding of a body that may be SOAP 1.1, None for any other content."""
    media_type, _, parameters = (content_type or "").partition(";")
    if media_type.strip().lower() != "text/xml":
        return None
    stated = _CHARSET.search(parameters)
    charset = stated[1].lower() if stated else "utf-8"
    return charset if charset in _CHARSETS else None


def _unsupported_media_type(content_type: str | None) -> SoapAnswer:
    said = f"the content type '{content_type[:100]}'" if content_type else "a message without a content type"
    return SoapAnswer(415, b"", None, f"Cannot read {said}; this address takes '{XML_UTF8}'.")
