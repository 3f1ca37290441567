"""The README's operator for Airflow, run without Airflow: with the little of it that the operator uses."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.sandbox.faults import FaultRule
from unit.batch.companies import Companies

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(?:py|python)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


class AirflowException(Exception):
    """Airflow tries again."""


class AirflowFailException(AirflowException):
    """Airflow does not."""


class BaseHook:
    connections: dict[str, Any]

    def get_connection(self, conn_id: str) -> Any:
        return self.connections[conn_id]


class BaseOperator:
    def __init__(self, task_id: str) -> None:
        self.task_id = task_id


@pytest.fixture
def operator(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The class in the README, with connections to a sandbox: one with the right password, one with a wrong one."""
    modules = {name: ModuleType(name) for name in ("airflow", "airflow.sdk", "airflow.sdk.exceptions")}
    vars(modules["airflow.sdk"]).update(BaseHook=BaseHook, BaseOperator=BaseOperator)
    vars(modules["airflow.sdk.exceptions"]).update(
        AirflowException=AirflowException, AirflowFailException=AirflowFailException
    )
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    who = {"host": sandbox.url, "login": "tje0"}
    monkeypatch.setattr(
        BaseHook,
        "connections",
        {
            "superoffice": SimpleNamespace(**who, password="Tje0"),
            "wrong": SimpleNamespace(**who, password="no"),
        },
        raising=False,
    )
    example: dict[str, Any] = {}
    for block in BLOCKS:
        if "def fate(" in block or "class ErpSyncHook" in block:
            exec(compile(block, str(README), "exec"), example)
    return example["ResyncOperator"]


@pytest.fixture
def task(operator: Any, sandbox: Sandbox, tmp_path: Path) -> Any:
    def make(keys: list[str], **more: Any) -> Any:
        file = tmp_path / "keys.txt"
        file.write_text("\n".join(keys), encoding="utf-8")
        journal = str(tmp_path / "dag" / "run.journal")
        asked = {"keys": str(file), "journal": journal, "connection_id": 1, "actor_type": "Customer"}
        return operator(task_id="resync", **{**asked, **more})

    return make


def test_all_examples_are_python() -> None:
    for block in BLOCKS:
        compile(block, "README.md", "exec")


def test_a_try_that_was_cut_short_is_repeated_and_the_next_goes_on_with_it(task, sandbox):
    companies = Companies(sandbox, 1_000)
    sandbox.faults.add(FaultRule(kind="lost_answer", operation="ForceResyncExternal", skip=1))
    with pytest.raises(AirflowException, match="'done': 500") as caught:
        task(companies.keys).execute({})
    assert caught.type is AirflowException
    sandbox.faults.clear()
    assert task(companies.keys).execute({}) == {"done": 1_000}
    assert companies.resynced == companies.keys


def test_a_refused_login_is_not_repeated(task, sandbox):
    with pytest.raises(AirflowFailException, match="was refused"):
        task(Companies(sandbox, 10).keys, conn_id="wrong").execute({})


def test_keys_that_the_server_refuses_are_not_repeated(task, sandbox):
    keys, bad = Companies(sandbox, 100).keys_with_bad_ones(50)
    with pytest.raises(AirflowFailException, match=f"'done': 98, 'failed': {len(bad)}"):
        task(keys).execute({})


def test_no_keys_are_not_repeated(task):
    with pytest.raises(AirflowFailException, match="no keys"):
        task([]).execute({})
