"""ForceResync, ForceResyncExternal and ForceResyncBatchTask."""

from __future__ import annotations

from datetime import timedelta

import pytest

from superoffice_erpsync.sandbox.handlers.sync import (
    force_resync,
    force_resync_batch_task,
    force_resync_external,
    force_sync_all,
)
from superoffice_erpsync.sandbox.state.connections import Failure
from unit.sandbox.conftest import updated


def external(state, keys, connection_id=1, actor_type="Customer"):
    return force_resync_external(
        state, {"ErpConnectionId": connection_id, "ErpActorType": actor_type, "ExternalKeys": keys}
    )


def internal(state, ids, connection_id=1):
    return force_resync(state, {"ErpConnectionId": connection_id, "InternalKeyIds": ids})


@pytest.fixture(autouse=True)
def synced(state):
    force_sync_all(state, {})
    state.log.clear()


def test_external_keys_are_written_over_crm_and_the_other_erp(state):
    state.crm.change("contact", 11, {"phone": "wrong", "category": "2"})
    response = external(state, ["C1001"])
    assert response["IsOk"] is True
    assert updated(response) == [("contact", 11)]
    assert state.crm.record("contact", 11).values["phone"] == "+47 22 00 01 01"
    assert state.connections[2].erp.actor("Customer", "S5001").values["PRICEGROUP"] == "2"
    assert state.connections[1].erp.actor("Customer", "C1001").values["PRICEGROUP"] == "1"


def test_a_resync_names_records_that_were_equal_already(state):
    assert updated(external(state, ["C1001", "C1002"])) == [("contact", 11), ("contact", 12)]
    assert state.log == []


def test_a_blank_overwrites(state):
    state.connections[1].erp.actor("Customer", "C1001").values["PHONE"] = ""
    external(state, ["C1001"])
    assert state.crm.record("contact", 11).values["phone"] == ""
    assert state.connections[2].erp.actor("Customer", "S5001").values["PHONE"] == ""


def test_unknown_keys_are_named_and_the_others_done(state):
    state.connections[1].erp.actor("Customer", "C1002").values["CITY"] = "Voss"
    response = external(state, ["C9998", "C1002", None, "C1011"])
    assert response["IsOk"] is False
    assert response["TechExplanation"].startswith("3 of 4 Customer keys are unknown to connection 1")
    for key in ("C9998", "(none)", "C1011"):
        assert key in response["TechExplanation"]
    assert "C1002" not in response["TechExplanation"]
    assert updated(response) == [("contact", 12)]
    assert state.crm.record("contact", 12).values["city"] == "Voss"


def test_a_key_named_twice_counts_once(state):
    assert updated(external(state, ["C1001", "C1001"])) == [("contact", 11)]


@pytest.mark.parametrize("keys", [None, []])
def test_no_keys_mean_all_of_that_type_in_that_connection(state, keys):
    assert updated(external(state, keys)) == [("contact", number) for number in range(11, 21)]
    assert updated(external(state, keys, connection_id=2)) == [("contact", number) for number in range(11, 15)]
    assert updated(external(state, keys, actor_type="Person")) == [("person", number) for number in range(31, 34)]
    assert updated(external(state, keys, actor_type="Project")) == [("project", 51), ("project", 52)]


@pytest.mark.parametrize("connection_id", [0, -1, 99])
def test_an_unknown_connection_has_its_error_code(state, connection_id):
    response = external(state, ["C1001"], connection_id=connection_id)
    assert response["IsOk"] is False
    assert response["ErrorCode"] == "UNKNOWN_CONNECTION_ID"
    assert response["Changes"] is None
    assert str(connection_id) in response["TechExplanation"]


def test_a_deleted_connection_is_unknown_and_an_inactive_one_is_not(state):
    state.connections[2].deleted = True
    assert external(state, ["S5001"], connection_id=2)["ErrorCode"] == "UNKNOWN_CONNECTION_ID"
    inactive = external(state, ["H1"], connection_id=3)
    assert inactive["IsOk"] is False
    assert inactive["ErrorCode"] is None
    assert "not active" in inactive["TechExplanation"]


