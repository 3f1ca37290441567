"""A JSON value of another kind is refused by what it is and by what is due, in arguments and in answers."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from superoffice_erpsync.codec.rest.answers import answer
from superoffice_erpsync.codec.rest.arguments import arguments_from_json, read
from superoffice_erpsync.codec.shapes import shape_of
from superoffice_erpsync.errors import InvalidRequest, ProtocolError
from superoffice_erpsync.operations import OPERATIONS

SAVE, SYNC = OPERATIONS["SaveConnection"], OPERATIONS["ForceSyncAll"]

TRUTH, NUMBER, TEXT = (True, "true or false"), (7, "a number"), ("x", "a text")
ARRAY, OBJECT = ([], "an array"), ({}, "an object")
KINDS = (TRUTH, NUMBER, TEXT, ARRAY, OBJECT)


def all_but(right: tuple[Any, str], member: str, due: str) -> list[Any]:
    """Every kind of value but the right one for a member, and what is due."""
    return [pytest.param(member, due, *kind, id=f"{kind[1]} for {member}") for kind in KINDS if kind is not right]


@pytest.mark.parametrize(
    ("member", "due", "value", "kind"),
    [
        *all_but(TEXT, "DisplayName", "a text"),
        *all_but(TRUTH, "Active", "true or false"),
        *all_but(NUMBER, "ErpConnectionId", "a whole number"),
        *all_but(OBJECT, "ConfigFields", "an object"),
        *all_but(ARRAY, "UserGroupAccessIds", "an array"),
        ("ErpConnectionId", "a whole number", 1.5, "a number"),
    ],
)
def test_in_arguments(member: str, due: str, value: Any, kind: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        arguments_from_json(SAVE, {"Connection": {member: value}})
    assert caught.value.message == f"Connection/{member}: must be {due}, not {kind}"
    assert caught.value.operation == "SaveConnection"


def test_a_date_in_arguments_may_have_an_offset_without_a_colon() -> None:
    moment = datetime(2026, 1, 31, 18, tzinfo=timezone(timedelta(hours=-5)))
    for text in ("2026-01-31T18:00:00-05:00", "2026-01-31T18:00:00-0500"):
        assert read(shape_of(datetime), text) == moment


@pytest.mark.parametrize(("value", "kind"), KINDS[:4])
def test_arguments_are_an_object(value: Any, kind: str) -> None:
    with pytest.raises(InvalidRequest, match=f"the arguments must be a JSON object, not {kind}") as caught:
        arguments_from_json(SAVE, value)
    assert caught.value.operation == "SaveConnection"


@pytest.mark.parametrize(
    ("member", "due", "value", "kind"),
    [
        *all_but(TEXT, "UserExplanation", "a text"),
        *all_but(TRUTH, "IsOk", "true or false"),
        *all_but(OBJECT, "Changes", "an object"),
    ],
)
def test_in_answers(member: str, due: str, value: Any, kind: str) -> None:
    refused(json.dumps({"IsOk": True} | {member: value}), member, f"{kind} where {due} is due")


@pytest.mark.parametrize(
    ("member", "due", "value", "kind"),
    [
        *all_but(NUMBER, "RecordId", "a whole number"),
        *all_but(OBJECT, "FieldProperties", "an object"),
        *all_but(OBJECT, "TableRight", "an object"),
    ],
)
def test_in_the_records_of_answers(member: str, due: str, value: Any, kind: str) -> None:
    data = json.dumps({"IsOk": True, "Changes": {"UpdatedRecords": [{}, {member: value}]}})
    refused(data, f"Changes/UpdatedRecords/[1]/{member}", f"{kind} where {due} is due")


@pytest.mark.parametrize(("value", "kind"), [TRUTH, NUMBER, TEXT, OBJECT])
def test_in_place_of_all_records(value: Any, kind: str) -> None:
    data = json.dumps({"IsOk": True, "Changes": {"AddedRecords": value}})
    refused(data, "Changes/AddedRecords", f"{kind} where an array is due")


def refused(data: str, path: str, why: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        answer(SYNC, data.encode(), status=200)
    assert caught.value.path == path
    assert caught.value.message == f"the answer cannot be understood: at {path}: {why}"
