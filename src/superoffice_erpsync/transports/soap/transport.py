"""One call over SOAP: the ticket, the request, the exchange, the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from superoffice_erpsync import models
from superoffice_erpsync.auth import TicketProvider
from superoffice_erpsync.codec.html import html_page
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.errors import (
    ConfigurationError,
    ErpSyncError,
    InvalidRequest,
    OperationNotAvailable,
    ProtocolError,
    ServerFault,
)
from superoffice_erpsync.models import SoCredentials
from superoffice_erpsync.operations import Operation
from superoffice_erpsync.options import EffectiveOptions, Limits
from superoffice_erpsync.redaction import Secret, redact_xml, scrub
from superoffice_erpsync.transports.base import scrubbed, secrets_in
from superoffice_erpsync.transports.exchanges import Exchanges
from superoffice_erpsync.transports.http import HttpAnswer, HttpRequest
from superoffice_erpsync.transports.soap.address import Address
from superoffice_erpsync.transports.soap.contracts import Contracts
from superoffice_erpsync.transports.soap.wsdl import Contract, WsdlOperation
from superoffice_erpsync.transports.status import is_quota, say_too_large, status_error

T = TypeVar("T")


class SoapTransport:
    """The services ErpSync and SoPrincipal of one installation.

    Args:
        address: Where they are.
        exchanges: Sends the requests; closed with the transport.
        contracts: What their WSDLs say.
        application_token: Sent with every call where there is one.
        depth: How deep elements of an answer may stand in each other.
    """

    def __init__(
        self,
        address: Address,
        exchanges: Exchanges,
        contracts: Contracts,
        *,
        application_token: Secret | None = None,
        depth: int = Limits().depth,
    ) -> None:
        self._address = address
        self._exchanges = exchanges
        self._contracts = contracts
        self._application_token = application_token
        self._depth = depth
        self._codecs: dict[str, SoapCodec] = {}
        self.tickets: TicketProvider | None = None
        """Where calls get their ticket; None where there is no login."""

    def call(self, operation: Operation[T], arguments: Mapping[str, Any], options: EffectiveOptions) -> T:
        """Carry out an operation, see `Transport.call`."""
        contract = self._contracts.of(operation.service, options.deadline)
        described = contract.operations.get(operation.wire)
        if described is None:
            raise OperationNotAvailable(
                f"{self._address.services} at {self._address.folder} lacks the operation",
                operation=operation.wire,
                hint=f"it exists on Services{operation.since} and later, and on the REST API"
                if operation.service == "ErpSync"
                else f"it exists on Services{operation.since} and later",
            )
        localised = options.localisation.rest_only()
        if localised:
            raise InvalidRequest(f"SOAP cannot carry {localised[0]}, only the REST API can", operation=operation.wire)
        if options.select:
            raise InvalidRequest(
                "only the REST API can trim answers", operation=operation.wire, hint="leave out select"
            )
        codec = self._codec(operation.service, contract)
        # What cannot be sent is found before anything is, a login included.
        try:
            body = codec.body(operation, arguments)
        except InvalidRequest as error:
            raise error.with_traceback(None) from None  # as in _send
        secrets = secrets_in(operation, arguments)
        send = partial(self._send, operation, described, codec, body, secrets, options)
        if "Credentials" not in described.headers:
            return send(None)
        if self.tickets is None:
            raise ConfigurationError("this call needs a login", operation=operation.wire, hint="give credentials")
        return self.tickets.use(send, options.deadline)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """See `Transport.secrets`."""
        known = () if self.tickets is None else self.tickets.known_secrets()
        token = () if self._application_token is None else (self._application_token,)
        return (*known, *self._exchanges.secrets, *token)

    def close(self) -> None:
        """Close all connections, see `Transport.close`."""
        self._exchanges.close()

    def _codec(self, service: str, contract: Contract) -> SoapCodec:
        codec = self._codecs.get(service)
        if codec is None:
            codec = self._codecs[service] = SoapCodec(contract.namespace, contract.members, depth=self._depth)
        return codec

    def _send(
        self,
        operation: Operation[T],
        described: WsdlOperation,
        codec: SoapCodec,
        body: Secret,
        secrets: Sequence[Secret],
        options: EffectiveOptions,
        ticket: Secret | None,
    ) -> T:
        secrets = [*secrets, *self.secrets, *(() if ticket is None else (ticket,))]
        request = HttpRequest(
            operation=operation.wire,
            method="POST",
            url=self._address.endpoint(operation.service),
            headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{described.action}"'},
            body=codec.envelope(body, self._headers(described, options, ticket)),
        )
        try:
            answer = self._exchanges.send(request, options, secrets, redact_xml)
            return self._result(operation, codec, request, answer, [*secrets, *self._exchanges.secrets])
        except ErpSyncError as error:
            # The frames below hold messages as they are, and some tools show a traceback's variables.
            raise error.with_traceback(None) from None

    def _headers(
        self, described: WsdlOperation, options: EffectiveOptions, ticket: Secret | None
    ) -> Sequence[tuple[str, Any]]:
        known = {
            "ApplicationToken": self._application_token,
            "Credentials": None if ticket is None else SoCredentials(ticket=ticket.reveal()),
            "TimeZone": _time_zone(options.localisation.time_zone),
        }
        return [(name, known.get(name)) for name in described.headers if name in known]

    @staticmethod
    def _result(
        operation: Operation[T], codec: SoapCodec, request: HttpRequest, answer: HttpAnswer, secrets: Sequence[Secret]
    ) -> T:
        clean = partial(scrub, secrets=secrets)
        problem = status_error(answer, request, html_page(answer.body))
        # A Fault says more than the status it comes with; a page that is no message says less.
        try:
            result = codec.answer(operation, answer.body, status=answer.status, scrub=clean)
        except ServerFault as fault:
            if isinstance(problem, ServerFault):
                fault.can_repeat, fault.retry_after = problem.can_repeat, problem.retry_after
                if answer.status != 500:
                    # A gateway's word on an answer that it lost says nothing of what the server did.
                    fault.outcome = problem.outcome
            if is_quota(fault):
                say_too_large(fault)
            raise
        except ProtocolError:
            if problem is None:
                raise
        else:
            if problem is None:
                return result
        raise scrubbed(problem, secrets)


def _time_zone(time_zone: int | str | None) -> models.SoTimeZone | None:
    match time_zone:
        case None:
            return None
        case int():
            return models.SoTimeZone(so_time_zone_id=time_zone)
    return models.SoTimeZone(so_time_zone_location_code=time_zone)
