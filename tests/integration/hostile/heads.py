"""What comes before the body: status lines, headers without end, answers that announce answers."""

from __future__ import annotations

from integration.hostile.scenarios import BROKEN, GARBLED, LATE, RIGHT, RIGHT_OR_BROKEN, UNKNOWN, Fails, row
from integration.hostile.steps import CLOSE, HOLD, RESET, Answer, Drip, Flood, Send, Wait
from superoffice_erpsync import ErpSyncError, ProtocolError, ServerFault, TransportError

OK = b"HTTP/1.1 200 OK\r\n"
REST = b"Content-Type: {type}\r\nContent-Length: {length}\r\n\r\n{body}"
SHORT = {"timeout": 0.4}
NO_SUCCESS = Fails((ProtocolError, TransportError, ServerFault, ErpSyncError), UNKNOWN)


def first(line: bytes) -> Send:
    """A good answer after another first line."""
    return Send(line + b"\r\n" + REST)


STATUS_LINES = (
    row("no HTTP but another protocol's greeting", Send(b"SSH-2.0-OpenSSH_9.6\r\n"), CLOSE, must=BROKEN),
    row("no HTTP but a mail server's greeting that waits", Send(b"220 mail.example.com ESMTP\r\n"), HOLD,
        must=(BROKEN, LATE), options=SHORT, within=2),
    row("status line without a reason", first(b"HTTP/1.1 200"), must=RIGHT),
    row("status line with an empty reason", first(b"HTTP/1.1 200 "), must=RIGHT),
    row("status line with letters beyond ASCII", first("HTTP/1.1 200 Nå går det".encode("latin-1")), must=RIGHT),
    row("status line without a status", first(b"HTTP/1.1 OK"), CLOSE, must=BROKEN),
    row("status of five digits", first(b"HTTP/1.1 20000 OK"), CLOSE, must=NO_SUCCESS),
    row("status of two digits", first(b"HTTP/1.1 20 OK"), CLOSE, must=NO_SUCCESS),
    row("status below zero", first(b"HTTP/1.1 -200 OK"), CLOSE, must=NO_SUCCESS),
    row("status is a fraction", first(b"HTTP/1.1 200.0 OK"), CLOSE, must=NO_SUCCESS),
    row("status in digits of another script", first("HTTP/1.1 ٢٠٠ OK".encode()), CLOSE, must=NO_SUCCESS),
    row("status 999", first(b"HTTP/1.1 999 Odd"), must=Fails((ProtocolError, ServerFault), UNKNOWN)),
    row("status 000", first(b"HTTP/1.1 000 Odd"), CLOSE, must=NO_SUCCESS),
    row("version that there is not", first(b"HTTP/9.9 200 OK"), CLOSE, must=RIGHT_OR_BROKEN),
    row("version in lower case", first(b"http/1.1 200 OK"), CLOSE, must=RIGHT_OR_BROKEN),
    row("status line that never ends", Flood(b"HTTP/1.1 200 "), must=BROKEN),
    row("status line with a NUL", first(b"HTTP/1.1 200 O\0K"), CLOSE, must=RIGHT_OR_BROKEN),
    row("an empty line before the status line", first(b"\r\nHTTP/1.1 200 OK"), CLOSE, must=RIGHT_OR_BROKEN),
    row("HTTP 0.9: a body and nothing else", Send(b"{body}"), CLOSE, must=BROKEN),
    row("the beginning of HTTP 2",
        Send(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + b"\x00\x03\x00\x00\x00\x64" * 3), CLOSE, must=BROKEN),
    row("HTTP 2's preface, which only a client sends", Send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), CLOSE, must=BROKEN),
    row("the request comes back as it was sent", Send(b"POST /Remote HTTP/1.1\r\nHost: x\r\n\r\n"), CLOSE,
        must=BROKEN),
    row("random bytes", Send(bytes(range(256)) * 20), CLOSE, must=BROKEN),
    row("NUL bytes without end", Flood(b"\0"), must=BROKEN),
    row("an alert of TLS on a plain connection", Send(b"\x15\x03\x01\x00\x02\x02\x46"), CLOSE, must=BROKEN),
)  # fmt: skip

