"""The real command, in a process of its own, against an installation in a box."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from integration import command_here
from integration.command_apart import COMMAND, environment
from integration.terminal import Terminal
from superoffice_erpsync.sandbox import Sandbox

USER, PASSWORD = "me", "p<ss & wörd"

Finished = subprocess.CompletedProcess[bytes]
Erpsync = Callable[..., Finished]

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals are of another kind there")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An installation with one user, whose password needs escaping in XML."""
    with Sandbox(users={USER: PASSWORD}) as box:
        yield box


def settings(**values: str) -> dict[str, str]:
    """The variables of a process with these settings."""
    variables = {f"ERPSYNC_{name.upper()}": value for name, value in values.items()}
    # A code page that cannot write all names, as on Windows: the command must not depend on it.
    return environment(PYTHONIOENCODING="cp1252", **variables)


@pytest.fixture
def erpsync(sandbox: Sandbox) -> Erpsync:
    """The command with address and login in the environment."""

    def run(*arguments: str, stdin: bytes = b"", **variables: str) -> Finished:
        login = {"url": sandbox.url, "username": USER, "password": PASSWORD}
        return subprocess.run(
            [*COMMAND, *arguments],
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
            env=settings(**(login | variables)),
        )

    return run


def test_ping_sync_and_resync(erpsync: Erpsync, sandbox: Sandbox, tmp_path: Path) -> None:
    ping = erpsync("ping")
    assert ping.returncode == 0, ping.stderr
    assert sandbox.url in ping.stdout.decode()
    assert sandbox.logins == 0

    assert b"ForceSyncAll" in erpsync("sync", "--force").stdout

    file = tmp_path / "changed.csv"
    file.write_text("Navn;Nr\nØystein, A/S;C1003\n;C1005\n", encoding="utf-8-sig")
    resync = erpsync(
        "resync", "--connection", "1", "--actor-type", "Customer", "--keys", str(file), "--column", "Nr", "C1003"
    )
    assert resync.returncode == 0, resync.stderr
    assert b"1 key came again; each is sent once" in resync.stderr
    assert resync.stdout.decode().count("contact") == 2
    assert erpsync("resync", "--connection", "0", "--internal-ids", "-", stdin=b"501\n502\n").returncode == 0


def test_a_no_is_1_and_names_the_keys(erpsync: Erpsync) -> None:
    resync = erpsync("resync", "--connection", "1", "--actor-type", "Customer", "C1003", "NOPE")
    assert resync.returncode == 1
    assert "NOPE" in resync.stdout.decode()
    assert b"IsOk=false" in resync.stderr


def test_call_prints_utf_8_whatever_the_code_page(erpsync: Erpsync, sandbox: Sandbox) -> None:
    arguments = '{"ErpConnectionId": 1, "ErpActorType": "Customer", "ExternalKeys": ["Ø1"]}'
    resync = erpsync("call", "ForceResyncExternal", "-", stdin=arguments.encode())
    assert resync.returncode == 1
    assert "Ø1" in json.loads(resync.stdout.decode("utf-8"))["TechExplanation"]
    assert "Ø1".encode() in resync.stdout
    interval = erpsync("call", "ChangeEngineInterval", "-", stdin=b'{"Interval": "00:07:00"}')
    assert (interval.returncode, interval.stdout.strip()) == (0, b"null")
    assert sandbox.state.engine.interval == timedelta(minutes=7)


def test_login_by_stdin_and_by_ticket(erpsync: Erpsync, sandbox: Sandbox) -> None:
    assert erpsync("sync", "--password-stdin", stdin=f"{PASSWORD}\n".encode(), password="").returncode == 0
    with sandbox.lock:
        issued = sandbox.state.sessions.log_in(USER, PASSWORD)
    assert issued is not None
    _, ticket = issued
    logins = sandbox.logins
    assert erpsync("sync", password="", ticket=ticket).returncode == 0
    assert sandbox.logins == logins
    sandbox.expire_tickets()
    refused = erpsync("sync", password="", ticket=ticket)
    assert refused.returncode == 3
    assert b"ticket" in refused.stderr
    assert ticket.encode() not in refused.stderr


