"""Requests of the REST API from their bytes to those of the answer."""

from __future__ import annotations

import base64
import json
import logging
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from superoffice_erpsync.sandbox.handlers import catalogue
from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.refusals import Refusal
from superoffice_erpsync.sandbox.rest.endpoint import RestAnswer, RestEndpoint, RestRequest
from superoffice_erpsync.sandbox.soap.contract import load_contract

BASIC = "Basic " + base64.b64encode(b"tje0:Tje0").decode()
JSON = "application/json; charset=utf-8"


class Caller:
    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.endpoint = RestEndpoint(installation, load_contract("ErpSync", "Services88"))

    def raw(self, operation: str, body: bytes = b"", query: dict[str, str] | None = None, **headers: str) -> RestAnswer:
        sent = {"authorization": BASIC, "content-type": JSON}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        pairs = [(name.lower(), value) for name, value in (query or {}).items()]
        return self.endpoint.answer(
            RestRequest(operation, pairs, {name: value for name, value in sent.items() if value}, body)
        )

    def call(self, operation: str, arguments: Any = None, query: dict[str, str] | None = None, **headers: str) -> Any:
        answer = self.raw(operation, b"" if arguments is None else json.dumps(arguments).encode(), query, **headers)
        assert answer.status == 200, answer
        return json.loads(answer.body)


@pytest.fixture
def caller(installation) -> Caller:
    return Caller(installation)


def test_bare_json_in_pascal_case(caller):
    answer = caller.raw("ForceSyncAll")
    assert (answer.status, answer.headers) == (200, {"Content-Type": JSON})
    told = json.loads(answer.body)
    assert list(told) == [
        "IsOk", "UserExplanation", "TechExplanation", "ErrorCode", "Changes", "Status", "TableRight",
        "FieldProperties",
    ]  # fmt: skip
    assert [item["RecordId"] for item in told["Changes"]["UpdatedRecords"]] == [13, 15, 32, 14]


@pytest.mark.parametrize("operation", ["forcesyncall", "FORCESYNCALL", "forceSyncAll"])
@pytest.mark.parametrize("body", [b"", b"null", b" \r\n", b"{}", b'{"a":1}'])
def test_operations_without_arguments_need_no_body_and_have_any_case(caller, operation, body):
    assert caller.raw(operation, body).status == 200
    assert caller.installation.received[-1].operation == "ForceSyncAll"


@pytest.mark.parametrize("body", [b"", b"  ", b"null"])
def test_no_body_is_not_taken_for_everything(caller, body):
    answer = caller.raw("ForceResync", body)
    assert answer.status == 400
    assert set(json.loads(answer.body)) == {"Message", "MessageDetail"}
    assert "ForceResync: body" in json.loads(answer.body)["MessageDetail"]


def test_wrong_arguments_say_what_and_where(caller):
    answer = caller.raw("ForceResync", b'{"ErpConnectionId":"one"}')
    assert answer.status == 400
    assert json.loads(answer.body) == {
        "Message": "The request is invalid.",
        "MessageDetail": "ForceResync: ErpConnectionId: a text stands where a whole number is wanted",
    }
    assert caller.installation.received[-1].failure == "InvalidRequest"
    assert caller.installation.received[-1].status == 400


def test_nothing_found_is_null(caller):
    assert caller.call("GetConnection", {"ErpConnectionId": 99}) is None


def test_an_operation_without_a_result_answers_without_content(caller):
    answer = caller.raw("ChangeEngineInterval", b'{"Interval": "01:00:00"}')
    assert (answer.status, answer.body, answer.headers) == (204, b"", {})
    assert caller.call("GetEngineStatus")["Interval"] == "01:00:00"


def test_composite_rights_dictionaries_and_arrays(caller):
    connection = caller.call("GetConnection", {"erpConnectionId": 3})
    assert connection["TableRight"] == {"Mask": "FULL", "Reason": ""}
    assert connection["FieldProperties"]["DisplayName"]["FieldRight"]["Mask"] == "FULL, UIHintMandatory"
    assert set(connection["ConfigFields"]) == {"Database", "Key"}
    assert connection["UserGroupAccessIds"] == [1, 4]
    assert [one["Active"] for one in caller.call("GetAllConnections", {"IncludeDeleted": True})] == [True, True, False]


def test_select_trims_but_not_everywhere(caller):
    assert caller.call("ForceSyncAll", query={"$SELECT": "isOk"}) == {
        "IsOk": True, "UserExplanation": None, "TechExplanation": None, "ErrorCode": None, "Changes": None,
        "Status": None, "TableRight": None, "FieldProperties": None,
    }  # fmt: skip
    assert caller.call("GetAllConnectors", query={"$select": "Name"})[0]["Id"] is None
    assert caller.endpoint.describe("SaveErpSyncConnectorEntity", "x").body.count(b"$select") == 0


