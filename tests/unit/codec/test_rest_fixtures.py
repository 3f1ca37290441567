"""Answers of the REST API, one case a file, and requests: what each means is in the file beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from superoffice_erpsync import errors
from superoffice_erpsync.auth import AccessToken, TicketRejection
from superoffice_erpsync.codec.rest import arguments_from_json, to_json
from superoffice_erpsync.operations import OPERATIONS
from superoffice_erpsync.options import ClientOptions, EffectiveOptions, merge
from superoffice_erpsync.redaction import Secret
from superoffice_erpsync.transports.exchanges import Exchanges, Redact
from superoffice_erpsync.transports.http import HttpAnswer, HttpOptions, HttpRequest, HttpSession
from superoffice_erpsync.transports.rest import RestTransport
from superoffice_erpsync.transports.rest.authorization import FixedAuthorization

FIXTURES = Path(__file__).parents[3] / "fixtures" / "rest"
AGENT = "https://crm.example.com/api/v1/Agents/ErpSync"
SUFFIXES = (".json", ".html", ".txt")
REST = [operation for operation in OPERATIONS.values() if operation.service == "ErpSync"]
VOID = [operation for operation in REST if operation.result is None]


def expectations(kind: str, wanted: Callable[[dict[str, Any]], bool] = bool) -> list[Any]:
    found = []
    for path in sorted(FIXTURES.glob("*/*.expected.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        if kind in expected and wanted(expected):
            case = path.name.removesuffix(".expected.json")
            messages = [one for suffix in SUFFIXES if (one := path.with_name(case + suffix)).exists()]
            assert len(messages) == (0 if kind == "arguments" else 1), path
            given = (path.parent.name, *messages, expected)
            found.append(pytest.param(*given, id=f"{path.parent.name}/{case}"))
    assert found
    return found


class Canned(Exchanges):
    """Gives one answer to whatever is sent."""

    def __init__(self, answer: HttpAnswer) -> None:
        super().__init__(HttpSession(AGENT, HttpOptions()), None)
        self.answer = answer
        self.sent: list[HttpRequest] = []

    def send(
        self, request: HttpRequest, options: EffectiveOptions, secrets: Sequence[Secret], redact: Redact
    ) -> HttpAnswer:
        self.sent.append(request)
        return self.answer


def transport(exchanges: Exchanges) -> RestTransport:
    return RestTransport(AGENT, exchanges, FixedAuthorization(AccessToken("8A:fixture")))


def arguments_of(operation: str) -> dict[str, Any]:
    given = json.loads((FIXTURES / operation / "request.expected.json").read_text(encoding="utf-8"))["arguments"]
    return arguments_from_json(OPERATIONS[operation], given)


def answered(operation: str, message: Path, expected: dict[str, Any]) -> Any:
    """What a call gives that gets this answer."""
    status = expected.get("status", 200)
    canned = Canned(HttpAnswer(status=status, reason=HTTPStatus(status).phrase, headers={}, body=message.read_bytes()))
    options = merge(ClientOptions(), {}, moves_data=False)
    try:
        return transport(canned).call(OPERATIONS[operation], arguments_of(operation), options)
    finally:
        assert len(canned.sent) == 1


def refuses_ticket(expected: dict[str, Any]) -> bool:
    return expected["error"] == "AuthenticationError" and expected["status"] == 200


@pytest.mark.parametrize(("operation", "message", "expected"), expectations("result", lambda _: True))
def test_good_answer_is_read_field_by_field(operation: str, message: Path, expected: dict[str, Any]) -> None:
    assert to_json(answered(operation, message, expected)) == expected["result"]


@pytest.mark.parametrize(("operation", "message", "expected"), expectations("error", refuses_ticket))
def test_refused_ticket_is_recognised(operation: str, message: Path, expected: dict[str, Any]) -> None:
    with pytest.raises(errors.ServerFault) as caught:
        answered(operation, message, expected)
    assert TicketRejection().recognises(caught.value)


@pytest.mark.parametrize(
    ("operation", "message", "expected"), expectations("error", lambda one: not refuses_ticket(one))
)
def test_bad_answer_is_an_error_that_says_what_and_where(
    operation: str, message: Path, expected: dict[str, Any]
) -> None:
    with pytest.raises(errors.ErpSyncError) as caught:
        answered(operation, message, expected)
    error = caught.value
    assert type(error) is getattr(errors, expected["error"]), error
    assert (error.operation, error.status) == (operation, expected["status"])
    assert error.code == expected.get("code")
    for fragment in expected["contains"]:
        assert fragment in str(error)
    if not isinstance(error, errors.AuthenticationError):
        assert not TicketRejection().recognises(error)


@pytest.mark.parametrize(("operation", "expected"), expectations("arguments"))
def test_request_is_what_the_api_wants(operation: str, expected: dict[str, Any]) -> None:
    canned = Canned(HttpAnswer(status=500, reason="", headers={}, body=b""))
    declared = OPERATIONS[operation]
    arguments = arguments_from_json(declared, expected["arguments"])
    with pytest.raises(errors.ServerFault):
        transport(canned).call(declared, arguments, merge(ClientOptions(), {}, moves_data=False))
    (sent,) = canned.sent
    assert (sent.method, sent.url) == (expected["method"], "https://crm.example.com" + expected["path"])
    if expected["body"] is None:
        assert sent.body is None
    else:
        assert sent.body is not None
        assert json.loads(sent.body) == expected["body"]


@pytest.mark.parametrize("operation", REST, ids=lambda operation: operation.wire)
def test_every_operation_has_a_request_and_its_answers(operation: Any) -> None:
    names = {path.name for path in (FIXTURES / operation.wire).iterdir()}
    assert {"request.expected.json", "null.json", "no_content.txt"} <= names
    assert ("full.json" in names) == (operation.result is not None)
    assert ("no_content_with_null.txt" in names) == (operation.result is None)


def test_there_are_forty_nine_operations_seven_of_them_without_a_result() -> None:
    assert len(REST) == 49 == len([path for path in FIXTURES.iterdir() if path.is_dir()])
    assert len(VOID) == 7


def test_no_message_lies_about_without_a_meaning() -> None:
    messages = {path for suffix in SUFFIXES for path in FIXTURES.glob(f"*/*{suffix}")}
    for path in messages:
        if not path.name.endswith(".expected.json"):
            assert path.with_name(path.name.removesuffix(path.suffix) + ".expected.json") in messages
