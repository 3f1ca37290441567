"""Servers that repeat what they were sent: no secret may come out in an error, a log or a pickle."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from integration.hostile.calls import BOTH, REST, SOAP, STATUS, SUMMARY, SYNC, Call
from integration.hostile.judging import APPLICATION_TOKEN, PASSWORD, TICKET
from integration.hostile.messages import FAILED, answered, envelope, exception_info, fault, page, synced
from integration.hostile.scenarios import Ending, Endings, Fails, Gives, Scenario, Who, row
from integration.hostile.server import Turn
from integration.hostile.steps import CLOSE, Answer, Drip, Send
from superoffice_erpsync import (
    AuthenticationError,
    ConfigurationError,
    Outcome,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TransportError,
)

ANY = Fails((ProtocolError, TransportError, ServerFault, AuthenticationError, ConfigurationError), tuple(Outcome))
ANY_OR_GOOD = (Gives(), ANY)
OK = b"HTTP/1.1 200 OK\r\n"
REST_OF_IT = b"Content-Type: {type}\r\nContent-Length: {length}\r\n\r\n{body}"


def echo(name: str, *steps: Any, must: Ending | Endings = ANY, wires: tuple[str, ...] = BOTH, call: Call = SYNC,
         **more: Any) -> Scenario:  # fmt: skip
    """A row in which the ticket, or the application token, comes back."""
    return row(f"secret: {name}", *steps, must=must, wires=wires, call=call, **more)


def at_login(name: str, *steps: Any, **more: Any) -> Scenario:
    """A row in which the password comes back in the answer to the login."""
    turns: Sequence[Turn] = (steps,)
    return Scenario(name=f"password: {name}", turns=((Answer(),),), login=turns, who=Who.PASSWORD, must=ANY,
                    requests=0, **more)  # fmt: skip


TICKET_ROWS = (
    echo("the ticket in a Fault", Answer(status=500, body=fault("bad ticket 7T: {ticket} here")), wires=(SOAP,)),
    echo("the ticket in a Fault's code", Answer(status=500, body=fault(code="s:{ticket}")), wires=(SOAP,)),
    echo("the ticket in every member of an ExceptionInfo", Answer(body=envelope(
        "", FAILED + exception_info("{ticket}", "{ticket}") + "<n:ExceptionInfo><n:StackTrace>{ticket}</n:StackTrace>"
        "<n:Source>{ticket}</n:Source></n:ExceptionInfo>")), wires=(SOAP,)),
    echo("the ticket in an inner exception and its parameters", Answer(body=envelope(
        "", FAILED + "<n:ExceptionInfo><n:Message>x</n:Message><n:InnerException><n:Message>{ticket}</n:Message>"
        "<n:StackTrace>{ticket}</n:StackTrace></n:InnerException></n:ExceptionInfo>")), wires=(SOAP,)),
    echo("the ticket in what WCF tells of the exception", Answer(status=500, body=fault(
        detail="<detail><ExceptionDetail><Message>{ticket}</Message><Type>{ticket}</Type></ExceptionDetail></detail>")),
        wires=(SOAP,)),
    echo("the request's body in a Fault", Answer(status=500, body=fault(
        "&lt;Credentials&gt;&lt;Ticket&gt;{ticket}&lt;/Ticket&gt;&lt;/Credentials&gt;")), wires=(SOAP,)),
    echo("the ticket in a page's title", Answer(status=500, body=page("Error for {ticket}"))),
    echo("the ticket in a page's title with status 200", Answer(body=page("Error for {ticket}"))),
    echo("the ticket in the reason phrase", Answer(status=400, reason="Bad ticket {ticket}", body=b"")),
    echo("the ticket in the reason phrase of a success", Answer(reason="{ticket}"), must=Gives()),
    echo("the ticket in the reason phrase, as in an address",
         Answer(status=400, reason=f"Bad ticket {quote(TICKET, safe='')}", body=b"")),
    echo("the ticket in a redirect's query", Answer(status=302, headers={"Location": "/login?ticket={ticket}"})),
    echo("the ticket in a redirect's path", Answer(status=302, headers={"Location": "/login/{ticket}/x"})),
    echo("the ticket in a redirect's fragment", Answer(status=302, headers={"Location": "/login#{ticket}"})),
    echo("the ticket in a header", Answer(status=500, headers={"X-Echo": "{ticket}"}, body=b"")),
    echo("the ticket in Retry-After", Answer(status=503, headers={"Retry-After": "{ticket}"}, body=b"")),
    echo("the ticket in the packing's name", Answer(headers={"Content-Encoding": "{ticket}"})),
    echo("the ticket in the length", Send(OK + b"Content-Length: {ticket}\r\n\r\n{body}"), CLOSE, must=ANY_OR_GOOD),
    echo("the ticket in a chunk's size",
         Send(OK + b"Transfer-Encoding: chunked\r\n\r\n{ticket}\r\n{body}\r\n0\r\n\r\n"), CLOSE),
    echo("the ticket in the transfer encoding", Send(OK + b"Transfer-Encoding: {ticket}\r\n\r\n{body}"), CLOSE,
         must=ANY_OR_GOOD),
    echo("the ticket in place of a status line", Send(b"{ticket}\r\n\r\n"), CLOSE),
    echo("the ticket in place of a status", Send(b"HTTP/1.1 {ticket} OK\r\n\r\n"), CLOSE),
    echo("the ticket in place of HTTP's name", Send(b"{ticket} 200 OK\r\n\r\n"), CLOSE),
    echo("the ticket in a header without a colon", Send(OK + b"junk {ticket} junk\r\n" + REST_OF_IT), CLOSE,
         must=ANY_OR_GOOD),
    echo("the ticket in a header's name", Send(OK + b"{ticket}: x\r\n" + REST_OF_IT), CLOSE, must=ANY_OR_GOOD),
    echo("the ticket in a header in Latin-1", Send(OK + b"X: \xe6{ticket}\r\nbroken {ticket}\r\n" + REST_OF_IT), CLOSE,
         must=ANY_OR_GOOD),
    echo("the ticket in a cookie", Answer(headers={"Set-Cookie": "t={ticket}; Path=/"}), must=Gives()),
    echo("the ticket in the content type", Answer(headers={"Content-Type": "{ticket}"}), must=ANY_OR_GOOD),
    echo("the ticket as the root element's name", Answer(body="<Ticket7T>{ticket}</Ticket7T>"), wires=(SOAP,)),
    echo("the ticket as the envelope's namespace", Answer(body='<Envelope xmlns="{ticket}"/>'), wires=(SOAP,)),
    echo("the ticket as the response's namespace",
         Answer(body=envelope('<ForceSyncAllResponse xmlns="{ticket}"/>')), wires=(SOAP,)),
    echo("the ticket as a member's namespace",
         Answer(body=synced('<IsOk xmlns="{ticket}">true</IsOk>')), wires=(SOAP,)),
    echo("the ticket as an xsi:type",
         Answer(body=synced('<n:IsOk i:type="{ticket}">true</n:IsOk>')), wires=(SOAP,)),
    echo("the ticket where a boolean is due", Answer(body=synced("<n:IsOk>{ticket}</n:IsOk>")), wires=(SOAP,)),
    echo("the ticket as a key that comes twice", Answer(body=answered("GetErpSyncConnectionSummary",
         "<n:FieldProperties>" + 2 * ("<n:FieldPropertyDictionaryKeyValuePair><n:Key>{ticket}</n:Key>"
         "</n:FieldPropertyDictionaryKeyValuePair>") + "</n:FieldProperties>")), wires=(SOAP,), call=SUMMARY),
    echo("the ticket as the encoding's name", Answer(body='<?xml version="1.0" encoding="{ticket}"?><x/>'),
         wires=(SOAP,)),
    echo("the ticket as an entity's name", Answer(body=synced("&T7Tsecret; {ticket}")), wires=(SOAP,)),
    echo("the ticket as a processing instruction", Answer(body=f"<?x {{ticket}}?>{SYNC.soap}"), wires=(SOAP,)),
    echo("the ticket in XML that is cut", Answer(body="<s:Envelope><Ticket>{ticket}"), wires=(SOAP,)),
    echo("the ticket in an answer in UTF-16", Answer(body=fault(TICKET).encode("utf-16")), wires=(SOAP,)),
    echo("the ticket in an answer in UTF-16 without a mark", Answer(body=fault(TICKET).encode("utf-16-le")),
         wires=(SOAP,)),
    echo("the ticket by numbers of its characters",
         Answer(body=fault("".join(f"&#{ord(letter)};" for letter in TICKET))), wires=(SOAP,)),
    echo("the ticket in an error object", Answer(status=500, body='{"ErrorMessage": "bad {ticket}"}'), wires=(REST,)),
    echo("the ticket in an error object's type",
         Answer(status=500, body='{"ErrorMessage": "x", "ErrorType": "{ticket}"}'), wires=(REST,)),
    echo("the ticket in an error object of a refused login",
         Answer(status=401, body='{"Message": "SOTicket {ticket} is not known"}'), wires=(REST,)),
    echo("the ticket in an error object with status 200", Answer(body='{"Error": true, "ErrorMessage": "{ticket}"}'),
         wires=(REST,)),
    echo("the ticket by numbers of its characters in JSON", Answer(status=500, body='{"ErrorMessage": "'
         + "".join(f"\\u{ord(letter):04x}" for letter in TICKET) + '"}'), wires=(REST,)),
    echo("the ticket as a member that comes twice", Answer(body='{"{ticket}": 1, "{ticket}": 2}'), wires=(REST,)),
    echo("the ticket as the key of something wrong", Answer(body='{"FieldProperties": {"{ticket}": 1}}'),
         wires=(REST,), call=STATUS),
    echo("the ticket in JSON that is cut", Answer(body='{"Ticket": "{ticket}'), wires=(REST,)),
    echo("the application token in a Fault", Answer(status=500, body=fault(APPLICATION_TOKEN)), wires=(SOAP,)),
    echo("the application token in a page's title", Answer(status=403, body=page(APPLICATION_TOKEN))),
    echo("the application token in an error object",
         Answer(status=403, body=json.dumps({"Message": f"no such application: {APPLICATION_TOKEN}"})), wires=(REST,)),
    echo("the ticket in an answer that comes too slowly", Send(OK + b"X-Echo: {ticket}\r\n"), Drip(b"{ticket}", 0.05),
         must=Fails((RequestTimeout, TransportError, ProtocolError), Outcome.UNKNOWN), options={"timeout": 0.3}),
)  # fmt: skip

PASSWORD_ROWS = (
    at_login("in a Fault", Answer(status=500, body=fault("wrong: {password_xml}"))),
    at_login("in a Fault with CDATA", Answer(status=500, body=fault("<![CDATA[{password}]]>"))),
    at_login("in an ExceptionInfo", Answer(body=envelope("", FAILED + exception_info("wrong: {password_xml}")))),
    at_login("in an ExceptionInfo that refuses the login",
             Answer(body=envelope("", FAILED + exception_info(
                 "{password_xml}", "SuperOffice.Exceptions.SoAuthenticationException")))),
    at_login("in a page's title", Answer(status=500, body=page("wrong: {password_xml}"))),
    at_login("in the reason phrase of a refusal", Send(
        b"HTTP/1.1 401 wrong " + quote(PASSWORD).encode() + b"\r\nContent-Length: 0\r\n\r\n")),
    at_login("in a redirect", Answer(status=302, headers={"Location": f"/login/{quote(PASSWORD)}"})),
    at_login("in the request sent back", Answer(body=envelope(
        "<n:AuthenticateUsernamePassword><n:Password>{password_xml}</n:Password></n:AuthenticateUsernamePassword>"))),
    at_login("where a boolean is due", Answer(body=envelope(
        "<n:AuthenticateResponse><n:AuthenticationSucceeded>{password_xml}</n:AuthenticationSucceeded>"
        "</n:AuthenticateResponse>"))),
    at_login("in JSON", Answer(status=500, body=json.dumps({"Message": PASSWORD}))),
    at_login("in a header that is broken", Send(b"HTTP/1.1 500 Oh\r\nbroken {password}\r\n\r\n"), CLOSE),
)  # fmt: skip

ROWS = (*TICKET_ROWS, *PASSWORD_ROWS)