@pytest.fixture
def connectors(monkeypatch) -> list[tuple[str, Any]]:
    """Stands in for the three operations whose arguments lie elsewhere."""
    calls: list[tuple[str, Any]] = []

    def playing(name: str, answer: Any):
        def handler(state, arguments):
            calls.append((name, dict(arguments)))
            return answer

        return handler

    entity = {"ErpConnectorId": 2, "URL": "http://a.example"}
    for name, answer in (
        ("GetErpSyncConnectorEntity", entity),
        ("SaveErpSyncConnectorEntity", entity),
        ("DeleteErpSyncConnectorEntity", None),
    ):
        monkeypatch.setitem(catalogue.HANDLERS["ErpSync"], name, playing(name, answer))
    return calls


def test_the_three_shapes_of_connector_entities(caller, connectors):
    got = caller.call("GetErpSyncConnectorEntity", query={"erpSyncConnectorEntityId": "2"})
    assert got["URL"] == "http://a.example"
    caller.call("SaveErpSyncConnectorEntity", {"erpConnectorId": 2, "uRL": "http://b.example"})
    answer = caller.raw("DeleteErpSyncConnectorEntity", query={"ERPSYNCCONNECTORENTITYID": " 2 "})
    assert answer.status == 204
    assert [name for name, _ in connectors] == [
        "GetErpSyncConnectorEntity", "SaveErpSyncConnectorEntity", "DeleteErpSyncConnectorEntity",
    ]  # fmt: skip
    assert connectors[0][1] == connectors[2][1] == {"ErpSyncConnectorEntityId": 2}
    entity = connectors[1][1]["ErpSyncConnectorEntity"]
    assert (entity["ErpConnectorId"], entity["URL"], entity["DisplayName"]) == (2, "http://b.example", None)


def test_save_is_not_trimmed(caller, connectors):
    got = caller.call("SaveErpSyncConnectorEntity", {}, query={"$select": "DisplayName"})
    assert got["URL"] == "http://a.example"


@pytest.mark.parametrize("query", [{}, {"erpSyncConnectorEntityId": ""}, {"erpSyncConnectorEntityId": "two"},
                                   {"erpSyncConnectorEntityId": "2147483648"}, {"id": "2"}])  # fmt: skip
def test_a_missing_or_wrong_id_in_the_query(caller, connectors, query):
    answer = caller.raw("GetErpSyncConnectorEntity", b'{"ErpSyncConnectorEntityId": 2}', query)
    assert answer.status == 400
    assert "ErpSyncConnectorEntityId" in json.loads(answer.body)["MessageDetail"]
    assert connectors == []


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/json", "APPLICATION/JSON;charset=UTF-8", "application/merge-patch+json",
     'application/json; charset="utf-16"'],
)  # fmt: skip
def test_content_types_of_json(caller, content_type):
    body = b'{"ErpConnectionId": 1}' if "16" not in content_type else '{"ErpConnectionId": 1}'.encode("utf-16")
    assert caller.raw("GetConnection", body, content_type=content_type).status == 200


@pytest.mark.parametrize(
    "content_type",
    ["", "text/xml", "application/x-www-form-urlencoded", "text/plain", "json", "application/json; charset=latin-1"],
)
def test_a_body_of_another_content_type_is_refused(caller, content_type):
    answer = caller.raw("GetConnection", b'{"ErpConnectionId": 1}', content_type=content_type)
    assert answer.status == 415
    assert set(json.loads(answer.body)) == {"Message", "MessageDetail"}
    assert caller.raw("ForceSyncAll", content_type=content_type).status == 200


def test_every_kind_of_authorization(caller):
    sessions = caller.installation.state.sessions
    ticket = sessions.log_in("tje0", "Tje0")[1]
    for stated in (BASIC, BASIC.replace("Basic", "bAsIc"), f"SOTicket {ticket}", f"SoTicket  {ticket}",
                   f"SOTICKET {ticket}", "Bearer 8A:Sandbox.tje0", "bearer 8A:Sandbox.tje0"):  # fmt: skip
        assert caller.raw("GetEngineStatus", authorization=stated).status == 200
    assert {call.authorization for call in caller.installation.received} == {"Basic", "SOTicket", "Bearer"}
    assert all(call.ticket_known for call in caller.installation.received)
    assert sessions.logins == 1


