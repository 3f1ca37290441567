"""A SOAP server that knows nothing but messages: it judges each request by the bundled WSDL and plays back an answer.

It shares no code with the client. A request that the contract does not allow is refused with status 400 and kept in
`complaints`, which the fixtures look at when a test is over.
"""

from __future__ import annotations

import http.server
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from integration.served import Served
from superoffice_erpsync.wsdl_files import wsdl_file

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "soap"
SERVICES = "Services86"
NAMESPACE = f"http://www.superoffice.net/ws/crm/NetServer/{SERVICES}"
TICKET = "7T:Zml4dHVyZSB0aWNrZXQsIG9wZW5zIG5vdGhpbmc="
"""The ticket that the fixtures' logins give."""

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
WSDL = "http://schemas.xmlsoap.org/wsdl/"
WSDL_SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
XS = "http://www.w3.org/2001/XMLSchema"
LOGIN = "AuthenticateUsernamePassword"


@dataclass(frozen=True, kw_only=True)
class Received:
    """One request, as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    operation: str
    """The request element's name, or the path of a GET."""

    @property
    def envelope(self) -> Any:
        return etree.fromstring(self.body)

    @property
    def header_names(self) -> list[str]:
        return [etree.QName(block).localname for block in self.envelope.findall(f"{{{SOAP}}}Header/*")]

    @property
    def ticket(self) -> str | None:
        return self.envelope.findtext(f".//{{{NAMESPACE}}}Credentials/{{{NAMESPACE}}}Ticket")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What goes back."""

    body: bytes = b""
    status: int = 200
    reason: str | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/xml; charset=utf-8"})
    chunked: bool = False
    raw: bytes | None = None
    """Sent instead of all the above; the connection is closed after it."""
    hold: bool = False
    """After what is sent, nothing: no end and no close until the server is stopped."""


Answering = Answer | Callable[[Received], Answer]

DROPPED = Answer(raw=b"")
SILENCE = Answer(raw=b"", hold=True)


def fixture(operation: str, case: str = "wcf", *, status: int = 200) -> Answer:
    """A message of the fixtures as an answer."""
    for suffix in (".xml", ".html"):
        path = FIXTURES / operation / f"{case}{suffix}"
        if path.exists():
            kind = "text/html" if suffix == ".html" else "text/xml"
            return Answer(body=path.read_bytes(), status=status, headers={"Content-Type": f"{kind}; charset=utf-8"})
    raise FileNotFoundError(f"{operation}/{case}")


def answer_envelope(body: str, header: str = "<n:Succeeded>true</n:Succeeded>") -> bytes:
    """An envelope around a body, with the prefix n for the services' namespace."""
    return (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:n="{NAMESPACE}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
        f"<s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def without_operation(operation: str, wsdl: bytes) -> bytes:
    """A WSDL as of a version that lacked an operation."""
    root = etree.fromstring(wsdl)
    for element in list(root.iter(f"{{{WSDL}}}operation")):
        if element.get("name") == operation:
            element.getparent().remove(element)
    return etree.tostring(root)


# -- the judge ---------------------------------------------------------------------------------------------------------


class _Embedded(etree.Resolver):
    """Answers the locations that `Judge` has put into the schemas, from memory."""

    def __init__(self, documents: Mapping[str, bytes]) -> None:
        super().__init__()
        self._documents = documents

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:
        return self.resolve_string(self._documents[system_url], context)


class Judge:
    """Says what is wrong with a request, by the WSDL alone."""

    def __init__(self, service: str) -> None:
        wsdl = etree.parse(wsdl_file(service, SERVICES)).getroot()
        self._schema = self._compiled(wsdl)
        self.operations: dict[str, tuple[str, list[str]]] = {}
        """SOAPAction and header names, by request element."""
        for operation in wsdl.iterfind(f"{{{WSDL}}}binding/{{{WSDL}}}operation"):
            action = operation.find(f"{{{WSDL_SOAP}}}operation").get("soapAction")
            headers = operation.findall(f"{{{WSDL}}}input/{{{WSDL_SOAP}}}header")
            self.operations[operation.get("name")] = (action, [header.get("part") for header in headers])

    @staticmethod
    def _compiled(wsdl: Any) -> etree.XMLSchema:
        # The schemas refer to one another by namespace only: each is given a location, and a resolver answers it.
        schemas = {schema.get("targetNamespace"): schema for schema in wsdl.iter(f"{{{XS}}}schema")}
        places = {namespace: f"embedded-{number}.xsd" for number, namespace in enumerate(schemas)}
        for schema in schemas.values():
            for node in schema.iter(f"{{{XS}}}import"):
                node.set("schemaLocation", places[node.get("namespace")])
        parser = etree.XMLParser()
        parser.resolvers.add(_Embedded({places[name]: etree.tostring(schemas[name]) for name in schemas}))
        imports = "".join(f'<xs:import namespace="{ns}" schemaLocation="{at}"/>' for ns, at in places.items())
        return etree.XMLSchema(etree.fromstring(f'<xs:schema xmlns:xs="{XS}">{imports}</xs:schema>', parser))

    def complaints(self, received: Received) -> list[str]:
        """Everything that is wrong, nothing for a good request."""
        found: list[str] = []
        if received.headers.get("Content-Type", "").partition(";")[0] != "text/xml":
            found.append(f"the content type is {received.headers.get('Content-Type')}")
        if b"addressing" in received.body:
            found.append("WS-Addressing")
        envelope = received.envelope
        if envelope.tag != f"{{{SOAP}}}Envelope" or [
            etree.QName(part).localname for part in envelope if part.tag != f"{{{SOAP}}}Header"
        ] != ["Body"]:
            return [*found, "not a SOAP 1.1 envelope with one Body"]
        content = envelope.findall(f"{{{SOAP}}}Body/*")
        if len(content) != 1 or received.operation not in self.operations:
            return [*found, f"the body has {[one.tag for one in content]}"]
        action, headers = self.operations[received.operation]
        if received.headers.get("SOAPAction") != f'"{action}"':
            found.append(f"the SOAPAction is {received.headers.get('SOAPAction')}")
        names = received.header_names
        if names != [name for name in headers if name in names]:
            found.append(f"the headers are {names} where the contract has {headers}")
        if "Credentials" in headers and "Credentials" not in names:
            found.append("no Credentials")
        for element in (*envelope.findall(f"{{{SOAP}}}Header/*"), content[0]):
            if not self._schema.validate(etree.fromstring(etree.tostring(element))):
                found.extend(str(error) for error in self._schema.error_log)
        return found


@cache
def judge(service: str) -> Judge:
    """The judge of one service, made once a process."""
    return Judge(service)


# -- the server --------------------------------------------------------------------------------------------------------


class ReplayingServer(Served):
    """Listens on the loopback address until it is stopped. Operations without a script get their fixture `wcf`."""

    def __init__(self, folder: str = f"/Remote/{SERVICES}") -> None:
        self.folder = folder
        self.received: list[Received] = []
        self.complaints: list[str] = []
        self.connections = 0
        """How many were accepted, whatever came over them."""
        self.documents: dict[str, bytes] = {}
        """Answers to GET by path with query."""
        self._always: dict[str, Answering] = {}
        self._next: dict[str, list[Answering]] = defaultdict(list)
        self._lock = threading.Lock()
        self.stopping = threading.Event()
        server = _Server(("127.0.0.1", 0), _handler(self))
        server.owner = self
        super().__init__(server)

    def __exit__(self, *exception: object) -> None:
        self.stopping.set()
        super().__exit__()

    @property
    def url(self) -> str:
        return f"{self.root}{self.folder}"

    def always(self, operation: str, answer: Answering) -> None:
        """Answer an operation like this from now on; `*` stands for all that have no answer of their own."""
        self._always[operation] = answer

    def script(self, operation: str, *answers: Answering) -> None:
        """Answer the next calls of an operation like this, one after the other."""
        self._next[operation].extend(answers)

    def forget(self) -> None:
        """Drop scripts and records, as if new."""
        with self._lock:
            self.received.clear()
            self.complaints.clear()
            self.documents.clear()
            self._always.clear()
            self._next.clear()

    def calls(self, operation: str) -> list[Received]:
        """The requests for an operation, in the order in which they came."""
        with self._lock:
            return [one for one in self.received if one.operation == operation]

    @property
    def operations(self) -> list[str]:
        """Names of all operations called, in order."""
        with self._lock:
            return [one.operation for one in self.received]

    def answer(self, received: Received) -> Answer:
        with self._lock:
            self.received.append(received)
            if received.method == "GET":
                document = self.documents.get(received.path)
                return Answer(status=404) if document is None else Answer(body=document)
            complaints = self._judged(received)
            if complaints:
                self.complaints.extend(f"{received.operation}: {one}" for one in complaints)
                return Answer(status=400, body="; ".join(complaints).encode())
            scripted = self._next[received.operation]
            answering = scripted.pop(0) if scripted else self._always.get(received.operation)
        if answering is None and received.operation != LOGIN:
            answering = self._always.get("*")
        if answering is None:
            answering = fixture(received.operation)
        return answering(received) if callable(answering) else answering

    def _judged(self, received: Received) -> list[str]:
        service = {f"{self.folder}/{name}.svc": name for name in ("ErpSync", "SoPrincipal")}.get(received.path)
        return ["posted to " + received.path] if service is None else judge(service).complaints(received)


class _Server(http.server.ThreadingHTTPServer):
    owner: ReplayingServer
    request_queue_size = 64

    def process_request(self, request: Any, client_address: Any) -> None:
        self.owner.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        problem = sys.exc_info()[1]
        # A client that hangs up early is what some tests are about.
        if not isinstance(problem, ConnectionError):
            self.owner.complaints.append(f"the server itself failed: {problem!r}")


def _handler(owner: ReplayingServer) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._write(owner.answer(self._read("")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                operation = etree.QName(etree.fromstring(body).find(f"{{{SOAP}}}Body")[0]).localname
            except (etree.XMLSyntaxError, TypeError, IndexError) as problem:
                owner.complaints.append(f"not a SOAP request: {problem}")
                self._write(Answer(status=400))
                return
            self._write(owner.answer(self._read(operation, body)))

        def _read(self, operation: str, body: bytes = b"") -> Received:
            return Received(
                method=self.command,
                path=self.path,
                headers=dict(self.headers.items()),
                body=body,
                operation=operation or urlsplit(self.path).path,
            )

        def _write(self, answer: Answer) -> None:
            if answer.raw is not None:
                self.wfile.write(answer.raw)
                self.close_connection = True
            else:
                self._write_http(answer)
            self.wfile.flush()
            if answer.hold:
                owner.stopping.wait(20)
                self.close_connection = True

        def _write_http(self, answer: Answer) -> None:
            self.send_response(answer.status, answer.reason)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.chunked:
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                self.wfile.write(_chunks(answer.body))
                return
            if "Content-Length" not in answer.headers and answer.status != 204:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
            if answer.headers.get("Content-Length", str(len(answer.body))) != str(len(answer.body)):
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Nothing is printed."""

    return Handler


def _chunks(body: bytes) -> bytes:
    parts = [body[start : start + 100] for start in range(0, len(body), 100)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
