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
    InvalidRequest,
    OperationNotAvailable,
    ProtocolError,
)
from superoffice_erpsync.operations import Operation, RestForm
from superoffice_erpsync.options import EffectiveOptions, Localisation
from superoffice_erpsync.redaction import MaskedValues, Secret, redact_json, scrub
from superoffice_erpsync.transports.base import Transport, secrets_in
from superoffice_erpsync.transports.exchange import Exchanges
from superoffice_erpsync.transports.http import HttpAnswer, HttpRequest
from superoffice_erpsync.transports.rest.authorization import Authorization, Headers
from superoffice_erpsync.transports.status import status_error

T = TypeVar("T")

JSON = "application/json; charset=utf-8"

_SUCCESS = (200, 204)
_WHOLLY_SECRET = frozenset({"GetErpConnectionConfigFields"})


class RestTransport:
    """The ErpSync agent of one installation's REST API.

    Args:
        agent: Address of the agent.
        exchanges: Sends the requests; closed with the transport.
        authorization: Who sends them; None where there is no login.
        application_token: Sent with every call where there is one.
        principal: Carries out the operations of SoPrincipal, which the REST API does not have; None for nobody.
    """

    def __init__(
        self,
        agent: str,
        exchanges: Exchanges,
        authorization: Authorization | None,
        *,
        application_token: Secret | None = None,
        principal: Transport | None = None,
    ) -> None:
        self._agent = agent
        self._exchanges = exchanges
        self._authorization = authorization
        self._application_token = application_token
        self._principal = principal

    def call(self, operation: Operation[T], arguments: Mapping[str, Any], options: EffectiveOptions) -> T:
        """Carry out an operation, see `Transport.call`."""
        if operation.service != "ErpSync":
            if self._principal is None:
                raise OperationNotAvailable(
                    "the REST API lacks the operation",
                    operation=operation.wire,
                    hint="give the address of the SOAP services too",
                )
            return self._principal.call(operation, arguments, options)
        answer, secrets = self._answer(operation, arguments, options, select=())
        return answers.answer(operation, answer.body, status=answer.status, scrub=partial(scrub, secrets=secrets))

    def call_json(
        self,
        operation: Operation[Any],
        arguments: Mapping[str, Any],
        options: EffectiveOptions,
        select: Sequence[str],
    ) -> Any:
        """Carry out an operation and give its answer as the JSON values that came, trimmed to some members.

        Args:
            operation: What to call.
            arguments: By Python name, all of them.
            options: What holds for this call.
            select: Members to keep, by wire name, as in `Changes/UpdatedRecords`.
        """
        if not operation.selectable:
            raise InvalidRequest("the REST API cannot trim the result of this operation", operation=operation.wire)
        answer, secrets = self._answer(operation, arguments, options, select=select)
        return answers.plain(operation, answer.body, status=answer.status, scrub=partial(scrub, secrets=secrets))

    def close(self) -> None:
        """Close all connections, see `Transport.close`."""
        self._exchanges.close()
        if self._principal is not None:
            self._principal.close()

    def _answer(
        self,
        operation: Operation[Any],
        arguments: Mapping[str, Any],
        options: EffectiveOptions,
        select: Sequence[str],
    ) -> tuple[HttpAnswer, Sequence[Secret]]:
        url, body = self._request(operation, arguments, select)
        headers = self._headers(operation, options.localisation, body)
        secrets = secrets_in(operation, arguments)
        if self._authorization is None:
            raise ConfigurationError("this call needs a login", operation=operation.wire, hint="give credentials")

        redact = partial(_redact, whole=operation.wire in _WHOLLY_SECRET)

        def attempt(who: Headers, their_secrets: tuple[Secret, ...]) -> tuple[HttpAnswer, Sequence[Secret]]:
            known = [*secrets, *their_secrets, *((self._application_token,) if self._application_token else ())]
            request = HttpRequest(
                operation=operation.wire,
                method="POST",
                url=url,
                headers=Headers({**who, **headers}),
                body=body,
            )
            answer = self._exchanges.send(request, options, known, redact)
            _check(operation, answer, known)
            return answer, known

        return self._authorization.use(attempt)

    def _request(
        self, operation: Operation[Any], arguments: Mapping[str, Any], select: Sequence[str]
    ) -> tuple[str, bytes | None]:
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
        return url, None if content is None else json.dumps(content, ensure_ascii=False).encode()

    def _headers(self, operation: Operation[Any], localisation: Localisation, body: bytes | None) -> Headers:
        token = self._application_token
        zone = localisation.time_zone
        offered = MaskedValues[str | None](
            {
                "Accept": JSON,
                "Content-Type": None if body is None else JSON,
                "SO-AppToken": None if token is None else token.reveal(),
                "Accept-Language": localisation.accept_language,
                "SO-Language": localisation.language,
                "SO-Culture": localisation.culture,
                "SO-TimeZone": None
                if zone is None
                else f"{zone}{', includeTZOffset' if localisation.include_tz_offset else ''}",
            }
        )
        if zone is None and localisation.include_tz_offset:
            raise InvalidRequest("include_tz_offset needs a time zone", operation=operation.wire)
        headers = Headers((name, value) for name, value in offered.items() if value is not None)
        for name, value in headers.items():
            if not value.isprintable() or not value.isascii():
                raise InvalidRequest(f"the header {name} cannot carry this value", operation=operation.wire)
        return headers


def _redact(text: str, secrets: Sequence[Secret], *, whole: bool) -> str:
    return redact_json(text, secrets, whole=whole)


def _check(operation: Operation[Any], answer: HttpAnswer, secrets: Sequence[Secret]) -> None:
    """Raise the error that the answer's status and an error object in it stand for."""
    page = html_page(answer.body)
    clean = partial(scrub, secrets=secrets)
    if answer.status in _SUCCESS:
        if page is not None and answer.status == 200:
            raise ProtocolError(
                clean(f"the answer cannot be understood: {page} came where JSON is due"),
                operation=operation.wire,
                status=answer.status,
            )
        return
    problem = status_error(answer, operation.wire, page)
    assert problem is not None
    said = answers.error_in(answer.body)
    if said is not None:
        text, code = said
        kind = f" [{code}]" if code else ""
        if isinstance(problem, AuthenticationError):
            problem.message = f"{problem.message}: {text}{kind}"
            problem.code = clean(code) or None
        else:
            fault = answers.fault(operation.wire, answer.status, said, clean)
            fault.hint, fault.can_repeat = problem.hint, problem.can_repeat
            fault.retry_after = getattr(problem, "retry_after", None)
            raise fault
    problem.message = clean(problem.message)
    raise problem
