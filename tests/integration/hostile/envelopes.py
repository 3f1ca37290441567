"""Envelopes: whose answer it is, how many there are, and what its headers say. SOAP only."""

from __future__ import annotations

from typing import Any

from integration.hostile.calls import INTERVAL, SOAP, STATUS, SYNC, TOGGLE, Call
from integration.hostile.messages import (
    FAILED,
    NAMESPACE,
    SOAP_11,
    SOAP_12,
    SUCCEEDED,
    answered,
    envelope,
    exception_info,
    status,
    synced,
)
from integration.hostile.scenarios import (
    GARBLED,
    REJECTED,
    RIGHT,
    RIGHT_OR_GARBLED,
    UNKNOWN,
    Ending,
    Endings,
    Fails,
    GivesNone,
    Scenario,
    row,
)
from integration.hostile.steps import Answer
from superoffice_erpsync import ProtocolError, ServerFault

SERVICES_88 = NAMESPACE.replace("Services86", "Services88")
OTHER_VERSION = Fails(ProtocolError, UNKNOWN, "Services88")
FAULT = Fails(ServerFault, REJECTED)
SAYS_WHY = Fails(ServerFault, REJECTED, "no such connection", code="SuperOffice.Exceptions.SoException")
NIL_INFO = '<n:ExceptionInfo i:nil="true"/>'
WHY = exception_info("No such connection")
GOOD = SYNC.soap
CONTENT = GOOD[GOOD.index("<n:ForceSyncAllResponse>") : GOOD.index("</s:Body>")]


def xml(name: str, document: str, must: Ending | Endings, call: Call = SYNC, **more: Any) -> Scenario:
    """A row with that answer."""
    return row(name, Answer(body=document), must=must, wires=(SOAP,), call=call, **more)


def headed(header: str) -> str:
    """The good answer with another header."""
    return envelope(CONTENT, header)


WHOSE = (
    xml("the answer of another operation", STATUS.soap, GARBLED),
    xml("the request sent back", envelope("<n:ForceSyncAll/>"), GARBLED),
    xml("two answers in one body", envelope(CONTENT * 2), GARBLED),
    xml("the right answer after another", envelope("<n:x/>" + CONTENT), GARBLED),
    xml("an answer with two responses", envelope(CONTENT.replace(
        "</n:Response>", "</n:Response><n:Response><n:IsOk>false</n:IsOk></n:Response>")), GARBLED),
    xml("two bodies", GOOD.replace("</s:Body>", f"</s:Body><s:Body>{CONTENT}</s:Body>"), GARBLED),
    xml("two headers, of which the second says no",
        GOOD.replace("</s:Header>", f"</s:Header><s:Header>{FAILED}</s:Header>"), GARBLED),
    xml("a header after the body that says no",
        GOOD.replace("</s:Body>", f"</s:Body><s:Header>{FAILED}</s:Header>"), (GARBLED, FAULT)),
    xml("no body", f'<s:Envelope xmlns:s="{SOAP_11}"/>', GARBLED),
    xml("an empty body", envelope(""), GARBLED),
    xml("an empty body where the operation has no result", envelope(""), GARBLED, INTERVAL),
    xml("text in the body", envelope("OK"), GARBLED),
    xml("the answer without an envelope", CONTENT.replace("se>", f'se xmlns:n="{NAMESPACE}">', 1), GARBLED),
    xml("an envelope of another kind", GOOD.replace(SOAP_11, "urn:some-other-envelope"), GARBLED),
    xml("an envelope in no namespace", GOOD.replace(f'xmlns:s="{SOAP_11}"', 'xmlns:s="urn:x"'), GARBLED),
    xml("an envelope within an envelope", envelope(GOOD), GARBLED),
    xml("other XML: a feed", "<feed><entry/></feed>", GARBLED),
    xml("other XML: XHTML", '<html xmlns="http://www.w3.org/1999/xhtml"><title>Sign in</title></html>',
        Fails(ProtocolError, UNKNOWN, "Sign in")),
    xml("a WSDL where an answer is due", '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>', GARBLED),
    xml("SOAP 1.2, which is read", GOOD.replace(SOAP_11, SOAP_12), RIGHT),
    xml("a body of SOAP 1.2 in an envelope of SOAP 1.1",
        GOOD.replace("<s:Body>", f'<s:Body xmlns:s="{SOAP_12}">'), GARBLED),
    xml("another version of the services answers, and the error says which",
        synced(namespace=SERVICES_88), OTHER_VERSION),
    xml("another version of the services refuses, and the error says which",
        synced(header=FAILED + WHY, namespace=SERVICES_88), (OTHER_VERSION, Fails(ServerFault, REJECTED))),
    xml("the answer in a namespace of somebody else", synced(namespace="urn:other"), GARBLED),
    xml("the whole answer in no namespace", envelope(CONTENT.replace("n:", "")), GARBLED),
    xml("the answer's name in no namespace", envelope("<ForceSyncAllResponse/>"), GARBLED),
    xml("the answer in the namespace but for its capitals", synced(namespace=NAMESPACE.lower()), GARBLED),
    xml("no response in the answer of sync", envelope("<n:ForceSyncAllResponse/>"), GARBLED),
    xml("a nil response in the answer of sync",
        envelope('<n:ForceSyncAllResponse><n:Response i:nil="true"/></n:ForceSyncAllResponse>'), GARBLED),
    xml("an empty response in the answer of sync", synced(""), GARBLED),
    xml("a nil response where there may be nothing to say",
        envelope('<n:GetEngineStatusResponse><n:Response i:nil="true"/></n:GetEngineStatusResponse>'), GivesNone(),
        STATUS),
    xml("a response whose xsi:type is something else",
        GOOD.replace("<n:Response>", '<n:Response i:type="n:ErpConnection">'), GARBLED),
    xml("a response whose xsi:type is what it is",
        GOOD.replace("<n:Response>", '<n:Response i:type="n:PluginResponse">'), RIGHT),
    xml("an answer that is nil", envelope('<n:ForceSyncAllResponse i:nil="true"/>'), GARBLED),
    xml("a list where no item came because the answer is another's",
        answered("GetAllConnections", ""), GARBLED, TOGGLE),
    xml("elements by reference, as old stacks write them",
        envelope('<n:ForceSyncAllResponse><n:Response href="#id1"/></n:ForceSyncAllResponse>'), GARBLED),
)  # fmt: skip

