"""Arguments that cannot be sent are refused alike on both wires: with operation and place, before anything leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from strategies.noisy_answers import NAMESPACE
from superoffice_erpsync.codec.rest.requests import request_arguments
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.errors import InvalidRequest
from superoffice_erpsync.models import ErpConnection, SoCredentials, SoTimeZone
from superoffice_erpsync.operations import OPERATIONS, Operation
from superoffice_erpsync.redaction import Secret

CODEC = SoapCodec(NAMESPACE, {})
TOO_LARGE = "connection.user_group_access_ids[0]: {} is outside the 32 bits of an integer"
SAVE = OPERATIONS["SaveConnection"]

Write = Callable[[Operation[Any], Mapping[str, Any]], Any]

on_both_wires = pytest.mark.parametrize("write", [CODEC.body, request_arguments], ids=["soap", "rest"])


def refusal(write: Write, operation: Operation[Any], value: Any) -> tuple[str, str | None]:
    with pytest.raises(InvalidRequest) as caught:
        write(operation, {operation.arguments[0].name: value})
    return caught.value.message, caught.value.operation


@on_both_wires
@pytest.mark.parametrize(
    ("connection", "why"),
    [
        (None, "connection: None where a value is due"),
        (7, "connection: must be of class ErpConnection, not int"),
        (ErpConnection(display_name=7), "connection.display_name: must be a text, not int"),
        (ErpConnection(erp_connection_id="7"), "connection.erp_connection_id: must be an integer, not str"),
        (ErpConnection(erp_connection_id=True), "connection.erp_connection_id: must be an integer, not bool"),
        (ErpConnection(erp_connection_id=None), "connection.erp_connection_id: None where a value is due"),
        (ErpConnection(active=1), "connection.active: must be True or False, not int"),
        (ErpConnection(config_fields={"Server": 7}), "connection.config_fields['Server']: must be a text, not int"),
        (ErpConnection(config_fields=["Server"]), "connection.config_fields: must be a dictionary, not list"),
        (ErpConnection(user_group_access_ids="12"), "connection.user_group_access_ids: must be a list, not str"),
        (
            ErpConnection(user_group_access_ids=[1, None]),
            "connection.user_group_access_ids[1]: None where a value is due",
        ),
        (ErpConnection(user_group_access_ids=[2**31]), TOO_LARGE.format(2**31)),
        (ErpConnection(user_group_access_ids=[-(2**31) - 1]), TOO_LARGE.format(-(2**31) - 1)),
    ],
)
def test_a_value_of_the_wrong_kind(write: Write, connection: Any, why: str) -> None:
    assert refusal(write, SAVE, connection) == (why, "SaveConnection")


@on_both_wires
def test_the_largest_and_the_smallest_number_are_sent(write: Write) -> None:
    connection = ErpConnection(user_group_access_ids=[2**31 - 1, -(2**31)])
    sent = write(SAVE, {"connection": connection})
    text = sent.reveal() if isinstance(sent, Secret) else str(sent)
    assert "2147483647" in text
    assert "-2147483648" in text


@on_both_wires
def test_a_text_that_xml_cannot_carry_is_not_shown(write: Write) -> None:
    message, operation = refusal(write, SAVE, ErpConnection(display_name="hunter2\x00"))
    assert message == "connection.display_name: has the character U+0000 at position 7, which XML cannot carry"
    assert operation == "SaveConnection"


def test_headers_stand_side_by_side_and_without_any_there_is_no_header() -> None:
    whole = CODEC.envelope(
        Secret("<x/>"), [("ApplicationToken", "a"), ("Credentials", None), ("TimeZone", SoTimeZone())]
    )
    assert b"<s:Header><n:ApplicationToken>a</n:ApplicationToken><n:TimeZone>" in whole
    for headers in ([], [("Credentials", None)]):
        assert b"Header" not in CODEC.envelope(Secret("<x/>"), headers)


def test_a_header_that_cannot_be_sent() -> None:
    with pytest.raises(InvalidRequest, match=r"header Credentials\.ticket: must be a text, not int"):
        CODEC.envelope(Secret("<x/>"), [("Credentials", SoCredentials(ticket=7))])
    with pytest.raises(ValueError, match="no header Another"):
        CODEC.envelope(Secret("<x/>"), [("Another", "x")])
