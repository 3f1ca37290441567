"""`erpsync doctor` on an installation in good order: what it says, in which forms, and what it leaves alone."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from integration.altering_front import AlteringFront
from integration.doctor_runs import PASSWORD, USER, box, examined, module_box, run
from superoffice_erpsync import UsernamePassword
from superoffice_erpsync.cli.app import app
from superoffice_erpsync.client_settings import ClientSettings
from superoffice_erpsync.doctor import STEPS, Level, Setup, examine
from superoffice_erpsync.operations import OPERATIONS, Nature
from superoffice_erpsync.sandbox import Sandbox

__all__ = ["box", "module_box"]


def test_all_is_well_on_services88(box: Sandbox) -> None:
    found = examined("--url", box.services88_url)
    assert found.code == 0
    assert found.only("warning", "failed", "skipped") == {}
    assert [step for step in found.levels if " " not in step] == list(STEPS)
    assert found.findings["versions"]["facts"]["answer"] == ["Services86", "Services87", "Services88", "REST"]
    assert found.findings["connections"]["facts"]["ids"] == [1, 2, 3]
    assert found.levels["connection 3"] == "note"
    assert "8.6.1.0" in found.text("system")
    assert "erp-sync" in found.text("rights")
    assert "0:15:00" in found.text("engine")
    assert found.findings["fields 1"]["facts"]["mapped"] == 17


def test_services86_wants_the_connections_named(box: Sandbox) -> None:
    found = examined("--url", box.url)
    assert found.code == 0
    assert found.only("warning", "failed", "skipped") == {"connections": "skipped"}
    assert "--connection 1 --connection 2" in found.fix("connections")
    assert "Services88, which answers" in found.fix("connections")
    named = examined("--url", box.url, "--connection", "2", "--connection", "1")
    assert (named.code, named.worst) == (0, "ok")
    assert [step for step in named.levels if " " in step] == ["connection 2", "fields 2", "connection 1", "fields 1"]


def test_rest_has_the_same_steps(box: Sandbox) -> None:
    found = examined("--url", box.rest_url, "--transport", "rest")
    assert found.code == 0
    assert found.only("warning", "failed", "skipped") == {}
    assert "--soap-url" in found.fix("system")
    assert found.levels["connection 1"] == "ok"
    more = examined("--url", box.rest_url, "--transport", "rest", "--soap-url", box.url)
    assert (more.code, more.levels["system"], more.levels["rights"]) == (0, "ok", "ok")


def test_without_a_login_it_looks_at_what_needs_none(box: Sandbox) -> None:
    found = examined("--url", box.url, username=None, password=None)
    assert found.code == 0
    assert found.levels["system"] == "ok"
    assert set(found.only("skipped")) == {"login", "rights", "engine", "connections"}
    assert "ERPSYNC_TICKET" in found.fix("login")
    assert box.logins == 0


def test_a_ticket_is_a_login(box: Sandbox) -> None:
    with box.lock:
        issued = box.state.sessions.log_in(USER, PASSWORD)
    assert issued is not None
    found = examined("--url", box.url, username=None, password=None, ticket=issued[1])
    assert (found.levels["login"], found.levels["rights"], found.levels["engine"]) == ("ok", "note", "ok")
    assert issued[1] not in found.shown


def test_it_only_reads_and_logs_in_once(box: Sandbox) -> None:
    before = box.snapshot()
    assert examined("--url", box.services88_url).code == 0
    called = [call.operation for call in box.received]
    assert called.count("AuthenticateUsernamePassword") == 1
    assert {OPERATIONS[name].nature for name in called} == {Nature.READ}
    assert box.snapshot() == before


def test_no_secret_goes_out_before_the_login_and_none_is_shown(box: Sandbox) -> None:
    with AlteringFront(box.url) as front:
        found = examined("--url", f"{front.root}/Remote/Services88")
        assert found.code == 0
    gets = [one for one in front.asked if one.method == "GET"]
    assert len(gets) > 5
    carried = {name.lower() for one in gets for name in one.headers}
    assert carried.isdisjoint({"authorization", "cookie", "so-apptoken"})
    assert {one.body for one in gets} == {b""}
    first_with_password = next(place for place, one in enumerate(front.asked) if PASSWORD.encode() in one.body)
    assert all(one.method == "POST" for one in front.asked[first_with_password:])
    assert "7T:" not in found.shown
    assert "made-up" not in found.shown


def test_lines_say_what_is_found_and_what_to_do(box: Sandbox) -> None:
    with box.lock:
        box.state.engine.running = False
    result = run("--url", box.services88_url)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.split()[1] for line in lines[: len(STEPS)]] == list(STEPS)
    assert lines[0].startswith("✓ settings ")
    assert any(line.startswith("! engine ") for line in lines)
    assert "  engine: if that is not on purpose, start it: erpsync engine start" in lines
    assert lines[-1] == "19 ok, 1 warning, 1 note"


def test_a_stream_that_cannot_show_marks_gets_ascii(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("superoffice_erpsync.cli.doctor_output._can_show", lambda text: text.isascii())
    assert run("--url", box.url).stdout.startswith("+ settings ")


def test_ndjson_and_csv_have_a_finding_a_line(box: Sandbox) -> None:
    lines = run("--url", box.url, "--connection", "1", "--output", "ndjson").stdout.splitlines()
    assert [json.loads(line)["step"] for line in lines] == [*STEPS, "connection 1", "fields 1"]
    rows = list(csv.DictReader(io.StringIO(run("--url", box.url, "--output", "csv").stdout)))
    assert [row["step"] for row in rows] == list(STEPS)
    assert json.loads(rows[0]["facts"])["address"] == box.url


def test_without_an_address_only_the_settings_are_looked_at() -> None:
    found = examined()
    assert (found.code, found.worst) == (2, "failed")
    assert "--url" in found.fix("settings")
    assert set(found.levels.values()) == {"failed", "skipped"}
    assert found.text("login") == "skipped: settings failed"


def test_a_profile_that_is_not_there_is_a_finding() -> None:
    found = examined("--profile", "nobody", "--config", "nowhere.toml")
    assert (found.code, found.levels["settings"]) == (2, "failed")


def test_a_profile_says_where_and_which_connections(box: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "erpsync.toml"
    file.write_text(f"[profiles.box]\nurl = {box.url!r}\nconnections = [2]\n", encoding="utf-8")
    found = examined("--config", str(file), "--profile", "box")
    assert found.code == 0
    assert found.text("settings").startswith(f"{box.url} over SOAP, from profile box ({file}")
    assert found.findings["connections"]["facts"]["ids"] == [2]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--url", "https://user:hush-hush@crm.example.com/Remote/Services86"),
        ("--url", "https://crm.example.com/Remote/Services99"),
        ("--url", "https://crm.example.com/api", "--transport", "rest", "--wsdl", "live"),
        ("--url", "https://crm.example.com/Remote/Services86", "--proxy", "http://user:hush-hush@[/"),
        ("--url", "http://crm.example.com/Remote/Services86"),
    ],
    ids=["a login in the address", "an unknown version", "an option of the other transport", "a proxy", "plain http"],
)
def test_settings_that_cannot_work_are_a_finding(arguments: tuple[str, ...]) -> None:
    found = examined(*arguments)
    assert (found.code, found.levels["settings"]) == (2, "failed")
    assert found.fix("settings")
    assert "hush" not in found.shown


def test_python_gets_findings_one_by_one(box: Sandbox) -> None:
    setup = Setup(
        url=box.url,
        credentials=lambda: UsernamePassword(USER, PASSWORD),
        settings=ClientSettings(timeout=5),
        connections=(1,),
    )
    findings = examine(setup)
    assert next(findings).step == "settings"
    assert box.received == []
    assert {finding.level for finding in findings} <= {Level.OK, Level.NOTE}


def test_it_is_one_of_the_commands(box: Sandbox) -> None:
    result = CliRunner().invoke(
        app, ["--url", box.rest_url, "doctor", "--transport", "rest"], env={"ERPSYNC_PROFILE": ""}
    )
    assert result.exit_code == 0
    assert "login: give --username" in result.stdout
