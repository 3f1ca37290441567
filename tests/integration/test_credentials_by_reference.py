"""Credentials that say where the secret is kept: read at the login, anew for each, and never shown."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from integration.conftest import MakeClient
from integration.replaying_server import LOGIN, ReplayingServer, answer_envelope
from integration.replaying_server import Answer as Played
from superoffice_erpsync import (
    AccessToken,
    AuthenticationError,
    CallableSecret,
    ConfigurationError,
    EnvironmentSecret,
    ErpSyncClient,
    Exchange,
    FileSecret,
    GenericCredentials,
    Outcome,
    SecretReference,
    ServerFault,
    TicketCredentials,
    UsernamePassword,
    WindowsCredentials,
)
from superoffice_erpsync.sandbox import Sandbox

VARIABLE = "ERPSYNC_TRIED"
PASSWORD = EnvironmentSecret(VARIABLE)


def password_of(sandbox: Sandbox, value: str) -> None:
    with sandbox.lock:
        sandbox.expire_tickets()
        sandbox.state.sessions._users["tje0"].password = value


def logins_tried(sandbox: Sandbox) -> int:
    return sum(call.operation.startswith("Authenticate") for call in sandbox.received)


def from_a_file(folder: Path) -> SecretReference:
    path = folder / "password"
    path.write_text("Tje0\n", encoding="utf-8")
    path.chmod(0o600)
    return FileSecret(path)


@pytest.mark.parametrize(
    "reference",
    [lambda _: PASSWORD, from_a_file, lambda _: CallableSecret(lambda: "Tje0")],
    ids=["environment", "file", "function"],
)
def test_each_kind_of_reference_logs_in(
    reference: Callable[[Path], SecretReference],
    sandbox: Sandbox,
    make_client: MakeClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, "Tje0")
    make_client(sandbox.url, UsernamePassword("tje0", reference(tmp_path))).get_engine_status()
    assert sandbox.logins == 1


WITH_A_KEYRING = """
import sys

import keyring
from keyring.backend import KeyringBackend

from superoffice_erpsync import ErpSyncClient, KeyringSecret, UsernamePassword


class Memory(KeyringBackend):
    priority = 1
    entries = {}

    def get_password(self, service, username):
        return self.entries.get((service, username))

    def set_password(self, service, username, password):
        self.entries[service, username] = password


keyring.set_keyring(Memory())
keyring.set_password("erpsync", "tje0", "Tje0")
with ErpSyncClient.soap(sys.argv[1], UsernamePassword("tje0", KeyringSecret("erpsync", "tje0"))) as client:
    client.get_engine_status()
