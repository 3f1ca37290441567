"""What a SOAP server says of a failure: the words, the code and the exception, as far as it says them."""

from __future__ import annotations

from typing import Any

import pytest

from strategies.noisy_answers import NAMESPACE, SOAP, XSI
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.codec.soap.names import SOAP_12
from superoffice_erpsync.errors import ProtocolError, ServerFault
from superoffice_erpsync.models import SoExceptionInfo
from superoffice_erpsync.operations import OPERATIONS

CODEC = SoapCodec(NAMESPACE, {})
SYNC = OPERATIONS["SyncAll"]
EXCEPTION = "http://schemas.datacontract.org/2004/07/System.ServiceModel"


def masked(text: str) -> str:
    return text.replace("hunter2", "***")


def error_of(body: str, header: str = "", soap: str = SOAP) -> Any:
    data = (
        f'<s:Envelope xmlns:s="{soap}" xmlns:n="{NAMESPACE}" xmlns:i="{XSI}"><s:Header>{header}</s:Header>'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()
    with pytest.raises((ServerFault, ProtocolError)) as caught:
        CODEC.answer(SYNC, data, status=500, scrub=masked)
    return caught.value


def said(error: Any) -> tuple[str, str | None]:
    assert isinstance(error, ServerFault)
    return error.message.removeprefix("the server reports an error: "), error.code


# -- Fault elements ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "words", "code"),
    [
        ("<faultcode>s:Client</faultcode><faultstring> No\n way </faultstring>", "No way [Client]", "Client"),
        ("<faultcode>Client</faultcode><faultstring>No</faultstring>", "No [Client]", "Client"),
        ("<faultcode>a:b:c</faultcode><faultstring>No</faultstring>", "No [c]", "c"),
        ("<faultcode/><faultstring/>", "no reason given", None),
        ("<faultcode> </faultcode><faultstring>No</faultstring>", "No", None),
        ("<faultstring>No</faultstring><faultactor>http://x</faultactor>", "No", None),
        ("<faultstring>hunter2</faultstring><faultcode>hunter2</faultcode>", "*** [***]", "***"),
        ("<faultstring>No</faultstring><detail><faultstring>inside</faultstring></detail>", "No", None),
        ("<detail/><faultstring>behind</faultstring>", "no reason given", None),
    ],
)
def test_a_fault_of_soap_11(fault: str, words: str, code: str | None) -> None:
    error = error_of(f"<s:Fault>{fault}</s:Fault>")
    assert said(error) == (words, code)
    assert (error.operation, error.status, error.exception_info) == ("SyncAll", 500, None)


def test_a_fault_of_soap_12_has_its_innermost_code() -> None:
    fault = (
        "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>a:ActionNotSupported</s:Value></s:Subcode>"
        "</s:Code><s:Reason><s:Text>No</s:Text></s:Reason><s:Detail><s:Text>inside</s:Text></s:Detail></s:Fault>"
    )
    assert said(error_of(fault, soap=SOAP_12)) == ("No [ActionNotSupported]", "ActionNotSupported")


def exception(inner: str = "") -> str:
    return (
        f'<ExceptionDetail xmlns="{EXCEPTION}"><HelpLink/>{inner}<Message>No hunter2</Message>'
        "<StackTrace>at X(hunter2)</StackTrace><Type>A.B</Type></ExceptionDetail>"
    )


def test_the_detail_of_a_fault_is_kept() -> None:
    inner = "<InnerException><Message>inside</Message><Type>C.D</Type></InnerException>"
    error = error_of(f"<s:Fault><faultstring>No</faultstring><detail><x/>{exception(inner)}</detail></s:Fault>")
    assert error.exception_info == SoExceptionInfo(
        message="No ***",
        stack_trace="at X(***)",
        exception_type="A.B",
        inner_exception=SoExceptionInfo(message="inside", exception_type="C.D"),
    )


def test_an_empty_inner_exception_is_none() -> None:
    error = error_of(f"<s:Fault><detail>{exception('<InnerException/>')}</detail></s:Fault>")
    assert error.exception_info.inner_exception is None


def test_a_detail_of_another_kind_tells_nothing_of_an_exception() -> None:
    assert error_of("<s:Fault><detail><Message>No</Message></detail></s:Fault>").exception_info is None


# -- headers -----------------------------------------------------------------------------------------------------------


ANSWER = "<n:SyncAllResponse><n:Response><n:IsOk>true</n:IsOk></n:Response></n:SyncAllResponse>"


def info(members: str) -> str:
    return f"<n:ExceptionInfo>{members}</n:ExceptionInfo>"


