"""Failures that the server tells: Faults of every dress, error objects, statuses with and without a word."""

from __future__ import annotations

from typing import Any

from integration.hostile.calls import BOTH, INTERVAL, REST, SOAP, STATUS, SYNC, TOGGLE, Call
from integration.hostile.messages import SOAP_11, SOAP_12, envelope, fault, page
from integration.hostile.scenarios import (
    GARBLED,
    NOT_SENT,
    REJECTED,
    RIGHT,
    UNKNOWN,
    Ending,
    Endings,
    Fails,
    GivesNone,
    Scenario,
    row,
)
from integration.hostile.steps import Answer
from superoffice_erpsync import AuthenticationError, ConfigurationError, ProtocolError, ServerFault, TransportError

PAGE = page("Some Page")
REFUSED = Fails(ServerFault, REJECTED)
PERHAPS_DONE = Fails(ServerFault, UNKNOWN)
NO_SUCCESS = Fails((ServerFault, ProtocolError), UNKNOWN)
WRONG = Fails(ServerFault, REJECTED, "It went wrong")
ANY_FAULT = Fails((ServerFault, AuthenticationError), REJECTED)
FEWER = Fails(ServerFault, REJECTED, "fewer keys", can_repeat=False)

FAULT_12 = envelope(
    "<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>a:InternalServiceFault</s:Value></s:Subcode>"
    '</s:Code><s:Reason><s:Text xml:lang="en">It went wrong</s:Text></s:Reason></s:Fault>',
    header="",
    soap=SOAP_12,
)
DETAIL = (
    '<detail><ExceptionDetail xmlns="http://schemas.datacontract.org/2004/07/System.ServiceModel">'
    "<Message>It went wrong inside</Message><Type>System.NullReferenceException</Type><InnerException>"
    "<Message>deeper</Message></InnerException></ExceptionDetail></detail>"
)
DEEP_DETAIL = (
    "<detail><ExceptionDetail>" + "<InnerException>" * 90 + "<x/>" + "</InnerException>" * 90
    + "</ExceptionDetail></detail>"
)  # fmt: skip
QUOTAS = {
    "message size": "The maximum message size quota for incoming messages (65536) has been exceeded. To increase the "
    "quota, use the MaxReceivedMessageSize property on the appropriate binding element.",
    "array length": "The maximum array length quota (16384) has been exceeded while reading XML data.",
    "object graph": "Maximum number of items that can be serialized or deserialized in an object graph is '65536'.",
}


def dress(name: str, message: str, must: Ending | Endings, *, status: int = 500, call: Call = SYNC) -> Scenario:
    """A row with that Fault."""
    return row(f"Fault: {name}", Answer(body=message, status=status), must=must, wires=(SOAP,), call=call)


