"""Members that are ours by name and not by spelling are missed aloud; foreign ones are passed over."""

from __future__ import annotations

import json
from typing import Any

import pytest

from superoffice_erpsync.codec.rest.answers import answer
from superoffice_erpsync.errors import ProtocolError, ServerFault
from superoffice_erpsync.operations import OPERATIONS


def read(operation: str, value: Any) -> Any:
    return answer(OPERATIONS[operation], json.dumps(value).encode(), status=200)


@pytest.mark.parametrize(
    ("operation", "value", "path"),
    [
        ("GetEngineStatus", {"isRunning": True, "IsRunning ": True, "Interval": "00:15:00"}, "isRunning"),
        ("GetAllConnections", [{"ErpConnectionId": 1}, {"ErpConnectionId": 2, "active": True}], "[1]/active"),
        ("ForceSyncAll", {"IsOk": True, "changes": {"UpdatedRecords": []}}, "changes"),
        (
            "GetEngineStatus",
            {"IsRunning": True, "TableRight": {"Mask": "Select", "reason": "why"}},
            "TableRight/reason",
        ),
    ],
)
def test_ours_in_another_spelling_is_missed(operation: str, value: Any, path: str) -> None:
    with pytest.raises(ProtocolError, match="in another spelling") as caught:
        read(operation, value)
    assert caught.value.path == path


def test_what_is_there_as_well_is_not_missed() -> None:
    assert read("GetEngineStatus", {"isRunning": False, "IsRunning": True}).is_running is True


@pytest.mark.parametrize("value", [{"IsRunning": True, "New": {"x": 1}}, {"IsRunning": True, "x": None}])
def test_foreign_members_are_passed_over(value: Any) -> None:
    assert read("GetEngineStatus", value).is_running is True


@pytest.mark.parametrize("operation", ["GetErpConnectionConfigFields", "GetEngineStatus", "TestConnectionById"])
def test_an_error_object_is_one_in_any_spelling(operation: str) -> None:
    with pytest.raises(ServerFault, match="No: why"):
        read(operation, {"message": "No", "messageDetail": "why"})
