"""Faults on demand from outside the process: over the control API, and on the command line."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator

import pytest
import requests

from integration.command_apart import COMMAND, environment
from integration.command_here import erpsync
from superoffice_erpsync.sandbox import FaultRule


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Content-Type"] = "application/json"
        yield session


def test_rules_are_added_listed_and_cleared(sandbox, session, rest):
    faults = f"{sandbox.control_url}/faults"
    assert session.get(faults, timeout=10).json() == {"faults": []}
    one = session.post(
        faults, json={"kind": "unavailable", "operation": "SyncAll", "count": 1, "seconds": 3}, timeout=10
    )
    assert one.status_code == 200
    more = session.post(faults, json=[{"kind": "drop", "wire": "soap"}, {"kind": "latency", "seconds": 0}], timeout=10)
    assert [rule["kind"] for rule in more.json()["faults"]] == ["unavailable", "drop", "latency"]
    assert rest.call("SyncAll").headers["Retry-After"] == "3"
    told = session.get(faults, timeout=10).json()["faults"]
    assert told[0] == {
        "kind": "unavailable", "operation": "SyncAll", "service": None, "wire": None, "count": 1, "share": 1.0,
        "skip": 0, "seconds": 3, "seed": 0, "matched": 1, "struck": 1,
    }  # fmt: skip
    assert [rule["struck"] for rule in told] == [1, 0, 1]
    assert sandbox.faults.rules[1].rule == FaultRule(kind="drop", wire="soap")
    assert session.delete(faults, timeout=10).status_code == 204
    assert sandbox.faults.rules == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({}, "a rule needs a kind."),
        ([], ""),
        ({"kind": "dropp"}, "there is no fault 'dropp'; perhaps drop is meant."),
        ([{"kind": "drop"}, {"kind": "drop", "count": -1}], "[1]: count must be a whole number from 1 on, not -1."),
        ("drop", "a rule is an object"),
        ([["drop"]], "[0]: a rule is an object"),
    ],
)
def test_what_is_no_rule_is_refused_and_changes_nothing(sandbox, session, content, why):
    answer = session.post(f"{sandbox.control_url}/faults", json=content, timeout=10)
    assert answer.status_code == (400 if why else 200)
    assert why in answer.text.replace('\\"', '"')
    assert sandbox.faults.rules == []


def test_a_foreign_page_cannot_add_any(sandbox, session):
    answer = session.post(
        f"{sandbox.control_url}/faults", json={"kind": "drop"}, headers={"Origin": "http://elsewhere"}, timeout=10
    )
    assert answer.status_code == 403
    assert sandbox.faults.rules == []


def test_the_control_api_itself_is_never_struck(sandbox, session):
    sandbox.faults.add(FaultRule(kind="drop"))
    assert session.get(f"{sandbox.control_url}/faults", timeout=10).ok
    assert session.delete(f"{sandbox.control_url}/faults", timeout=10).ok


def test_faults_of_the_command(session):
    options = ["--port", "0", "--fault", "unavailable=9:SyncAll:1", "--fault", "html:ForceSyncAll:100%", "--gzip"]
    with subprocess.Popen(
        [*COMMAND, "sandbox", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=environment(),
    ) as process:
        stop = threading.Timer(30, process.kill)
        stop.start()
        try:
            root = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())[0]
            agent = f"{root}/api/v1/Agents/ErpSync"
            basic = {"Authorization": "Basic dGplMDpUamUw"}
            waiting = session.post(f"{agent}/SyncAll", headers=basic, timeout=10)
            assert (waiting.status_code, waiting.headers["Retry-After"]) == (503, "9")
            assert session.post(f"{agent}/SyncAll", headers=basic, timeout=10).json()["IsOk"] is not None
            for _ in range(2):
                assert "<title>" in session.post(f"{agent}/ForceSyncAll", headers=basic, timeout=10).text
            mapping = session.post(f"{agent}/GetConnection", json={"ErpConnectionId": 1}, headers=basic, timeout=10)
            assert mapping.headers["Content-Encoding"] == "gzip"
        finally:
            process.kill()
            stop.cancel()


def test_a_word_that_is_no_fault_ends_the_command_with_2():
    done = erpsync("sandbox", "--port", "0", "--fault", "lost_answers:ForceResync:1")
    assert done.exit_code == 2
    assert "--fault: there is no fault 'lost_answers'; perhaps lost_answer is meant" in done.stderr
