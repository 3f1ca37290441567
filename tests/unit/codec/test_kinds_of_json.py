"""A JSON value of another kind is refused by what it is and by what is due, in arguments and in answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from superoffice_erpsync.codec.rest.answers import answer
from superoffice_erpsync.codec.rest.arguments import arguments_from_json
from superoffice_erpsync.errors import InvalidRequest, ProtocolError
from superoffice_erpsync.operations import OPERATIONS

SAVE, SYNC, ACTIVE = (OPERATIONS[name] for name in ("SaveConnection", "ForceSyncAll", "TestConnectionById"))

KINDS = [
    (True, "true or false"),
    (7, "a number"),
    (1.5, "a number"),
    ("x", "a text"),
    ([], "an array"),
    ({}, "an object"),
]
DUE = {
    "DisplayName": "a text",
    "Active": "true or false",
    "ErpConnectionId": "a whole number",
    "ConfigFields": "an object",
    "UserGroupAccessIds": "an array",
}


@pytest.mark.parametrize(("value", "kind"), KINDS)
@pytest.mark.parametrize("member", DUE)
def test_in_arguments(member: str, value: Any, kind: str) -> None:
    due = DUE[member]
    if kind == due or (due == "a whole number" and value == 7):
        assert arguments_from_json(SAVE, {"Connection": {member: value}})
        return
    with pytest.raises(InvalidRequest) as caught:
        arguments_from_json(SAVE, {"Connection": {member: value}})
    assert caught.value.message == f"Connection/{member}: must be {due}, not {kind}"
    assert caught.value.operation == "SaveConnection"


@pytest.mark.parametrize(("value", "kind"), [*KINDS[:5], (None, "null")])
def test_arguments_are_an_object(value: Any, kind: str) -> None:
    if value is None:
        with pytest.raises(InvalidRequest, match="argument Connection is missing|null"):
            arguments_from_json(SAVE, {"Connection": value, "Other": 1} if False else {"Connections": value} and {})
        return
    with pytest.raises(InvalidRequest, match=f"the arguments must be a JSON object, not {kind}"):
        arguments_from_json(SAVE, value)
