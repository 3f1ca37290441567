"""A proxy that is itself spoken to over TLS: what the user says of trust counts for it, and nothing else does."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.rest_server import RestServer
from integration.tunnel_proxy import TunnelProxy
from superoffice_erpsync import AccessToken, ErpSyncClient, Outcome, TlsError

trustme = pytest.importorskip("trustme", reason="trustme is not installed")


@pytest.fixture(scope="module")
def authority() -> Any:
    return trustme.CA()


@pytest.fixture
def bundle(authority: Any, tmp_path: Path) -> Path:
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture
def secured(authority: Any) -> Callable[[Any], Any]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    def secured(served: Any) -> Any:
        served._server.socket = context.wrap_socket(served._server.socket, server_side=True)
        return served

    return secured


@pytest.fixture
def server(secured: Callable[[Any], Any]) -> Iterator[RestServer]:
    with secured(RestServer()) as server:
        yield server


@pytest.fixture
def proxy(secured: Callable[[Any], Any]) -> Iterator[TunnelProxy]:
    with secured(TunnelProxy()) as proxy:
        yield proxy


def client(server: RestServer, proxy: TunnelProxy, verify: Any, **more: Any) -> ErpSyncClient:
    proxies = {"https": f"https://127.0.0.1:{proxy.port}"}
    return ErpSyncClient.rest(
        server.url.replace("http:", "https:"), AccessToken("8A:x"), proxies=proxies, verify=verify, retry=None, **more
    )


def test_the_users_authority_counts_for_the_proxy(server: RestServer, proxy: TunnelProxy, bundle: Path) -> None:
    with client(server, proxy, bundle) as one:
        assert one.get_engine_status() is not None
    assert proxy.asked == [f"CONNECT 127.0.0.1:{server.port}"]


def test_where_nothing_is_checked_the_proxy_is_not_either(server: RestServer, proxy: TunnelProxy) -> None:
    with client(server, proxy, False, allow_insecure=True) as one:
        assert one.get_engine_status() is not None


def test_the_environment_has_no_say(
    server: RestServer, proxy: TunnelProxy, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    with client(server, proxy, True) as one, pytest.raises(TlsError) as caught:
        one.get_engine_status()
    assert caught.value.outcome is Outcome.NOT_SENT
    assert not (tmp_path / "keys").exists()
    assert proxy.asked == []


def test_plain_requests_go_to_a_secure_proxy_that_is_trusted(server: RestServer, bundle: Path) -> None:
    # Any server will do: a proxy is sent a plain request like any other, but for its whole address.
    proxies = {"http": f"https://127.0.0.1:{server.port}"}
    with ErpSyncClient.rest(
        "http://127.0.0.1:9/api", AccessToken("8A:x"), proxies=proxies, verify=bundle, retry=None
    ) as one:
        assert one.get_engine_status() is not None
    assert server.only.target == "http://127.0.0.1:9/api/v1/Agents/ErpSync/GetEngineStatus"
