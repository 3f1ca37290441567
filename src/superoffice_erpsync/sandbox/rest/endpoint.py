"""From a request of the REST API to its answer."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from superoffice_erpsync.sandbox.faults.pages import HTML, page_instead
from superoffice_erpsync.sandbox.faults.register import UNSTRUCK, Call, Struck
from superoffice_erpsync.sandbox.faults.rule import FaultKind
from superoffice_erpsync.sandbox.installation import Installation, NotInTheSandbox
from superoffice_erpsync.sandbox.received import MASK, NO_ANSWER, ReceivedCall, without_secrets
from superoffice_erpsync.sandbox.refusals import Refusal
from superoffice_erpsync.sandbox.rest import errors
from superoffice_erpsync.sandbox.rest.authorization import admit, expire, scheme_of
from superoffice_erpsync.sandbox.rest.description import describe
from superoffice_erpsync.sandbox.rest.errors import RestError
from superoffice_erpsync.sandbox.rest.operations import RestOperation, rest_operations
from superoffice_erpsync.sandbox.rest.presentation import presentation, time_zone_members
from superoffice_erpsync.sandbox.rest.reader import Unreadable, parse, read_members, read_value
from superoffice_erpsync.sandbox.rest.select import read_selection, trimmed
from superoffice_erpsync.sandbox.rest.writer import write_value
from superoffice_erpsync.sandbox.soap.contract import ServiceContract

JSON_UTF8: Final = "application/json; charset=utf-8"

_LOG = logging.getLogger(__name__)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
_RECORDED: Final = ("SO-Language", "SO-Culture", "SO-TimeZone", "Accept-Language")
_RECORDED_MASKED: Final = ("Authorization", "Cookie", "X-XSRF-TOKEN", "SO-AppToken")
_REFUSALS: Final[Mapping[FaultKind | None, Callable[[], RestError]]] = {
    "quota": errors.quota_exceeded,
    "server_fault": errors.service_error,
    "error_object": errors.wrapped_in_success,
}
"""Refusals on demand, by the kind of the fault."""
_WHOLE_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class RestRequest:
    """What counts of a POST."""

    operation: str
    """As it stands in the address."""
    query: list[tuple[str, str]] = field(default_factory=list)
    """Names in small letters, and values."""
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    """By name in small letters."""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class RestAnswer:
    """What goes back."""

    status: int
    body: bytes
    headers: dict[str, str]

    @classmethod
    def of(cls, value: Any) -> RestAnswer:
        """A result."""
        return cls(200, _json(value), {"Content-Type": JSON_UTF8})

    @classmethod
    def failing(cls, error: RestError) -> RestAnswer:
        """A call that failed."""
        return cls(error.status, _json(error.content), {"Content-Type": JSON_UTF8, **error.headers})


@dataclass(slots=True)
class _Progress:
    """How far a request was understood when it failed."""

    operation: RestOperation
    known: bool = False
    arguments: dict[str, Any] = field(default_factory=dict)


class RestEndpoint:
    """Answers the requests to the ErpSync agent out of one installation.

    Args:
        installation: What is asked.
        contract: Of ErpSync in the version whose operations the REST API has.
    """

    def __init__(self, installation: Installation, contract: ServiceContract) -> None:
        self._installation = installation
        self._contract = contract
        self._operations = rest_operations(contract)

    def describe(self, operation: str, agent: str) -> RestAnswer:
        """What an operation is, or without a name which there are.

        Args:
            operation: As it stands in the address, or empty.
            agent: The address of the agent.
        """
        if not operation:
            return RestAnswer.of({"Operations": [found.name for found in self._operations.values()]})
        try:
            found = self._operation_of(operation)
        except RestError as error:
            return RestAnswer.failing(error)
        return RestAnswer.of(describe(found, f"{agent}/{found.name}"))

    def strike(self, request: RestRequest) -> Struck:
        """What faults on demand make the request suffer; one that names no operation suffers none."""
        operation = self._operations.get(request.operation.lower())
        if operation is None:
            return UNSTRUCK
        return self._installation.faults.strike(
            Call(
                operation=operation.name,
                service=self._contract.name,
                services="REST",
                transport="rest",
                has_ticket=scheme_of(request.headers) in ("SOTicket", "Cookie"),
            )
        )

    def answer(self, request: RestRequest, struck: Struck = UNSTRUCK) -> RestAnswer:
        """The answer, whatever the request is; every failure becomes one too.

        Args:
            request: The request.
            struck: What it suffers. To cut the connection is another's task: a dropped call has the status NO_ANSWER.
        """
        try:
            operation = self._operation_of(request.operation)
        except RestError as error:
            return RestAnswer.failing(error)
        progress = _Progress(operation)
        failure: str | None = None
        try:
            instead = _instead(struck)
            if instead is None:
                answer = self._succeed(request, struck, progress)
            else:
                failure, answer = struck.kind, instead
        except RestError as error:
            failure, answer = error.code, RestAnswer.failing(error)
        self._record(request, progress, answer.status, failure, struck)
        return answer

    def _succeed(self, request: RestRequest, struck: Struck, progress: _Progress) -> RestAnswer:
        operation = progress.operation
        if struck.kind in _REFUSALS:
            raise _REFUSALS[struck.kind]()
        with self._installation.lock:
            if struck.kind == "expired_ticket":
                expire(self._installation.state.sessions, request.headers)
            admit(self._installation.state.sessions, request.headers)
        progress.known = True
        try:
            progress.arguments = _arguments(operation, request)
        except Unreadable as problem:
            raise errors.invalid_request(f"{operation.name}: {problem}") from None
        except RecursionError:
            raise errors.invalid_request(f"{operation.name}: the body is nested too deeply") from None
        try:
            value = self._installation.call(self._contract.name, operation.name, progress.arguments, ticket_known=True)
            return _written(operation, value, request)
        except Refusal as refusal:
            raise errors.refused(refusal) from None
        except NotInTheSandbox:
            raise errors.not_in_the_sandbox(operation.name) from None
        except Exception:
            # A handler's own error must end as an answer and not as a broken connection.
            _LOG.exception("the sandbox could not carry out %s", operation.name)
            raise errors.broken(operation.name) from None

    def _operation_of(self, name: str) -> RestOperation:
        operation = self._operations.get(name.lower())
        if operation is None:
            raise errors.not_found(f"The agent {self._contract.name} has no operation '{name[:100]}'.")
        return operation

    def _record(
        self, request: RestRequest, progress: _Progress, status: int, failure: str | None, struck: Struck
    ) -> None:
        headers = request.headers
        recorded = {name: headers[name.lower()] for name in _RECORDED if name.lower() in headers}
        masked = {name: MASK for name in _RECORDED_MASKED if name.lower() in headers}
        self._installation.received.append(
            ReceivedCall(
                operation=progress.operation.name,
                service=self._contract.name,
                services="REST",
                transport="rest",
                arguments=without_secrets(progress.arguments),
                ticket_known=progress.known,
                application_token=headers.get("so-apptoken"),
                time_zone=time_zone_members(headers),
                authorization=scheme_of(headers),
                headers=recorded | masked,
                status=status,
                failure=failure,
                faults=struck.faults,
                at=self._installation.state.clock(),
            )
        )


def _instead(struck: Struck) -> RestAnswer | None:
    """What goes back for a call that never gets as far as the API; None for one that does."""
    if struck.kind == "drop":
        return RestAnswer(NO_ANSWER, b"", {})
    page = page_instead(struck)
    return None if page is None else RestAnswer(page.status, page.body, {"Content-Type": HTML, **page.headers})


def _arguments(operation: RestOperation, request: RestRequest) -> dict[str, Any]:
    if operation.form == "nothing":
        return {}
    if operation.form == "query":
        return {member.name: _number_in_query(request, member.name) for member in operation.arguments}
    value = parse(request.body, _charset_of_json(request)) if request.body.strip() else None
    if operation.form == "entity":
        (member,) = operation.arguments
        return {member.name: read_value(member.type, value, member.name)}
    if value is None:
        raise Unreadable("body", "nothing stands where an object with the arguments is wanted")
    return read_members(operation.arguments, value)


def _number_in_query(request: RestRequest, name: str) -> int:
    values = [value for key, value in request.query if key == name.lower()]
    if len(values) != 1:
        raise Unreadable("query", f"{name} is there {len(values)} times, not once")
    number = int(values[0]) if _WHOLE_NUMBER.fullmatch(values[0].strip()) else None
    if number is None or not -(2**31) <= number < 2**31:
        raise Unreadable("query", f"{name} is no whole number of 32 bits")
    return number


def _charset_of_json(request: RestRequest) -> str | None:
    content_type = request.headers.get("content-type")
    media_type, _, parameters = (content_type or "").partition(";")
    kind = media_type.strip().lower()
    stated = _CHARSET.search(parameters)
    charset = stated[1].lower() if stated else None
    if not kind.endswith(("/json", "+json")) or charset not in (None, "utf-8", "utf-16"):
        raise errors.unsupported_media_type(content_type)
    return charset


def _written(operation: RestOperation, value: Any, request: RestRequest) -> RestAnswer:
    if operation.result is None:
        return RestAnswer(204, b"", {})
    kind = operation.result.type
    written = write_value(kind, value, presentation(request.headers))
    if operation.selectable:
        written = trimmed(kind, written, read_selection(next((v for k, v in request.query if k == "$select"), "")))
    return RestAnswer.of(written)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
