"""Every way a request can go wrong before it reaches an operation, and the envelopes that say so."""

from __future__ import annotations

import logging
import time
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from superoffice_erpsync.sandbox.handlers import catalogue
from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.soap.contract import load_contract
from superoffice_erpsync.sandbox.soap.endpoint import SoapAnswer, SoapEndpoint, SoapRequest
from superoffice_erpsync.sandbox.time_zones import zone_of

NS = "http://www.superoffice.net/ws/crm/NetServer/Services86"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
DISPATCHER = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"
NONE = "http://schemas.microsoft.com/ws/2005/05/addressing/none"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Caller:
    def __init__(self, installation) -> None:
        self.installation = installation
        self.endpoints = {name: SoapEndpoint(installation, load_contract(name)) for name in ("ErpSync", "SoPrincipal")}

    def ticket(self) -> str:
        admitted = self.installation.state.sessions.log_in("tje0", "Tje0")
        assert admitted is not None
        return admitted[1]

    def raw(
        self,
        body: bytes | str,
        *,
        action: str | None = "ForceSyncAll",
        content_type: str | None = "text/xml; charset=utf-8",
        service: str = "ErpSync",
    ) -> SoapAnswer:
        if action and "/" not in action and '"' not in action:
            action = f'"{NS}/{service}/{action}"'
        content = body if isinstance(body, bytes) else body.encode()
        return self.endpoints[service].answer(SoapRequest(content_type, action, content))

    def call(self, operation: str, inner: str = "", *, headers: str | None = None, service="ErpSync") -> SoapAnswer:
        if headers is None:
            headers = f"<Credentials xmlns='{NS}'><Ticket>{self.ticket()}</Ticket></Credentials>"
        return self.raw(
            envelope(f'<{operation} xmlns="{NS}">{inner}</{operation}>', headers), action=operation, service=service
        )


def envelope(content: str, headers: str = "", namespace: str = SOAP11) -> str:
    return f'<s:Envelope xmlns:s="{namespace}"><s:Header>{headers}</s:Header><s:Body>{content}</s:Body></s:Envelope>'


@pytest.fixture
def caller(installation) -> Caller:
    return Caller(installation)


def fault_of(answer: SoapAnswer) -> tuple[str, str, str]:
    """Namespace and name of the code, and the text."""
    fault = etree.fromstring(answer.body).find(f"{{{SOAP11}}}Body/{{{SOAP11}}}Fault")
    code, text = fault.find("faultcode"), fault.find("faultstring")
    assert text.get(XML_LANG) == "en-US"
    prefix, _, name = code.text.partition(":")
    return code.nsmap[prefix], name, text.text


def body_of(answer: SoapAnswer) -> etree._Element:
    return etree.fromstring(answer.body).find(f"{{{SOAP11}}}Body")[0]


def header_of(answer: SoapAnswer, name: str) -> etree._Element:
    header = etree.fromstring(answer.body).find(f"{{{SOAP11}}}Header/{{{NS}}}{name}")
    assert header.prefix == "h"
    return header


def test_success_has_the_headers_dotnet_writes(caller):
    answer = caller.call("ForceSyncAll")
    assert (answer.status, answer.content_type, answer.reason) == (200, "text/xml; charset=utf-8", None)
    assert header_of(answer, "Succeeded").text == "true"
    for name in ("ExceptionInfo", "ExtraInfo", "TimeZone"):
        assert header_of(answer, name).get(f"{XSI}nil") == "true"
    response = body_of(answer)
    assert response.tag == f"{{{NS}}}ForceSyncAllResponse"
    assert response.prefix is None
    assert [etree.QName(child).localname for child in response[0]] == [
        "TableRight", "FieldProperties", "IsOk", "UserExplanation", "TechExplanation", "ErrorCode", "Changes",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "headers",
    [
        "",
        f"<Credentials xmlns='{NS}'/>",
        f"<Credentials xmlns='{NS}'><Ticket/></Credentials>",
        f"<Credentials xmlns='{NS}'><Ticket>7T:bm8=</Ticket></Credentials>",
        f"<Credentials xmlns='{NS}' xmlns:i='{XSI[1:-1]}' i:nil='true'/>",
        "<Credentials><Ticket>7T:bm8=</Ticket></Credentials>",
    ],
)
def test_no_or_bad_ticket(caller, headers):
    answer = caller.call("ForceSyncAll", headers=headers)
    assert answer.status == 200
    assert header_of(answer, "Succeeded").text == "false"
    told = {etree.QName(child).localname: child.text for child in header_of(answer, "ExceptionInfo")}
    assert told["ExceptionType"] == "SuperOffice.Exceptions.SoSessionException"
    assert all(told[name] for name in ("Message", "StackTrace", "FriendlyText", "Source"))
    assert body_of(answer)[0].get(f"{XSI}nil") == "true"
    assert caller.installation.received[-1].failure == "SuperOffice.Exceptions.SoSessionException"
    assert caller.installation.received[-1].ticket_known is False


