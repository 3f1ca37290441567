"""The resyncs that leave filled values where the source has blank ones."""

from __future__ import annotations

import pytest

from superoffice_erpsync.sandbox.handlers.sync import (
    force_resync,
    force_resync_external,
    force_resync_external_no_blank_values,
    force_resync_no_blank_values,
    force_sync_all,
)

EXTERNAL = {"ErpConnectionId": 1, "ErpActorType": "Customer", "ExternalKeys": ["C1001"]}
INTERNAL = {"ErpConnectionId": 1, "InternalKeyIds": [501]}


@pytest.fixture(autouse=True)
def blanked(state):
    """The ERP of connection 1 has lost a telephone number and got a new name."""
    force_sync_all(state, {})
    values = state.connections[1].erp.actor("Customer", "C1001").values
    values["PHONE"], values["NAME"] = "  ", "Renamed"


def phones_and_names(state) -> list[tuple[str, str]]:
    contact = state.crm.record("contact", 11).values
    other = state.connections[2].erp.actor("Customer", "S5001").values
    return [(contact["phone"].strip(), contact["name"]), (other["PHONE"].strip(), other["NAME"])]


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [(force_resync_external_no_blank_values, EXTERNAL), (force_resync_no_blank_values, INTERNAL)],
)
def test_filled_values_stay_and_others_are_written(state, operation, arguments):
    response = operation(state, arguments)
    assert phones_and_names(state) == [("+47 22 00 01 01", "Renamed")] * 2
    assert (response["IsOk"], response["Status"]) == (True, "Ok")
    assert [item["RecordId"] for item in response["Changes"]["UpdatedRecords"]] == [11]
    assert {change.cause for change in state.log[-2:]} == {
        "ForceResyncExternalNoBlankValues" if arguments is EXTERNAL else "ForceResyncNoBlankValues"
    }


@pytest.mark.parametrize(("operation", "arguments"), [(force_resync_external, EXTERNAL), (force_resync, INTERNAL)])
def test_the_plain_forms_blank_them(state, operation, arguments):
    operation(state, arguments)
    assert phones_and_names(state) == [("", "Renamed")] * 2


def test_a_blank_of_the_crm_overwrites_nothing_in_other_erps(state):
    state.crm.change("contact", 11, {"phone": "", "name": "From the CRM"})
    force_resync_no_blank_values(state, {"ErpConnectionId": 0, "InternalKeyIds": [501]})
    other = state.connections[2].erp.actor("Customer", "S5001").values
    assert (other["PHONE"], other["NAME"]) == ("+47 22 00 01 01", "From the CRM")


def test_a_blank_may_be_filled(state):
    state.crm.record("contact", 11).values["city"] = ""
    force_resync_no_blank_values(state, INTERNAL)
    assert state.crm.record("contact", 11).values["city"] == "Bergen"


def test_an_unknown_connection_is_an_answer(state):
    for operation, arguments in (
        (force_resync_external_no_blank_values, EXTERNAL),
        (force_resync_no_blank_values, INTERNAL),
    ):
        response = operation(state, arguments | {"ErpConnectionId": 863})
        assert (response["IsOk"], response["Status"], response["ErrorCode"]) == (
            False, "Error", "UNKNOWN_CONNECTION_ID",
        )  # fmt: skip
