"""Errors: one tree, the same facts on each, and all of them travel between processes."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import pytest

from superoffice_erpsync import errors
from superoffice_erpsync.errors import (
    AuthenticationError,
    ConfigurationError,
    ErpSyncError,
    InvalidRequest,
    OperationNotAvailable,
    OperationRefused,
    Outcome,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TlsError,
    TransportError,
)
from superoffice_erpsync.models import ChangedData, PluginResponse, SoExceptionInfo

TREE: dict[type[ErpSyncError], tuple[type[BaseException], ...]] = {
    ErpSyncError: (Exception,),
    ConfigurationError: (ErpSyncError,),
    InvalidRequest: (ErpSyncError, ValueError),
    OperationNotAvailable: (ErpSyncError,),
    AuthenticationError: (ErpSyncError,),
    ServerFault: (ErpSyncError,),
    OperationRefused: (ErpSyncError,),
    ProtocolError: (ErpSyncError,),
    TransportError: (ErpSyncError,),
    TlsError: (TransportError,),
    RequestTimeout: (TransportError, TimeoutError),
}
OUTCOMES = {
    AuthenticationError: Outcome.REJECTED,
    ServerFault: Outcome.REJECTED,
    OperationRefused: Outcome.REJECTED,
    ProtocolError: Outcome.UNKNOWN,
}
FACTS: dict[str, Any] = {
    "operation": "ForceResync",
    "outcome": Outcome.UNKNOWN,
    "status": 503,
    "code": "A.B",
    "can_repeat": True,
    "hint": "wait a little",
}
OWN_FACTS: dict[type[ErpSyncError], dict[str, Any]] = {
    AuthenticationError: {"web_login": True},
    ServerFault: {
        "exception_info": SoExceptionInfo(message="x", inner_exception=SoExceptionInfo(), parameters={"a": None}),
        "retry_after": 2.5,
        "too_large": True,
    },
    OperationRefused: {"response": PluginResponse(is_ok=False, changes=ChangedData(added_records=[None]))},
    ProtocolError: {"path": "SyncAllResponse/Response/IsOk"},
}

each = pytest.mark.parametrize("cls", TREE, ids=lambda cls: cls.__name__)


def full(cls: type[ErpSyncError]) -> ErpSyncError:
    error = cls("it went wrong", **FACTS)
    for name, value in OWN_FACTS.get(cls, {}).items():
        setattr(error, name, value)
    return error


def test_the_tree_is_whole() -> None:
    found = {
        cls
        for _, cls in inspect.getmembers(errors, inspect.isclass)
        if issubclass(cls, BaseException) and cls.__module__ == errors.__name__
    }
    assert found == set(TREE)


@each
def test_each_error_has_its_place_in_the_tree(cls: type[ErpSyncError]) -> None:
    assert cls.__bases__ == TREE[cls]
    assert inspect.getdoc(cls)


def test_the_drawing_shows_the_tree_as_it_is() -> None:
    drawn: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        if "ErpSyncError" in line or "──" in line:
            name = line.lstrip(" │├└─").split()[0]
            drawn.append((line.index(name) // 4, name))
    places: dict[int, str] = {}
    parents = {}
    for depth, name in drawn:
        places[depth] = name
        parents[name] = places.get(depth - 1)
    wanted = {cls.__name__: cls.__bases__[0].__name__ for cls in TREE}
    assert parents == {name: None if base == "Exception" else base for name, base in wanted.items()}


@each
def test_an_error_without_facts_has_their_defaults(cls: type[ErpSyncError]) -> None:
    error = cls("it went wrong")
    assert str(error) == error.message == "it went wrong"
    assert error.args == ("it went wrong",)
    assert error.outcome is OUTCOMES.get(cls, Outcome.NOT_SENT)
    assert [error.operation, error.status, error.code, error.hint] == [None] * 4
    assert error.can_repeat is False
    assert not any(getattr(error, name) for name in OWN_FACTS.get(cls, ()))


@each
def test_an_error_says_where_what_and_what_to_do(cls: type[ErpSyncError]) -> None:
    error = full(cls)
    assert str(error) == "ForceResync: it went wrong (wait a little)"
    assert {name: getattr(error, name) for name in FACTS} == FACTS


@each
@pytest.mark.parametrize(
    "again",
    [
        copy.copy,
        copy.deepcopy,
        *(lambda error, number=number: pickle.loads(pickle.dumps(error, number)) for number in range(2, 6)),
    ],
    ids=["copy", "deepcopy", *(f"pickle{number}" for number in range(2, 6))],
)
def test_an_error_travels_with_all_its_facts(cls: type[ErpSyncError], again: Any) -> None:
    error = full(cls)
    found = again(error)
    assert found is not error
    assert type(found) is cls
    assert vars(found) == vars(error)
    assert (str(found), repr(found), found.args) == (str(error), repr(error), error.args)
    assert vars(found).keys() == FACTS.keys() | {"message"} | OWN_FACTS.get(cls, {}).keys()


@each
def test_the_scrubbed_message_of_an_error_is_what_is_shown(cls: type[ErpSyncError]) -> None:
    error = full(cls)
    error.message = "it *** wrong"
    assert "***" in str(error)


def test_errors_are_caught_as_what_python_calls_them() -> None:
    with pytest.raises(TimeoutError, match="late"):
        raise RequestTimeout("late")
    with pytest.raises(ValueError, match="odd"):
        raise InvalidRequest("odd")
    with pytest.raises(OSError, match="late") as caught:
        raise RequestTimeout("late", operation="SyncAll")
    assert str(caught.value) == "SyncAll: late"
    assert caught.value.errno is None


@pytest.mark.parametrize(
    ("response", "message"),
    [
        (PluginResponse(is_ok=False), "the server refused: no explanation given"),
        (
            PluginResponse(is_ok=False, user_explanation="", tech_explanation=""),
            "the server refused: no explanation given",
        ),
        (PluginResponse(is_ok=False, user_explanation="a", tech_explanation="b"), "the server refused: a / b"),
        (PluginResponse(is_ok=False, tech_explanation="b", error_code="X"), "the server refused: b"),
    ],
)
def test_an_answer_that_is_no_is_raised_on_request_with_the_whole_answer(
    response: PluginResponse, message: str
) -> None:
    with pytest.raises(OperationRefused) as caught:
        response.raise_if_failed()
    assert caught.value.message == message
    assert caught.value.response is response
    assert caught.value.code == (response.error_code or None)
    assert caught.value.outcome is Outcome.REJECTED


def test_an_answer_that_is_yes_raises_nothing() -> None:
    PluginResponse(is_ok=True, user_explanation="x", error_code="Y").raise_if_failed()