def test_an_actor_type_without_a_mapping_is_told(state):
    response = external(state, ["E1"], actor_type="Employee")
    assert response["IsOk"] is False
    assert "Employee" in response["TechExplanation"]


def test_a_failing_source_does_nothing_and_a_failing_target_leaves_the_rest(state):
    failure = Failure(error_code="UNKOWN_LISTITEM_ID", user_explanation="Later", tech_explanation="No such item.")
    state.connections[1].failure = failure
    assert external(state, ["C1001"])["ErrorCode"] == "UNKOWN_LISTITEM_ID"
    state.connections[1].failure, state.connections[2].failure = None, failure
    response = external(state, ["C1001", "C1002", "C1009"])
    assert response["IsOk"] is False
    assert response["TechExplanation"].count("No such item.") == 1
    assert len(updated(response)) == 3


def test_internal_key_ids_are_not_contact_ids(state):
    assert updated(internal(state, [501])) == [("contact", 11)]
    response = internal(state, [11, 502])
    assert response["IsOk"] is False
    assert "11" in response["TechExplanation"]
    assert updated(response) == [("contact", 12)]


def test_an_internal_key_of_another_connection_is_unknown_to_this_one(state):
    response = internal(state, [501, 510], connection_id=2)
    assert "510" in response["TechExplanation"]
    assert updated(response) == [("contact", 11)]


def test_connection_0_is_the_crm(state):
    state.connections[1].erp.actor("Customer", "C1001").values["NAME"] = "Old"
    state.connections[2].erp.actor("Customer", "S5001").values["NAME"] = "Older"
    response = internal(state, [501], connection_id=0)
    assert response["IsOk"] is True
    assert response["Changes"] is None
    assert state.connections[1].erp.actor("Customer", "C1001").values["NAME"] == "Fjordview Timber"
    assert state.connections[2].erp.actor("Customer", "S5001").values["NAME"] == "Fjordview Timber"
    assert [change.where for change in state.log] == ["erp 1", "erp 2"]


@pytest.mark.parametrize("ids", [None, []])
def test_no_ids_mean_everything(state, ids):
    assert len(updated(internal(state, ids))) == 10 + 3 + 2
    assert len(updated(internal(state, ids, connection_id=2))) == 4
    assert internal(state, ids, connection_id=0)["IsOk"] is True


def test_an_unknown_source_of_internal_keys_has_its_error_code(state):
    assert internal(state, [501], connection_id=7)["ErrorCode"] == "UNKNOWN_CONNECTION_ID"


def test_twice_is_the_same_as_once(state):
    state.connections[1].erp.change("Customer", "C1004", {"PHONE": "9"})
    first = external(state, ["C1004"])
    entries = len(state.log)
    second = external(state, ["C1004"])
    assert (second["IsOk"], second["Changes"]) == (first["IsOk"], first["Changes"])
    assert len(state.log) == entries


def test_the_batch_task_answers_nothing_and_works_later(installation, state, clock):
    state.connections[1].erp.actor("Customer", "C1001").values["CITY"] = "Later"
    arguments = {"ErpConnectionId": 1, "InternalKeyIds": [501]}
    assert force_resync_batch_task(state, arguments) is None
    installation.run_due_work()
    assert state.crm.record("contact", 11).values["city"] == "Bergen"
    clock.advance(seconds=state.batch_delay.total_seconds())
    installation.run_due_work()
    assert state.crm.record("contact", 11).values["city"] == "Later"
    assert state.queue == []
    assert {change.cause for change in state.log} == {"batch"}


def test_the_queue_can_be_finished_at_once(installation, state):
    state.batch_delay = timedelta(days=1)
    state.connections[1].erp.actor("Customer", "C1001").values["CITY"] = "Now"
    force_resync_batch_task(state, {"ErpConnectionId": 1, "InternalKeyIds": None})
    installation.finish_queue()
    assert state.crm.record("contact", 11).values["city"] == "Now"
