"""What a start loads: a program waits for what it uses, and for nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, get_type_hints

import pytest

import superoffice_erpsync
from superoffice_erpsync import ErpSyncClient, models, operations
from superoffice_erpsync.on_use import loaded_on_use

PACKAGE = "superoffice_erpsync"


def loaded(program: str) -> set[str]:
    """Names of the modules that a program has loaded, ours without the package's name."""
    script = f"{program}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60)
    return {name.removeprefix(f"{PACKAGE}.") for name in json.loads(shown.stdout)}


MAKE_A_SOAP_CLIENT = (
    "from superoffice_erpsync import ErpSyncClient, UsernamePassword\n"
    "client = ErpSyncClient.soap('http://127.0.0.1:9/Remote/Services86', UsernamePassword('U', 'x'))"
)


def test_a_soap_client_loads_no_rest_no_windows_login_and_no_ticket_cache() -> None:
    there = loaded(MAKE_A_SOAP_CLIENT)
    assert {"client", "transports.soap.transport"} <= there
    others = {"transports.rest.transport", "codec.rest.answers", "codec.rest.write", "codec.rest.arguments"}
    windows = {"transports.web_login.windows", "transports.http.windows"}
    assert there & (others | windows | {"auth.ticket_cache", "auth.references", "zeep", "stamina"}) == set()


def test_a_soap_client_loads_no_noun_before_it_is_called() -> None:
    nouns = {"actors", "connections", "connectors", "engine", "mappings", "system"}
    there = loaded(MAKE_A_SOAP_CLIENT)
    assert {
        name for name in there if name.startswith(("models.", "operations.")) and name.split(".")[1] in nouns
    } == set()
    there = loaded(f"{PACKAGE} = __import__({PACKAGE!r})\n{PACKAGE}.models.ErpSyncEngineStatus")
    assert "models.engine" in there
    assert "models.connections" not in there


def test_a_rest_client_loads_what_it_needs() -> None:
    there = loaded("from superoffice_erpsync import ErpSyncClient\nErpSyncClient.rest('https://crm.example.com/api')")
    assert {"transports.rest.transport", "codec.rest.answers"} <= there


@pytest.mark.parametrize(
    "name", [name for name in dir(ErpSyncClient) if callable(getattr(ErpSyncClient, name)) and not name.startswith("_")]
)
def test_type_hints_of_methods_lead_to_their_types(name: str) -> None:
    assert get_type_hints(getattr(ErpSyncClient, name))


def test_names_that_are_not_loaded_are_listed_all_the_same() -> None:
    assert set(superoffice_erpsync.__all__) <= set(dir(superoffice_erpsync))
    assert set(models.__all__) <= set(dir(models))


@pytest.mark.parametrize("package", [superoffice_erpsync, models, operations])
def test_a_name_that_is_none_is_an_attribute_error(package: Any) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        package.Nothing  # noqa: B018


def test_a_name_is_looked_for_once() -> None:
    load = loaded_on_use(PACKAGE, {"deadline": ("Deadline",)})
    try:
        assert load("Deadline") is vars(superoffice_erpsync)["Deadline"]
    finally:
        del superoffice_erpsync.Deadline


def test_threads_that_ask_at_once_get_the_same_class() -> None:
    script = """
import threading
from superoffice_erpsync import models, operations
inside, found = threading.Barrier(8), []
def ask():
    inside.wait(10)
    found.append((models.ErpConnection, operations.OPERATIONS["GetConnection"]))
threads = [threading.Thread(target=ask) for _ in range(8)]
[one.start() for one in threads]
[one.join() for one in threads]
assert len(found) == 8 and len(set(map(id, [one for one, _ in found]))) == 1
assert len(set(map(id, [one for _, one in found]))) == 1
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
