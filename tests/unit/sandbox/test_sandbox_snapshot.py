"""The state as plain JSON values, and back."""

from __future__ import annotations

import copy
import json
from dataclasses import fields
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies.sandbox_actions import ACTIONS, HandClock, operation
from superoffice_erpsync.sandbox import SnapshotError
from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.state import State
from superoffice_erpsync.sandbox.state.plain import BrokenValue, read_duration, to_plain
from superoffice_erpsync.sandbox.state.snapshot import dump, load

OF_THE_PROCESS = {"clock", "sessions"}
"""Fields of the state that no installation has of its own."""


def box(clock=None):
    return Installation(clock=clock or HandClock())


def without_guids(value):
    """New connections get a GUID by chance."""
    if isinstance(value, dict):
        return {key: without_guids(item) for key, item in value.items() if key not in ("guid", "ConnectionId")}
    return [without_guids(item) for item in value] if isinstance(value, list) else value


@settings(max_examples=50, deadline=None)
@given(before=st.lists(ACTIONS, max_size=20), after=st.lists(ACTIONS, max_size=8))
def test_a_loaded_state_is_and_does_the_same(before, after):
    clock = HandClock()
    first = box(clock)
    for action in before:
        action(first)
    text = json.dumps(dump(first.state))
    second = box(HandClock())
    second.state.clock.now = clock.now
    second.state.become(load(json.loads(text), clock, second.state.sessions))
    assert json.dumps(dump(second.state)) == text
    for action in after:
        assert without_guids(action(first)) == without_guids(action(second))
        assert without_guids(dump(first.state)) == without_guids(dump(second.state))


def test_everything_in_the_state_is_in_the_snapshot():
    stored = set(dump(box().state)) - {"format", "version", "erps"}
    assert stored == {field.name for field in fields(State)} - OF_THE_PROCESS


def test_connections_and_sites_go_on_sharing_their_erps():
    first = box()
    loaded = load(first.snapshot(), first.state.clock, first.state.sessions)
    assert loaded.connections[1].erp is loaded.sites[0].clients[0].erp
    assert loaded.connections[2].erp is loaded.sites[0].clients[1].erp
    loaded.connections[1].erp.change("Customer", "C1001", {"NAME": "x"})
    assert first.state.connections[1].erp.actor("Customer", "C1001").values["NAME"] == "Fjordview Timber"


def test_nothing_of_the_sessions_is_in_it():
    first = box()
    _, ticket = first.state.sessions.log_in("tje0", "Tje0")
    text = json.dumps(first.snapshot())
    assert ticket not in text
    assert "Tje0" not in text
    assert "8A:" not in text


def test_restoring_keeps_tickets_and_the_state_object():
    first = box()
    state, snapshot = first.state, first.snapshot()
    _, ticket = state.sessions.log_in("tje0", "Tje0")
    operation("ForceSyncAll")(first)
    assert first.snapshot() != snapshot
    first.restore(snapshot)
    assert first.snapshot() == snapshot
    assert first.state is state
    assert first.use_ticket(ticket)


def test_the_engine_does_not_make_up_for_the_time_a_snapshot_lay_about():
    first = box()
    snapshot = first.snapshot()
    first.state.clock.advance(timedelta(days=7))
    first.restore(snapshot)
    first.run_due_work()
    assert first.state.log == []
    first.state.clock.advance(timedelta(minutes=15))
    first.run_due_work()
    assert {change.cause for change in first.state.log} == {"engine"}


@pytest.mark.parametrize("value", [None, [], "x", {}, {"format": "other", "version": 1}])
def test_what_is_no_snapshot_is_told(value):
    with pytest.raises(SnapshotError, match="This is no snapshot of a sandbox"):
        box().restore(value)


@pytest.mark.parametrize("version", [0, 2, None, "1", True])
def test_another_version_is_told(version):
    with pytest.raises(SnapshotError, match="reads version 1 only"):
        box().restore({**box().snapshot(), "version": version})


