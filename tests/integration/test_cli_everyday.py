"""The everyday commands against an installation in a box: connections, connectors, links and the engine."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from integration.command_here import answer, erpsync, operations, point_at, rows
from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.sandbox.faults import FaultRule

TOGGLE = "ToggleErpConnectionActive"
LINK = ("--connection", "1", "--contact", "11")
SECRETS = ("made-up-1", "made-up-2", "made-up-3")


@pytest.fixture(autouse=True)
def environment(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Address and login for the command."""
    point_at(sandbox, monkeypatch, tmp_path)


# -- connections -------------------------------------------------------------------------------------------------------


def test_connections_are_listed_where_the_services_can(sandbox: Sandbox) -> None:
    newer = ("--url", sandbox.services88_url, "connections", "list")
    assert [one["ErpConnectionId"] for one in answer(*newer)] == [1, 2, 3]
    assert [one["Active"] for one in rows(*newer)] == ["true", "true", "false"]
    lines = erpsync(*newer, "--output", "ndjson").stdout.splitlines()
    assert [json.loads(line)["DisplayName"] for line in lines][2] == "Harbour Trading"
    assert "Harbour Trading" in erpsync(*newer).stdout


def test_rest_lists_the_same_connections(sandbox: Sandbox) -> None:
    soap = answer("connections", "list", "--url", sandbox.services88_url)
    assert answer("connections", "list", "--url", sandbox.rest_url, "--transport", "rest") == soap


def test_deleted_connections_are_listed_on_request(sandbox: Sandbox) -> None:
    with sandbox.lock:
        sandbox.state.connections[3].deleted = True
    newer = ("--url", sandbox.services88_url, "connections", "list")
    assert len(answer(*newer)) == 2
    assert [one["Deleted"] for one in rows(*newer, "--deleted")] == ["false", "false", "true"]


def test_older_services_list_the_connections_that_are_named(sandbox: Sandbox) -> None:
    found = rows("connections", "list", "--connection", "3", "--connection", "1", "--connection", "3")
    assert [one["ErpConnectionId"] for one in found] == ["3", "1"]
    assert operations(sandbox) == ["GetConnection", "GetConnection"]


def test_a_named_connection_that_is_not_there_is_told(sandbox: Sandbox) -> None:
    result = erpsync("connections", "list", "--connection", "1", "--connection", "9")
    assert result.exit_code == 1
    assert "Nordic Ledger Norway" in result.stdout
    assert "there is no connection 9" in result.stderr


def test_older_services_list_the_connections_of_the_profile(sandbox: Sandbox) -> None:
    Path("erpsync.toml").write_text(
        f'default_profile = "a"\n[profiles.a]\nurl = "{sandbox.url}"\nconnections = [2, 1]\n', encoding="utf-8"
    )
    result = erpsync("connections", "list", "--output", "csv")
    assert [line.partition(",")[0] for line in result.stdout.splitlines()] == ["ErpConnectionId", "2", "1"]
    assert "cannot list connections" in result.stderr
    assert 'connections,"[2, 1]"' in erpsync("config", "--output", "csv").stdout


def test_older_services_say_how_to_name_connections(sandbox: Sandbox) -> None:
    result = erpsync("connections", "list")
    assert result.exit_code == 2
    for text in ("lacks the operation", "nothing was sent", "--connection 1", "connections = [1, 2]"):
        assert text in result.stderr
    assert operations(sandbox) == []


@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv"])
def test_the_configuration_is_masked_unless_it_is_asked_for(sandbox: Sandbox, form: str) -> None:
    one = erpsync("connections", "show", "1", "--output", form)
    several = erpsync("connections", "list", "--url", sandbox.services88_url, "--output", form)
    assert one.exit_code == several.exit_code == 0
    for secret in SECRETS:
        assert secret not in one.output + several.output
    assert "Company" in one.stdout
    assert "--show-secrets" in one.stderr
    open_ = erpsync("connections", "show", "1", "--output", form, "--show-secrets")
    assert "made-up-1" in open_.stdout
    assert "masked" not in open_.stderr


def test_what_was_masked_is_not_saved(sandbox: Sandbox) -> None:
    assert erpsync("connections", "deactivate", "1").exit_code == 0
    shown = {"Connection": answer("connections", "show", "1")}
    masked = erpsync("call", "SaveConnection", "-", stdin=json.dumps(shown))
    assert masked.exit_code == 2
    assert "--show-secrets" in masked.stderr
    whole = {"Connection": answer("connections", "show", "1", "--show-secrets")}
    assert erpsync("call", "SaveConnection", "-", stdin=json.dumps(whole)).exit_code == 0
    assert sandbox.state.connections[1].config_fields["Password"] == "made-up-1"


