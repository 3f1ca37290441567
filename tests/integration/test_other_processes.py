"""Clients and other processes: what travels logs in anew there, and what was forked stands on its own feet."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from integration.conftest import MakeClient
from integration.replaying_server import ReplayingServer
from superoffice_erpsync import ConfigurationError, EnvironmentSecret, ErpSyncClient, UsernamePassword
from superoffice_erpsync.auth import Credentials
from superoffice_erpsync.sandbox import Sandbox

PASSWORD = "Sesame-pw"
VARIABLE = "ERPSYNC_TRIED"
BY_REFERENCE = UsernamePassword("tje0", EnvironmentSecret(VARIABLE))

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


@pytest.fixture
def secured(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A sandbox with a password that can be searched for, and that lies in the environment."""
    monkeypatch.setenv(VARIABLE, PASSWORD)
    with Sandbox(users={"tje0": PASSWORD}) as sandbox:
        yield sandbox


def run(program: str, folder: Path, *arguments: str) -> str:
    """What a program printed that went well. It is a file, so that processes that it spawns find their functions."""
    path = folder / "program.py"
    path.write_text(program, encoding="utf-8")
    # Newer versions of Python warn of forks beside threads, which is what is tried here.
    command = [sys.executable, "-W", "ignore::DeprecationWarning", str(path), *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout


# -- pickles ----------------------------------------------------------------------------------------------------------


SPAWNED = f"""
import multiprocessing
import sys

from superoffice_erpsync import AuthenticationError, EnvironmentSecret, ErpSyncClient, UsernamePassword


def work(client):
    with client:
        return client.get_engine_status()


if __name__ == "__main__":
    (url,) = sys.argv[1:]
    right = UsernamePassword("tje0", EnvironmentSecret("{VARIABLE}"))
    wrong = UsernamePassword("tje0", EnvironmentSecret("PATH"))
    with ErpSyncClient.soap(url, right) as client, ErpSyncClient.soap(url, wrong) as refused:
        here = client.get_engine_status()
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            assert pool.apply(work, (client,)) == here
            try:
                pool.apply(work, (refused,))
            except AuthenticationError as error:
                print(error, vars(error))
        assert client.get_engine_status() == here
"""


def test_a_client_by_reference_logs_in_anew_in_a_spawned_process(secured: Sandbox, tmp_path: Path) -> None:
    said = run(SPAWNED, tmp_path, secured.url)
    assert secured.logins == 2
    assert [call.operation for call in secured.received] == [
        *["AuthenticateUsernamePassword", "GetEngineStatus"] * 2,
        "AuthenticateUsernamePassword",
        "GetEngineStatus",
    ]
    # The error of the other process came back with its facts and without the secret.
    assert "the login of 'tje0' was refused" in said
    assert "'operation': 'AuthenticateUsernamePassword'" in said
    assert os.environ["PATH"] not in said


@pytest.mark.parametrize("again", [lambda one: pickle.loads(pickle.dumps(one)), copy.copy, copy.deepcopy])
def test_a_client_by_reference_is_copied_with_a_login_and_connections_of_its_own(
    secured: Sandbox, make_client: MakeClient, again: Any
) -> None:
    client = make_client(secured.url, BY_REFERENCE, timeout=10)
    client.get_engine_status()
    pickled = pickle.dumps(client)
    assert PASSWORD.encode() not in pickled
    assert b"7T:" not in pickled
    with again(client) as other:
        assert other.get_engine_status() == client.get_engine_status()
    client.get_engine_status()
    assert secured.logins == 2


@pytest.mark.parametrize("take", [pickle.dumps, copy.copy, copy.deepcopy])
@pytest.mark.parametrize("held", [UsernamePassword("tje0", PASSWORD), None], ids=["credentials", "client"])
def test_a_literal_secret_stays_and_the_way_out_is_named(
    held: Credentials | None, take: Any, sandbox: Sandbox, make_client: MakeClient
) -> None:
    holder: Credentials | ErpSyncClient = held or make_client(sandbox.url, UsernamePassword("tje0", PASSWORD))
    with pytest.raises(ConfigurationError, match="not pickled or copied") as caught:
        take(holder)
    assert "EnvironmentSecret" in str(caught.value)
    assert PASSWORD not in f"{caught.value!r} {vars(caught.value)}"


# -- forks ------------------------------------------------------------------------------------------------------------


FORKED = """
import os
import sys

from superoffice_erpsync import ErpSyncClient, UsernamePassword

with ErpSyncClient.soap(sys.argv[1], UsernamePassword("DEMO", "x"), timeout=10) as client:
    for _ in range(2):
        client.force_sync_all()
    child = os.fork()
    for _ in range(2):
        client.force_sync_all()
    if child:
        _, status = os.waitpid(child, 0)
        client.force_sync_all()
        sys.exit(os.waitstatus_to_exitcode(status))
"""


@forks
def test_a_forked_child_has_connections_of_its_own_and_the_ticket_of_its_parent(
    server: ReplayingServer, tmp_path: Path
) -> None:
    run(FORKED, tmp_path, server.url)
    assert server.operations.count("AuthenticateUsernamePassword") == 1
    assert server.operations.count("ForceSyncAll") == 7
    assert server.connections == 2


FORKED_WHILE_ANOTHER_THREAD_LOGS_IN = """
import os
import sys
import threading
from pathlib import Path

from superoffice_erpsync import CallableSecret, ErpSyncClient, TicketCache, UsernamePassword

url, folder = sys.argv[1:]
parent = os.getpid()
asked, go_on = threading.Event(), threading.Event()


def password():
    if os.getpid() == parent:
        asked.set()
        go_on.wait(30)
    return "Tje0"


more = {"ticket_cache": TicketCache(Path(folder))} if folder else {}
client = ErpSyncClient.soap(url, UsernamePassword("tje0", CallableSecret(password)), **more)
thread = threading.Thread(target=client.get_engine_status)
thread.start()
asked.wait(30)  # from now on the thread holds the lock of the login
child = os.fork()
if not child:
    client.get_engine_status(deadline=20)
    os._exit(0)
if folder:
    go_on.set()  # the child waits for the parent's ticket
_, status = os.waitpid(child, 0)
go_on.set()
thread.join()
client.get_engine_status()
client.close()
sys.exit(os.waitstatus_to_exitcode(status))
"""


@forks
def test_a_fork_while_another_thread_logs_in_leaves_no_lock_behind(sandbox: Sandbox, tmp_path: Path) -> None:
    run(FORKED_WHILE_ANOTHER_THREAD_LOGS_IN, tmp_path, sandbox.url, "")
    assert sandbox.logins == 2  # the parent's, and the child's, which did not wait for it


@forks
def test_a_child_forked_while_another_thread_logs_in_finds_its_ticket_in_the_cache(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    run(FORKED_WHILE_ANOTHER_THREAD_LOGS_IN, tmp_path, sandbox.url, str(tmp_path / "tickets"))
    assert sandbox.logins == 1
