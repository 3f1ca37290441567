"""The state in rows, and what has to be written after each change."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies.sandbox_actions import ACTIONS, HandClock, named
from superoffice_erpsync.sandbox import SnapshotError
from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.state.rows import Rows, snapshot_of

RESET = named("reset", lambda box: box.reset())


def written(rows, difference):
    """A table after the writing; what is deleted must be there."""
    for section, key in difference.gone:
        del rows[section, key]
    for section, key, content in difference.put:
        rows[section, key] = content
    return rows


def snapshot(rows):
    return snapshot_of((section, key, content) for (section, key), content in rows.items())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.one_of(ACTIONS, st.just(RESET)), max_size=25))
def test_the_rows_follow_the_state(actions):
    box = Installation(clock=HandClock())
    follower = Rows()
    rows = written({}, follower.difference(box.state))
    assert snapshot(rows) == box.snapshot()
    for action in actions:
        action(box)
        written(rows, follower.difference(box.state))
        assert snapshot(rows) == box.snapshot()
    assert not follower.difference(box.state, thoroughly=True)


def test_little_is_written_for_a_little_change():
    box = Installation(clock=HandClock())
    box.seed(companies=100)
    follower = Rows()
    follower.difference(box.state)
    assert not follower.difference(box.state)
    box.state.crm.change("contact", 100_050, {"name": "New"})
    difference = follower.difference(box.state)
    assert [(section, key) for section, key, _ in difference.put] == [
        ("crm", "[]"),
        ("record", '["contact",100050]'),
    ]
    assert difference.gone == []


def test_a_value_changed_behind_the_back_is_found_thoroughly():
    box = Installation(clock=HandClock())
    follower = Rows()
    follower.difference(box.state)
    box.state.crm.record("contact", 11).values["name"] = "Poked"
    del box.state.log[:]
    assert not follower.difference(box.state)
    (row,) = follower.difference(box.state, thoroughly=True).put
    assert "Poked" in row[2]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rows: rows.pop(("crm", "[]")),
        lambda rows: rows.update({("crm", "[]"): "[]"}),
        lambda rows: rows.update({("crm", "[]"): "{"}),
        lambda rows: rows.update({("actor", '["x"]'): "{}"}),
        lambda rows: rows.update({("actor", "[99]"): "{}"}),
        lambda rows: rows.update({("log", "["): "{}"}),
        lambda rows: rows.update({("other", "[]"): "{}"}),
    ],
)
def test_broken_rows_are_told(spoil):
    rows = written({}, Rows().difference(Installation().state))
    spoil(rows)
    with pytest.raises(SnapshotError, match="The rows of the state are broken"):
        snapshot(rows)