@pytest.mark.parametrize(
    "stated",
    ["", "Basic", "Basic !!", "Basic dGplMDp3cm9uZw==", "Basic dGplMA==", "Basic /w==", "Basic \xe9", "SOTicket",
     "SOTicket 7T:bm8=", "Bearer 8A:other", "Bearer", "Negotiate abc", "7T:bm8=", "Bearer 7T:bm8="],
)  # fmt: skip
def test_whoever_is_not_known_is_asked_to_log_in(caller, stated):
    answer = caller.raw("ForceSyncAll", authorization=stated)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    told = json.loads(answer.body)
    assert (told["Error"], told["ErrorType"]) == (True, "SoSessionException")
    assert set(told) == {"Error", "ErrorType", "ErrorMessage", "ErrorSource"}
    call = caller.installation.received[-1]
    assert (call.ticket_known, call.failure, call.status) == (False, "SoSessionException", 401)
    assert "7T:" not in repr(call) + str(call.authorization)


def test_a_ticket_that_has_expired_is_refused(caller, clock):
    ticket = caller.installation.state.sessions.log_in("tje0", "Tje0")[1]
    clock.advance(hours=5)
    assert caller.raw("GetEngineStatus", authorization=f"SOTicket {ticket}").status == 200
    clock.advance(hours=5)
    assert caller.raw("GetEngineStatus", authorization=f"SOTicket {ticket}").status == 200
    clock.advance(hours=6)
    assert caller.raw("GetEngineStatus", authorization=f"SOTicket {ticket}").status == 401


def test_a_cookie_needs_its_token(caller, clock):
    sessions = caller.installation.state.sessions
    cookie, token = sessions.open_cookie_session("TJE0")

    def status(**headers: str) -> int:
        return caller.raw("GetEngineStatus", authorization="", **headers).status

    assert status(cookie=f"other=1; {cookie}", x_xsrf_token=token) == 200
    assert caller.installation.received[-1].authorization == "Cookie"
    assert status(cookie=cookie) == 403
    assert status(cookie=cookie, x_xsrf_token="wrong") == 403
    assert status(cookie="SandboxSession=wrong", x_xsrf_token=token) == 401
    assert status(x_xsrf_token=token) == 401
    assert json.loads(caller.raw("SyncAll", authorization="", cookie=cookie).body)["Error"] is True
    assert caller.raw("GetEngineStatus", cookie=cookie).status == 200  # An Authorization header goes before it.
    clock.advance(hours=6)
    assert status(cookie=cookie, x_xsrf_token=token) == 401
    cookie, token = sessions.open_cookie_session("tje0")
    sessions.expire_all()
    assert status(cookie=cookie, x_xsrf_token=token) == 401
    with pytest.raises(ValueError, match="nobody"):
        sessions.open_cookie_session("nobody")


def test_an_unknown_operation_is_not_found(caller):
    answer = caller.raw("ForceSyncEverything")
    assert answer.status == 404
    assert json.loads(answer.body)["ErrorType"] == "SoNotFoundException"
    assert caller.installation.received == []


def test_headers_are_recorded_and_secrets_are_not(caller):
    caller.call(
        "GetEngineStatus", so_apptoken="app-secret", so_timezone="261, includeTZOffset", so_language="no",
        so_culture="en", accept_language="de", x_xsrf_token="xsrf-secret", cookie="a=cookie-secret",
    )  # fmt: skip
    call = caller.installation.received[-1]
    assert (call.transport, call.services, call.service) == ("rest", "REST", "ErpSync")
    assert call.headers == {
        "SO-Language": "no", "SO-Culture": "en", "SO-TimeZone": "261, includeTZOffset", "Accept-Language": "de",
        "Authorization": "***", "Cookie": "***", "X-XSRF-TOKEN": "***", "SO-AppToken": "***",
    }  # fmt: skip
    assert call.application_token == "app-secret"
    assert call.time_zone == {"SoTimeZoneId": 261, "SoTimeZoneLocationCode": None}
    assert "secret" not in repr(call)


def test_secret_arguments_are_masked(caller, monkeypatch):
    monkeypatch.setitem(catalogue.HANDLERS["ErpSync"], "TestConnectionByConfig", lambda state, arguments: True)
    assert caller.call("TestConnectionByConfig", {"configFields": {"a": "secret"}, "erpConnectionId": 1}) is True
    assert caller.installation.received[-1].arguments == {"ErpConnectionId": 1, "ConfigFields": "***"}


def test_texts_in_the_language_asked_for(caller):
    norwegian = caller.call("GetConnection", {"ErpConnectionId": 1}, so_language="no")
    assert norwegian["DisplayDescription"] == "Det norske regnskapet"
    as_it_is = caller.call("GetConnection", {"ErpConnectionId": 1}, so_language="*", accept_language="no")
    assert as_it_is["DisplayDescription"].startswith('US:"')