def test_bad_ticket_where_the_result_is_a_bare_value_or_nothing(caller):
    toggled = caller.call("TestConnectionById", "<ErpConnectionId>1</ErpConnectionId>", headers="")
    assert body_of(toggled)[0].text == "false"
    queued = caller.call("ForceResyncBatchTask", headers="")
    assert len(body_of(queued)) == 0
    assert caller.installation.state.queue == []


def test_ticket_of_the_right_service_only(caller):
    answer = caller.call("GetSystemInfo", headers="", service="SoPrincipal")
    assert header_of(answer, "Succeeded").text == "true"


@pytest.mark.parametrize("form", ['"{}"', "{}", ' "{}" '])
def test_soap_action_quoted_or_bare(caller, form):
    answer = caller.raw(envelope(f'<ForceSyncAll xmlns="{NS}"/>'), action=form.format(f"{NS}/ErpSync/ForceSyncAll"))
    assert answer.status == 200


@pytest.mark.parametrize(
    "action",
    [None, "", '""', f'"{NS}/ErpSync/Nothing"', f'"{NS}/SoPrincipal/GetSystemInfo"', f'"{NS}/ErpSync/forcesyncall"',
     '"http://www.superoffice.net/ws/crm/NetServer/Services88/ErpSync/ForceSyncAll"', '"'],
)  # fmt: skip
def test_missing_or_wrong_soap_action(caller, action):
    answer = caller.raw(envelope(f'<ForceSyncAll xmlns="{NS}"/>'), action=action)
    namespace, name, text = fault_of(answer)
    assert (answer.status, namespace, name) == (500, NONE, "ActionNotSupported")
    assert "ErpSync.svc" in text
    assert b'faultcode xmlns:a="' in answer.body


@pytest.mark.parametrize(
    "content_type",
    [None, "", "application/soap+xml; charset=utf-8", "application/xml", "text/plain", "text/xml; charset=latin-1"],
)
def test_other_content_types_are_refused_in_the_reason_phrase(caller, content_type):
    answer = caller.raw(envelope(f'<ForceSyncAll xmlns="{NS}"/>'), content_type=content_type)
    assert (answer.status, answer.body) == (415, b"")
    assert "text/xml; charset=utf-8" in answer.reason
    assert (content_type or "without a content type") in answer.reason


@pytest.mark.parametrize(
    "content_type", ["text/xml", "TEXT/XML;charset=UTF-8", 'text/xml; charset="utf-8"', "text/xml; action=x"]
)
def test_spellings_of_the_right_content_type(caller, content_type):
    assert caller.raw(envelope(f'<ForceSyncAll xmlns="{NS}"/>'), content_type=content_type).status == 200


def test_encodings(caller):
    text = '<?xml version="1.0" encoding="utf-16"?>' + envelope(f'<ForceSyncAll xmlns="{NS}"/>')
    assert caller.raw(text.encode("utf-16"), content_type="text/xml; charset=utf-16").status == 200
    assert caller.raw(text.encode("utf-16"), content_type="text/xml").status == 200
    with_mark = b"\xef\xbb\xbf" + envelope(f'<ForceSyncAll xmlns="{NS}"/>').encode()
    assert caller.raw(with_mark).status == 200
    name = "<UserName>Bj\u00f8rn</UserName>"
    caller.call("AuthenticateUsernamePassword", name, headers="", service="SoPrincipal")
    assert caller.installation.received[-1].arguments["UserName"] == "Bj\u00f8rn"
    assert caller.raw(envelope("<\u00f8/>").encode("latin-1")).status == 400


def test_soap_12_is_a_version_mismatch(caller):
    soap12 = envelope(f'<ForceSyncAll xmlns="{NS}"/>', namespace="http://www.w3.org/2003/05/soap-envelope")
    answer = caller.raw(soap12)
    namespace, name, text = fault_of(answer)
    assert (answer.status, namespace, name) == (500, SOAP11, "VersionMismatch")
    assert "SOAP 1.2" in text


