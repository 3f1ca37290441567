"""A client sends and heeds what its user said, and nothing that the machine or a server adds to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from integration.conftest import MakeClient
from integration.replaying_server import LOGIN, TICKET, Answer, ReplayingServer, fixture
from integration.served import free_port
from superoffice_erpsync import (
    ConfigurationError,
    ErpSyncClient,
    Outcome,
    ServerFault,
    TicketCredentials,
    TransportError,
    UsernamePassword,
)

NOT_SENT = Outcome.NOT_SENT
SYNCED = "ForceSyncAll"


def test_no_cookie_is_sent_back(server: ReplayingServer, client: ErpSyncClient) -> None:
    cookie = {"Set-Cookie": "session=abc; Path=/"}
    server.always(LOGIN, Answer(body=fixture(LOGIN).body, headers=cookie))
    server.always(SYNCED, Answer(body=fixture(SYNCED).body, headers=cookie))
    client.force_sync_all()
    client.force_sync_all()
    assert server.operations == [LOGIN, SYNCED, SYNCED]
    assert all("Cookie" not in one.headers for one in server.received)


def test_connection_is_kept_and_shared_by_both_services(server: ReplayingServer, client: ErpSyncClient) -> None:
    before = server.connections
    for _ in range(3):
        client.force_sync_all()
    assert server.connections - before == 1


def test_environment_changes_nothing(
    server: ReplayingServer,
    client: ErpSyncClient,
    elsewhere: ReplayingServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login someone password something\ndefault login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, elsewhere.root)
        monkeypatch.setenv(name.upper(), elsewhere.root)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    client.force_sync_all()
    assert server.operations == [LOGIN, SYNCED]
    assert all("Authorization" not in one.headers for one in server.received)
    assert elsewhere.connections == 0


def test_proxy_that_the_user_names_is_used(make_client: MakeClient) -> None:
    with ReplayingServer() as proxy:
        asked: list[str] = []
        client = make_client(
            "http://crm.example.com/Remote/Services86",
            TicketCredentials(TICKET),
            timeout=5,
            proxies={"http": proxy.root},
            allow_insecure=True,
        )
        with pytest.raises(ServerFault):
            client.force_sync_all()
        asked += [one.path for one in proxy.received]
        assert asked == ["http://crm.example.com/Remote/Services86/ErpSync.svc"]


def test_proxy_that_is_not_there(make_client: MakeClient) -> None:
    client = make_client(
        "http://crm.example.com/Remote/Services86",
        TicketCredentials(TICKET),
        timeout=5,
        proxies={"http": f"http://127.0.0.1:{free_port()}"},
        allow_insecure=True,
    )
    with pytest.raises(TransportError, match="the proxy cannot be used: Connection refused") as caught:
        client.force_sync_all()
    assert (caught.value.outcome, caught.value.can_repeat) == (NOT_SENT, True)


def test_call_without_credentials_is_not_sent(server: ReplayingServer, make_client: MakeClient) -> None:
    client = make_client(server.url)
    with pytest.raises(ConfigurationError, match="needs a login") as caught:
        client.force_sync_all()
    assert caught.value.outcome is NOT_SENT
    assert server.received == []
    assert client.get_system_info() is not None


def test_request_says_who_sent_it_and_where_it_goes(server: ReplayingServer, make_client: MakeClient) -> None:
    make_client(server.url + "/ErpSync.svc?wsdl", UsernamePassword("DEMO", "x"), timeout=5).force_sync_all()
    login, call = server.received
    assert (login.path, call.path) == (f"{server.folder}/SoPrincipal.svc", f"{server.folder}/ErpSync.svc")
    assert call.headers["User-Agent"].startswith("superoffice-erpsync/")
    assert call.headers["Content-Type"] == "text/xml; charset=utf-8"


@pytest.mark.parametrize("status", [301, 302, 307])
def test_redirected_login_takes_no_password_along(
    status: int, server: ReplayingServer, client: ErpSyncClient, elsewhere: ReplayingServer
) -> None:
    server.always(LOGIN, Answer(status=status, headers={"Location": f"{elsewhere.url}/SoPrincipal.svc"}))
    with pytest.raises(ConfigurationError) as caught:
        client.force_sync_all()
    assert caught.value.operation == LOGIN
    assert server.operations == [LOGIN]
    assert elsewhere.connections == 0