@pytest.mark.parametrize(
    ("header", "words", "code"),
    [
        (info("<n:Message>No</n:Message><n:FriendlyText>Sorry</n:FriendlyText>"), "No", None),
        (info("<n:Message/><n:FriendlyText>Sorry</n:FriendlyText>"), "Sorry", None),
        (info("<n:Source>X</n:Source>"), "no reason given", None),
        (info("<n:Message>No</n:Message><n:ExceptionType>A.B</n:ExceptionType>"), "No [A.B]", "A.B"),
        (info("<n:ExceptionType>A.B</n:ExceptionType>"), "no reason given [A.B]", "A.B"),
        (info("<n:Message>first</n:Message>") + info("<n:Message>second</n:Message>"), "first", None),
        (info("") + info("<n:Message>second</n:Message>"), "second", None),
        ("<n:Succeeded>false</n:Succeeded>", "no reason given", None),
        ("<n:Succeeded>false</n:Succeeded><n:Succeeded>0</n:Succeeded>", "no reason given", None),
        ("<n:Succeeded>true</n:Succeeded>" + info("<n:Message>No</n:Message>"), "No", None),
    ],
)
def test_a_failure_in_the_headers(header: str, words: str, code: str | None) -> None:
    error = error_of("<n:SyncAllResponse/>", header)
    assert said(error) == (words, code)
    assert (error.operation, error.status) == ("SyncAll", 500)


def test_the_type_of_the_header_may_be_stated() -> None:
    for attributes in ('i:type="n:SoExceptionInfo"', 'i:type="n:SoExceptionInfo" i:nil="false"'):
        header = f"<n:ExceptionInfo {attributes}><n:Message>No</n:Message></n:ExceptionInfo>"
        assert said(error_of("<n:SyncAllResponse/>", header)) == ("No", None)
    error = error_of("<n:SyncAllResponse/>", '<n:ExceptionInfo i:type="n:SoTimeZone"/>')
    assert isinstance(error, ProtocolError)
    assert error.path == "ExceptionInfo"


def test_everything_that_is_kept_of_an_exception_is_masked() -> None:
    members = "".join(
        f"<n:{name}>{name} hunter2</n:{name}>"
        for name in ("Message", "StackTrace", "FriendlyText", "ExceptionType", "Source")
    )
    pair = "SoExceptionInfoParametersKeyValuePair"
    parameters = (
        f"<n:Parameters><n:{pair}><n:Key>hunter2</n:Key><n:Value>of hunter2</n:Value></n:{pair}>"
        f'<n:{pair}><n:Key>b</n:Key><n:Value i:nil="true"/></n:{pair}></n:Parameters>'
    )
    inner = f"<n:InnerException>{members}</n:InnerException>"
    kept = error_of("", info(members + inner + parameters)).exception_info
    inside = SoExceptionInfo(
        message="Message ***",
        stack_trace="StackTrace ***",
        friendly_text="FriendlyText ***",
        exception_type="ExceptionType ***",
        source="Source ***",
    )
    assert kept.inner_exception == inside
    kept.inner_exception = None
    assert kept.parameters == {"***": "of ***", "b": None}
    kept.parameters = None
    assert kept == inside


@pytest.mark.parametrize(
    ("header", "fragment", "path"),
    [
        ("<n:Succeeded>true</n:Succeeded><n:Succeeded>false</n:Succeeded>", "two Succeeded headers that differ", None),
        ("<n:Succeeded>maybe</n:Succeeded>", "not true, false, 1 or 0", "Succeeded"),
        (info("<n:Message><x/></n:Message>"), "an element inside a value", "ExceptionInfo/Message"),
        ("<Succeeded>false</Succeeded>", "in no namespace", "Succeeded"),
        (
            '<Succeeded xmlns="urn:x/Services84">false</Succeeded>',
            "in another namespace, urn:x/Services84",
            "Succeeded",
        ),
        (
            "<n:Succeeded>true</n:Succeeded><ExceptionInfo><Message>No</Message></ExceptionInfo>",
            "in no",
            "ExceptionInfo",
        ),
    ],
)
def test_headers_that_contradict_each_other_or_mean_nothing_are_refused(
    header: str, fragment: str, path: str | None
) -> None:
    error = error_of(ANSWER, header)
    assert isinstance(error, ProtocolError)
    assert fragment in error.message
    assert error.message.startswith(f"the answer cannot be understood: {f'at {path}: ' if path else ''}{fragment[:9]}")
    assert error.path == path


def test_a_foreign_header_beside_ours_is_passed_over() -> None:
    header = '<n:Succeeded>false</n:Succeeded><o:Succeeded xmlns:o="urn:other">true</o:Succeeded>'
    assert said(error_of("<n:SyncAllResponse/>", header)) == ("no reason given", None)
