"""Tickets on disk, between runs and among processes that start together: one login for all of them."""

from __future__ import annotations

import logging
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from integration.command_apart import COMMAND, environment
from integration.conftest import MakeClient
from superoffice_erpsync import (
    AccessToken,
    AuthenticationError,
    ConfigurationError,
    ErpSyncClient,
    Outcome,
    TicketCache,
    UsernamePassword,
)
from superoffice_erpsync.sandbox import Sandbox

LOGIN = "AuthenticateUsernamePassword"
METHODS = multiprocessing.get_all_start_methods()

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of files are of POSIX")

# A program of its own, since a process with the sandbox's threads must not fork.
WORKERS = """
import multiprocessing
import sys
from pathlib import Path

from superoffice_erpsync import ErpSyncClient, ErpSyncError, TicketCache, UsernamePassword


def work(url, folder, start):
    credentials = UsernamePassword("tje0", "Tje0")
    with ErpSyncClient.soap(url, credentials, ticket_cache=TicketCache(Path(folder))) as client:
        start.wait(60)
        try:
            client.get_engine_status()
            said = "done"
        except ErpSyncError as error:
            said = type(error).__name__
    sys.stdout.write(said + "\\n")
    sys.stdout.flush()


if __name__ == "__main__":
    method, count, *given = sys.argv[1:]
    context = multiprocessing.get_context(method)
    start = context.Barrier(int(count))
    workers = [context.Process(target=work, args=(*given, start)) for _ in range(int(count))]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    sys.exit(max(abs(one.exitcode) for one in workers))
"""


@pytest.fixture
def cache(tmp_path: Path) -> TicketCache:
    return TicketCache(tmp_path / "tickets")


@pytest.fixture
def run_of(sandbox: Sandbox, cache: TicketCache) -> Iterator[MakeClient]:
    """Makes the client of a run: it knows nothing of those before but what lies in the cache."""
    with ExitStack() as stack:

        def make(password: str = "Tje0", cache: TicketCache = cache) -> ErpSyncClient:
            credentials = UsernamePassword("tje0", password)
            return stack.enter_context(ErpSyncClient.soap(sandbox.url, credentials, ticket_cache=cache, timeout=10))

        yield make


def ticket_file(cache: TicketCache) -> Path:
    assert cache.folder is not None
    (path,) = cache.folder.glob("*.json")
    return path


def age(cache: TicketCache, seconds: float) -> None:
    moment = time.time() - seconds
    os.utime(ticket_file(cache), (moment, moment))


def operations(sandbox: Sandbox) -> list[str]:
    return [call.operation for call in sandbox.received]


# -- one run after the other ------------------------------------------------------------------------------------------


def test_a_job_that_runs_often_logs_in_once(sandbox: Sandbox, run_of: MakeClient) -> None:
    for _ in range(4):
        run_of().get_engine_status()
    assert operations(sandbox) == [LOGIN, *["GetEngineStatus"] * 4]


def test_without_a_cache_each_run_logs_in(sandbox: Sandbox, run_of: MakeClient) -> None:
    for _ in range(2):
        run_of(cache=None).get_engine_status()
    assert sandbox.logins == 2


def test_a_run_within_six_hours_of_the_last_use_needs_no_login_and_renews_the_ticket(
    sandbox: Sandbox, run_of: MakeClient, cache: TicketCache
) -> None:
    run_of().get_engine_status()
    for _ in range(3):
        age(cache, 5.5 * 3600)
        run_of().get_engine_status()
        assert time.time() - ticket_file(cache).stat().st_mtime < 3600
    assert sandbox.logins == 1


def test_a_ticket_that_nobody_used_for_six_hours_is_not_even_tried(
    sandbox: Sandbox, run_of: MakeClient, cache: TicketCache
) -> None:
    run_of().get_engine_status()
    age(cache, 6 * 3600)
    run_of().get_engine_status()
    assert operations(sandbox) == [LOGIN, "GetEngineStatus"] * 2


def test_a_ticket_that_the_server_no_longer_knows_is_renewed_for_all_runs(sandbox: Sandbox, run_of: MakeClient) -> None:
    run_of().get_engine_status()
    sandbox.expire_tickets()
    for _ in range(3):
        run_of().get_engine_status()
    assert operations(sandbox) == [LOGIN, *["GetEngineStatus"] * 2, LOGIN, *["GetEngineStatus"] * 3]


def test_a_client_whose_ticket_is_refused_takes_the_one_that_another_got(sandbox: Sandbox, run_of: MakeClient) -> None:
    one, other = run_of(), run_of()
    one.get_engine_status()
    other.get_engine_status()
    for expiries in (1, 2):
        sandbox.expire_tickets()
        one.get_engine_status()
        other.get_engine_status()
        assert sandbox.logins == 1 + expiries


def test_a_refused_login_is_made_once_and_leaves_nothing_behind(
    sandbox: Sandbox, run_of: MakeClient, cache: TicketCache
) -> None:
    client = run_of("wrong")
    for _ in range(3):
        with pytest.raises(AuthenticationError):
            client.get_engine_status()
    assert operations(sandbox) == [LOGIN]
    assert cache.folder is not None
    assert not list(cache.folder.glob("*.json"))
    run_of().get_engine_status()
    assert client.get_engine_status() is not None  # by the ticket of the one who knew the password