def test_a_connection_that_is_not_there_is_2(sandbox: Sandbox) -> None:
    for command in ("show", "activate", "deactivate"):
        result = erpsync("connections", command, "9")
        assert result.exit_code == 2
        assert "there is no connection 9" in result.stderr
    assert TOGGLE not in operations(sandbox)


def test_a_connection_is_tested(sandbox: Sandbox) -> None:
    assert answer("connections", "test", "1") == {"ErpConnectionId": 1, "Reached": True}
    assert answer("connections", "test", "9", code=1) == {"ErpConnectionId": 9, "Reached": False}
    assert rows("connections", "test", "1") == [{"ErpConnectionId": "1", "Reached": "true"}]


# -- switching ---------------------------------------------------------------------------------------------------------


def test_a_connection_is_switched_off_and_on(sandbox: Sandbox) -> None:
    off = answer("connections", "deactivate", "1")
    assert off == {"ErpConnectionId": 1, "Active": False, "Changed": True, "Reasons": []}
    assert sandbox.state.connections[1].active is False
    assert answer("connections", "activate", "1")["Active"] is True
    assert sandbox.state.connections[1].active is True


def test_what_is_as_wanted_already_is_left_alone(sandbox: Sandbox) -> None:
    result = erpsync("connections", "activate", "1")
    assert result.exit_code == 0
    assert "active already" in result.stderr
    assert operations(sandbox) == ["GetConnection"]


def test_a_refusal_is_1_with_the_servers_reasons(sandbox: Sandbox) -> None:
    result = erpsync("connections", "activate", "3")
    assert result.exit_code == 1
    assert result.stdout.count("is mandatory and has no sync direction.") == 2
    assert "stays inactive" in result.stderr
    assert len(answer("connections", "activate", "3", code=1)["Reasons"]) == 2
    assert sandbox.state.connections[3].active is False


@pytest.mark.parametrize("kind", ["lost_answer", "cut_answer"])
def test_a_lost_answer_is_7_and_nothing_is_sent_again(sandbox: Sandbox, kind: Any) -> None:
    sandbox.faults.add(FaultRule(kind=kind, operation=TOGGLE, count=1))
    result = erpsync("connections", "deactivate", "1")
    assert result.exit_code == 7
    assert "the server may have acted" in result.stderr
    assert "look before doing it again: erpsync connections show 1" in result.stderr
    assert operations(sandbox).count(TOGGLE) == 1


def test_what_cannot_be_read_again_is_7_too(sandbox: Sandbox) -> None:
    sandbox.faults.add(FaultRule(kind="unavailable", operation="GetConnection", skip=1, seconds=0))
    result = erpsync("connections", "deactivate", "1", "--no-retry")
    assert result.exit_code == 7
    assert "ToggleErpConnectionActive: the server took it" in result.stderr
    assert operations(sandbox).count(TOGGLE) == 1
    assert sandbox.state.connections[1].active is False


def test_somebody_else_at_the_same_time_is_noticed(sandbox: Sandbox) -> None:
    sandbox.faults.add(FaultRule(kind="latency", operation="GetConnection", skip=1, seconds=0.5))

    def turn_back() -> None:
        while sandbox.state.connections[1].active:
            time.sleep(0.005)
        with sandbox.lock:
            sandbox.state.connections[1].active = True

    other = threading.Thread(target=turn_back)
    other.start()
    result = erpsync("connections", "deactivate", "1", "--output", "json")
    other.join(20)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["Active"] is True
    assert "at the same time" in result.stderr
    assert operations(sandbox).count(TOGGLE) == 1


# -- connectors --------------------------------------------------------------------------------------------------------


def test_connectors_are_listed_where_the_services_can(sandbox: Sandbox) -> None:
    found = rows("connectors", "list", "--url", sandbox.services88_url)
    assert [(one["Id"], one["Name"]) for one in found] == [("1", "Nordic Ledger"), ("2", "Harbour ERP")]
    older = erpsync("connectors", "list")
    assert older.exit_code == 2
    assert "connectors show ID" in older.stderr


def test_a_connector_is_shown(sandbox: Sandbox) -> None:
    shown = answer("connectors", "show", "1")
    assert shown["DisplayName"] == "Nordic Ledger"
    assert shown["URL"] in erpsync("connectors", "show", "1").stdout
    missing = erpsync("connectors", "show", "9")
    assert missing.exit_code == 2
    assert "there is no connector 9" in missing.stderr