def test_a_refusal_is_an_error_object_with_its_type(caller):
    answer = caller.raw("ChangeEngineInterval", b'{"Interval": "-00:00:01"}')
    assert answer.status == 500
    assert json.loads(answer.body) == {
        "Error": True,
        "ErrorType": "ArgumentOutOfRangeException",
        "ErrorMessage": "The interval is negative.",
        "ErrorSource": "SuperOffice.Sandbox",
    }
    assert caller.installation.received[-1].failure == "System.ArgumentOutOfRangeException"


def test_a_refusal_because_something_is_not_there_is_404(caller, monkeypatch):
    def absent(state, arguments):
        raise Refusal("SuperOffice.Exceptions.SoNotFoundException", "There is no such thing.")

    monkeypatch.setitem(catalogue.HANDLERS["ErpSync"], "SyncAll", absent)
    answer = caller.raw("SyncAll")
    assert (answer.status, json.loads(answer.body)["ErrorType"]) == (404, "SoNotFoundException")


def test_a_handlers_own_error_is_an_answer_and_a_log_entry(caller, monkeypatch, caplog):
    def broken(state, arguments):
        raise RuntimeError("something inside")

    monkeypatch.setitem(catalogue.HANDLERS["ErpSync"], "SyncAll", broken)
    with caplog.at_level(logging.ERROR):
        answer = caller.raw("SyncAll")
    assert answer.status == 500
    assert json.loads(answer.body)["Error"] is True
    assert b"something inside" not in answer.body
    assert "SyncAll" in caplog.text


def test_an_operation_that_nobody_plays(caller, monkeypatch):
    monkeypatch.delitem(catalogue.HANDLERS["ErpSync"], "SyncAll")
    answer = caller.raw("SyncAll")
    assert (answer.status, json.loads(answer.body)["ErrorType"]) == (500, "NotImplementedException")


@pytest.mark.parametrize("operation", sorted(load_contract("ErpSync", "Services88").operations))
def test_every_operation_answers_a_call_without_values(caller, operation):
    answer = caller.raw(operation, b"{}", {"erpSyncConnectorEntityId": "0"})
    if answer.status == 500:
        # What SOAP tells in ExceptionInfo; an error of the sandbox's own would be called Exception.
        assert json.loads(answer.body)["ErrorType"] not in ("Exception", "NotImplementedException")
    elif answer.status == 204:
        assert answer.body == b""
    else:
        assert answer.status in (200, 404)
        json.loads(answer.body)


@pytest.mark.parametrize("operation", sorted(load_contract("ErpSync", "Services88").operations))
def test_every_operation_is_described(caller, operation):
    told = json.loads(caller.endpoint.describe(operation.lower(), "http://a.example/api/v1/Agents/ErpSync").body)
    assert (told["Method"], told["Url"]) == ("POST", f"http://a.example/api/v1/Agents/ErpSync/{operation}")


def test_a_description_tells_body_query_and_result(caller):
    def told(name: str) -> Any:
        return json.loads(caller.endpoint.describe(name, "x").body)

    assert len(told("")["Operations"]) == 49
    resync = told("ForceResyncExternal")
    assert resync["Body"] == {"ErpConnectionId": "int32", "ErpActorType": "string", "ExternalKeys": "string[]"}
    assert (resync["Result"], resync["Query"]) == ("PluginResponse", {"$select": "string"})
    assert told("SaveErpSyncConnectorEntity")["Body"] == "ErpSyncConnectorEntity"
    assert told("SaveErpSyncConnectorEntity")["Query"] == {}
    assert told("DeleteErpSyncConnectorEntity")["Query"] == {"ErpSyncConnectorEntityId": "int32"}
    assert (told("SyncAll")["Body"], told("DeleteConnection")["Result"]) == (None, None)
    assert told("GetErpConnectionConfigFields")["Result"] == "object"
    assert caller.endpoint.describe("Nothing", "x").status == 404


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_bytes_break_the_endpoint(data):
    caller = Caller(Installation())
    good = bytearray(b'{"ErpConnectionId": 1, "ErpActorType": "Customer", "ExternalKeys": ["C1001", "\\u00f8"]}')
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(good) - 1))
        good[place : place + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    answer = caller.raw("ForceResyncExternal", bytes(good))
    assert answer.status in (200, 400)
    json.loads(answer.body)


@pytest.mark.parametrize("depth", [2_000, 200_000])
def test_a_body_that_is_nested_too_deeply(caller, depth):
    inner = b'{"ChildItems":[' * depth + b"]}" * depth
    body = b'{"ListMapping":{"ErpListItemMappings":[{"CrmList":' + inner + b"}]}}"
    answer = caller.raw("SaveConnectionListMappings", body)
    assert answer.status == 400
    assert json.loads(answer.body)["MessageDetail"].endswith(": the body is nested too deeply")
    assert caller.installation.received[-1].failure == "InvalidRequest"
