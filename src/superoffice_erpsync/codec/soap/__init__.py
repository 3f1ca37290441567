"""SOAP messages: requests from arguments, results from answers. Success is checked here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from lxml import etree

from superoffice_erpsync import models
from superoffice_erpsync.codec import LONG_ANSWER
from superoffice_erpsync.codec.problems import Deviates, Unreadable, Unwritable
from superoffice_erpsync.codec.shapes import Kind, Model, Scalar, Shape, allows_none, is_value, shape_of
from superoffice_erpsync.codec.soap.decode import Decoder
from superoffice_erpsync.codec.soap.document import parse
from superoffice_erpsync.codec.soap.encode import Encoder
from superoffice_erpsync.codec.soap.envelope import check_headers_missed, open_envelope, read_fault, read_headers
from superoffice_erpsync.codec.soap.names import ARRAYS, SOAP_11, SOAP_12, XSI, services_of
from superoffice_erpsync.codec.soap.reading import Element, Reading, local_name, no_text
from superoffice_erpsync.errors import InvalidRequest, ProtocolError, ServerFault
from superoffice_erpsync.operations import Argument, Operation
from superoffice_erpsync.process import collector
from superoffice_erpsync.redaction import Secret

T = TypeVar("T")

__all__ = ["SoapCodec"]


def _header_shape(name: str) -> Shape:
    match name:
        case "ApplicationToken":
            return Scalar(Kind.STRING)
        case "Credentials":
            return Model(models.SoCredentials)
        case "TimeZone":
            return Model(models.SoTimeZone)
    raise ValueError(f"no header {name}")


class SoapCodec:
    """Requests and answers in one services' namespace.

    Args:
        namespace: The services' namespace.
        known_members: Names of the members that the services' schema has, by type name.
        depth: How many elements of an answer may stand in each other. libxml2 takes no more than 256.
    """

    def __init__(self, namespace: str, known_members: Mapping[str, frozenset[str]], *, depth: int = 100) -> None:
        self._namespace = namespace
        self._depth = depth
        self._encoder = Encoder(namespace, known_members)
        self._decoder = Decoder(namespace)
        self._start = (
            '<?xml version="1.0" encoding="utf-8"?>'
            f'<s:Envelope xmlns:s="{SOAP_11}" xmlns:n="{namespace}" xmlns:a="{ARRAYS}" xmlns:i="{XSI}">'
        )

    # -- requests ------------------------------------------------------------------------------------------------------

    def body(self, operation: Operation[Any], arguments: Mapping[str, Any]) -> Secret:
        """What goes into the Body of a request; kept out of sight, since a password may be in it.

        Args:
            operation: What to call.
            arguments: By Python name, all of them.

        Raises:
            InvalidRequest: A value cannot be sent; the message has its path, and never the value of a text.
        """
        try:
            members = [
                self._encoder.member(
                    argument.wire, argument.name, shape_of(argument.type), self._argument(argument, arguments)
                )
                for argument in operation.arguments
            ]
        except Unwritable as problem:
            raise InvalidRequest(f"{problem.path}: {problem.reason}", operation=operation.wire) from None
        except RecursionError:
            raise InvalidRequest("an argument is nested too deep, or holds itself", operation=operation.wire) from None
        return Secret(f"<n:{operation.wire}>{''.join(members)}</n:{operation.wire}>")

    def envelope(self, body: Secret, headers: Sequence[tuple[str, Any]]) -> bytes:
        """The envelope of a request.

        Args:
            body: What `body` gives.
            headers: Header elements in the contract's order: ApplicationToken (text or Secret), Credentials
                (SoCredentials), TimeZone (SoTimeZone). None leaves one out.

        Raises:
            InvalidRequest: A header cannot be sent.
        """
        try:
            head = "".join(
                self._encoder.member(name, name, _header_shape(name), value)
                for name, value in headers
                if value is not None
            )
        except Unwritable as problem:
            raise InvalidRequest(f"header {problem.path}: {problem.reason}") from None
        head = f"<s:Header>{head}</s:Header>" if head else ""
        return f"{self._start}{head}<s:Body>{body.reveal()}</s:Body></s:Envelope>".encode()

    @staticmethod
    def _argument(argument: Argument, arguments: Mapping[str, Any]) -> Any:
        value = arguments[argument.name]
        if value is None and not allows_none(argument.type):
            problem = Unwritable("None where a value is due")
            problem.inside(argument.name)
            raise problem
        return value

    # -- answers -------------------------------------------------------------------------------------------------------

    def answer(
        self, operation: Operation[T], data: bytes, *, status: int = 200, scrub: Callable[[str], str] = str
    ) -> T:
        """The result in an answer.

        Args:
            operation: What was called.
            data: The body of the HTTP answer.
            status: Its HTTP status, for errors.
            scrub: Removes secrets from what a server says before it goes into an error.

        Raises:
            ServerFault: The answer is a Fault, or its headers say that the call failed.
            ProtocolError: The answer is not what the contract says.
        """
        with collector.paused():
            shortened = self._without_runs(operation, data)
            if shortened is not None:
                left, reading = shortened
                # Whatever is wrong is told by reading the message as it came.
                with suppress(Deviates, Unreadable, ServerFault, RecursionError):
                    result = self._read(operation, left, reading, status, str)
                    reading.check_all_taken()
                    return result  # type: ignore[no-any-return]
            try:
                return self._read(operation, data, Reading(), status, scrub)  # type: ignore[no-any-return]
            except Unreadable as problem:
                path, reason = problem.path, problem.reason
            except RecursionError:
                path, reason = "", "nested too deep for what is left of Python's stack"
        where = f"at {path}: " if path else ""
        error = ProtocolError(
            scrub(f"the answer cannot be understood: {where}{reason}"), operation=operation.wire, status=status
        )
        error.path = path or None
        raise error

    @staticmethod
    def _without_runs(operation: Operation[Any], data: bytes) -> tuple[bytes, Reading] | None:
        if len(data) < LONG_ANSWER:
            return None
        from superoffice_erpsync.codec.soap.marks import without_runs  # noqa: PLC0415 - a start does without it

        return without_runs(data, operation.result)

    def _read(
        self, operation: Operation[Any], data: bytes, reading: Reading, status: int, scrub: Callable[[str], str]
    ) -> Any:
        header, content = open_envelope(parse(data, self._depth))
        self._check(operation, header, content, reading, status, scrub)
        result = self._result(operation, content, reading)
        check_headers_missed(header, self._namespace)
        return result

    def _check(
        self,
        operation: Operation[Any],
        header: Element | None,
        content: Element | None,
        reading: Reading,
        status: int,
        scrub: Callable[[str], str],
    ) -> None:
        if content is not None and content.tag in (f"{{{SOAP_11}}}Fault", f"{{{SOAP_12}}}Fault"):
            code, text, info = read_fault(content)
            raise _server_fault(operation, status, text or "no reason given", code, info, scrub)
        succeeded, info = read_headers(header, self._namespace, self._decoder, reading)
        if succeeded is False or info is not None:
            said = "" if info is None else info.message or info.friendly_text or ""
            code = (info and info.exception_type) or ""
            raise _server_fault(operation, status, said or "no reason given", code, info, scrub)

    def _result(self, operation: Operation[Any], element: Element | None, reading: Reading) -> Any:
        if element is None:
            raise Unreadable("an empty Body, and no header that tells why")
        expected = f"{{{self._namespace}}}{operation.response_element}"
        if element.tag != expected:
            raise Unreadable(self._wrong_element(element, operation.response_element))
        try:
            if operation.result_member is None:
                result = self._decoder.reader(shape_of(operation.result))(element, reading)
                if result is None:
                    raise Unreadable("nil where an answer is due")
                return result
            return self._member(operation, element, reading)
        except Unreadable as problem:
            problem.inside(operation.response_element)
            raise

    def _member(self, operation: Operation[Any], element: Element, reading: Reading) -> Any:
        if element.attrib and reading.is_nil(element):
            raise Unreadable("nil where an answer is due")
        if operation.result is None:
            return None
        shape = shape_of(operation.result)
        wire = str(operation.result_member)
        read = self._decoder.reader(shape)
        found = []
        no_text(element.text)
        for child in element:
            if child.tag == f"{{{self._namespace}}}{wire}":
                try:
                    found.append(read(child, reading))
                except Unreadable as problem:
                    problem.inside(wire)
                    raise
            no_text(child.tail)
        foreign = next((child for child in element if not found and local_name(child) == wire), None)
        if foreign is not None:
            raise Unreadable(self._wrong_element(foreign, wire))
        if len(found) > 1:
            raise Unreadable(f"{wire} stands there twice")
        if not found or found[0] is None:
            if is_value(shape) or not allows_none(operation.result):
                raise Unreadable(f"{wire} is {'nil' if found else 'absent'}, and no default can stand for it")
            return None
        return found[0]

    def _wrong_element(self, element: Element, expected: str) -> str:
        name = etree.QName(element)
        if name.localname != expected:
            return f"the element {name.localname} came where {expected} is due"
        if not name.namespace:
            return f"{expected} is in no namespace"
        theirs, ours = services_of(name.namespace), services_of(self._namespace)
        if theirs and ours and theirs != ours:
            return f"the server answered as {theirs}, and this client talks to it as {ours}"
        return f"{expected} is in another namespace, {name.namespace}"


def _server_fault(
    operation: Operation[Any],
    status: int,
    text: str,
    code: str,
    info: models.SoExceptionInfo | None,
    scrub: Callable[[str], str],
) -> ServerFault:
    kind = f" [{code}]" if code else ""
    error = ServerFault(
        scrub(f"the server reports an error: {text}{kind}"),
        operation=operation.wire,
        status=status,
        code=scrub(code) or None,
    )
    error.exception_info = None if info is None else _scrubbed(info, scrub)
    return error


def _scrubbed(info: models.SoExceptionInfo, scrub: Callable[[str], str]) -> models.SoExceptionInfo:
    def clean(text: str | None) -> str | None:
        return None if text is None else scrub(text)

    return models.SoExceptionInfo(
        message=clean(info.message),
        stack_trace=clean(info.stack_trace),
        friendly_text=clean(info.friendly_text),
        exception_type=clean(info.exception_type),
        source=clean(info.source),
        inner_exception=None if info.inner_exception is None else _scrubbed(info.inner_exception, scrub),
        parameters=None
        if info.parameters is None
        else {scrub(key): clean(value) for key, value in info.parameters.items()},
    )