def test_the_fields_of_a_connector_are_listed() -> None:
    found = rows("connectors", "fields", "1")
    assert {"Company", "User", "Password"} <= {one["FieldKey"] for one in found}
    assert {one["FieldType"] for one in found if one["FieldKey"] == "Password"} == {"Password"}
    assert "Password" in erpsync("connectors", "fields", "1").stdout


def test_an_address_of_a_connector_is_tested(sandbox: Sandbox) -> None:
    url = answer("connectors", "show", "1")["URL"]
    assert answer("connectors", "test", url) == {"Url": url, "ResponseCode": "NoError"}
    nowhere = erpsync("connectors", "test", "https://nowhere.example/ErpConnector.svc")
    assert nowhere.exit_code == 1
    assert "ErrorNotFound" in nowhere.output


# -- links -------------------------------------------------------------------------------------------------------------


def test_a_link_is_broken_and_made_again(sandbox: Sandbox) -> None:
    linked = {one["ErpConnectionId"]: one["Connected"] for one in rows("links", "list", "--contact", "11")}
    assert linked["1"] == "true"
    assert answer("links", "break", *LINK, "--yes")["Broken"] is True
    assert answer("links", "break", *LINK, "--yes", code=1)["Broken"] is False
    make = ("links", "create", *LINK, "--actor-type", "customer", "--erp-key", "C1001")
    made = answer(*make)
    assert (made["Created"], made["CrmActorType"], made["ErpActorType"]) == (True, "Contact", "Customer")
    again = erpsync(*make)
    assert again.exit_code == 1
    assert "linked already" in again.stderr
    assert sandbox.state.links.external(1, "Customer", "C1001") is not None


def test_breaking_a_link_is_not_done_without_a_yes(sandbox: Sandbox) -> None:
    result = erpsync("links", "break", *LINK)
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert operations(sandbox) == []


def test_an_entity_is_named_in_one_way() -> None:
    for arguments in (
        ("--contact", "11", "--crm-id", "11"),
        ("--crm-id", "11"),
        ("--crm-type", "Person"),
        ("--crm-type", "Unknown", "--crm-id", "1"),
        (),
    ):
        result = erpsync("links", "list", *arguments)
        assert result.exit_code == 2, arguments
        assert "hint: " in result.stderr


def test_the_crm_type_is_taken_in_any_case() -> None:
    by_type = answer("links", "list", "--crm-type", "contact", "--crm-id", "11")
    assert by_type == answer("links", "list", "--contact", "11")


# -- the engine --------------------------------------------------------------------------------------------------------


def test_the_engine_is_stopped_and_started(sandbox: Sandbox) -> None:
    assert answer("engine", "status")["IsRunning"] is True
    stopped = erpsync("engine", "stop")
    assert stopped.exit_code == 0
    assert "the engine stops when it looks" in stopped.stderr
    assert answer("engine", "status")["IsRunning"] is False
    assert erpsync("engine", "start").exit_code == 0
    assert rows("engine", "status")[0]["IsRunning"] == "true"


def test_the_interval_is_shown_and_set(sandbox: Sandbox) -> None:
    assert answer("engine", "interval")["Interval"] == "00:15:00"
    assert answer("engine", "interval", "1.02:30:00")["Interval"] == "1.02:30:00"
    assert sandbox.state.engine.interval == timedelta(days=1, hours=2, minutes=30)
    for wrong in ("5", "00:99:00", "00:00:00"):
        result = erpsync("engine", "interval", wrong)
        assert result.exit_code == 2, wrong
        assert "hint: " in result.stderr
    assert sandbox.state.engine.interval == timedelta(days=1, hours=2, minutes=30)


def test_an_interval_that_cannot_be_read_again_is_7(sandbox: Sandbox) -> None:
    sandbox.faults.add(FaultRule(kind="unavailable", operation="GetEngineStatus", seconds=0))
    result = erpsync("engine", "interval", "00:20:00", "--no-retry")
    assert result.exit_code == 7
    assert "ChangeEngineInterval: the server took it" in result.stderr


# -- all of them -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["before the group", "after the command"])
def test_options_stand_before_the_group_or_after_the_command(sandbox: Sandbox, place: str) -> None:
    options, command = ("--output", "json", "--url", sandbox.services88_url), ("connections", "list")
    result = erpsync(*options, *command) if place == "before the group" else erpsync(*command, *options)
    assert len(json.loads(result.stdout)) == 3
