"""From the bytes of a request to the bytes of its answer, for one `.svc`."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from typing import Any, Final

from superoffice_erpsync.sandbox.faults.pages import HTML, page_instead
from superoffice_erpsync.sandbox.faults.register import UNSTRUCK, Call, Struck
from superoffice_erpsync.sandbox.handlers.catalogue import OPEN_SERVICES
from superoffice_erpsync.sandbox.installation import Installation, NotInTheSandbox
from superoffice_erpsync.sandbox.received import NO_ANSWER, ReceivedCall, without_secrets
from superoffice_erpsync.sandbox.refusals import Refusal
from superoffice_erpsync.sandbox.soap.contract import Composite, OperationContract, ServiceContract
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
    quota_exceeded,
    service_fault,
    write_fault,
)
from superoffice_erpsync.sandbox.time_zones import dates_in_zone, zone_of

XML_UTF8: Final = "text/xml; charset=utf-8"

_LOG = logging.getLogger(__name__)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
_CHARSETS: Final = frozenset({None, "utf-8", "utf-16"})


@dataclass(frozen=True, slots=True)
class SoapRequest:
    """What counts of a POST."""

    content_type: str | None
    soap_action: str | None
    body: bytes
    account: str | None = None
    """The account that the web server vouches for."""


@dataclass(frozen=True, slots=True)
class SoapAnswer:
    """What goes back."""

    status: int
    body: bytes
    content_type: str | None = XML_UTF8
    reason: str | None = None
    """The HTTP reason phrase, where it is not the usual one."""
    headers: dict[str, str] = field(default_factory=dict)
    """Beside the usual ones."""


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

    def strike(self, request: SoapRequest) -> Struck:
        """What faults on demand make the request suffer; one that names no operation suffers none."""
        try:
            operation = self._operation_of(request.soap_action)
        except SoapFault:
            return UNSTRUCK
        if not _is_soap11(request.content_type):
            return UNSTRUCK
        return self._installation.faults.strike(
            Call(
                operation=operation.name,
                service=self._contract.name,
                services=self._contract.services,
                transport="soap",
                has_ticket=self._contract.name not in OPEN_SERVICES,
            )
        )

    def answer(self, request: SoapRequest, struck: Struck = UNSTRUCK) -> SoapAnswer:
        """The answer, whatever the request is; every failure becomes one too.

        Args:
            request: The request.
            struck: What it suffers. To cut the connection is another's task: a dropped call has the status NO_ANSWER.
        """
        if not _is_soap11(request.content_type):
            return _unsupported_media_type(request.content_type)
        progress = _Progress()
        failure: str | None = None
        try:
            instead = self._instead(request, struck, progress)
            if instead is None:
                body, failure = self._succeed_or_refuse(request, struck, progress)
                answer = SoapAnswer(200, body)
            else:
                failure, answer = struck.kind, instead
        except SoapFault as fault:
            failure = fault.code
            answer = SoapAnswer(fault.status, write_fault(fault))
        self._record(progress, answer.status, failure, struck)
        return answer

    def _instead(self, request: SoapRequest, struck: Struck, progress: _Progress) -> SoapAnswer | None:
        """What goes back for a call that never gets as far as the service; None for one that does."""
        if struck.kind == "drop":
            answer = SoapAnswer(NO_ANSWER, b"")
        else:
            page = page_instead(struck)
            if page is None:
                return None
            answer = SoapAnswer(page.status, page.body, HTML, headers=page.headers)
        progress.operation = self._operation_of(request.soap_action)
        return answer

    def _succeed_or_refuse(self, request: SoapRequest, struck: Struck, progress: _Progress) -> tuple[bytes, str | None]:
        """The envelope of an answer, and the exception's type where the answer is a refusal."""
        envelope = parse_envelope(request.body, _stated_charset(request.content_type))
        operation = progress.operation = self._operation_of(request.soap_action)
        if struck.kind == "quota":
            raise quota_exceeded()
        if struck.kind == "server_fault":
            raise service_fault()
        message = progress.message = read_request(envelope, operation)
        credentials = message.headers.get("Credentials") or {}
        if struck.kind == "expired_ticket":
            self._installation.expire_ticket(credentials.get("Ticket"))
        progress.ticket_known = self._installation.use_ticket(credentials.get("Ticket"))
        try:
            value = self._installation.call(
                self._contract.name,
                operation.name,
                message.arguments,
                ticket_known=progress.ticket_known,
                account=request.account,
            )
            value = _as_the_caller_sees_it(value, message.headers.get("TimeZone"))
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

    def _record(self, progress: _Progress, status: int, failure: str | None, struck: Struck) -> None:
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
                faults=struck.faults,
                at=self._installation.state.clock(),
            )
        )


def _content(operation: OperationContract, value: Any) -> dict[str, Any]:
    """The members of the response element: several come as a dict, a single one as its bare value."""
    element = operation.response.type
    if isinstance(element, Composite) and len(element.members) == 1:
        return {element.members[0].name: value}
    return value or {}


def _as_the_caller_sees_it(value: Any, time_zone: dict[str, Any] | None) -> Any:
    """The value with its dates in the zone of the request's header; as it is where there is none."""
    if time_zone is None:
        return value
    number, code = time_zone["SoTimeZoneId"], time_zone["SoTimeZoneLocationCode"] or ""
    return dates_in_zone(value, zone_of(str(number) if number else code.strip().upper()))


def _is_soap11(content_type: str | None) -> bool:
    media_type = (content_type or "").partition(";")[0]
    return media_type.strip().lower() == "text/xml" and _stated_charset(content_type) in _CHARSETS


def _stated_charset(content_type: str | None) -> str | None:
    """The encoding that HTTP states, which goes before the document's own word; None where it states none."""
    stated = _CHARSET.search((content_type or "").partition(";")[2])
    return stated[1].lower() if stated else None


def _unsupported_media_type(content_type: str | None) -> SoapAnswer:
    said = f"the content type '{content_type[:100]}'" if content_type else "a message without a content type"
    return SoapAnswer(415, b"", None, f"Cannot read {said}; this address takes '{XML_UTF8}'.")
