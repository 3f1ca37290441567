"""One call over SOAP: the ticket, the request, the exchange, the answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from superoffice_erpsync.auth import TicketProvider
from superoffice_erpsync.codec.soap import SoapCodec, html_page
from superoffice_erpsync.errors import ConfigurationError, ErpSyncError, OperationNotAvailable, ProtocolError
from superoffice_erpsync.models import SoCredentials, SoTimeZone
from superoffice_erpsync.operations import Operation
from superoffice_erpsync.options import EffectiveOptions
from superoffice_erpsync.redaction import Secret, redact_headers, redact_xml, scrub
from superoffice_erpsync.transports.base import Exchange, Observer, secrets_in
from superoffice_erpsync.transports.http import HttpAnswer, HttpSession
from superoffice_erpsync.transports.soap.address import Address
from superoffice_erpsync.transports.soap.contracts import Contracts
from superoffice_erpsync.transports.soap.wsdl import Contract, WsdlOperation
from superoffice_erpsync.transports.status import status_error

T = TypeVar("T")

_log = logging.getLogger("superoffice_erpsync.soap")


class SoapTransport:
    """The services ErpSync and SoPrincipal of one installation.

    Args:
        address: Where they are.
        http: Connections to the installation; closed with the transport.
        contracts: What their WSDLs say.
        application_token: Sent with every call where there is one.
        observer: Gets an account of every exchange.
    """

    def __init__(
        self,
        address: Address,
        http: HttpSession,
        contracts: Contracts,
        *,
        application_token: Secret | None = None,
        observer: Observer | None = None,
    ) -> None:
        self._address = address
        self._http = http
        self._contracts = contracts
        self._application_token = application_token
        self._observer = observer
        self._codecs: dict[str, SoapCodec] = {}
        self.tickets: TicketProvider | None = None
        """Where calls get their ticket; None where there is no login."""

    def call(self, operation: Operation[T], arguments: Mapping[str, Any], options: EffectiveOptions) -> T:
        """Carry out an operation, see `Transport.call`."""
        contract = self._contracts.of(operation.service)
        described = contract.operations.get(operation.wire)
        if described is None:
            raise OperationNotAvailable(
                f"{self._address.services} at {self._address.folder} lacks the operation",
                operation=operation.wire,
                hint=f"it exists since Services{operation.since}",
            )
        send = partial(self._send, operation, described, self._codec(operation.service, contract), arguments, options)
        if "Credentials" not in described.headers:
            return send(None)
        if self.tickets is None:
            raise ConfigurationError("this call needs a login", operation=operation.wire, hint="give credentials")
        return self.tickets.use(send)

    def close(self) -> None:
        """Close all connections, see `Transport.close`."""
        self._http.close()

    def _codec(self, service: str, contract: Contract) -> SoapCodec:
        codec = self._codecs.get(service)
        if codec is None:
            codec = self._codecs[service] = SoapCodec(contract.namespace, contract.members)
        return codec

    def _send(
        self,
        operation: Operation[T],
        described: WsdlOperation,
        codec: SoapCodec,
        arguments: Mapping[str, Any],
        options: EffectiveOptions,
        ticket: Secret | None,
    ) -> T:
        request = codec.request(operation, arguments, self._headers(described, options, ticket))
        secrets = [secret for secret in (ticket, self._application_token) if secret is not None]
        secrets += secrets_in(operation, arguments)
        answer = self._exchange(operation, described, request, options, secrets)
        return self._result(operation, codec, answer, secrets)

    def _headers(
        self, described: WsdlOperation, options: EffectiveOptions, ticket: Secret | None
    ) -> Sequence[tuple[str, Any]]:
        token = self._application_token
        known = {
            "ApplicationToken": None if token is None else token.reveal(),
            "Credentials": None if ticket is None else SoCredentials(ticket=ticket.reveal()),
            "TimeZone": _time_zone(options.time_zone),
        }
        return [(name, known.get(name)) for name in described.headers if name in known]

    def _exchange(
        self,
        operation: Operation[Any],
        described: WsdlOperation,
        request: bytes,
        options: EffectiveOptions,
        secrets: Sequence[Secret],
    ) -> HttpAnswer:
        url = self._address.endpoint(operation.service)
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{described.action}"'}
        started = time.perf_counter()
        answer: HttpAnswer | None = None
        error: ErpSyncError | None = None
        try:
            answer = self._http.send(
                "POST",
                url,
                body=request,
                headers=headers,
                timeout=(options.connect_timeout, options.read_timeout),
                operation=operation.wire,
            )
        except ErpSyncError as problem:
            error = problem
            raise
        finally:
            if self._observer is not None or _log.isEnabledFor(logging.DEBUG):
                self._report(
                    operation.wire, url, headers, request, answer, error, time.perf_counter() - started, secrets
                )
        return answer

    def _report(
        self,
        operation: str,
        url: str,
        headers: Mapping[str, str],
        request: bytes,
        answer: HttpAnswer | None,
        error: ErpSyncError | None,
        seconds: float,
        secrets: Sequence[Secret],
    ) -> None:
        exchange = Exchange(
            operation=operation,
            url=url,
            request_headers=redact_headers(headers.items(), secrets),
            request=redact_xml(request.decode(), secrets),
            status=answer.status if answer else None,
            response_headers=redact_headers(answer.headers.items(), secrets) if answer else {},
            response=redact_xml(answer.body.decode("utf-8", "replace"), secrets) if answer else "",
            seconds=seconds,
            error=str(error) if error else None,
        )
        _log.debug("%s %s -> %s\n%s\n%s", operation, url, exchange.status, exchange.request, exchange.response)
        if self._observer is not None:
            self._observer(exchange)

    @staticmethod
    def _result(operation: Operation[T], codec: SoapCodec, answer: HttpAnswer, secrets: Sequence[Secret]) -> T:
        clean = partial(scrub, secrets=secrets)
        problem = status_error(answer, operation.wire, html_page(answer.body))
        if problem is None:
            return codec.answer(operation, answer.body, status=answer.status, scrub=clean)
        # A Fault says more than the status it comes with; a page that is no message says less.
        with suppress(ProtocolError):
            codec.answer(operation, answer.body, status=answer.status, scrub=clean)
        problem.message = clean(problem.message)
        raise problem


def _time_zone(time_zone: int | str | None) -> SoTimeZone | None:
    match time_zone:
        case None:
            return None
        case int():
            return SoTimeZone(so_time_zone_id=time_zone)
    return SoTimeZone(so_time_zone_location_code=time_zone)