FAULTS = (
    dress("SOAP 1.1", fault(), WRONG),
    dress("SOAP 1.1 with status 200", fault(), WRONG, status=200),
    dress("SOAP 1.2", FAULT_12, WRONG),
    dress("SOAP 1.2 with status 200", FAULT_12, WRONG, status=200),
    dress("with status 400", fault(), WRONG, status=400),
    dress("another prefix",
          fault().replace("<s:", "<q:").replace("</s:", "</q:").replace("xmlns:s=", "xmlns:q="), WRONG),
    dress("no prefix at all",
          f'<Envelope xmlns="{SOAP_11}"><Body><Fault><faultcode xmlns="">Server</faultcode><faultstring xmlns="">It '
          "went wrong</faultstring></Fault></Body></Envelope>", WRONG),
    dress("a code whose prefix nobody declared", fault(code="zz:Server"), WRONG),
    dress("no code", fault().replace("<faultcode>s:Server</faultcode>", ""), WRONG),
    dress("no text", fault(text=""), REFUSED),
    dress("nothing in it", envelope("<s:Fault/>", ""), REFUSED),
    dress("words in place of members", envelope("<s:Fault>It went wrong</s:Fault>", ""), REFUSED),
    dress("an empty xml:lang", fault().replace("<faultstring>", '<faultstring xml:lang="">'), WRONG),
    dress("what WCF tells of the exception", fault(detail=DETAIL), WRONG),
    dress("details ninety deep", fault(detail=DEEP_DETAIL), WRONG),
    dress("details that hold another Fault", fault(detail=f"<detail>{fault('inner')}</detail>"), WRONG),
    dress("a text of a megabyte", fault(text="x" * 1_000_000), REFUSED),
    dress("a text that says ticket ten thousand times", fault(text="ticket " * 10_000), ANY_FAULT),
    dress("a text that says expired ten thousand times", fault(text="expired " * 10_000), ANY_FAULT),
    dress("a hundred thousand codes", fault(detail="<faultcode>x</faultcode>" * 100_000), REFUSED),
    dress("a text with markup in CDATA", fault(text="<![CDATA[It went wrong <b>here</b>]]>"), WRONG),
    dress("told to a read, which is not asked again", fault(), WRONG, call=STATUS),
    dress("told to a write", fault(), WRONG, call=TOGGLE),
    dress("told to an operation without a result", fault(), WRONG, call=INTERVAL),
    dress("beside a good answer", SYNC.soap.replace("<s:Body>", "<s:Body><s:Fault/>"), (REFUSED, *(
        (Fails(ProtocolError, UNKNOWN), PERHAPS_DONE))), status=200),
    dress("of no namespace, which is no Fault", envelope("<Fault><faultstring>x</faultstring></Fault>", ""), GARBLED,
          status=200),
    dress("with a document type", f"<!DOCTYPE x>{fault()}", NO_SUCCESS),
    dress("cut in the middle", fault()[:-60], NO_SUCCESS),
    *(dress(f"the server's quota of {what} is used up", fault(text, "s:Client"), FEWER)
      for what, text in QUOTAS.items()),
    *(dress(f"the server's quota of {what} is used up, which a read does not ask again",
            fault(text, "s:Client"), FEWER, call=STATUS) for what, text in QUOTAS.items()),
)  # fmt: skip


def object_row(name: str, document: str, must: Ending | Endings, *, status: int = 500, call: Call = SYNC) -> Scenario:
    """A row with that JSON."""
    return row(f"error object: {name}", Answer(body=document, status=status), must=must, wires=(REST,), call=call)


SAID = '{"Error": true, "ErrorType": "SoException", "ErrorMessage": "It went wrong"}'
OBJECTS = (
    object_row("with status 500", SAID, WRONG),
    object_row("with status 200", SAID, WRONG, status=200),
    object_row("told to a read, which is not asked again", SAID, WRONG, call=STATUS),
    object_row("where an array is due", SAID, WRONG, status=200, call=TOGGLE),
    object_row("where nothing is due", SAID, WRONG, status=200, call=INTERVAL),
    object_row("of ASP.NET", '{"Message": "It went wrong", "ExceptionType": "System.Exception"}', WRONG),
    object_row("in small letters", '{"message": "It went wrong"}', WRONG, status=400),
    object_row("with a message that is no text", '{"Message": [1]}', PERHAPS_DONE),
    object_row("with status 502, where a gateway speaks and the server may have acted", SAID, PERHAPS_DONE, status=502),
    object_row("deeper than anyone reads", '{"Message": ' + "[" * 100_000, NO_SUCCESS),
    object_row("cut in the middle", SAID[:30], PERHAPS_DONE),
    object_row("of a megabyte", '{"Message": "' + "x" * 1_000_000 + '"}', REFUSED),
)  # fmt: skip


def answered(name: str, status: int, must: Ending | Endings, **more: Any) -> Scenario:
    """A row in which that status comes with an HTML page."""
    call, wires = more.pop("call", SYNC), more.pop("wires", BOTH)
    body, headers = more.pop("body", PAGE), {"Content-Type": "text/html", **more.pop("headers", {})}
    answer = Answer(status=status, reason="Some Reason", body=body, headers=headers)
    return row(f"HTTP {status}: {name}", answer, must=must, call=call, wires=wires, **more)


