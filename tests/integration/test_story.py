"""The operator's first day runs over every wire, and leaves equal installations."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from typer.testing import CliRunner

from superoffice_erpsync import CrmActorType, ErpSyncClient, UsernamePassword
from superoffice_erpsync.cli.app import app
from superoffice_erpsync.cli.story import Step, story
from superoffice_erpsync.sandbox import Sandbox

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WHO = UsernamePassword("tje0", "Tje0")
WITHOUT_BLANKS = 7
"""Place of the step that Services86 cannot take."""


def told(wire: str) -> tuple[list[Step], Any]:
    """The story over a wire, and the installation that it leaves."""
    with Sandbox(clock=lambda: NOW) as box:
        make = {
            "services86": lambda: ErpSyncClient.soap(box.url, WHO),
            "services88": lambda: ErpSyncClient.soap(box.services88_url, WHO),
            "rest": lambda: ErpSyncClient.rest(box.rest_url, WHO),
        }[wire]
        with make() as client:
            steps = list(story(client, box))
        with ErpSyncClient.rest(box.rest_url, WHO) as reader:
            connections = reader.get_all_connections(include_deleted=True) or []
            for connection in connections:
                assert connection is not None
                # A GUID, another one at each save, and a counter of what was read.
                connection.connection_id = connection.most_recent_timestamp = None
            contacts = [
                reader.get_field_values_from_crm(record_id=record, actor_type_crm=CrmActorType.CONTACT)
                for record in range(11, 21)
            ]
            return steps, (connections, contacts, reader.get_all_connectors())


@pytest.fixture(scope="module")
def days() -> dict[str, tuple[list[Step], Any]]:
    return {wire: told(wire) for wire in ("services86", "services88", "rest")}


def test_the_end_states_are_equal(days: dict[str, tuple[list[Step], Any]]) -> None:
    (_, oldest), (_, newer), (_, rest) = days.values()
    assert oldest == newer == rest


def test_the_steps_come_out_alike(days: dict[str, tuple[list[Step], Any]]) -> None:
    (oldest, _), (newer, _), (rest, _) = days.values()
    assert newer == rest
    assert [step.title for step in oldest] == [step.title for step in newer]
    unlike = [place for place, (one, other) in enumerate(zip(oldest, newer, strict=True)) if one != other]
    assert unlike == [WITHOUT_BLANKS]


def test_the_story_says_what_happened(days: dict[str, tuple[list[Step], Any]]) -> None:
    steps, _ = days["rest"]
    lines = [line for step in steps for line in step.lines]
    assert any(line.startswith("refused: ") and "NAME" in line for line in lines)
    assert "active: True" in lines
    assert lines.count("contact 18 and customer M-0107: linked") == 1
    assert "city in the CRM: Svolvær" in lines
    assert "phone in the CRM after: '+47 22 00 01 08'" in steps[WITHOUT_BLANKS].lines
    assert "phone in the CRM after: ''" in steps[-1].lines


def test_the_command_tells_it() -> None:
    done = CliRunner().invoke(app, ["demo", "--story", "--wire", "services86"])
    assert done.exit_code == 0, done.output
    assert "9. Plain resync: blank values overwrite" in done.stdout
    assert "not available here" in done.stdout