ENTITY_BOMB = (
    "<!DOCTYPE s [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {b} '{('&' + a + ';') * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + f"]><s:Envelope xmlns:s='{SOAP11}' a='&i;'><s:Body>&i;</s:Body></s:Envelope>"
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"<a",
        b"\x00\x01",
        b"\xff\xfe",
        "<a>" * 100_000,
        envelope("<a>").encode(),
        b'{"json": true}',
        b"<a/>",
        f"<s:Envelope xmlns:s='{SOAP11}'/>",
        f"<s:Envelope xmlns:s='{SOAP11}'><Body/></s:Envelope>",
        f"<s:Envelope xmlns:s='{SOAP11}'><s:Body/><s:Body/></s:Envelope>",
        "<!DOCTYPE a>" + envelope(f'<ForceSyncAll xmlns="{NS}"/>'),
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + envelope("<a>&x;</a>"),
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/never.dtd">' + envelope(f'<ForceSyncAll xmlns="{NS}"/>'),
        envelope("<a>&undeclared;</a>"),
        ENTITY_BOMB,
    ],
    ids=lambda body: None,
)
def test_what_is_no_soap_message_is_a_bad_request_at_once(caller, body):
    began = time.perf_counter()
    answer = caller.raw(body)
    assert time.perf_counter() - began < 1
    namespace, name, _ = fault_of(answer)
    assert (answer.status, namespace, name) == (400, SOAP11, "Client")
    assert b"root:" not in answer.body
    assert caller.installation.received == []


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "holds 0 elements"),
        (f'<ForceSyncAll xmlns="{NS}"/>' * 2, "holds 2 elements"),
        (f'<SyncAll xmlns="{NS}"/>', "ForceSyncAll is wanted"),
        ("<ForceSyncAll/>", "is wanted"),
        (f'<ForceSyncAll xmlns="{NS}" a="1"/>', "attribute 'a'"),
    ],
)
def test_a_body_that_is_not_the_operations(caller, content, what):
    answer = caller.raw(envelope(content))
    namespace, name, text = fault_of(answer)
    assert (answer.status, namespace, name) == (500, DISPATCHER, "DeserializationFailed")
    assert what in text


def test_a_broken_argument_says_what_and_where_and_is_recorded(caller):
    answer = caller.call("ForceResync", "<ErpConnectionId>one</ErpConnectionId>")
    namespace, name, text = fault_of(answer)
    assert (answer.status, namespace, name) == (500, DISPATCHER, "DeserializationFailed")
    assert "ForceResync/ErpConnectionId: 'one' is not an xs:int" in text
    call = caller.installation.received[-1]
    assert (call.operation, call.status, call.failure, call.arguments) == (
        "ForceResync", 500, "DeserializationFailed", {},
    )  # fmt: skip


def test_known_headers_are_read_and_others_passed_over(caller):
    ticket = f"<Credentials xmlns='{NS}'><Ticket>{caller.ticket()}</Ticket></Credentials>"
    zone = f"<TimeZone xmlns='{NS}'><SoTimeZoneId>261</SoTimeZoneId></TimeZone>"
    token = f"<ApplicationToken xmlns='{NS}'>app-secret</ApplicationToken>"
    strange = "<To xmlns='http://www.w3.org/2005/08/addressing'>x</To><!-- c -->"
    answer = caller.call("SyncAll", headers=zone + strange + ticket + token)
    assert header_of(answer, "Succeeded").text == "true"
    call = caller.installation.received[-1]
    assert call.ticket_known is True
    assert call.time_zone == {"SoTimeZoneId": 261, "SoTimeZoneLocationCode": None}
    assert call.application_token == "app-secret"
    assert "app-secret" not in repr(call)
    assert fault_of(caller.call("SyncAll", headers=ticket + ticket))[1] == "DeserializationFailed"
    assert "Header/TimeZone" in fault_of(caller.call("SyncAll", headers=zone.replace("261", "x")))[2]


