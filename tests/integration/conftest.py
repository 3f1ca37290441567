"""Servers on the loopback address, and clients that talk to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from integration.replaying_server import ReplayingServer
from integration.rest_server import RestServer
from integration.sandbox_callers import RestCaller, SoapCaller
from superoffice_erpsync import AccessToken, ErpSyncClient, Retry, UsernamePassword
from superoffice_erpsync.sandbox import Sandbox

MakeClient = Callable[..., ErpSyncClient]

QUICK = Retry(wait=0.005, longest_wait=0.05)
"""Repeats as clients usually do, and hardly waits before it; a server that asks for more gets no second attempt."""


@pytest.fixture(scope="module")
def _module_server() -> Iterator[ReplayingServer]:
    with ReplayingServer() as server:
        yield server


@pytest.fixture
def server(_module_server: ReplayingServer) -> Iterator[ReplayingServer]:
    """A server that plays back messages; every request of the test must be one that the contract allows."""
    _module_server.forget()
    yield _module_server
    assert _module_server.complaints == []


@pytest.fixture
def elsewhere() -> Iterator[ReplayingServer]:
    """A second server, which nothing must ever reach."""
    with ReplayingServer() as server:
        yield server
        assert server.connections == 0


@pytest.fixture
def make_client() -> Iterator[MakeClient]:
    """Makes clients that hardly wait between attempts, and are closed when the test is over."""
    with ExitStack() as stack:

        def make(url: str, credentials: Any = None, **more: Any) -> ErpSyncClient:
            return stack.enter_context(ErpSyncClient.soap(url, credentials, **{"retry": QUICK, **more}))

        yield make


@pytest.fixture
def client(server: ReplayingServer, make_client: MakeClient) -> ErpSyncClient:
    """A client of the replaying server, with short patience."""
    return make_client(server.url, UsernamePassword("DEMO", "not-a-real-password"), timeout=5)


@pytest.fixture(scope="module")
def _module_rest_server() -> Iterator[RestServer]:
    with RestServer() as server:
        yield server


@pytest.fixture
def rest_server(_module_rest_server: RestServer) -> Iterator[RestServer]:
    """A REST server that plays back messages."""
    _module_rest_server.forget()
    yield _module_rest_server
    assert _module_rest_server.complaints == []


@pytest.fixture
def make_rest_client() -> Iterator[MakeClient]:
    """Makes clients of REST APIs, with short patience, that are closed when the test is over."""
    with ExitStack() as stack:
        bearer = AccessToken("8A:fixture")

        def make(url: str, credentials: Any = bearer, **more: Any) -> ErpSyncClient:
            return stack.enter_context(ErpSyncClient.rest(url, credentials, **{"timeout": 5, "retry": QUICK, **more}))

        yield make


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def soap(sandbox: Sandbox) -> Iterator[SoapCaller]:
    """Calls the sandbox over SOAP, without a client of the package."""
    caller = SoapCaller(sandbox)
    yield caller
    caller.session.close()


@pytest.fixture
def rest(sandbox: Sandbox) -> Iterator[RestCaller]:
    """Calls it over REST."""
    caller = RestCaller(sandbox)
    yield caller
    caller.session.close()