"""


def test_the_keyring_of_a_process_logs_in(sandbox: Sandbox) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITH_A_KEYRING, sandbox.url], capture_output=True, encoding="utf-8", timeout=60
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert sandbox.logins == 1


def test_a_password_that_was_changed_is_found_at_the_next_login(
    sandbox: Sandbox, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client(sandbox.url, UsernamePassword("tje0", PASSWORD))
    for value in ("first", "second", "third"):
        monkeypatch.setenv(VARIABLE, value)
        password_of(sandbox, value)
        client.get_engine_status()
    assert (sandbox.logins, logins_tried(sandbox)) == (3, 3)


def test_a_reference_that_leads_nowhere_is_told_when_the_login_needs_it_and_can_be_mended(
    sandbox: Sandbox, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    client = make_client(sandbox.url, UsernamePassword("tje0", PASSWORD))
    for _ in range(2):
        with pytest.raises(ConfigurationError, match=f"{VARIABLE} is not set") as caught:
            client.get_engine_status()
        assert caught.value.outcome is Outcome.NOT_SENT
    assert not sandbox.received
    monkeypatch.setenv(VARIABLE, "Tje0")
    client.get_engine_status()


def test_a_refused_login_is_tried_again_once_for_each_new_secret(
    sandbox: Sandbox, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client(sandbox.url, UsernamePassword("tje0", PASSWORD))
    for number, value in enumerate(("wrong", "wrong as well"), 1):
        monkeypatch.setenv(VARIABLE, value)
        for _ in range(3):
            with pytest.raises(AuthenticationError, match="was refused"):
                client.get_engine_status()
        assert logins_tried(sandbox) == number
    monkeypatch.setenv(VARIABLE, "Tje0")
    client.get_engine_status()
    assert (sandbox.logins, logins_tried(sandbox)) == (1, 3)


def test_other_ways_to_log_in_take_references_too(monkeypatch: pytest.MonkeyPatch) -> None:
    token, data = "8A:Made-up.token", {"Customer": "Cust-4711", "Key": "Opens-nothing"}
    monkeypatch.setenv("TRIED_TOKEN", token)
    monkeypatch.setenv("TRIED_CUSTOMER", data["Customer"])
    monkeypatch.setenv("TRIED_KEY", data["Key"])
    by_token = AccessToken(EnvironmentSecret("TRIED_TOKEN"))
    by_data = GenericCredentials(
        {"Customer": EnvironmentSecret("TRIED_CUSTOMER"), "Key": EnvironmentSecret("TRIED_KEY")}
    )
    with Sandbox(access_tokens={token: "tje0"}, generic_logins={"tje0": data}) as sandbox:
        for client in (
            ErpSyncClient.soap(sandbox.url, by_token),
            ErpSyncClient.soap(sandbox.url, by_data),
            ErpSyncClient.rest(sandbox.rest_url, by_token),
        ):
            with client:
                client.get_engine_status()
        assert sandbox.logins == 2


def test_user_and_password_by_reference_go_over_rest(
    sandbox: Sandbox, make_rest_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "Tje0")
    credentials = UsernamePassword("tje0", PASSWORD)
    make_rest_client(sandbox.rest_url, credentials).get_engine_status()
    make_rest_client(sandbox.rest_url, credentials, soap_url=sandbox.url).get_engine_status()
    assert sandbox.logins == 1


def test_a_ticket_that_somebody_else_renews_is_read_again_when_it_is_refused(
    sandbox: Sandbox, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def renew() -> None:
        with sandbox.lock:
            sandbox.expire_tickets()
            admitted = sandbox.state.sessions.log_in("tje0", "Tje0")
        assert admitted is not None
        monkeypatch.setenv(VARIABLE, admitted[1])

    renew()
    client = make_client(sandbox.url, TicketCredentials(PASSWORD))
    client.get_engine_status()
    renew()
    client.get_engine_status()
    sandbox.expire_tickets()
    with pytest.raises(AuthenticationError, match="the server refuses the ticket: ") as caught:
        client.get_engine_status()
    assert caught.value.hint == "obtain a new ticket"
    assert [call.ticket_known for call in sandbox.received] == [True, False, True, False]


def test_windows_vouches_for_the_user(make_client: MakeClient) -> None:
    with Sandbox(implicit_user="tje0") as sandbox:
        client = make_client(sandbox.url, WindowsCredentials())
        client.get_engine_status()
        assert [call.operation for call in sandbox.received] == ["AuthenticateImplicit", "GetEngineStatus"]


def test_windows_vouches_for_nobody(sandbox: Sandbox, make_client: MakeClient) -> None:
    client = make_client(sandbox.url, WindowsCredentials())
    for _ in range(2):
        with pytest.raises(AuthenticationError, match="the Windows login of this process's account was refused"):
            client.get_engine_status()
    assert logins_tried(sandbox) == 1


def test_a_secret_that_was_read_shows_nowhere_even_after_it_was_changed(
    server: ReplayingServer,
    make_client: MakeClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The server repeats the password in its errors."""
    seen: list[Exchange] = []
    info = (
        "<n:ExceptionInfo><n:Message>Sesame-old and Sesame-new are odd</n:Message></n:ExceptionInfo>"
        "<n:Succeeded>false</n:Succeeded>"
    )
    server.always(LOGIN, Played(body=answer_envelope(f"<n:{LOGIN}Response/>", info)))
    credentials = UsernamePassword("DEMO", PASSWORD)
    client = make_client(server.url, credentials, timeout=5, on_exchange=seen.append)
    texts = []
    with caplog.at_level(logging.DEBUG):
        for value in ("Sesame-old", "Sesame-new"):
            monkeypatch.setenv(VARIABLE, value)
            with pytest.raises(ServerFault) as caught:
                client.get_engine_status()
            texts.append(f"{caught.value!r} {caught.value.exception_info!r}")
    shown = f"{texts[1]} {seen[1]!r} {credentials!r} {caplog.records[-1].getMessage()}"
    assert "Sesame" not in shown
    assert "Sesame-old" not in texts[0] + caplog.text
    assert "*** and *** are odd" in texts[1]