HEADERS = (
    xml("no header at all, and the body decides", envelope(CONTENT, ""), RIGHT),
    xml("a header that nobody knows and everybody must understand",
        headed(f'<q:x xmlns:q="urn:x" s:mustUnderstand="1"/>{SUCCEEDED}'), RIGHT),
    xml("Succeeded twice and both say so", headed(SUCCEEDED * 2), RIGHT),
    xml("Succeeded twice and the two differ", headed(SUCCEEDED + FAILED), (GARBLED, FAULT)),
    xml("Succeeded that is empty", headed("<n:Succeeded/>"), GARBLED),
    xml("Succeeded that is nil", headed('<n:Succeeded i:nil="true"/>'), GARBLED),
    xml("Succeeded that says Yes", headed("<n:Succeeded>Yes</n:Succeeded>"), GARBLED),
    xml("Succeeded that says 1 between blanks", headed("<n:Succeeded> 1 </n:Succeeded>"), RIGHT),
    xml("Succeeded of another namespace that says no",
        headed('<Succeeded xmlns="urn:x">false</Succeeded>'), RIGHT_OR_GARBLED),
    xml("Succeeded false and the reason", headed(FAILED + WHY), SAYS_WHY),
    xml("Succeeded false with a good body, which must not count", headed(FAILED), FAULT),
    xml("Succeeded false spelled 0", headed("<n:Succeeded>0</n:Succeeded>"), FAULT),
    xml("Succeeded false and a nil ExceptionInfo", headed(FAILED + NIL_INFO), FAULT),
    xml("Succeeded false and an empty ExceptionInfo", headed(FAILED + "<n:ExceptionInfo/>"), FAULT),
    xml("Succeeded false and an empty body", envelope("", FAILED + WHY), SAYS_WHY),
    xml("Succeeded false and the answer of another operation", status().replace(SUCCEEDED, FAILED + WHY), SAYS_WHY),
    xml("Succeeded true and an ExceptionInfo that says something", headed(SUCCEEDED + WHY), SAYS_WHY),
    xml("Succeeded true and an ExceptionInfo that is empty", headed(SUCCEEDED + "<n:ExceptionInfo/>"), RIGHT),
    xml("an ExceptionInfo and no Succeeded", headed(WHY), SAYS_WHY),
    xml("an ExceptionInfo that holds sixty others", headed(FAILED + "<n:ExceptionInfo>"
        + "<n:InnerException>" * 60 + "</n:InnerException>" * 60 + "</n:ExceptionInfo>"), FAULT),
    xml("an ExceptionInfo that holds fifty thousand others", headed(FAILED + "<n:ExceptionInfo>"
        + "<n:InnerException>" * 50_000 + "</n:InnerException>" * 50_000 + "</n:ExceptionInfo>"), (GARBLED, FAULT)),
    xml("an ExceptionInfo that is broken, beside a failure", headed(
        FAILED + "<n:ExceptionInfo><n:Message><x/></n:Message></n:ExceptionInfo>"), (GARBLED, FAULT)),
    xml("a failure told to an operation without a result",
        envelope("<n:ChangeEngineIntervalResponse/>", FAILED + WHY), SAYS_WHY, INTERVAL),
    xml("a failure told to a read, which is not asked again", envelope("", FAILED + WHY), SAYS_WHY, STATUS),
    xml("Succeeded in the body, where it means nothing",
        GOOD.replace("<s:Body>", f"<s:Body>{FAILED}"), (GARBLED, FAULT)),
)  # fmt: skip

ROWS = (*WHOSE, *HEADERS)
