"""Starting, stopping, and what is left behind."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests

from integration.command_apart import COMMAND, environment
from superoffice_erpsync.sandbox import Sandbox, SandboxError


def port_of(sandbox: Sandbox) -> int:
    return urlsplit(sandbox.url).port


def answers(sandbox: Sandbox) -> bool:
    try:
        return requests.get(f"{sandbox.url}/ErpSync.svc", timeout=5).ok
    except requests.ConnectionError:
        return False


def test_start_and_stop_are_quick_and_leave_nothing():
    before = set(threading.enumerate())
    starts, stops = [], []
    # The best of five: the first start of a process also imports, and a busy machine may hold one up.
    for _ in range(5):
        began = time.perf_counter()
        sandbox = Sandbox().start()
        started = time.perf_counter()
        sandbox.stop()
        starts.append(started - began)
        stops.append(time.perf_counter() - started)
    assert min(starts) < 0.5
    assert min(stops) < 0.09
    sandbox.start()
    assert answers(sandbox)
    sandbox.stop()
    assert set(threading.enumerate()) == before
    assert not answers(sandbox)
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port_of(sandbox)))


def test_stop_does_not_wait_for_idle_connections():
    sandbox = Sandbox().start()
    with requests.Session() as session:
        session.get(f"{sandbox.url}/ErpSync.svc", timeout=5)
        began = time.perf_counter()
        sandbox.stop()
        # One that is waited for costs the second that running answers are given.
        assert time.perf_counter() - began < 0.9
    assert not sandbox.running


def test_stop_gives_a_half_sent_request_as_long_as_a_running_answer():
    sandbox = Sandbox().start()
    with socket.create_connection(("127.0.0.1", port_of(sandbox)), timeout=5) as half:
        head = b"POST /Remote/Services86/ErpSync.svc HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n"
        half.sendall(head + b"Content-Length: 10\r\nExpect: 100-continue\r\n\r\n123")
        assert half.recv(1000).startswith(b"HTTP/1.1 100 "), "the rest is waited for"
        began = time.perf_counter()
        sandbox.stop()
        assert time.perf_counter() - began < 3
    assert not sandbox.running


@pytest.mark.skipif(sys.platform == "win32", reason="the loop there cannot be told to accept no more")
def test_stop_does_not_wait_for_those_who_connect_just_then():
    for _ in range(10):
        sandbox = Sandbox().start()
        place, over, held = ("127.0.0.1", port_of(sandbox)), threading.Event(), []

        def connect(place=place, over=over, held=held) -> None:
            with contextlib.suppress(OSError):
                while not over.wait(0.0005):
                    held.append(socket.create_connection(place, timeout=5))

        connecting = [threading.Thread(target=connect) for _ in range(2)]
        for thread in connecting:
            thread.start()
        time.sleep(0.01)
        began = time.perf_counter()
        sandbox.stop()
        # One that is forgotten costs the second that running answers are given.
        assert time.perf_counter() - began < 0.9
        over.set()
        for thread in connecting:
            thread.join()
        for connection in held:
            connection.close()


def test_start_and_stop_may_be_said_twice():
    sandbox = Sandbox()
    sandbox.stop()
    assert sandbox.start() is sandbox.start()
    sandbox.stop()
    sandbox.stop()


def test_a_second_start_keeps_address_and_state():
    sandbox = Sandbox().start()
    url = sandbox.url
    sandbox.state.crm.change("contact", 11, {"name": "Kept"})
    sandbox.stop()
    with sandbox:
        assert sandbox.url == url
        assert answers(sandbox)
        assert sandbox.state.crm.record("contact", 11).values["name"] == "Kept"


def test_two_sandboxes_side_by_side():
    with Sandbox() as first, Sandbox() as second:
        assert first.url != second.url
        assert answers(first)
        assert answers(second)


def test_a_port_in_use_is_told():
    with Sandbox() as first:
        second = Sandbox(port=port_of(first))
        with pytest.raises(SandboxError, match=rf"Port {port_of(first)} on 127\.0\.0\.1 is in use"):
            second.start()
        assert not second.running
        assert answers(first)


@pytest.mark.parametrize(
    ("host", "port"), [("192.0.2.1", 0), ("127.0.0.1", 70_000), ("ø" * 64, 0)], ids=["foreign", "port", "long"]
)
def test_an_impossible_address_is_told(host, port):
    with pytest.raises(SandboxError, match="cannot listen"):
        Sandbox(port=port, host=host).start()


def test_stop_within_an_answer_lets_it_finish():
    sandbox = Sandbox(latency=timedelta(seconds=0.5)).start()
    got: list[int] = []
    asking = threading.Thread(
        target=lambda: got.append(requests.post(f"{sandbox.url}/ErpSync.svc", data=b"x", timeout=5).status_code)
    )
    asking.start()
    time.sleep(0.2)
    sandbox.stop()
    asking.join()
    assert got == [415]


def test_stop_sends_those_away_who_would_wait_for_long(caplog):
    sandbox = Sandbox(latency=timedelta(minutes=1)).start()
    got: list[int] = []
    asking = threading.Thread(
        target=lambda: got.append(requests.post(f"{sandbox.rest_url}/v1/Agents/ErpSync/SyncAll", timeout=9).status_code)
    )
    asking.start()
    time.sleep(0.2)
    began = time.perf_counter()
    sandbox.stop()
    assert time.perf_counter() - began < 3
    asking.join()
    assert got == [503]
    assert list(sandbox.received) == []
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_serve_forever_ends_with_a_stop_from_another_thread():
    sandbox = Sandbox()
    serving = threading.Thread(target=sandbox.serve_forever)
    serving.start()
    patience = time.monotonic() + 5
    while not sandbox.running and time.monotonic() < patience:
        time.sleep(0.01)
    assert answers(sandbox)
    sandbox.stop()
    serving.join(5)
    assert not serving.is_alive()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals to one process alone")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_tells_where_it_serves_until_told_to_end(number, tmp_path):
    file = tmp_path / "box.db"
    with subprocess.Popen(
        [*COMMAND, "sandbox", "--port", "0", "--state", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(),
    ) as process:
        try:
            first, second = process.stderr.readline(), process.stderr.readline()
            root = re.fullmatch(r"Serving (http://127\.0\.0\.1:\d+)/Remote/Services86\n", first)[1]
            assert "tje0" in second
            assert requests.get(f"{root}/Remote/Services86/ErpSync.svc?wsdl", timeout=5).ok
            process.send_signal(number)
            assert process.wait(5) == 0
            *addresses, command = [line.split() for line in process.stderr if line.startswith(" ")]
            assert addresses == [
                ["Services86", f"{root}/Remote/Services86"],
                ["Services88", f"{root}/Remote/Services88"],
                ["REST", f"{root}/api"],
                ["Control", f"{root}/_sandbox"],
                ["Page", f"{root}/"],
                ["State", str(file)],
            ]
            assert command[0] == "erpsync"
            assert process.stdout.read() == ""
        finally:
            process.kill()