def test_tls_that_the_server_does_not_speak_is_4(erpsync: Erpsync, sandbox: Sandbox) -> None:
    result = erpsync("ping", url=sandbox.url.replace("http:", "https:"))
    assert result.returncode == 4
    assert b"Traceback" not in result.stderr


def test_no_secret_is_shown_anywhere(erpsync: Erpsync, tmp_path: Path) -> None:
    trace = tmp_path / "trace.txt"
    shown = b""
    for arguments in (
        ("sync",),
        ("call", "GetErpConnectionConfigFields", '{"ErpConnectionId": 1}'),
        ("resync", "--connection", "99", "--actor-type", "Customer", "C1003"),
        ("call", "GetConnection", '{"ErpConnectionId": "x"}'),
    ):
        result = erpsync(*arguments, "--trace", str(trace), application_token="app-t0ken", debug="1")
        shown += result.stderr
        # What a connection's configuration holds is the result that was asked for.
        shown += result.stdout if "GetErpConnectionConfigFields" not in arguments else b""
    text = trace.read_text("utf-8")
    assert text.count("AuthenticateUsernamePassword to ") == 3
    assert "<n:Password>***<" in text
    for secret in (PASSWORD, "p&lt;ss", "app-t0ken", "7T:", "made-up-1"):
        assert secret not in text
        assert secret.encode() not in shown


def test_the_demo_needs_nothing() -> None:
    demo = subprocess.run([*COMMAND, "demo"], capture_output=True, timeout=60, check=False, env=settings())
    assert demo.returncode == 0, demo.stderr
    shown = demo.stdout.decode()
    for text in ("<n:Password>***<", "<n:ForceSyncAll/>", "ForceResyncExternal: answer, HTTP 200", "RecordId"):
        assert text in shown
    for secret in ("Tje0", "7T:"):
        assert secret not in shown + demo.stderr.decode()


@pytest.mark.parametrize("command", ["demo", "sandbox"])
def test_without_the_extra_the_sandbox_says_what_to_install(command: str) -> None:
    code = (
        "import sys; sys.modules['uvicorn'] = None; sys.argv = ['erpsync', sys.argv[1]];"
        "from superoffice_erpsync.cli import main; main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, command], capture_output=True, timeout=60, check=False, env=settings()
    )
    assert result.returncode == 2
    assert b'pip install "superoffice-erpsync[sandbox]"' in result.stderr
    assert b"Traceback" not in result.stderr


def test_a_port_in_use_is_2(sandbox: Sandbox) -> None:
    port = sandbox.url.partition("127.0.0.1:")[2].partition("/")[0]
    result = command_here.erpsync("sandbox", "--port", port)
    assert result.exit_code == 2
    assert f"Port {port}" in result.stderr


@posix_only
def test_ctrl_c_during_a_call_is_130() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/Remote/Services86"
        process = subprocess.Popen(
            [*COMMAND, "ping"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=settings(url=url)
        )
        try:
            connection, _ = silent.accept()
            with connection:
                assert connection.recv(65536)
                process.send_signal(signal.SIGINT)
                _, said = process.communicate(timeout=20)
        finally:
            process.kill()
            process.communicate()
    assert process.returncode == 130
    assert b"interrupted" in said
    assert b"Traceback" not in said


@posix_only
def test_the_password_is_asked_for_on_a_terminal(sandbox: Sandbox) -> None:
    # What is typed comes in the terminal's encoding.
    variables = settings(url=sandbox.url, username=USER) | {"PYTHONIOENCODING": "utf-8"}
    with Terminal("sync", "--output", "json", environment=variables) as terminal:
        terminal.read_until("Password for me:")
        assert terminal.answer(PASSWORD) == 0, terminal.said
    assert json.loads(terminal.said.partition("Password for me:")[2])["IsOk"] is True
    assert PASSWORD not in terminal.said