def change(path, value):
    def do(snapshot):
        *way, last = path
        for step in way:
            snapshot = snapshot[step]
        if value is ...:
            del snapshot[last]
        else:
            snapshot[last] = value

    return do


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (["engine"], ..., "the whole: 'engine' is missing"),
        (["more"], 1, "the whole: 'more' is unknown here"),
        (["engine", "running"], 1, "engine.running: true or false is wanted, not 1"),
        (["engine", "interval"], 900, "engine.interval: a text is wanted"),
        (["engine", "interval"], "soon", "engine.interval: a number of seconds"),
        (["engine", "interval"], "99999999999999", "engine.interval: a number of seconds"),
        (["engine", "last_sync"], "2026-03-01T08:00:00", "engine.last_sync: a time with its zone"),
        (["connectors"], {}, "connectors: a list is wanted, not a dict"),
        (["connectors", 1, "connector_id"], 1, "connectors: an id is there twice"),
        (["connectors", 0, "url"], None, r"connectors\[0\].url: a text is wanted, not None"),
        (["connections", 2, "erp"], 9, r"connections\[2\].erp: the place of one of the 4 ERPs"),
        (["connections", 0, "priority"], 2**31, r"connections\[0\].priority: a whole number of 32 bits"),
        (["connections", 0, "mappings", "Customer", "actor_type"], "Person", r"connections\[0\].mappings.Customer.act"),
        (["connections", 0, "mappings", "Customer", "crm_actor_type"], "X", r"connections\[0\].map.*: 'X' is unknown"),
        (
            ["connections", 0, "mappings", "Customer", "fields", 2, "field_type"],
            "Txt",
            r"connections\[0\].mappings.Customer.fields\[2\].field_type: 'Txt' is unknown",
        ),
        (["sites", 0, "clients", 1, "erp"], "1", r"sites\[0\].clients\[1\].erp"),
        (["sites", 0, "actors", "Customer", "fields", 0, "access"], "", r"sites\[0\].actors.Customer.fields\[0\].acc"),
        (["erps", 0, "actors", 1, "key"], "C1001", r"erps\[0\].actors\[1\]: Customer 'C1001' is there twice"),
        (["erps", 0, "actors", 0, "values", "NAME"], 5, r"erps\[0\].actors\[0\].values.NAME: a text is wanted"),
        (["crm", "lists", "category", "x"], "y", "crm.lists.category.x: a whole number is wanted"),
        (["crm", "records", 1, "record_id"], 11, r"crm.records\[1\]: contact 11 is there twice"),
        (["links", "external", 0, "internal_key_id"], 9, "links: external key 1 is for internal key 9"),
        (["links", "external", 1, "external_key_id"], 1, "links: external key 1 or its actor is there twice"),
        (["links", "internal", 1, "record_id"], 11, "links: internal key 502 or its record is there twice"),
        (["links", "last_external_id"], 1, "links: external key 2 is beyond the last id"),
        (["log"], None, "log: a list is wanted, not None"),
        (["queue"], [{"due_at": "2026-03-01T08:00:00+00:00"}], r"queue\[0\]: 'connection_id' is missing"),
        (["archive_columns"], [{"owner": "a", "connection_id": 1, "columns": [1]}], r"archive_columns\[0\].columns\[0"),
    ],
)
def test_broken_data_is_told_with_its_place_and_changes_nothing(path, value, told):
    first = box()
    before = first.snapshot()
    broken = copy.deepcopy(before)
    change(path, value)(broken)
    with pytest.raises(SnapshotError, match=f"broken at {told}"):
        first.restore(broken)
    assert first.snapshot() == before


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_is_put_into_a_snapshot_is_read_or_told(data):
    first = box()
    broken = first.snapshot()
    at = broken
    while isinstance(at, dict | list) and at:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(at[key], dict | list) or not at[key] or data.draw(st.integers(0, 3)) == 0:
            at[key] = data.draw(st.sampled_from([None, True, -1, 0, 1.5, 2**40, "", "x", [], {}, [None], {"": 1}]))
            break
        at = at[key]
    try:
        first.restore(broken)
    except SnapshotError:
        return
    assert json.loads(json.dumps(first.snapshot())) == first.snapshot()


@given(st.timedeltas())
def test_durations_are_exact(length):
    assert read_duration(to_plain(length)) == length


def test_what_has_no_plain_form_is_told():
    with pytest.raises(TypeError, match="set has no plain form"):
        to_plain({1})
    with pytest.raises(BrokenValue, match="the whole: a text is wanted"):
        read_duration(1)