@pytest.mark.parametrize(
    ("zone", "last_sync"),
    [
        ("", "2026-03-01T08:00:00"),
        ("<SoTimeZoneId>261</SoTimeZoneId>", "2026-03-01T09:00:00"),
        ("<SoTimeZoneLocationCode>us</SoTimeZoneLocationCode>", "2026-03-01T03:00:00"),
        ("<SoTimeZoneLocationCode>ZZ</SoTimeZoneLocationCode>", "2026-03-01T08:00:00"),
    ],
)
def test_dates_come_in_the_zone_of_the_header(caller, zone, last_sync):
    if zone_of("NO") is UTC:
        pytest.skip("this machine has no time zones")
    ticket = f"<Credentials xmlns='{NS}'><Ticket>{caller.ticket()}</Ticket></Credentials>"
    headers = ticket + f"<TimeZone xmlns='{NS}'>{zone}</TimeZone>"
    inner = "<ErpSyncConnectionId>1</ErpSyncConnectionId>"
    answer = caller.call("GetErpSyncConnectionSummary", inner, headers=headers)
    assert next(etree.fromstring(answer.body).iter(f"{{{NS}}}LastSync")).text == last_sync


def test_a_header_that_must_be_understood(caller):
    header = f"<x:Action xmlns:x='urn:x' xmlns:s='{SOAP11}' s:mustUnderstand='{{}}'/>"
    assert fault_of(caller.call("SyncAll", headers=header.format(1)))[:2] == (SOAP11, "MustUnderstand")
    assert caller.call("SyncAll", headers=header.format(0)).status == 200


@pytest.mark.parametrize("service", ["ErpSync", "SoPrincipal"])
def test_every_operation_of_the_contract_is_here(service):
    assert set(load_contract(service).operations) <= set(catalogue.HANDLERS[service])


def test_an_operation_without_a_handler_says_that_it_is_not_here_yet(caller, monkeypatch):
    monkeypatch.delitem(catalogue.HANDLERS["ErpSync"], "SyncAll")
    answer = caller.call("SyncAll")
    namespace, name, text = fault_of(answer)
    assert (answer.status, namespace, name) == (500, SOAP11, "Server")
    assert text == "SyncAll is not in the sandbox yet."


@pytest.mark.parametrize(
    ("service", "operation"),
    [(s, o) for s, handlers in catalogue.HANDLERS.items() for o in handlers if o in load_contract(s).operations],
)
def test_the_operations_that_are_here_answer_what_the_schema_allows(caller, schema_of, service, operation):
    for headers in (None, ""):
        answer = caller.call(operation, headers=headers if service == "ErpSync" else "", service=service)
        assert answer.status == 200
        schema_of(service).assertValid(body_of(answer))
        for header in etree.fromstring(answer.body)[0]:
            schema_of(service).assertValid(header)


def test_login_is_recorded_without_its_secrets(caller):
    inner = "<UserName>tje0</UserName><Password>Tje0</Password>"
    answer = caller.call("AuthenticateUsernamePassword", inner, headers="", service="SoPrincipal")
    assert body_of(answer).tag == f"{{{NS}}}AuthenticateResponse"
    assert body_of(answer)[1][0].text.startswith("7T:")
    assert body_of(answer)[2].text == "true"
    assert "Tje0" not in repr(caller.installation.received)
    assert caller.installation.received[-1].arguments == {"UserName": "tje0", "Password": "***"}
    refused = caller.call("AuthenticateUsernamePassword", "", headers="", service="SoPrincipal")
    assert body_of(refused)[2].text == "false"
    assert header_of(refused, "Succeeded").text == "true"


def test_a_handlers_own_error_is_a_fault_and_a_log_entry(caller, monkeypatch, caplog):
    def broken(state, arguments):
        raise RuntimeError("something inside")

    monkeypatch.setitem(catalogue.HANDLERS["ErpSync"], "SyncAll", broken)
    with caplog.at_level(logging.ERROR):
        answer = caller.call("SyncAll")
    assert (answer.status, fault_of(answer)[:2]) == (500, (DISPATCHER, "InternalServiceFault"))
    assert "something inside" not in answer.body.decode()
    assert "SyncAll" in caplog.text


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_bytes_break_the_endpoint(data):
    caller = Caller(Installation())
    good = bytearray(envelope(f'<ForceResync xmlns="{NS}"><ErpConnectionId>1</ErpConnectionId></ForceResync>').encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(good) - 1))
        good[place : place + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    answer = caller.raw(bytes(good), action="ForceResync")
    assert answer.status in (200, 400, 500)
    assert b"InternalServiceFault" not in answer.body
    etree.fromstring(answer.body)


def test_a_refusal_is_an_exception_info(caller):
    answer = caller.call("ChangeEngineInterval", "<Interval>-PT1S</Interval>")
    assert answer.status == 200
    assert header_of(answer, "Succeeded").text == "false"
    assert "System.ArgumentOutOfRangeException" in answer.body.decode()
    assert "Interval" in "".join(header_of(answer, "ExceptionInfo").itertext())
