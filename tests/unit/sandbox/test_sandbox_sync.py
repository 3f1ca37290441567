"""SyncAll, ForceSyncAll and the engine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from superoffice_erpsync.sandbox.handlers.engine import (
    change_engine_interval,
    change_engine_status,
    get_engine_status,
)
from superoffice_erpsync.sandbox.handlers.sync import force_sync_all, sync_all
from superoffice_erpsync.sandbox.refusals import Refusal
from superoffice_erpsync.sandbox.state.connections import Failure
from unit.sandbox.conftest import updated


def deleted(response) -> list[str]:
    return [item["Tablename"] for item in response["Changes"]["DeletedRecords"]]


def test_first_sync_carries_the_seeded_differences_both_ways(state):
    response = force_sync_all(state, {})
    assert response["IsOk"] is True
    assert response["ErrorCode"] is None
    assert set(updated(response)) == {("contact", 13), ("contact", 14), ("contact", 15), ("person", 32)}
    assert state.crm.record("contact", 13).values["phone"] == "+47 22 00 99 03"
    assert state.crm.record("contact", 14).values["creditLimit"] == "[F:80000]"
    assert state.connections[1].erp.actor("Customer", "C1002").values["NAME"] == "Birch & Daughters"
    assert state.connections[2].erp.actor("Customer", "S5002").values["NAME"] == "Birch & Daughters"


def test_a_blank_overwrites(state):
    assert state.crm.record("contact", 15).values["city"] == "Skien"
    force_sync_all(state, {})
    assert state.crm.record("contact", 15).values["city"] == ""


def test_a_change_in_one_erp_reaches_the_other_in_the_same_sync(state):
    force_sync_all(state, {})
    assert state.connections[2].erp.actor("Customer", "S5003").values["PHONE"] == "+47 22 00 99 03"


def test_second_sync_has_nothing_to_do(state):
    force_sync_all(state, {})
    entries = len(state.log)
    response = force_sync_all(state, {})
    assert response["IsOk"] is True
    assert response["Changes"] is None
    assert len(state.log) == entries


def test_only_mapped_directions_are_carried(state):
    force_sync_all(state, {})
    state.crm.change("contact", 11, {"city": "Nowhere", "category": "2"})
    force_sync_all(state, {})
    customer = state.connections[1].erp.actor("Customer", "C1001")
    assert customer.values["PRICEGROUP"] == "2"
    assert customer.values["CITY"] == "Bergen"
    state.connections[1].erp.change("Customer", "C1001", {"PRICEGROUP": "3", "SALESPERSON": "9"})
    force_sync_all(state, {})
    contact = state.crm.record("contact", 11).values
    assert contact["category"] == "2"
    assert "9" not in contact.values()


def test_an_actor_that_changed_brings_all_its_values_along(state):
    state.crm.change("contact", 11, {"city": "Nowhere"})
    state.connections[1].erp.change("Customer", "C1001", {"PHONE": "1"})
    force_sync_all(state, {})
    assert state.crm.record("contact", 11).values["city"] == "Bergen"


def test_where_both_sides_changed_the_erp_wins(state):
    state.crm.change("contact", 11, {"name": "From the CRM"})
    state.connections[1].erp.change("Customer", "C1001", {"NAME": "From the ERP"})
    force_sync_all(state, {})
    assert state.crm.record("contact", 11).values["name"] == "From the ERP"


def test_inactive_and_deleted_connections_are_left_alone(state):
    state.connections[1].active = False
    state.connections[2].deleted = True
    response = force_sync_all(state, {})
    assert response["IsOk"] is True
    assert response["Changes"] is None
    assert state.crm.record("contact", 13).values["phone"] == "+47 22 00 01 03"


def test_the_later_priority_has_the_last_word(state):
    state.connections[1].erp.change("Customer", "C1001", {"PHONE": "1"})
    state.connections[2].erp.change("Customer", "S5001", {"PHONE": "2"})
    force_sync_all(state, {})
    assert state.crm.record("contact", 11).values["phone"] == "2"
    state.connections[2].priority = 0
    state.connections[1].erp.change("Customer", "C1001", {"PHONE": "3"})
    state.connections[2].erp.change("Customer", "S5001", {"PHONE": "4"})
    force_sync_all(state, {})
    assert state.crm.record("contact", 11).values["phone"] == "3"


def test_a_failing_connector_is_told_and_the_others_are_served(state):
    state.connections[1].failure = Failure(
        error_code="UNKOWN_FIELDKEY", user_explanation='US:"No."', tech_explanation="The field NAME is gone."
    )
    response = force_sync_all(state, {})
    assert response["IsOk"] is False
    assert response["ErrorCode"] == "UNKOWN_FIELDKEY"
    assert response["UserExplanation"] == 'US:"No."'
    assert "Connection 1" in response["TechExplanation"]
    assert "The field NAME is gone." in response["TechExplanation"]
    assert updated(response) == [("contact", 14)]
    state.connections[1].failure = None
    assert ("contact", 13) in updated(force_sync_all(state, {}))


def test_an_actor_deleted_in_its_erp_loses_its_link(state):
    state.connections[1].erp.remove("Customer", "C1006")
    response = force_sync_all(state, {})
    assert response["IsOk"] is False
    assert "C1006" in response["TechExplanation"]
    assert deleted(response) == ["erpexternalkey"]
    assert state.links.external(1, "Customer", "C1006") is None
    assert force_sync_all(state, {})["IsOk"] is True


def test_sync_all_needs_the_engine_and_force_sync_all_does_not(state):
    state.engine.running = False
    refused = sync_all(state, {})
    assert refused["IsOk"] is False
    assert refused["Changes"] is None
    assert refused["UserExplanation"].startswith('US:"')
    assert 'NO:"' in refused["UserExplanation"]
    assert "ForceSyncAll" in refused["TechExplanation"]
    assert force_sync_all(state, {})["IsOk"] is True


def test_sync_all_with_the_engine_on_carries_what_changed(state):
    assert updated(sync_all(state, {})) == [("contact", 13), ("contact", 15), ("person", 32), ("contact", 14)]


def test_an_order_to_the_engine_takes_effect_at_its_next_poll(installation, state):
    answer = installation.call("ErpSync", "ChangeEngineStatus", {"Run": False}, ticket_known=True)
    assert answer["IsRunning"] is True
    assert "next poll" in answer["StatusMessage"]
    answer = installation.call("ErpSync", "GetEngineStatus", {}, ticket_known=True)
    assert answer == {
        "IsRunning": False,
        "StatusMessage": "The engine is stopped.",
        "Interval": timedelta(minutes=15),
    }


def test_the_poll_can_be_made_late(installation, state, clock):
    state.engine.poll_delay = timedelta(seconds=5)
    change_engine_status(state, {"Run": False})
    clock.advance(seconds=4)
    installation.run_due_work()
    assert get_engine_status(state, {})["IsRunning"] is True
    clock.advance(seconds=1)
    installation.run_due_work()
    assert get_engine_status(state, {})["IsRunning"] is False


def test_the_engine_syncs_by_itself_when_its_interval_has_passed(installation, state, clock):
    change_engine_interval(state, {"Interval": timedelta(minutes=1)})
    clock.advance(seconds=59)
    installation.run_due_work()
    assert state.log == []
    clock.advance(seconds=1)
    installation.run_due_work()
    assert {change.cause for change in state.log} == {"engine"}


def test_the_interval_starts_anew_with_each_sync(installation, state, clock):
    change_engine_interval(state, {"Interval": timedelta(minutes=1)})
    for sync in (installation.run_due_work, lambda: force_sync_all(state, {})):
        clock.advance(minutes=1)
        sync()
        state.crm.change("contact", 11, {"phone": str(clock.now)})
        state.log.clear()
        clock.advance(seconds=59)
        installation.run_due_work()
        assert state.log == []


def test_the_engine_rests_when_stopped_or_without_an_interval(installation, state, clock):
    change_engine_interval(state, {"Interval": timedelta(0)})
    clock.advance(days=1)
    installation.run_due_work()
    change_engine_interval(state, {"Interval": timedelta(minutes=1)})
    state.engine.running = False
    installation.run_due_work()
    assert state.log == []


def test_a_negative_interval_is_refused(state):
    with pytest.raises(Refusal) as refused:
        change_engine_interval(state, {"Interval": timedelta(seconds=-1)})
    assert refused.value.exception_type == "System.ArgumentOutOfRangeException"
    assert state.engine.interval == timedelta(minutes=15)