def test_two_installations_have_two_tickets(sandbox: Sandbox, cache: TicketCache) -> None:
    for url in (sandbox.url, sandbox.services88_url, sandbox.url):
        with ErpSyncClient.soap(url, UsernamePassword("tje0", "Tje0"), ticket_cache=cache) as client:
            client.get_engine_status()
    assert sandbox.logins == 2


def test_rest_with_a_ticket_shares_it_with_soap(sandbox: Sandbox, run_of: MakeClient, cache: TicketCache) -> None:
    run_of().get_engine_status()
    credentials = UsernamePassword("tje0", "Tje0")
    with ErpSyncClient.rest(sandbox.rest_url, credentials, soap_url=sandbox.url, ticket_cache=cache) as client:
        client.get_engine_status()
    assert sandbox.logins == 1


def test_an_access_token_is_exchanged_in_each_run(cache: TicketCache) -> None:
    with Sandbox(access_tokens={"8A:Made-up": "tje0"}) as sandbox:
        for _ in range(2):
            with ErpSyncClient.soap(sandbox.url, AccessToken("8A:Made-up"), ticket_cache=cache) as client:
                client.get_engine_status()
        assert sandbox.logins == 2
    assert cache.folder is not None
    assert not cache.folder.exists()


# -- the folder -------------------------------------------------------------------------------------------------------


@posix
def test_a_folder_that_others_can_read_is_refused_before_anything_is_sent(
    sandbox: Sandbox, run_of: MakeClient, cache: TicketCache
) -> None:
    assert cache.folder is not None
    cache.folder.mkdir()
    cache.folder.chmod(0o755)
    with pytest.raises(ConfigurationError, match="open to others") as caught:
        run_of().get_engine_status()
    assert caught.value.outcome is Outcome.NOT_SENT
    assert not sandbox.received


def test_a_folder_that_cannot_be_made_costs_a_login_and_a_warning(
    sandbox: Sandbox, run_of: MakeClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            client = run_of(cache=TicketCache(tmp_path / "file" / "tickets"))
            client.get_engine_status()
            client.get_engine_status()
    assert sandbox.logins == 2
    assert [record.name for record in caplog.records] == ["superoffice_erpsync.tickets"] * 2


# -- processes that start together ------------------------------------------------------------------------------------


def together(method: str, count: int, sandbox: Sandbox, cache: TicketCache, folder: Path) -> list[str]:
    """What came of a call in each of some processes."""
    program = folder / "workers.py"
    program.write_text(WORKERS, encoding="utf-8")
    given = [method, str(count), sandbox.url, str(cache.folder)]
    done = subprocess.run([sys.executable, str(program), *given], capture_output=True, encoding="utf-8", timeout=90)
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout.split()


@pytest.mark.parametrize(("method", "count"), [("spawn", 3), ("fork", 10)])
def test_processes_that_start_together_log_in_once(
    method: str, count: int, sandbox: Sandbox, cache: TicketCache, run_of: MakeClient, tmp_path: Path
) -> None:
    if method not in METHODS:
        pytest.skip(f"this system has no {method}")
    assert together(method, count, sandbox, cache, tmp_path) == ["done"] * count
    assert sandbox.logins == 1
    run_of().get_engine_status()
    assert sandbox.logins == 1


def test_processes_that_find_the_ticket_refused_log_in_once(
    sandbox: Sandbox, cache: TicketCache, run_of: MakeClient, tmp_path: Path
) -> None:
    run_of().get_engine_status()
    sandbox.expire_tickets()
    method, count = ("fork", 10) if "fork" in METHODS else ("spawn", 4)
    assert together(method, count, sandbox, cache, tmp_path) == ["done"] * count
    assert sandbox.logins == 2


# -- the command ------------------------------------------------------------------------------------------------------


@posix  # elsewhere no variable moves the user's cache folder
def test_the_command_keeps_tickets_between_runs_on_request(sandbox: Sandbox, tmp_path: Path) -> None:
    variables = environment(XDG_CACHE_HOME=str(tmp_path), ERPSYNC_URL=sandbox.url)
    variables |= {"ERPSYNC_USERNAME": "tje0", "ERPSYNC_PASSWORD": "Tje0"}
    without_password = {"ERPSYNC_PASSWORD": "", "ERPSYNC_TICKET_CACHE": "1"}
    runs = [(["--ticket-cache"], {}), ([], without_password)]
    for option, more in runs:
        done = command(*option, variables=variables | more)
        assert (done.stderr, done.returncode) == ("", 0)
    assert sandbox.logins == 1
    assert len(list(tmp_path.glob("superoffice-erpsync/tickets/*.json"))) == 1
    sandbox.expire_tickets()
    done = command(variables=variables | without_password)
    assert done.returncode == 2
    assert "there is no password for tje0" in done.stderr
    assert sandbox.logins == 1


def command(*options: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A run of the command that nobody sits in front of."""
    return subprocess.run(
        [*COMMAND, "call", "GetEngineStatus", *options],
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
