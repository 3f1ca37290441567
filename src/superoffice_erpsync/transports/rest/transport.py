"""One call over REST: who sends it, the request, the exchange, the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

from superoffice_erpsync.codec.html import html_page
from superoffice_erpsync.codec.rest import answers
from superoffice_erpsync.codec.rest.requests import request_arguments
from superoffice_erpsync.errors import (
    AuthenticationError,
    ConfigurationError,
    ErpSyncError,
    InvalidRequest,
    OperationNotAvailable,
    ProtocolError,
    ServerFault,
)
from superoffice_erpsync.operations import Operation, RestForm
from superoffice_erpsync.options import EffectiveOptions, Limits, Localisation
from superoffice_erpsync.redaction import SECRET_ANSWERS, Secret, redact_json, scrub
from superoffice_erpsync.transports.base import Transport, scrubbed, secrets_in
from superoffice_erpsync.transports.exchanges import Exchanges
from superoffice_erpsync.transports.http import HttpAnswer, HttpRequest
from superoffice_erpsync.transports.rest.authorization import Authorization, Headers, can_carry
from superoffice_erpsync.transports.status import is_quota, say_too_large, status_error

T = TypeVar("T")

JSON = "application/json; charset=utf-8"

_SUCCESS = (200, 204)
_HINTS = {
    401: "check the credentials; an installation may also refuse this way to log in",
    403: "the user or the application may lack the right to call the ErpSync agent",
    404: "check the address: it should name the API, as in https://crm.example.com/api",
    405: "check the address: something else answers there",
    415: "check the address: the service there does not take JSON",
}


class RestTransport:
    """The ErpSync agent of one installation's REST API.

    Args:
        agent: Address of the agent.
        exchanges: Sends the requests; closed with the transport.
        authorization: Who sends them; None where there is no login.
        application_token: Sent with every call where there is one.
        principal: Carries out the operations of SoPrincipal, which the REST API does not have; None for nobody.
        depth: How deep values of an answer may stand in each other.

    Raises:
        ConfigurationError: No HTTP header can carry the application token.
    """

    def __init__(
        self,
        agent: str,
        exchanges: Exchanges,
        authorization: Authorization | None,
        *,
        application_token: Secret | None = None,
        principal: Transport | None = None,
        depth: int = Limits().depth,
    ) -> None:
        if application_token is not None and not can_carry(application_token.reveal()):
            raise ConfigurationError("no HTTP header can carry this application token")
        self._agent = agent
        self._exchanges = exchanges
        self._authorization = authorization
        self._application_token = application_token
        self._principal = principal
        self._depth = depth

    def call(self, operation: Operation[T], arguments: Mapping[str, Any], options: EffectiveOptions) -> T:
        """Carry out an operation, see `Transport.call`."""
        _check_members(operation, options.select)
        if operation.service != "ErpSync":
            if self._principal is None:
                raise OperationNotAvailable(
                    "the REST API lacks the operation",
                    operation=operation.wire,
                    hint="it belongs to the SOAP services: give their address as soap_url",
                )
            return self._principal.call(operation, arguments, _over_soap(options))
        # What cannot be sent is found before anything is, a login included.
        try:
            url, body = self._request(operation, arguments, options.select)
            headers = self._headers(operation, options.localisation, body)
        except InvalidRequest as error:
            raise error.with_traceback(None) from None  # as in _send
        if self._authorization is None:
            raise ConfigurationError("this call needs a login", operation=operation.wire, hint="give credentials")
        secrets = secrets_in(operation, arguments)
        send = partial(self._send, operation, url, body, headers, secrets, options)
        return self._authorization.use(send, options.deadline)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """See `Transport.secrets`."""
        who = () if self._authorization is None else self._authorization.secrets
        token = () if self._application_token is None else (self._application_token,)
        return (*who, *self._exchanges.secrets, *token)

    def close(self) -> None:
        """Close all connections, see `Transport.close`."""
        self._exchanges.close()
        if self._principal is not None:
            self._principal.close()

    def _send(
        self,
        operation: Operation[T],
        url: str,
        body: Secret | None,
        headers: Headers,
        secrets: Sequence[Secret],
        options: EffectiveOptions,
        who: Headers,
        their_secrets: tuple[Secret, ...],
    ) -> T:
        token = () if self._application_token is None else (self._application_token,)
        secrets = [*secrets, *their_secrets, *self._exchanges.secrets, *token]
        request = HttpRequest(
            operation=operation.wire,
            method="POST",
            url=url,
            headers=Headers({**who, **headers}),
            body=None if body is None else body.reveal().encode(),
        )
        redact = partial(redact_json, whole=operation.response_element in SECRET_ANSWERS)
        read = answers.plain if options.select else answers.answer
        try:
            answer = self._exchanges.send(request, options, secrets, redact)
            _check(operation, request, answer, secrets)
            clean = partial(scrub, secrets=secrets)
            return read(operation, answer.body, status=answer.status, scrub=clean, depth=self._depth)  # type: ignore[no-any-return]
        except ErpSyncError as error:
            # The frames below hold messages as they are, and some tools show a traceback's variables.
            raise error.with_traceback(None) from None

    def _request(
        self, operation: Operation[Any], arguments: Mapping[str, Any], select: Sequence[str]
    ) -> tuple[str, Secret | None]:
        given = request_arguments(operation, arguments)
        query: dict[str, str] = {}
        content: Any = given or None
        if operation.rest_form is RestForm.ENTITY:
            (content,) = given.values()
        elif operation.rest_form is RestForm.QUERY:
            ((name, value),) = given.items()
            query[name[0].lower() + name[1:]] = str(value)
            content = None
        if select:
            query["$select"] = ",".join(select)
        url = f"{self._agent}/{operation.wire}" + (f"?{urlencode(query, safe='$,/')}" if query else "")
        return url, None if content is None else Secret(json.dumps(content, ensure_ascii=False))

    def _headers(self, operation: Operation[Any], localisation: Localisation, body: Secret | None) -> Headers:
        zone = localisation.time_zone
        if zone is None and localisation.include_tz_offset:
            raise InvalidRequest("include_tz_offset needs a time zone", operation=operation.wire)
        offset = ", includeTZOffset" if localisation.include_tz_offset else ""
        wanted = {
            "Accept-Language": localisation.accept_language,
            "SO-Language": localisation.language,
            "SO-Culture": localisation.culture,
            "SO-TimeZone": f"{zone}{offset}" if isinstance(zone, int) or (zone and can_carry(zone)) else zone,
        }
        if isinstance(zone, bool):
            raise InvalidRequest("the time zone must be an id or a location code, not a bool", operation=operation.wire)
        for name, value in wanted.items():
            if value is not None and not can_carry(value):
                raise InvalidRequest(f"the header {name} cannot carry this value", operation=operation.wire)
        headers = Headers(Accept=JSON)
        if body is not None:
            headers["Content-Type"] = JSON
        if self._application_token is not None:
            headers["SO-AppToken"] = self._application_token.reveal()
        headers.update((name, value) for name, value in wanted.items() if value is not None)
        return headers


def _over_soap(options: EffectiveOptions) -> EffectiveOptions:
    return options._replace(localisation=Localisation(time_zone=options.localisation.time_zone))


def _check_members(operation: Operation[Any], select: Sequence[str]) -> None:
    if select and not (operation.selectable and operation.service == "ErpSync"):
        raise InvalidRequest("the REST API cannot trim the result of this operation", operation=operation.wire)
    for place, member in enumerate(select):
        if not isinstance(member, str) or not member.strip() or "," in member:
            raise InvalidRequest(f"select[{place}] is not the name of a member", operation=operation.wire)


def _check(operation: Operation[Any], request: HttpRequest, answer: HttpAnswer, secrets: Sequence[Secret]) -> None:
    """Raise the error that the answer's status and an error object in it stand for."""
    page = html_page(answer.body)
    if answer.status in _SUCCESS:
        if page is not None and answer.status == 200:
            text = f"the answer cannot be understood: {page} came where JSON is due"
            raise scrubbed(ProtocolError(text, operation=operation.wire, status=answer.status), secrets)
        return
    problem = status_error(answer, request, page, _HINTS)
    assert problem is not None
    said = answers.error_in(answer.body)
    if said is None:
        raise scrubbed(problem, secrets)
    text, code = said
    clean = partial(scrub, secrets=secrets)
    if isinstance(problem, ServerFault):
        fault = answers.fault(operation.wire, answer.status, said, clean)
        if answer.status != 500:
            # A gateway's word on an answer that it lost says nothing of what the server did.
            fault.outcome = problem.outcome
        # With an error of its own kind, it is the API that speaks: the address is right.
        fault.hint = None if code else problem.hint
        fault.can_repeat, fault.retry_after = problem.can_repeat, problem.retry_after
        if problem.too_large or is_quota(fault):
            say_too_large(fault)
        raise fault
    problem.message = f"{problem.message}: {text}" + (f" [{code}]" if code else "")
    if isinstance(problem, AuthenticationError):
        problem.code = clean(code) or None
    raise scrubbed(problem, secrets)