ANNOUNCED = (
    row("100 Continue before the answer", Send(b"HTTP/1.1 100 Continue\r\n\r\n" + OK + REST), must=RIGHT),
    row("three answers that announce one, with headers",
        Send(b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n" * 3 + OK + REST), must=RIGHT),
    row("102 Processing before the answer, as servers send it that take long",
        Send(b"HTTP/1.1 102 Processing\r\n\r\n" * 2 + OK + REST), must=RIGHT),
    row("103 Early Hints before the answer",
        Send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK + REST), must=RIGHT),
    row("199 before the answer, which nobody has defined and everybody has to pass over",
        Send(b"HTTP/1.1 199 Odd\r\n\r\n" + OK + REST), must=RIGHT),
    row("100 Continue without end", Flood(b"HTTP/1.1 100 Continue\r\n\r\n"), must=(BROKEN, LATE),
        options={"timeout": 0.6}, within=3),
    row("100 Continue with headers without end", Flood(b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n"), must=(BROKEN, LATE),
        options={"timeout": 0.6}, within=3),
    row("102 Processing without end", Flood(b"HTTP/1.1 102 Processing\r\n\r\n"), must=(BROKEN, LATE),
        options={"timeout": 0.6}, within=3),
    row("100 Continue again and again, as if the server were at work",
        Drip(b"HTTP/1.1 100 Continue\r\n\r\n", 0.005, over=True), must=(BROKEN, LATE), options=SHORT, within=2),
    row("100 Continue and no more", Send(b"HTTP/1.1 100 Continue\r\n\r\n"), CLOSE, must=BROKEN),
    row("another protocol is offered and nobody asked",
        Send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"), CLOSE,
        must=Fails((ProtocolError, TransportError, ServerFault), UNKNOWN)),
)  # fmt: skip

HEADERS = (
    row("ninety headers, which is many and fine",
        Answer(headers={f"X-{number}": "y" for number in range(90)}), must=RIGHT),
    row("five hundred headers", Answer(headers={f"X-{number}": "y" for number in range(500)}), must=RIGHT_OR_BROKEN),
    row("a header of sixty thousand characters", Answer(headers={"X": "y" * 60_000}), must=RIGHT),
    row("a header of a hundred thousand characters", Answer(headers={"X": "y" * 100_000}), must=RIGHT_OR_BROKEN),
    row("headers without end", Send(OK), Flood(b"X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n"), must=BROKEN),
    row("one header without end", Send(OK + b"X: "), Flood(b"y"), must=BROKEN),
    row("a header's name without end", Send(OK), Flood(b"X"), must=BROKEN),
    row("folded header lines without end", Send(OK + b"X: y\r\n"), Flood(b" y\r\n"), must=BROKEN),
    row("headers that drip without end", Send(OK), Drip(b"X: y\r\n", 0.01, over=True), must=(BROKEN, LATE),
        options=SHORT, within=2),
    row("the connection ends after the status line", Send(OK), CLOSE, must=BROKEN),
    row("the connection ends within a header", Send(OK + b"Content-Ty"), CLOSE, must=BROKEN),
    row("the connection ends after the headers and before the empty line",
        Send(OK + b"Content-Type: {type}\r\nContent-Length: 0\r\n"), CLOSE, must=BROKEN),
    row("the connection is reset within a header", Send(OK + b"Content-Ty"), Wait(0.05), RESET, must=BROKEN),
    row("the server goes to sleep within a header", Send(OK + b"Content-Ty"), HOLD, must=LATE, options=SHORT, within=2),
    row("a header without a colon", Send(OK + b"No colon here\r\n" + REST), CLOSE, must=RIGHT_OR_BROKEN),
    row("a header without a name", Send(OK + b": value\r\n" + REST), CLOSE, must=RIGHT_OR_BROKEN),
    row("a header with a blank before its colon", Send(OK + b"X : y\r\n" + REST), CLOSE, must=RIGHT_OR_BROKEN),
    row("a folded header", Send(OK + b"X: y\r\n and more\r\n" + REST), must=RIGHT_OR_BROKEN),
    row("the first header begins with a blank", Send(OK + b" X: y\r\n" + REST), CLOSE, must=RIGHT_OR_BROKEN),
    row("a header with a NUL", Send(OK + b"X: a\0b\r\n" + REST), CLOSE, must=RIGHT_OR_BROKEN),
    row("a header with a bare carriage return that hides another",
        Send(OK + b"X: y\rContent-Length: 3\r\n" + REST), CLOSE, must=RIGHT_OR_BROKEN),
    row("a header in UTF-8", Send(OK + "X: Ærlig Øl\r\n".encode() + REST), must=RIGHT),
    row("a header in Latin-1", Send(OK + "X: Ærlig Øl\r\n".encode("latin-1") + REST), must=RIGHT),
    row("a header that is no text at all", Send(OK + b"X: \xff\xfe\x80\x85\x1c\r\n" + REST), CLOSE,
        must=RIGHT_OR_BROKEN),
    row("headers that end in bare line feeds", Send((OK + REST).replace(b"\r\n", b"\n")), CLOSE, must=RIGHT_OR_BROKEN),
    row("no content type", Answer(headers={"Content-Type": None}), must=RIGHT),
    row("a content type that is nonsense", Answer(headers={"Content-Type": ";;;=/,"}), must=RIGHT_OR_BROKEN),
    row("a content type of something else", Answer(headers={"Content-Type": "application/octet-stream"}), must=RIGHT),
    row("an empty body with a good head", Answer(body=b""), must=GARBLED),
    row("a body of blanks", Answer(body=b" \r\n\t "), must=GARBLED),
    row("a body of NUL bytes", Answer(body=b"\0" * 1000), must=GARBLED),
)  # fmt: skip

ROWS = (*STATUS_LINES, *ANNOUNCED, *HEADERS)
