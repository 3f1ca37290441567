"""The fixtures as a user's tests get them: pytest in a process of its own, with nothing but the plugin."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

USERS_TESTS = """
from datetime import timedelta

import pytest

from superoffice_erpsync import ErpActorType, OperationNotAvailable


def test_resync(erpsync_sandbox, erpsync_client):
    answer = erpsync_client.force_resync_external(
        erp_connection_id=1, erp_actor_type=ErpActorType.CUSTOMER, external_keys=["C1001"]
    )
    answer.raise_if_failed()
    (call,) = [one for one in erpsync_sandbox.received if one.operation == "ForceResyncExternal"]
    assert call.arguments["ExternalKeys"] == ["C1001"]


def test_state_is_fresh(erpsync_sandbox):
    assert list(erpsync_sandbox.received) == []


@pytest.mark.erpsync(transport="rest")
def test_rest(erpsync_client):
    assert erpsync_client.get_all_connections(include_deleted=False)


@pytest.mark.erpsync(transport="services88")
def test_services88(erpsync_client):
    assert erpsync_client.force_sync_all().status_stated


def test_services86(erpsync_client):
    with pytest.raises(OperationNotAvailable):
        erpsync_client.get_all_connectors()


@pytest.mark.erpsync(ticket_lifetime=timedelta(0))
def test_options_of_the_sandbox(erpsync_sandbox, erpsync_client):
    with pytest.raises(Exception, match="ticket"):
        erpsync_client.sync_all()
"""

WRONG = """
import pytest


@pytest.mark.erpsync(transport="pigeon")
def test_wrong(erpsync_client):
    pass
"""


def run(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_users.py").write_text(text, encoding="utf-8")
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-W",
            "error",
            "--strict-markers",
            str(folder),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        timeout=100,
        check=False,
        env={**os.environ, "PYTEST_ADDOPTS": ""},
    )


def is_installed() -> bool:
    from importlib.metadata import entry_points

    return any(one.value == "superoffice_erpsync.pytest_plugin" for one in entry_points(group="pytest11"))


pytestmark = pytest.mark.skipif(not is_installed(), reason="pytest finds the plugin where the package is installed")


def test_users_tests_pass(tmp_path: Path) -> None:
    done = run(tmp_path, USERS_TESTS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed" in done.stdout


def test_the_readmes_test_passes(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    example = re.search(r"<!-- pytest -->\n```python\n(.*?)```", readme, re.DOTALL)
    assert example
    done = run(tmp_path, example[1])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_a_wrong_transport_is_said(tmp_path: Path) -> None:
    done = run(tmp_path, WRONG)
    assert done.returncode != 0
    assert "transport is one of soap, services88, rest, not 'pigeon'" in done.stdout