STATUSES = (
    answered("a page of a login that somebody put in between", 200, Fails(ProtocolError, UNKNOWN, "Some Page")),
    answered("nothing at all", 200, GARBLED, body=b""),
    answered("the other wire's answer", 200, GARBLED, body=SYNC.rest, wires=(SOAP,)),
    answered("the other wire's answer in XML", 200, GARBLED, body=SYNC.soap, wires=(REST,)),
    answered("a good answer with the status of something made", 201, NO_SUCCESS, body=None),
    answered("accepted and nobody knows when it is done", 202, NO_SUCCESS),
    answered("accepted, even with a good answer", 202, NO_SUCCESS, body=None),
    answered("no content where a result is due", 204, NO_SUCCESS, body=b"", headers={"Content-Length": None}),
    answered("no content where there may be none", 204, (GivesNone(), NO_SUCCESS), body=b"", call=INTERVAL,
             headers={"Content-Length": None}),
    answered("a part of an answer, even if it looks whole", 206, NO_SUCCESS, body=None,
             headers={"Content-Range": "bytes 0-99/1000"}),
    answered("several statuses in one", 207, NO_SUCCESS),
    answered("not modified, though nobody asked", 304, Fails((ConfigurationError, ServerFault), REJECTED), body=b"",
             headers={"Content-Length": None}),
    answered("bad request", 400, REFUSED), answered("forbidden", 403, Fails(AuthenticationError, REJECTED)),
    answered("the ticket is refused and there is no other", 401, Fails(AuthenticationError, REJECTED)),
    answered("payment required", 402, REFUSED), answered("not found", 404, Fails(ServerFault, REJECTED, "address")),
    answered("not found told to a read, which is not asked again", 404, REFUSED, call=STATUS),
    answered("method not allowed", 405, REFUSED), answered("not acceptable", 406, REFUSED),
    answered("a proxy that wants a login", 407, Fails(TransportError, NOT_SENT, "proxy")),
    answered("conflict", 409, REFUSED), answered("gone", 410, REFUSED), answered("length required", 411, REFUSED),
    answered("too large", 413, FEWER), answered("too large, told to a read", 413, FEWER, call=STATUS),
    answered("address too long", 414, REFUSED), answered("another content type", 415, REFUSED),
    answered("a teapot", 418, REFUSED), answered("wrong host", 421, REFUSED),
    answered("for reasons of law", 451, REFUSED),
    answered("too large as IIS says it", 404, FEWER, body=page("IIS 10.0 Detailed Error - 404.13 - Not Found")),
    answered("a page where a Fault is due", 500, PERHAPS_DONE), answered("bad gateway", 502, PERHAPS_DONE),
    answered("gateway timeout", 504, PERHAPS_DONE), answered("a CDN that knows nothing", 520, PERHAPS_DONE),
    answered("a CDN that waited too long", 524, PERHAPS_DONE),
    answered("a status of the future", 599, Fails(ServerFault, (REJECTED, UNKNOWN))),
    answered("the web server fails and says nothing", 500, PERHAPS_DONE, body=b""),
    answered("the web server fails with a good answer", 500, NO_SUCCESS, body=None),
    answered("not found with a good answer", 404, Fails((ServerFault, ProtocolError), (REJECTED, UNKNOWN)), body=None),
    answered("a page in UTF-16", 200, GARBLED, body="<html><title>Ærlig Øl</title></html>".encode("utf-16")),
    answered("a page of which no tag is closed", 200, GARBLED, body=b"<html><body><p>Sorry"),
    answered("a page with a title of a megabyte", 502, PERHAPS_DONE, body=page("x" * 1_000_000)),
    answered("a page that begins with a megabyte of comments", 200, GARBLED,
             body=b"<!--" + b"-" * 1_000_000 + b"-->" + PAGE),
    answered("a page that begins with ten thousand comments", 200, GARBLED, body=b"<!-- -->" * 10_000 + PAGE),
    answered("bare text", 200, GARBLED, body=b"The service is unavailable."),
    row("an answer of something else that is good after all", Answer(headers={"Content-Type": "text/html"}),
        must=RIGHT),
)  # fmt: skip

ROWS = (*FAULTS, *OBJECTS, *STATUSES)
