"""What a REST server says in an error object, whichever form it has, and what only looks like one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from superoffice_erpsync.codec.rest.answers import answer, error_in, plain
from superoffice_erpsync.errors import ProtocolError, ServerFault
from superoffice_erpsync.operations import OPERATIONS

STATUS, CONNECTION, TEST, CONNECTIONS = (
    OPERATIONS[name] for name in ("GetEngineStatus", "GetConnection", "TestConnectionById", "GetAllConnections")
)


def said_in(value: Any) -> tuple[str, str] | None:
    return error_in(json.dumps(value).encode())


# -- with a status of failure ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words", "code"),
    [
        ({"Message": "No."}, "No", ""),
        ({"ErrorMessage": "No", "ErrorType": " X.Y "}, "No", "X.Y"),
        ({"ErrorMessage": "No"}, "No", ""),
        ({"ErrorType": "X.Y"}, "no reason given", "X.Y"),
        ({"Message": "It failed:", "MessageDetail": "why.", "ExceptionMessage": "how"}, "It failed: why: how", ""),
        ({"Message": "No", "ExceptionType": "A.B"}, "No", "A.B"),
        ({"ErrorType": "X", "ExceptionType": "A.B"}, "no reason given", "X"),
        ({"ErrorType": 7, "ExceptionType": "A.B", "Message": "No"}, "No", "A.B"),
        ({"message": "No", "messageDetail": "why"}, "No: why", ""),
        ({"errormessage": "No", "ERRORTYPE": "X"}, "No", "X"),
        ({"message": "No", "exceptionMessage": "how", "exceptionType": "A.B"}, "No: how", "A.B"),
        ({"Message": " ", "ErrorMessage": 7}, "no reason given", ""),
        ({"Message": "No", "Other": {"Message": "not this"}}, "No", ""),
    ],
)
def test_every_form_is_understood(value: dict[str, Any], words: str, code: str) -> None:
    assert said_in(value) == (words, code)


@pytest.mark.parametrize("value", [{}, {"Message": None}, {"MessageDetail": "x"}, {"Other": "x"}, [], "No", None, 7])
def test_what_is_none_says_nothing(value: Any) -> None:
    assert said_in(value) is None


@pytest.mark.parametrize("data", [b"", b"<html>", b'{"Message": "No"', b'{"Message": "a", "Message": "b"}'])
def test_what_is_no_json_says_nothing(data: bytes) -> None:
    assert error_in(data) is None


def test_an_error_object_may_be_a_hundred_deep_and_no_deeper() -> None:
    for levels, understood in ((99, True), (100, False)):
        data = b'{"Message": "No", "Data": ' + b"[" * levels + b"]" * levels + b"}"
        assert (error_in(data) is not None) is understood
    assert error_in(b'{"Message": "No", "Data": []}', depth=1) is None


# -- with a status of success ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words", "code"),
    [
        ({"Error": True, "ErrorMessage": "No", "ErrorType": "X"}, "No", "X"),
        ({"Error": True}, "no reason given", None),
        ({"Message": "No"}, "No", None),
        ({"Message": "No", "ModelState": {}, "StackTrace": "at", "InnerException": {}}, "No", None),
        ({"ErrorMessage": "No", "Anything": 1}, "No", None),
    ],
)
@pytest.mark.parametrize("operation", [STATUS, TEST, CONNECTIONS], ids=lambda one: one.wire)
@pytest.mark.parametrize("read", [answer, plain])
def test_an_error_object_is_a_fault_even_with_200(
    operation: Any, value: dict[str, Any], words: str, code: str | None, read: Any
) -> None:
    with pytest.raises(ServerFault) as caught:
        read(operation, json.dumps(value).encode(), status=200)
    error = caught.value
    assert error.message == f"the server reports an error: {words}" + (f" [{code}]" if code else "")
    assert (error.operation, error.status, error.code) == (operation.wire, 200, code)


def test_secrets_in_it_are_masked_in_the_words_and_in_the_code() -> None:
    data = b'{"Error": true, "ErrorMessage": "hunter2 is wrong", "ErrorType": "X.hunter2"}'
    with pytest.raises(ServerFault) as caught:
        answer(STATUS, data, status=200, scrub=lambda text: text.replace("hunter2", "***"))
    assert caught.value.message == "the server reports an error: *** is wrong [X.***]"
    assert caught.value.code == "X.***"


@pytest.mark.parametrize("value", [{"Error": False}, {"Error": "true"}, {"Message": "No", "Other": 1}, {"Other": 1}])
def test_an_object_that_is_something_else_is_no_error(value: dict[str, Any]) -> None:
    assert plain(CONNECTION, json.dumps(value).encode(), status=200) == value


def test_a_result_that_has_a_member_of_that_name_is_a_result() -> None:
    value = {"ErpConnectionId": 7, "Message": "x", "ErrorMessage": "x"}
    assert answer(CONNECTION, json.dumps(value).encode(), status=200).erp_connection_id == 7


# -- answers as they came ----------------------------------------------------------------------------------------------


def test_an_answer_as_it_came_may_be_a_hundred_deep_and_no_deeper() -> None:
    assert plain(STATUS, b"[" * 100 + b"]" * 100, status=200)
    with pytest.raises(ProtocolError, match="nested deeper than 100 levels") as caught:
        plain(STATUS, b"[" * 101 + b"]" * 101, status=200)
    assert (caught.value.operation, caught.value.status, caught.value.path) == ("GetEngineStatus", 200, None)
    with pytest.raises(ProtocolError, match="nested deeper than 3 levels"):
        plain(STATUS, b"[[[[]]]]", status=200, depth=3)


@pytest.mark.parametrize("data", [b"1e999", b'{"A": [1, -1e999]}'])
def test_a_number_beyond_a_double_is_refused_at_any_place(data: bytes) -> None:
    with pytest.raises(ProtocolError, match="a number that is too large"):
        plain(STATUS, data, status=200)


def test_numbers_within_a_double_come_as_they_are() -> None:
    assert plain(STATUS, b'{"A": [1.5, -1e308, {"B": 0.1}]}', status=200) == {"A": [1.5, -1e308, {"B": 0.1}]}


def test_an_answer_without_content_is_none_whatever_is_in_it() -> None:
    assert plain(STATUS, b"anything", status=204) is None
