"""The file in which a state outlives its process."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strategies.sandbox_actions import ACTIONS, HandClock
from superoffice_erpsync.sandbox import Sandbox, SandboxError
from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.state.snapshot import dump
from superoffice_erpsync.sandbox.state_file import StateFile


def opened(path):
    """The state in a file, which is taken and given back."""
    box, file = Installation(clock=HandClock()), StateFile(path)
    try:
        return file.open(box.state.clock, box.state.sessions)
    finally:
        file.close()


@pytest.fixture
def kept(tmp_path):
    """A file with a fresh state."""
    path = tmp_path / f"Kjøpmann's #1 %41{'' if sys.platform == 'win32' else '?'}.db"
    box, file = Installation(clock=HandClock()), StateFile(path)
    assert file.open(box.state.clock, box.state.sessions) is None
    file.keep(box.state)
    file.close()
    return path


def test_a_new_file_holds_what_was_kept_and_nothing_lies_beside_it(kept):
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
    assert dump(opened(kept)) == dump(Installation(clock=HandClock()).state)
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTIONS, max_size=15))
def test_every_change_is_in_the_file(tmp_path, actions):
    path = tmp_path / "box.db"
    path.unlink(missing_ok=True)
    box, file = Installation(clock=HandClock()), StateFile(path)
    file.open(box.state.clock, box.state.sessions)
    box.keep_state = file.keep
    box.keep()
    for action in actions:
        action(box)
        box.keep()
    expected = box.snapshot()
    file.close()
    assert dump(opened(path)) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are of another kind there")
def test_only_its_owner_may_read_it(kept):
    assert kept.stat().st_mode & 0o777 == 0o600


def test_an_empty_file_is_as_good_as_none(tmp_path):
    path = tmp_path / "empty.db"
    path.touch()
    with Sandbox(state_file=path) as sandbox:
        expected = sandbox.snapshot()
    assert dump(opened(path)) == expected


def test_a_second_sandbox_is_told_who_holds_the_file(kept):
    with Sandbox(state_file=kept) as first:
        second = Sandbox(state_file=kept)
        with pytest.raises(SandboxError, match=rf"is in use by process {os.getpid()} on \S+, since 20.* End that"):
            second.start()
        assert not second.running
        first.seed(companies=1)
        with pytest.raises(SandboxError, match="is in use by"):
            second.start()
    with second:
        assert second.state.crm.find("contact", 100_001) is not None


def test_without_a_note_of_its_holder_it_is_in_use_all_the_same(kept):
    with Sandbox(state_file=kept):
        kept.with_name(f"{kept.name}-holder").write_text("[", encoding="utf-8")
        with pytest.raises(SandboxError, match="is in use by another process"):
            Sandbox(state_file=kept).start()


def test_a_note_left_behind_does_not_keep_anybody_out(kept):
    kept.with_name(f"{kept.name}-holder").write_text(json.dumps({"pid": 1, "host": "x", "since": "y"}), "utf-8")
    assert opened(kept) is not None


def foreign_text(path):
    path.write_text("Dear diary,\n" * 200, encoding="utf-8")


def foreign_database(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE rows (section, key, content)")
        connection.commit()


def of_another_version(path):
    opened(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")


def cut_short(path):
    path.write_bytes(path.read_bytes()[:20_000])


def scribbled_on(path):
    whole = bytearray(path.read_bytes())
    whole[8192:16384] = b"\xa5" * 8192
    path.write_bytes(whole)


def without_a_row(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM rows WHERE section = 'crm'")
        connection.commit()


def with_a_broken_value(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE rows SET content = replace(content, '\"Customer\"', '7') WHERE section = 'actor'")
        connection.commit()


def without_its_table(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE rows RENAME TO columns")
        connection.commit()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (foreign_text, "is not the state of a sandbox"),
        (foreign_database, "is not the state of a sandbox"),
        (of_another_version, "has version 2, and this sandbox reads version 1 only"),
        (cut_short, "is broken"),
        (scribbled_on, "is broken"),
        (without_a_row, "is broken"),
        (with_a_broken_value, r"is broken.*erps\[\d\].actors\[0\].actor_type: a text is wanted, not 7"),
        (without_its_table, "is broken"),
    ],
)
def test_a_foreign_or_broken_file_is_told_and_left_as_it_is(kept, spoil, told):
    if spoil is foreign_database:
        kept.unlink()
    spoil(kept)
    before = kept.read_bytes()
    sandbox = Sandbox(state_file=kept)
    with pytest.raises(SandboxError, match=told) as raised:
        sandbox.start()
    assert "left as it is; choose another file" in str(raised.value)
    assert not sandbox.running
    assert kept.read_bytes() == before
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_a_place_that_is_no_place_for_a_file_is_told(tmp_path):
    with pytest.raises(SandboxError, match="there is no such folder"):
        Sandbox(state_file=tmp_path / "no" / "box.db").start()
    with pytest.raises(SandboxError, match="that is a folder"):
        Sandbox(state_file=tmp_path).start()


def test_what_cannot_be_written_is_written_with_the_next_call(kept):
    box, file = Installation(clock=HandClock()), StateFile(kept)
    file.open(box.state.clock, box.state.sessions)
    connection = file._connection
    connection.execute("PRAGMA query_only = ON")
    box.state.crm.change("contact", 11, {"name": "Late"})
    with pytest.raises(SandboxError, match="The state cannot be kept in"):
        file.keep(box.state)
    connection.execute("PRAGMA query_only = OFF")
    file.keep(box.state)
    file.close()
    assert opened(kept).crm.record("contact", 11).values["name"] == "Late"


def test_a_call_whose_change_cannot_be_kept_is_not_acknowledged(kept):
    with Sandbox(state_file=kept) as sandbox:

        def fail(*_):
            raise SandboxError("no room")

        installation = sandbox._installation
        keep, installation.keep_state = installation.keep_state, fail
        with pytest.raises(SandboxError, match="no room"):
            installation.call("ErpSync", "DeleteConnection", {"ErpConnectionId": 3}, ticket_known=True)
        assert installation.call("ErpSync", "GetEngineStatus", {}, ticket_known=True)
        installation.keep_state = keep
    assert opened(kept).connections[3].deleted


def test_what_was_done_by_itself_and_could_not_be_kept_is_tried_again_and_told_meanwhile(kept):
    clock = HandClock()
    box, file = Installation(clock=clock), StateFile(kept)
    file.open(box.state.clock, box.state.sessions)
    box.keep_state = file.keep
    arguments = {"ErpConnectionId": 1, "InternalKeyIds": [503]}
    box.call("ErpSync", "ForceResyncBatchTask", arguments, ticket_known=True)
    connection = file._connection
    connection.execute("PRAGMA query_only = ON")
    clock.now += box.state.batch_delay
    with pytest.raises(SandboxError, match="The state cannot be kept in"):
        box.run_due_work()
    with pytest.raises(SandboxError, match="The state cannot be kept in"):
        box.call("ErpSync", "GetEngineStatus", {}, ticket_known=True)
    connection.execute("PRAGMA query_only = OFF")
    box.run_due_work()
    file.close()
    assert opened(kept).crm.record("contact", 13).values["phone"] == "+47 22 00 99 03"
