"""A sandbox whose state outlives it, in processes of their own."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from integration.command_apart import COMMAND, environment
from integration.conftest import MakeClient
from superoffice_erpsync import ErpActorType, UsernamePassword
from superoffice_erpsync.sandbox import Sandbox

LOGIN = UsernamePassword("tje0", "Tje0")


@contextmanager
def serving(file: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A sandbox in another process, and its address; killed in the end, if it still runs."""
    process = subprocess.Popen(
        [*COMMAND, "sandbox", "--port", "0", "--state", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env=environment(),
    )
    assert process.stdout is not None
    try:
        found = re.fullmatch(r"Serving (http://\S+)\n", process.stdout.readline())
        assert found, process.stdout.read()
        yield process, found[1]
    finally:
        process.kill()
        process.communicate()


def kill(process: subprocess.Popen[str]) -> None:
    """End it where it stands; it gets no chance to put anything in order."""
    if sys.platform == "win32":
        process.terminate()
    else:
        process.send_signal(signal.SIGKILL)
    process.wait(20)


def control(url: str, path: str) -> str:
    return f"{url.partition('/Remote')[0]}/_sandbox{path}"


def test_a_killed_process_loses_nothing_it_acknowledged(tmp_path: Path, make_client: MakeClient) -> None:
    file = tmp_path / "båt.db"
    acknowledged: list[str] = []
    for round_number in range(3):
        with serving(file) as (process, url):
            client = make_client(url, LOGIN)
            found = client.get_default_value_info(erp_field_id=1002)
            assert found is not None
            assert [found.default_value] == (acknowledged[-1:] or [""])
            assert client.get_engine_status().is_running is (round_number % 2 == 0)
            for number in range(20):
                info = client.get_default_value_info(erp_field_id=1002)
                assert info is not None
                info.default_value = f"{round_number}-{number}"
                client.save_default_value_info(erp_sync_default_value=info)
                acknowledged.append(info.default_value)
            client.change_engine_status(run=round_number % 2 == 1)
            client.force_resync_external(
                erp_connection_id=1, erp_actor_type=ErpActorType.CUSTOMER, external_keys=["C1003"]
            )
            before = requests.get(control(url, "/snapshot"), timeout=5).json()
            kill(process)
        assert file.with_name(f"{file.name}-holder").exists()
    with Sandbox(state_file=file) as sandbox:
        after = sandbox.snapshot()
        assert after == before
        assert sandbox.state.crm.record("contact", 13).values["phone"] == "+47 22 00 99 03"
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_process_killed_amid_its_calls_has_all_of_a_call_or_nothing(tmp_path: Path) -> None:
    file = tmp_path / "box.db"
    answered: list[int] = []
    with serving(file) as (process, url):

        def call_until_it_dies() -> None:
            with requests.Session() as session, contextlib.suppress(requests.RequestException):
                for number in range(100_000):
                    actor = {"connection_id": 1, "actor_type": "Customer", "key": f"N{number}", "values": {}}
                    record = {"table": "contact", "record_id": 9000 + number, "values": {"name": "x"}}
                    answer = session.post(
                        control(url, "/seed"), json={"records": [record], "actors": [actor]}, timeout=5
                    )
                    assert answer.status_code == 200, answer.text
                    answered.append(number)

        calling = threading.Thread(target=call_until_it_dies)
        calling.start()
        while len(answered) < 30 and calling.is_alive():
            time.sleep(0.001)
        kill(process)
        calling.join(20)
    assert len(answered) >= 30
    with Sandbox(state_file=file) as sandbox:
        records = {record.record_id - 9000 for record in sandbox.state.crm if record.record_id >= 9000}
        actors = {int(one.key[1:]) for one in sandbox.state.connections[1].erp if one.key.startswith("N")}
        assert records == actors
        assert actors - set(answered) <= {len(answered)}
        assert actors >= set(answered)


def test_another_process_is_told_who_holds_the_file(tmp_path: Path) -> None:
    file = tmp_path / "box.db"
    with serving(file) as (process, url):
        second = subprocess.run(
            [*COMMAND, "sandbox", "--port", "0", "--state", str(file)],
            capture_output=True,
            timeout=60,
            check=False,
            env=environment(COLUMNS="500"),
        )
        assert second.returncode == 2
        told = second.stderr.decode()
        assert f"box.db is in use by process {process.pid} on " in told
        assert "Traceback" not in told
        assert requests.get(control(url, "/state"), timeout=5).ok


def test_a_restart_goes_on_where_the_first_ended_and_asks_for_a_new_login(
    tmp_path: Path, make_client: MakeClient
) -> None:
    file = tmp_path / "box.db"
    with Sandbox(state_file=file) as first:
        client = make_client(first.url, LOGIN)
        client.toggle_erp_connection_active(erp_connection_id=2)
        _, ticket = first.state.sessions.log_in("tje0", "Tje0")  # type: ignore[misc]
        first.state.crm.record("contact", 11).values["name"] = "Changed without a call"
        first.state.queue.clear()
    with Sandbox(state_file=file) as second:
        assert not second.state.connections[2].active
        assert second.state.crm.record("contact", 11).values["name"] == "Changed without a call"
        assert second.state.sessions.use(ticket) is None
        second.reset()
        assert second.state.connections[2].active
    with Sandbox(state_file=file) as third:
        assert third.state.connections[2].active


def test_what_happens_by_itself_is_kept_too(tmp_path: Path, make_client: MakeClient) -> None:
    file = tmp_path / "box.db"
    with serving(file) as (process, url):
        make_client(url, LOGIN).force_resync_batch_task(erp_connection_id=1, internal_key_ids=[503])
        patience = time.monotonic() + 10
        while not requests.get(control(url, "/state"), timeout=5).json()["log"] and time.monotonic() < patience:
            time.sleep(0.02)
        kill(process)
    with Sandbox(state_file=file) as sandbox:
        assert sandbox.state.queue == []
        assert {change.cause for change in sandbox.state.log} == {"batch"}
