"""Messages as they go over the wire, one case a file: what each means is in the file beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from strategies.messages import canonical, request
from superoffice_erpsync import errors
from superoffice_erpsync.auth import TicketRejection
from superoffice_erpsync.codec.rest import arguments_from_json, to_json
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.models import SoCredentials, SoTimeZone
from superoffice_erpsync.operations import OPERATIONS

FIXTURES = Path(__file__).parents[3] / "fixtures" / "soap"
NAMESPACE = "http://www.superoffice.net/ws/crm/NetServer/{}"
CASES = sorted(FIXTURES.glob("*/*.expected.json"))


def expectations(kinds: set[str], wanted: Callable[[dict[str, Any]], bool] = bool) -> list[Any]:
    found = []
    for path in CASES:
        expected = json.loads(path.read_text(encoding="utf-8"))
        if kinds & set(expected) and wanted(expected):
            case = path.name.removesuffix(".expected.json")
            message = next(one for suffix in (".xml", ".html") if (one := path.with_name(case + suffix)).exists())
            found.append(pytest.param(path.parent.name, message, expected, id=f"{path.parent.name}/{case}"))
    assert found
    return found


CODECS = {services: SoapCodec(NAMESPACE.format(services), {}) for services in ("Services86", "Services88")}


def codec_for(expected: dict[str, Any]) -> SoapCodec:
    return CODECS[expected.get("services", "Services86")]


@pytest.mark.parametrize(("operation", "message", "expected"), expectations({"result"}))
def test_good_answer_is_read_field_by_field(operation: str, message: Path, expected: dict[str, Any]) -> None:
    result = codec_for(expected).answer(OPERATIONS[operation], message.read_bytes())
    assert to_json(result) == expected["result"]


def refuses_ticket(expected: dict[str, Any]) -> bool:
    return expected["error"] == "AuthenticationError"


@pytest.mark.parametrize(
    ("operation", "message", "expected"),
    # Status 401 needs no message to be understood: tests of the transport have it.
    expectations({"error"}, lambda one: refuses_ticket(one) and one.get("status") != 401),
)
def test_refused_ticket_is_recognised(operation: str, message: Path, expected: dict[str, Any]) -> None:
    with pytest.raises(errors.ServerFault) as caught:
        codec_for(expected).answer(OPERATIONS[operation], message.read_bytes(), status=expected.get("status", 200))
    assert TicketRejection().recognises(caught.value)


@pytest.mark.parametrize(
    ("operation", "message", "expected"), expectations({"error"}, lambda one: not refuses_ticket(one))
)
def test_bad_answer_is_an_error_that_says_what_and_where(
    operation: str, message: Path, expected: dict[str, Any]
) -> None:
    with pytest.raises(getattr(errors, expected["error"])) as caught:
        codec_for(expected).answer(OPERATIONS[operation], message.read_bytes(), status=expected.get("status", 200))
    error = caught.value
    assert error.operation == operation
    for fragment in expected.get("contains", ()):
        assert fragment in str(error)
    if isinstance(error, errors.ServerFault):
        check_fault(error, expected)


def check_fault(error: errors.ServerFault, expected: dict[str, Any]) -> None:
    info = error.exception_info
    if expected.get("message"):
        assert expected["message"] in str(error)
    if expected.get("exception_type"):
        assert info is not None
        assert info.exception_type == expected["exception_type"]
    if expected.get("fault_code") and not info:
        assert error.code == expected["fault_code"]
    inner, wanted = info and info.inner_exception, expected.get("inner")
    while wanted:
        assert inner is not None
        assert inner.message == wanted["message"]
        assert inner.exception_type == wanted["exception_type"]
        inner, wanted = inner.inner_exception, wanted.get("inner")
    if "parameters" in expected:
        assert info is not None
        assert info.parameters == expected["parameters"]
    if "friendly_text" in expected:
        assert info is not None
        assert info.friendly_text == expected["friendly_text"]


@pytest.mark.parametrize(("operation", "message", "expected"), expectations({"arguments"}))
def test_request_is_written_as_a_foreign_client_writes_it(
    operation: str, message: Path, expected: dict[str, Any]
) -> None:
    declared = OPERATIONS[operation]
    given = expected["headers"]
    headers: list[tuple[str, Any]] = [("ApplicationToken", given.get("ApplicationToken"))]
    if declared.service == "ErpSync":
        zone = given.get("TimeZone")
        headers.append(("Credentials", SoCredentials(ticket=given["Ticket"]) if "Ticket" in given else None))
        headers.append(
            (
                "TimeZone",
                SoTimeZone(
                    so_time_zone_id=zone["SoTimeZoneId"], so_time_zone_location_code=zone["SoTimeZoneLocationCode"]
                )
                if zone
                else None,
            )
        )
    written = request(codec_for(expected), declared, arguments_from_json(declared, expected["arguments"]), headers)
    theirs = etree.parse(message).getroot()
    assert canonical(etree.fromstring(written)) == canonical(theirs)


def test_every_operation_has_foreign_answers_and_a_request() -> None:
    for wire in OPERATIONS:
        names = {path.name for path in (FIXTURES / wire).iterdir()}
        assert {"wcf.xml", "php.xml", "request.xml"} <= names


def test_request_that_the_vendor_prints_is_ours_in_header_and_body_content() -> None:
    """The vendor prints a SOAP 1.2 envelope with its header blocks outside any Header; ours is what its WSDL says."""
    ticket = SoCredentials(ticket="7T:1234abcxyzExample==")
    headers = [("ApplicationToken", "1234567-1234-9876"), ("Credentials", ticket), ("TimeZone", None)]
    envelope = etree.fromstring(request(CODECS["Services86"], OPERATIONS["ForceSyncAll"], {}, headers))
    soap = "{http://schemas.xmlsoap.org/soap/envelope/}"
    ours = "{" + NAMESPACE.format("Services86") + "}"
    assert canonical(envelope) == (
        f"{soap}Envelope",
        {},
        "",
        [
            (
                f"{soap}Header",
                {},
                "",
                [
                    (f"{ours}ApplicationToken", {}, "1234567-1234-9876", []),
                    (f"{ours}Credentials", {}, "", [(f"{ours}Ticket", {}, "7T:1234abcxyzExample==", [])]),
                ],
            ),
            (f"{soap}Body", {}, "", [(f"{ours}ForceSyncAll", {}, "", [])]),
        ],
    )
