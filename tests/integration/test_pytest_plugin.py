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


@pytest.mark.erpsync("rest")
def test_nameless(erpsync_client):
    pass
"""


README = Path(__file__).parents[2] / "README.md"


def readmes_test() -> str:
    example = re.search(r"<!-- pytest -->\n```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    return example[1]


def is_installed() -> bool:
    from importlib.metadata import entry_points

    return any(one.value == "superoffice_erpsync.pytest_plugin" for one in entry_points(group="pytest11"))


pytestmark = pytest.mark.skipif(not is_installed(), reason="pytest finds the plugin where the package is installed")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest says of all of these; one process, since each takes seconds to load."""
    folder = tmp_path_factory.mktemp("users")
    for name, text in {"users": USERS_TESTS, "readme": readmes_test(), "wrong": WRONG}.items():
        (folder / f"test_{name}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-W", "error", "--strict-markers"]
    done = subprocess.run(
        [*command, str(folder)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        timeout=100,
        check=False,
        env={**os.environ, "PYTEST_ADDOPTS": ""},
    )
    return done.stdout + done.stderr


def outcomes(told: str, file: str) -> dict[str, str]:
    return dict(re.findall(rf"^(?:.*/)?test_{file}\.py::(\w+) (\w+)", told, re.MULTILINE))


def test_users_tests_pass(told: str) -> None:
    names = set(re.findall(r"^def (test_\w+)", USERS_TESTS, re.MULTILINE))
    assert outcomes(told, "users") == dict.fromkeys(names, "PASSED"), told


def test_the_readmes_test_passes(told: str) -> None:
    assert set(outcomes(told, "readme").values()) == {"PASSED"}, told


def test_a_wrong_transport_is_said(told: str) -> None:
    assert outcomes(told, "wrong") == {"test_wrong": "ERROR", "test_nameless": "ERROR"}, told
    assert "transport is one of soap, services88, rest, not 'pigeon'" in told


def test_an_option_without_its_name_is_said(told: str) -> None:
    assert "marker erpsync: 'rest' needs its name, as in transport='soap'" in told
