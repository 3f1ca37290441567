"""Many calls among many faults: each is accounted for, and nothing is left behind.

`ERPSYNC_SOAK_CALLS=100000 pytest -m soak --log-cli-level=INFO` makes a long run of it and shows its figures.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from soak.account import Account
from soak.calls import CONNECTION, companies_for
from soak.process_facts import resident_kilobytes, sockets
from superoffice_erpsync.sandbox import FaultRule, Sandbox

CALLS = int(os.environ.get("ERPSYNC_SOAK_CALLS", "1500"))
"""Of each run; there is one over SOAP and one over REST."""
SHARE = 0.05
"""Of the calls, struck by faults of all kinds together."""
MOST_GROWTH = 6 * 1024
"""Kilobytes that the client's process may hold more at the end than after its warm-up."""
LOOK_EVERY = 500
"""Calls after which the sandbox's record is read on; it keeps the latest 10,000."""

KINDS = [
    "latency",
    "drop",
    "lost_answer",
    "cut_answer",
    "unavailable",
    "too_many",
    "expired_ticket",
    "quota",
    "server_fault",
    "html",
]
SECONDS = {"latency": 0.005, "unavailable": 0, "too_many": 0}

pytestmark = [pytest.mark.soak, pytest.mark.timeout(120 + CALLS // 10)]


def rules(wire: str) -> list[FaultRule]:
    kinds = [*KINDS, "error_object"] if wire == "rest" else KINDS
    return [
        FaultRule(kind=kind, share=SHARE / len(kinds), seconds=SECONDS.get(kind), seed=seed)
        for seed, kind in enumerate(kinds, 1)
    ]


def run(sandbox: Sandbox, wire: str, first_company: int) -> Account:
    """Both sides of a run of a client in a process of its own."""
    tests = str(Path(__file__).parents[1])
    where = [sandbox.rest_url, sandbox.url] if wire == "rest" else [sandbox.url, ""]
    account = Account(first_company)
    with subprocess.Popen(
        [sys.executable, "-m", "soak.caller", *where, str(CALLS), str(first_company)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([tests, *filter(None, [os.environ.get("PYTHONPATH")])])},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        try:
            for place, line in enumerate(process.stdout):
                account.enter_told(json.loads(line))
                if place % LOOK_EVERY == 0:
                    account.enter_received(sandbox.received.numbered())
        finally:
            process.kill() if sys.exc_info()[0] else process.wait()
    assert process.returncode == 0
    account.enter_received(sandbox.received.numbered())
    return account


def sockets_settled(wanted: int | None) -> int | None:
    """The sockets of this process, when the server has noticed that its callers are gone."""
    patience = time.monotonic() + 5
    while (found := sockets()) != wanted and time.monotonic() < patience:
        time.sleep(0.05)
    return found


@pytest.mark.parametrize("wire", ["soap", "rest"])
def test_every_call_among_faults_is_accounted_for_and_nothing_is_left_behind(wire: str) -> None:
    with Sandbox() as sandbox:
        first_company = sandbox.seed(companies_for(CALLS), connection_id=CONNECTION).first_contact_id
        assert first_company is not None
        sandbox.faults.add(*rules(wire))
        before, held = sockets(), resident_kilobytes()
        began = time.monotonic()
        account = run(sandbox, wire, first_company)
        seconds = time.monotonic() - began
        left = sockets_settled(before)
        figures = account.summary() | {"seconds": round(seconds, 1), "changes in the sandbox": len(sandbox.state.log)}
        figures |= {"sandbox's kilobytes": [held, resident_kilobytes()]}
        logging.getLogger(__name__).info("%s, %d calls: %s", wire, CALLS, json.dumps(figures, indent=1))
        assert account.settle(CALLS) == []
        assert account.logins == sandbox.logins
        assert set(account.faults) == {rule.kind for rule in rules(wire)}
    standing = account.standing
    assert standing["closed"]["threads"] == 1
    if before is None:
        pytest.skip("all calls are accounted for, but only /proc tells of a process's memory and sockets")
    assert standing["closed"]["sockets"] == 0
    assert left == before
    assert standing["end"]["kilobytes"] - standing["warm"]["kilobytes"] < MOST_GROWTH
